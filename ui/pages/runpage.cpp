// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/runpage.h"

#include "ui/charts/runcharts.h"
#include "ui/models/format.h"
#include "ui/models/runfigures.h"
#include "ui/pages/colourkey.h"
#include "ui/pages/datatable.h"
#include "ui/pages/failurespane.h"
#include "ui/pages/itemdelegates.h"
#include "ui/pages/reorderbuffer.h"
#include "ui/pages/runheader.h"
#include "ui/pages/section.h"
#include "ui/theme/theme.h"
#include "ui/timeline/timeline.h"

#include <QFileInfo>
#include <QHeaderView>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QTabWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace Poolscope {

namespace {

// Of the 33 ms between two samples: painting takes its part too, and 50 ms is the limit for a turn.
constexpr qint64 readingBudget = 8; // ms
constexpr std::size_t recordsAtOnce = 500;
constexpr int errorsTab = 1;
constexpr qint64 chartInterval = 100; // ms

QString deliveredTitle(Method method)
{
    const QString name = QString::fromLatin1(methodName(method).data(), qsizetype(methodName(method).size()));
    return RunPage::tr("Delivered by %1").arg(name);
}

QString deliveredEmptyText(Method method)
{
    switch (deliveryOf(method)) {
    case Delivery::AllAtEnd:
        return RunPage::tr("This method delivers all results together, once the last item is done.");
    case Delivery::Ordered:
        return RunPage::tr("Each result appears here as soon as it and all before it are done.");
    case Delivery::Unordered:
        return RunPage::tr("Each result appears here as soon as it is done.");
    }
    return {};
}

QSplitter *makeSplitter(Qt::Orientation orientation, std::initializer_list<std::pair<QWidget *, int>> parts)
{
    auto *const splitter = new QSplitter(orientation);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(Theme::space);
    for (const auto &[part, stretch] : parts) {
        splitter->addWidget(part);
        splitter->setStretchFactor(splitter->count() - 1, stretch);
    }
    return splitter;
}

SpanEnd endOf(ItemStatus status)
{
    return status == ItemStatus::Ok      ? SpanEnd::Ok
           : status == ItemStatus::Error ? SpanEnd::Error
                                         : SpanEnd::Lost;
}

} // namespace

RunPage::RunPage(RunMonitor *monitor, QWidget *parent)
    : QWidget(parent)
    , m_monitor(monitor)
    , m_header(new RunHeader(this))
    , m_timeline(new Timeline)
    , m_timelineSection(new Section(tr("Timeline"), m_timeline))
    , m_delegate(new ResultDelegate(this))
{
    m_timelineSection->setKey(new ColourKey);
    auto *const middle = makeSplitter(Qt::Horizontal, {{makeStreams(), 5}, {makeCharts(), 2}});
    middle->setSizes({730, 230});
    auto *const all = makeSplitter(Qt::Vertical, {{m_timelineSection, 2}, {middle, 4}, {makeTabs(), 2}});
    all->setSizes({165, 255, 150});

    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space);
    layout->addWidget(m_header);
    layout->addWidget(all, 1);

    connect(m_monitor, &RunMonitor::started, this, &RunPage::begin);
    connect(m_monitor, &RunMonitor::sampled, this, &RunPage::sample);
    connect(m_monitor, &RunMonitor::ended, this, &RunPage::end);
    m_catchUp.setInterval(0);
    connect(&m_catchUp, &QTimer::timeout, this, &RunPage::catchUp);
    if (m_monitor->feed())
        begin();
}

RunPage::~RunPage() = default;

QWidget *RunPage::makeStreams()
{
    const auto makeTable = [this](const QString &name, ResultsModel &model) {
        auto *const table = new DataTable(name);
        table->setModel(&model);
        table->setItemDelegate(m_delegate);
        table->setFollowing(true);
        return table;
    };
    const QString item = QStringLiteral("■ 1,000,000");
    const QString moment = QStringLiteral("59:59.9");
    const QString leastResult = QStringLiteral("a result");
    auto *const completed = makeTable(tr("Unordered results"), m_completed);
    completed->setColumnSamples({item, QString(), QStringLiteral("9 min 59 s"), moment, moment}, 1);
    completed->setDroppable({3, 2}, leastResult);
    completed->setEmptyText(tr("Results appear here in the order in which the workers finish them."));
    m_deliveredTable = makeTable(tr("Ordered results"), m_delivered);
    m_deliveredTable->setColumnSamples({item, QString(), moment, QStringLiteral("9 min 59 s")}, 1);
    m_deliveredTable->setDroppable({2, 3}, leastResult);
    m_deliveredTable->setEmptyText(tr("Results appear here in the order in which the method gives them."));

    m_completedSection = new Section(tr("Completed"), completed);
    m_deliveredSection = new Section(tr("Delivered"), m_deliveredTable);
    m_reorder = new ReorderBuffer;
    auto *const reorder = new Section(tr("Reorder buffer"), m_reorder);
    reorder->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);

    auto *const streams = new QWidget;
    auto *const layout = new QHBoxLayout(streams);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space);
    layout->addWidget(m_completedSection, 1);
    layout->addWidget(reorder);
    layout->addWidget(m_deliveredSection, 1);
    return streams;
}

