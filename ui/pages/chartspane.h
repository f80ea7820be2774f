// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/runhistory.h"
#include "ui/models/runlog.h"
#include "ui/models/timewindow.h"

#include <QList>
#include <QTabWidget>
#include <QTimer>

#include <optional>

namespace Poolscope {

class BufferedBytesChart;
class BufferedChart;
class BusyChart;
class HistogramChart;
class MemoryChart;
class ThroughputChart;
class TimePlot;

/// The charts of a run, three kinds behind three tabs: its flow, its memory, the durations of its items. All
/// are on the timeline's clock.
class ChartsPane final : public QTabWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChartsPane)

public:
    /// \param log, history, window  not owned, outlive the pane
    ChartsPane(const RunLog *log, const RunHistory *history, TimeWindow *window, QWidget *parent = nullptr);

    void reset();
    /// Draws what has come since, of those that can be seen.
    void show(unsigned processes);
    void setCrosshair(std::optional<double> time);

Q_SIGNALS:
    void hovered(std::optional<double> time);

private:
    QWidget *page(const QList<QWidget *> &charts, const QList<int> &stretches);
    void showDurations();

    const RunLog *const m_log;
    const RunHistory *const m_history;
    TimeWindow *const m_window;
    unsigned m_processes = 1;
    ThroughputChart *m_throughput;
    BufferedChart *m_buffered;
    BusyChart *m_busy;
    MemoryChart *m_memory;
    BufferedBytesChart *m_bytes;
    HistogramChart *m_durations;
    QList<TimePlot *> m_onClock;
    QTimer m_rangeChanged;
};

} // namespace Poolscope
