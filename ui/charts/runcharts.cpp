// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/runcharts.h"

#include "ui/models/format.h"

#include <algorithm>
#include <cmath>

namespace Poolscope {

namespace {

QString countText(double value)
{
    return Format::count(std::uint64_t(std::llround(std::max(value, 0.0))));
}

QString bytesText(double value)
{
    return Format::bytes(std::uint64_t(std::max(value, 0.0)));
}

} // namespace

ThroughputChart::ThroughputChart(TimeWindow *window, QWidget *parent)
    : TimePlot(tr("Throughput, items/s"), window, parent)
{
    setAccessibleName(tr("Throughput"));
    setCurves({{tr("completed"), tr("items a second that the workers finish"), Style::Line, false},
               {tr("delivered"), tr("items a second that the method hands out"), Style::Line, false}});
    setEmptyText(tr("Items a second will be drawn here while a job runs."));
    setValueText(Format::rate);
}

void ThroughputChart::show(const RunHistory &history)
{
    const double window = history.rateWindow();
    setPoints(0, ratesOf(history.completed(), window));
    // map hands out everything in one moment: a peak without a meaning that would flatten the rest.
    setPoints(1, ratesOf(history.delivered(), window), reachedValue() * 1.5);
    setNewest(Format::rate(history.currentRate()));
    replotSoon();
}

BufferedChart::BufferedChart(TimeWindow *window, QWidget *parent)
    : TimePlot(tr("Results that wait"), window, parent)
{
    setAccessibleName(tr("Buffered results"));
    setCurves({{tr("buffered"), tr("finished results held back for those before them"), Style::Step, true}});
    setWholeNumbers();
    setEmptyText(tr("Finished results that wait for those before them will be counted here."));
    setValueText(countText);
}

void BufferedChart::show(const RunHistory &history)
{
    const std::vector<TimeSeries::Point> &points = history.buffered().points();
    setPoints(0, points);
    setNewest(points.empty() ? QString() : countText(points.back().value));
    replotSoon();
}

BusyChart::BusyChart(TimeWindow *window, QWidget *parent) : TimePlot(tr("Workers busy"), window, parent)
{
    setAccessibleName(tr("Workers busy"));
    setCurves({{tr("busy"), tr("workers that run an item"), Style::Step, true}});
    setWholeNumbers();
    setEmptyText(tr("How many workers are busy will be drawn here."));
    setValueText(countText);
}

void BusyChart::show(const RunHistory &history, unsigned processes)
{
    const std::vector<TimeSeries::Point> &points = history.busy().points();
    setPoints(0, points);
    reach(0, processes);
    setNewest(points.empty() ? QString()
                             : tr("%1 of %2").arg(countText(points.back().value), Format::count(processes)));
    replotSoon();
}

MemoryChart::MemoryChart(TimeWindow *window, QWidget *parent) : TimePlot(tr("Memory"), window, parent)
{
    setAccessibleName(tr("Memory"));
    setBytes();
    setEmptyText(tr("What this program and each worker hold in memory will be drawn here."));
    setValueText(bytesText);
}

void MemoryChart::show(const RunHistory &history)
{
    const std::vector<TimeSeries> &workers = history.workerMemory();
    if (curveCount() != int(workers.size()) + 1) {
        QList<Curve> curves = {{tr("Poolscope"), tr("resident memory of this program"), Style::Line, false}};
        for (std::size_t worker = 0; worker < workers.size(); ++worker)
            curves.append({tr("each worker"), tr("resident memory of its process: a new one begins small"),
                           Style::Step, false, worker == 0 ? std::nullopt : std::optional(1)});
        setCurves(curves);
    }
    setPoints(0, history.memory().points());
    std::uint64_t sum = 0;
    for (std::size_t worker = 0; worker < workers.size(); ++worker) {
        const std::vector<TimeSeries::Point> &points = workers[worker].points();
        setPoints(int(worker) + 1, points);
        if (!points.empty())
            sum += std::uint64_t(points.back().value);
    }
    setNewest(history.memory().isEmpty() ? QString() : tr("%1 in all workers").arg(Format::bytes(sum)));
    replotSoon();
}

BufferedBytesChart::BufferedBytesChart(TimeWindow *window, QWidget *parent)
    : TimePlot(tr("Results that wait, bytes"), window, parent)
{
    setAccessibleName(tr("Buffered bytes"));
    setCurves({{tr("bytes"), tr("size of the finished results held back, as JSON text"), Style::Step, true}});
    setBytes();
    setEmptyText(tr("The size of the results that wait will be drawn here."));
    setValueText(bytesText);
}

void BufferedBytesChart::show(const RunHistory &history)
{
    const std::vector<TimeSeries::Point> &points = history.bufferedBytes().points();
    setPoints(0, points);
    setNewest(points.empty() ? QString() : bytesText(points.back().value));
    replotSoon();
}

} // namespace Poolscope
