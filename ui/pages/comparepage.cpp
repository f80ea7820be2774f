// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/comparepage.h"

#include "ui/charts/deliverychart.h"
#include "ui/models/format.h"
#include "ui/pages/datatable.h"
#include "ui/pages/itemdelegates.h"
#include "ui/pages/section.h"
#include "ui/theme/theme.h"

#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>

namespace Poolscope {

namespace {

/// The best of a column stands out by weight, beside the word.
class FigureDelegate final : public TextDelegate
{
public:
    using TextDelegate::TextDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        TextDelegate::initStyleOption(option, index);
        if (index.data(RunsModel::BestRole).toBool())
            option->font.setBold(true);
    }
};

} // namespace

ComparePage::ComparePage(RunMonitor *monitor, QWidget *parent)
    : QWidget(parent), m_monitor(monitor), m_table(new DataTable(tr("Runs"))), m_chart(new DeliveryChart)
{
    m_table->setModel(&m_runs);
    m_table->setItemDelegate(new FigureDelegate(m_table));
    const QString best = tr("best · %1");
    m_table->setColumnSamples({QStringLiteral("100"), QStringLiteral("imap_unordered"), QStringLiteral("100"),
                               QStringLiteral("10,000"), QStringLiteral("1,000,000"),
                               best.arg(QStringLiteral("4 min 54 s")), best.arg(QStringLiteral("4 min 54 s")),
                               best.arg(QStringLiteral("412 k items/s")), best.arg(QStringLiteral("1,000")),
                               best.arg(QStringLiteral("100")), tr("could not run"), QString()},
                              RunsModel::Task);
    m_table->setDroppable({RunsModel::Outcome, RunsModel::ChunkSize, RunsModel::WorkersStarted},
                          tr("Task and input"));
    m_table->setEmptyText(
        tr("Every run of this session is added here when it ends. Run the same task and input with "
           "another method to see what differs."));
    m_chart->setEmptyText(tr("What each run had delivered at which moment will be drawn here."));

    auto *const parts = new QSplitter(Qt::Vertical);
    parts->setChildrenCollapsible(false);
    parts->setHandleWidth(Theme::space);
    auto *const section = new Section(tr("Runs of this session"), m_table);
    section->setNote(tr("best: among finished runs of the same task and input"));
    parts->addWidget(section);
    parts->addWidget(m_chart);
    parts->setStretchFactor(0, 2);
    parts->setStretchFactor(1, 3);
    parts->setSizes({200, 300});
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, Theme::space, 0, 0);
    layout->addWidget(parts);

    connect(m_monitor, &RunMonitor::started, this, [this] {
        m_history.clear();
        m_history.add(m_monitor->snapshot());
    });
    connect(m_monitor, &RunMonitor::sampled, this, [this] { m_history.add(m_monitor->snapshot()); });
    connect(m_monitor, &RunMonitor::ended, this, &ComparePage::addRun);
}

ComparePage::~ComparePage() = default;

void ComparePage::addRun()
{
    EndedRun run{m_monitor->feed()->spec(), m_monitor->snapshot(), m_history.delivered().points()};
    for (TimeSeries::Point &point : run.delivered)
        point.time -= run.snapshot.firstDispatch;
    m_runs.add(std::move(run));
    showChart();
}

void ComparePage::showChart()
{
    // The newest ones: those are being compared.
    const std::vector<EndedRun> &runs = m_runs.runs();
    const std::size_t first = runs.size() - std::min<std::size_t>(runs.size(), DeliveryChart::mostRuns);
    QList<DeliveryChart::RunCurve> curves;
    for (std::size_t i = first; i < runs.size(); ++i)
        curves.append(
            {tr("run %1, %2").arg(i + 1).arg(m_runs.index(int(i), RunsModel::Method).data().toString()),
             runs[i].delivered});
    m_chart->show(curves);
}

} // namespace Poolscope
