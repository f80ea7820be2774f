// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/deliverychart.h"

namespace Poolscope {

DeliveryChart::DeliveryChart(QWidget *parent) : TimePlot(tr("Delivered over time, items"), nullptr, parent)
{
    setAccessibleName(tr("Delivered over time"));
}

void DeliveryChart::show(const QList<RunCurve> &runs)
{
    QList<Curve> curves;
    for (const RunCurve &run : runs.first(std::min<qsizetype>(runs.size(), mostRuns)))
        curves.append({run.name, {}, Style::Step, false});
    setCurves(curves);
    reset();
    for (int curve = 0; curve < curves.size(); ++curve)
        setPoints(curve, runs.at(curve).delivered);
    replotSoon();
}

} // namespace Poolscope
