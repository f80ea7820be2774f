// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/timeplot.h"
#include "ui/models/runhistory.h"

namespace Poolscope {

/// Items a second: completed by the workers, and delivered by the method.
class ThroughputChart final : public TimePlot
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ThroughputChart)

public:
    explicit ThroughputChart(TimeWindow *window, QWidget *parent = nullptr);
    void show(const RunHistory &history);
};

/// Finished results that wait in the parent for those before them.
class BufferedChart final : public TimePlot
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(BufferedChart)

public:
    explicit BufferedChart(TimeWindow *window, QWidget *parent = nullptr);
    void show(const RunHistory &history);
};

/// How many workers run items.
class BusyChart final : public TimePlot
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(BusyChart)

public:
    explicit BusyChart(TimeWindow *window, QWidget *parent = nullptr);
    void show(const RunHistory &history, unsigned processes);
};

/// What this program and each of the workers hold in memory.
class MemoryChart final : public TimePlot
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MemoryChart)

public:
    explicit MemoryChart(TimeWindow *window, QWidget *parent = nullptr);
    void show(const RunHistory &history);
};

/// The bytes of the results that wait.
class BufferedBytesChart final : public TimePlot
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(BufferedBytesChart)

public:
    explicit BufferedBytesChart(TimeWindow *window, QWidget *parent = nullptr);
    void show(const RunHistory &history);
};

} // namespace Poolscope
