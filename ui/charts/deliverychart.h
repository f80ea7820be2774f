// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/timeplot.h"

namespace Poolscope {

/// Results over time of several runs, each from its own first dispatch: those handed out, or those that wait.
class DeliveryChart final : public TimePlot
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DeliveryChart)

public:
    static constexpr int mostRuns = 6; ///< As many curves as can be told apart.

    enum class Count
    {
        Delivered,
        Waiting,
    };
    struct RunCurve
    {
        QString name;
        std::vector<TimeSeries::Point> points; ///< Results, counted.
    };

    explicit DeliveryChart(Count count = Count::Delivered, QWidget *parent = nullptr);
    /// At most the first mostRuns of them are drawn.
    void show(const QList<RunCurve> &runs);
};

} // namespace Poolscope
