// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/deliverychart.h"

namespace Poolscope {

DeliveryChart::DeliveryChart(Count count, QWidget *parent)
    : TimePlot(count == Count::Delivered ? tr("Delivered over time, items") : tr("Waiting results, items"),
               nullptr, parent)
{
    setAccessibleName(count == Count::Delivered ? tr("Delivered over time")
                                                : tr("Waiting results over time"));
    setWholeNumbers();
}

void DeliveryChart::show(const QList<RunCurve> &runs)
{
    QList<Curve> curves;
    for (const RunCurve &run : runs.first(std::min<qsizetype>(runs.size(), mostRuns)))
        curves.append({run.name, {}, Style::Step, false});
    setCurves(curves);
    reset();
    for (int curve = 0; curve < curves.size(); ++curve)
        setPoints(curve, runs.at(curve).points);
    replotSoon();
}

} // namespace Poolscope
