// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/runcharts.h"

#include "ui/models/format.h"

namespace Poolscope {

ThroughputChart::ThroughputChart(QWidget *parent) : PlotWidget(tr("Throughput, items/s"), parent)
{
    setAccessibleName(tr("Throughput"));
    setCurves({{tr("completed"), tr("items a second that the workers finish"), Style::Line, false},
               {tr("delivered"), tr("items a second that the method hands out"), Style::Line, false}});
    setEmptyText(tr("Items a second will be drawn here while a job runs."));
}

void ThroughputChart::show(const RunHistory &history)
{
    const double window = history.rateWindow();
    setPoints(0, ratesOf(history.completed(), window));
    // map hands out everything in one moment: a peak without a meaning that would flatten the rest.
    setPoints(1, ratesOf(history.delivered(), window), reachedValue() * 1.5);
    setReading(Format::rate(history.currentRate()));
    replotSoon();
}

BufferedChart::BufferedChart(QWidget *parent) : PlotWidget(tr("Results that wait"), parent)
{
    setAccessibleName(tr("Buffered results"));
    setCurves({{tr("buffered"), tr("finished results held back for those before them"), Style::Step, true}});
    setWholeNumbers();
    setEmptyText(tr("Finished results that wait for those before them will be counted here."));
}

void BufferedChart::show(const RunHistory &history)
{
    const std::vector<TimeSeries::Point> &points = history.buffered().points();
    setPoints(0, points);
    setReading(points.empty() ? QString() : Format::count(std::uint64_t(points.back().value)));
    replotSoon();
}

BusyChart::BusyChart(QWidget *parent) : PlotWidget(tr("Workers busy"), parent)
{
    setAccessibleName(tr("Workers busy"));
    setCurves({{tr("busy"), tr("workers that run an item"), Style::Step, true}});
    setWholeNumbers();
    setEmptyText(tr("How many workers are busy will be drawn here."));
}

void BusyChart::show(const RunHistory &history, unsigned processes)
{
    const std::vector<TimeSeries::Point> &points = history.busy().points();
    setPoints(0, points);
    reach(0, processes);
    setReading(points.empty()
                   ? QString()
                   : tr("%1 of %2")
                         .arg(Format::count(std::uint64_t(points.back().value)), Format::count(processes)));
    replotSoon();
}

} // namespace Poolscope
