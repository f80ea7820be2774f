// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/chartspane.h"

#include "ui/charts/histogramchart.h"
#include "ui/charts/runcharts.h"
#include "ui/theme/theme.h"

#include <QVBoxLayout>

#include <chrono>

namespace Poolscope {

using namespace std::chrono_literals;

ChartsPane::ChartsPane(const RunLog *log, const RunHistory *history, TimeWindow *window, QWidget *parent)
    : QTabWidget(parent)
    , m_log(log)
    , m_history(history)
    , m_window(window)
    , m_throughput(new ThroughputChart(window))
    , m_buffered(new BufferedChart(window))
    , m_busy(new BusyChart(window))
    , m_memory(new MemoryChart(window))
    , m_bytes(new BufferedBytesChart(window))
    , m_durations(new HistogramChart)
    , m_onClock({m_throughput, m_buffered, m_busy, m_memory, m_bytes})
{
    setDocumentMode(true);
    setAccessibleName(tr("Charts"));
    // One time axis below all of a page.
    m_throughput->setTimeLabels(false);
    m_buffered->setTimeLabels(false);
    m_memory->setTimeLabels(false);
    addTab(page({m_throughput, m_buffered, m_busy}, {4, 3, 4}), tr("Flow"));
    addTab(page({m_memory, m_bytes}, {3, 2}), tr("Memory"));
    addTab(page({m_durations}, {1}), tr("Times"));
    setTabToolTip(0, tr("Throughput, results that wait, workers busy"));
    setTabToolTip(1, tr("Memory of this program and of each worker, size of the results that wait"));
    setTabToolTip(2, tr("How long the items take"));
    for (TimePlot *const chart : std::as_const(m_onClock))
        connect(chart, &TimePlot::hovered, this, &ChartsPane::hovered);
    connect(this, &QTabWidget::currentChanged, this, [this] { show(m_processes); });
    // A drag changes the stretch with every move of the pointer.
    m_rangeChanged.setSingleShot(true);
    m_rangeChanged.setInterval(100ms);
    connect(&m_rangeChanged, &QTimer::timeout, this, &ChartsPane::showDurations);
    connect(window, &TimeWindow::changed, &m_rangeChanged, [this] {
        if (!m_rangeChanged.isActive() && m_durations->isVisible())
            m_rangeChanged.start();
    });
}

QWidget *ChartsPane::page(const QList<QWidget *> &charts, const QList<int> &stretches)
{
    auto *const page = new QWidget;
    auto *const layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::spaceSmall);
    for (int i = 0; i < charts.size(); ++i)
        layout->addWidget(charts[i], stretches[i]);
    return page;
}

void ChartsPane::reset()
{
    for (TimePlot *const chart : std::as_const(m_onClock))
        chart->reset();
    m_durations->reset();
}

void ChartsPane::show(unsigned processes)
{
    m_processes = processes;
    switch (currentIndex()) {
    case 0:
        m_throughput->show(*m_history);
        m_buffered->show(*m_history);
        m_busy->show(*m_history, processes);
        break;
    case 1:
        m_memory->show(*m_history);
        m_bytes->show(*m_history);
        break;
    default:
        showDurations();
    }
}

void ChartsPane::showDurations()
{
    m_durations->show(m_window->isWhole() ? m_log->durations()
                                          : m_log->durationsBetween(m_window->begin(), m_window->end()));
}

void ChartsPane::setCrosshair(std::optional<double> time)
{
    for (TimePlot *const chart : std::as_const(m_onClock))
        chart->setCrosshair(time);
}

} // namespace Poolscope
