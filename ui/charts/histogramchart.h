// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/plotwidget.h"
#include "ui/models/durationhistogram.h"

class QCPBars;

namespace Poolscope {

/// How many items took how long. Its bars widen with the duration where durations are very unlike.
class HistogramChart final : public PlotWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HistogramChart)

public:
    explicit HistogramChart(QWidget *parent = nullptr);
    ~HistogramChart() override;

    void show(const DurationHistogram &histogram);
    void reset();

protected:
    void style() override;

private:
    QCPBars *m_bars; ///< Owned by the plot.
};

} // namespace Poolscope