QWidget *RunPage::makeCharts()
{
    m_throughput = new ThroughputChart;
    m_buffered = new BufferedChart;
    m_busy = new BusyChart;
    // One time axis below all three.
    m_throughput->setTimeLabels(false);
    m_buffered->setTimeLabels(false);
    auto *const charts = new QWidget;
    auto *const layout = new QVBoxLayout(charts);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::spaceSmall);
    layout->addWidget(m_throughput, 4);
    layout->addWidget(m_buffered, 3);
    layout->addWidget(m_busy, 4);
    return charts;
}

QWidget *RunPage::makeWorkers()
{
    auto *const sorted = new QSortFilterProxyModel(this);
    sorted->setSourceModel(&m_workers);
    sorted->setSortRole(WorkersModel::SortRole);
    auto *const table = new DataTable(tr("Workers"));
    table->setModel(sorted);
    table->setItemDelegate(new WorkerDelegate(table));
    table->setSortingEnabled(true);
    table->horizontalHeader()->setSectionsClickable(true);
    table->sortByColumn(WorkersModel::Worker, Qt::AscendingOrder);
    table->setColumnSamples({QStringLiteral("100"), tr("no process") + QStringLiteral(" ▶  "),
                             QStringLiteral("4194304"), QStringLiteral("100"), QStringLiteral("100,000"),
                             QStringLiteral("100,000"), QStringLiteral("1,000,000"), tr("no limit"),
                             QStringLiteral("100 %"), QStringLiteral("100 %"), QStringLiteral("999 MB"),
                             QString()},
                            WorkersModel::LastError);
    table->setEmptyText(tr("The worker processes are listed here once a job runs."));
    return table;
}

QWidget *RunPage::makeTabs()
{
    auto *const log = new DataTable(tr("Log"));
    log->setModel(&m_log);
    log->setColumnSamples({QStringLiteral("59:59.9"),
                           tr("worker %1 · item %2").arg(100).arg(QStringLiteral("100,000")), QString()},
                          LogModel::Text);
    log->setEmptyText(tr("What the tasks print and what happens to the pool is written here."));
    log->setFollowing(true);

    m_tabs = new QTabWidget;
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(makeWorkers(), tr("Workers"));
    m_errors = new FailuresPane(&m_failures);
    connect(m_errors, &FailuresPane::retryWanted, this, &RunPage::retryWanted);
    m_tabs->addTab(m_errors, tr("Errors"));
    m_tabs->addTab(log, tr("Log"));
    m_tabs->setCornerWidget(m_errors->actions());
    const auto showActions = [this](int tab) { m_errors->actions()->setVisible(tab == errorsTab); };
    connect(m_tabs, &QTabWidget::currentChanged, m_errors, showActions);
    showActions(m_tabs->currentIndex());
    return m_tabs;
}

void RunPage::begin()
{
    const RunFeed *const feed = m_monitor->feed();
    const Method method = feed->spec().method;
    m_catchUp.stop();
    m_recordCursor = 0;
    m_history.clear();
    m_completed.setFeed(feed);
    m_delivered.setFeed(feed);
    m_failures.setFeed(feed);
    m_log.setFeed(feed);
    m_workers.apply({});
    m_timeline->clear();
    m_reorder->clear(method);
    m_header->clear();
    m_throughput->reset();
    m_buffered->reset();
    m_busy->reset();
    m_sinceCharts.invalidate();
    m_deliveredSection->setTitle(deliveredTitle(method));
    m_deliveredTable->setEmptyText(deliveredEmptyText(method));
    m_errors->setRetryObstacle(retryObstacle());
    const std::vector<RunSnapshot> history = feed->history();
    for (const RunSnapshot &snapshot : history)
        m_history.add(snapshot);
    sample();
    if (!m_monitor->isActive())
        end();
}

