// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/detailtabs.h"

#include "ui/models/format.h"
#include "ui/models/runfigures.h"
#include "ui/pages/datatable.h"
#include "ui/pages/failurespane.h"
#include "ui/pages/itemdelegates.h"
#include "ui/pages/logpane.h"
#include "ui/theme/theme.h"
#include "ui/timeline/filterchips.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QMenu>
#include <QScopedValueRollback>
#include <QSortFilterProxyModel>
#include <QTabBar>

#include <algorithm>
#include <chrono>

namespace Poolscope {

using namespace std::chrono_literals;

namespace {

constexpr int errorsTab = 1;
constexpr int logTab = 2;
constexpr qint64 activityInterval = 250; // ms
constexpr int activityParts = 40;

/// What stands beside the tabs gives way to them.
class TabCorner final : public QWidget
{
public:
    TabCorner(std::initializer_list<QWidget *> parts, QTabWidget *tabs) : QWidget(tabs), m_tabs(tabs)
    {
        auto *const row = new QHBoxLayout(this);
        row->setContentsMargins(0, 0, 0, 0);
        for (QWidget *const part : parts)
            row->addWidget(part);
    }

    QSize sizeHint() const override
    {
        const int room = m_tabs->width() - m_tabs->tabBar()->sizeHint().width() - Theme::space;
        return QWidget::sizeHint().boundedTo({std::max(room, 0), QWIDGETSIZE_MAX});
    }
    QSize minimumSizeHint() const override { return {0, QWidget::minimumSizeHint().height()}; }

private:
    QTabWidget *const m_tabs;
};

} // namespace

DetailTabs::DetailTabs(const RunLog *log, TimeWindow *window, SelectedItem *selection, RunFilter *filter,
                       QWidget *parent)
    : QTabWidget(parent)
    , m_runLog(log)
    , m_window(window)
    , m_selection(selection)
    , m_filter(filter)
    , m_errors(new FailuresPane(&m_failures, selection, filter))
    , m_logPane(new LogPane(&m_log, filter))
{
    setDocumentMode(true);
    setAccessibleName(tr("Details"));
    addTab(makeWorkers(), tr("Workers"));
    addTab(m_errors, tr("Errors"));
    addTab(m_logPane, tr("Log"));
    setCornerWidget(new TabCorner({m_errors->actions(), m_logPane->search()}, this));
    connect(this, &QTabWidget::currentChanged, this, &DetailTabs::showCorner);
    showCorner(currentIndex());

    connect(m_selection, &SelectedItem::changed, this, &DetailTabs::markSelected);
    connect(m_errors, &FailuresPane::retryWanted, this, &DetailTabs::retryWanted);
    connect(m_errors, &FailuresPane::placeWanted, this, &DetailTabs::reveal);
    connect(m_logPane, &LogPane::itemWanted, m_selection, &SelectedItem::select);
    connect(m_logPane, &LogPane::placeWanted, this, &DetailTabs::reveal);
    m_rangeChanged.setSingleShot(true);
    m_rangeChanged.setInterval(150ms);
    connect(&m_rangeChanged, &QTimer::timeout, this, &DetailTabs::showActivity);
    connect(window, &TimeWindow::changed, &m_rangeChanged, [this] {
        if (!m_rangeChanged.isActive() && !m_window->isFollowing())
            m_rangeChanged.start();
    });
}

QWidget *DetailTabs::makeWorkers()
{
    auto *const sorted = new QSortFilterProxyModel(this);
    sorted->setSourceModel(&m_workers);
    sorted->setSortRole(WorkersModel::SortRole);
    auto *const table = m_table = new DataTable(tr("Workers"));
    table->setModel(sorted);
    table->setItemDelegate(new WorkerDelegate(table));
    table->setSortingEnabled(true);
    table->horizontalHeader()->setSectionsClickable(true);
    table->sortByColumn(WorkersModel::Worker, Qt::AscendingOrder);
    table->setColumnSamples({QStringLiteral("100"), tr("no process") + QStringLiteral(" ▶  "),
                             QStringLiteral("4194304"), QStringLiteral("100"), QStringLiteral("100,000"),
                             QStringLiteral("100,000"), QStringLiteral("1,000,000"), tr("no limit"),
                             QStringLiteral("100 %"), QStringLiteral("activity of it"),
                             QStringLiteral("activity of it"), QStringLiteral("100 %"),
                             QStringLiteral("999 MB"), QString()},
                            WorkersModel::LastError);
    table->setDroppable({WorkersModel::Chunk, WorkersModel::UntilRecycle, WorkersModel::Pid},
                        tr("Last error") + QStringLiteral("   "));
    table->setEmptyText(tr("The worker processes are listed here once a job runs."));
    connect(table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &row) {
                const QVariant item = row.siblingAtColumn(WorkersModel::Item).data(WorkersModel::ItemRole);
                if (item.isValid() && !m_isMarking)
                    m_selection->select(item.toULongLong());
            });
    table->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(table, &QWidget::customContextMenuRequested, this, &DetailTabs::showWorkerMenu);
    return table;
}

