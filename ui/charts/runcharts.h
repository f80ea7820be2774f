// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/plotwidget.h"
#include "ui/models/runhistory.h"

namespace Poolscope {

/// Items a second: completed by the workers, and delivered by the method.
class ThroughputChart final : public PlotWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ThroughputChart)

public:
    explicit ThroughputChart(QWidget *parent = nullptr);
    void show(const RunHistory &history);
};

/// Finished results that wait in the parent for those before them.
class BufferedChart final : public PlotWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(BufferedChart)

public:
    explicit BufferedChart(QWidget *parent = nullptr);
    void show(const RunHistory &history);
};

/// How many workers run items.
class BusyChart final : public PlotWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(BusyChart)

public:
    explicit BusyChart(QWidget *parent = nullptr);
    void show(const RunHistory &history, unsigned processes);
};

} // namespace Poolscope