void RunPage::sample()
{
    const RunSnapshot &snapshot = m_monitor->snapshot();
    readOn();
    m_history.add(snapshot);
    m_header->apply(snapshot, m_history.currentRate());
    m_timeline->apply(snapshot);
    m_reorder->apply(snapshot);
    m_workers.apply(snapshot.workers);
    m_delegate->setScale(snapshot.total.value_or(std::max<std::uint64_t>(snapshot.items.read, 64)));
    m_completed.refresh(snapshot.completed);
    m_delivered.refresh(snapshot.delivered);
    showNotes();
    if (!m_sinceCharts.isValid() || m_sinceCharts.elapsed() >= chartInterval)
        showCharts();
}

void RunPage::end()
{
    showCharts();
    m_errors->setRetryObstacle(retryObstacle());
    m_catchUp.start();
}

bool RunPage::readOn()
{
    const RunFeed *const feed = m_monitor->feed();
    QElapsedTimer clock;
    clock.start();
    bool more = m_failures.refresh();
    more = m_log.refresh() || more;
    while (clock.elapsed() < readingBudget) {
        const std::vector<ItemSpan> spans = feed->spans(m_recordCursor, recordsAtOnce);
        if (spans.empty())
            return more;
        m_recordCursor += spans.size();
        more = true;
        for (const ItemSpan &span : spans) {
            m_reorder->completions().add(span.index);
            if (span.started >= 0 && span.finished >= span.started)
                m_timeline->spans().add(span.worker, span.generation,
                                        {span.started, span.finished, span.index, endOf(span.status)});
        }
    }
    return more;
}

void RunPage::catchUp()
{
    if (!readOn())
        m_catchUp.stop();
    showNotes();
    m_timeline->viewport()->update();
}

void RunPage::showCharts()
{
    m_throughput->show(m_history);
    m_buffered->show(m_history);
    m_busy->show(m_history, m_monitor->snapshot().processes);
    m_sinceCharts.start();
}

void RunPage::showNotes()
{
    const RunSnapshot &snapshot = m_monitor->snapshot();
    const auto shown = [](std::uint64_t count, const ResultsModel &model) {
        return model.firstPosition() == 0
                   ? Format::count(count)
                   : tr("%1, the last %2 listed")
                         .arg(Format::count(count), Format::count(std::uint64_t(model.rowCount())));
    };
    m_completedSection->setNote(shown(snapshot.completed, m_completed));
    m_deliveredSection->setNote(shown(snapshot.delivered, m_delivered));
    m_timelineSection->setNote(tail());

    // Workers that died without losing an item are listed, too, but not more than so many rows.
    const std::uint64_t failed = std::max(snapshot.items.failed(), std::uint64_t(m_failures.rowCount()));
    const QString title = failed > 0 ? tr("Errors (%1)").arg(Format::count(failed)) : tr("Errors");
    if (m_tabs->tabText(errorsTab) != title)
        m_tabs->setTabText(errorsTab, title);
}

QString RunPage::retryObstacle() const
{
    if (m_monitor->isActive())
        return tr("Items can be run again when the run has ended");
    const QString &journal = m_monitor->feed()->spec().journal;
    if (!m_monitor->run() && journal.isEmpty())
        return tr("This is the record of a run: its job is not at hand to be run again");
    if (!canBeReread(m_monitor->feed()->spec().input))
        return tr("The items came from an input that can be read only once");
    if (journal.isEmpty() || !QFileInfo::exists(journal))
        return tr("The other results were not kept on the disk: run the whole job again");
    return {};
}

QString RunPage::tail() const
{
    const RunSnapshot &snapshot = m_monitor->snapshot();
    if (isOver(snapshot.phase))
        return tr("the whole run");
    const std::uint64_t left =
        snapshot.total ? *snapshot.total - std::min(snapshot.completed, *snapshot.total) : 0;
    if (left == 0 || left >= snapshot.processes || snapshot.phase != RunPhase::Running)
        return tr("outline: waits for work · cross: failed");
    std::vector<WorkerSnapshot> running;
    std::copy_if(snapshot.workers.begin(), snapshot.workers.end(), std::back_inserter(running),
                 [](const WorkerSnapshot &worker) { return worker.item.has_value(); });
    std::sort(running.begin(), running.end(),
              [](const WorkerSnapshot &a, const WorkerSnapshot &b) { return a.itemStarted < b.itemStarted; });
    QStringList parts;
    for (const WorkerSnapshot &worker : running)
        parts += tr("%1 on worker %2 for %3")
                     .arg(Format::count(*worker.item))
                     .arg(worker.slot)
                     .arg(Format::duration(std::max(snapshot.now - worker.itemStarted, 0.0)));
    return tr("Last %1: %2").arg(Format::items(left), parts.join(QStringLiteral(", ")));
}

} // namespace Poolscope