void DetailTabs::showWorkerMenu(const QPoint &at)
{
    const QModelIndex row = m_table->indexAt(at);
    if (!row.isValid())
        return;
    auto *const menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    FilterChips::addWorkerTo(menu, m_filter,
                             row.siblingAtColumn(WorkersModel::Worker).data(WorkersModel::SortRole).toUInt());
    menu->popup(m_table->viewport()->mapToGlobal(at));
}

void DetailTabs::showCorner(int tab)
{
    m_errors->actions()->setVisible(tab == errorsTab);
    m_logPane->search()->setVisible(tab == logTab);
}

void DetailTabs::clear(const RunFeed *feed)
{
    m_feed = feed;
    m_failures.setFeed(feed);
    m_log.setFeed(feed);
    m_workers.apply({});
    m_workers.setActivity({});
    m_sinceActivity.invalidate();
}

void DetailTabs::apply(const RunSnapshot &snapshot)
{
    m_workers.apply(snapshot.workers);
    // What is read last of a run stays on the screen.
    if (isOver(snapshot.phase) || !m_sinceActivity.isValid() || m_sinceActivity.elapsed() >= activityInterval)
        showActivity();
    showCounts(snapshot);
}

void DetailTabs::markSelected()
{
    if (!m_selection->item() || !m_feed)
        return;
    m_logPane->mark(*m_selection->item());
    const auto found = m_feed->item(*m_selection->item());
    if (!found || found->record.started < 0)
        return;
    const QScopedValueRollback marking(m_isMarking, true);
    const auto *const sorted = static_cast<const QSortFilterProxyModel *>(m_table->model());
    if (int(found->record.worker) < m_workers.rowCount())
        m_table->selectRow(sorted->mapFromSource(m_workers.index(int(found->record.worker), 0)).row());
}

void DetailTabs::showActivity()
{
    m_sinceActivity.start();
    if (currentIndex() != 0 || !isVisible())
        return;
    const double begin = std::max(m_window->begin(), 0.0);
    const double end = std::min(m_window->end(), m_window->now());
    std::vector<WorkersModel::WorkerActivity> activity(std::size_t(m_workers.rowCount()));
    for (std::size_t worker = 0; worker < activity.size() && end > begin; ++worker) {
        const double part = (end - begin) / activityParts;
        for (int i = 0; i < activityParts; ++i)
            activity[worker].load.append(std::clamp(
                m_runLog->busyBetween(worker, begin + i * part, begin + (i + 1) * part) / part, 0.0, 1.0));
        activity[worker].split = m_runLog->splitBetween(worker, begin, end);
    }
    m_workers.setActivity(std::move(activity));
}

bool DetailTabs::readOn()
{
    const bool more = m_failures.refresh();
    return m_log.refresh() || more;
}

void DetailTabs::showCounts(const RunSnapshot &snapshot)
{
    // Workers that died without losing an item are listed, too, but not more than so many rows.
    const std::uint64_t failed = std::max(snapshot.items.failed(), std::uint64_t(m_failures.rowCount()));
    const QString title = failed > 0 ? tr("Errors (%1)").arg(Format::count(failed)) : tr("Errors");
    if (tabText(errorsTab) != title)
        setTabText(errorsTab, title);
}

void DetailTabs::setRetryObstacle(const QString &obstacle)
{
    m_errors->setRetryObstacle(obstacle);
}

void DetailTabs::reveal(int worker, double time)
{
    if (time < 0)
        return;
    if (worker >= 0)
        if (const auto place = m_runLog->placeAt(std::size_t(worker), time)) {
            m_selection->select(m_runLog->spans().at(place->lane, place->position).item);
            return;
        }
    m_window->reveal(time, time);
}

} // namespace Poolscope
