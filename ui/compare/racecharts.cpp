// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/racecharts.h"

#include "ui/charts/deliverychart.h"
#include "ui/compare/raceclock.h"

#include <QTabWidget>

#include <algorithm>

namespace Poolscope {

namespace {

// More than there are pixels, for any number of items.
constexpr std::size_t mostPoints = 2000;

/// The count of results by time, a point each that counts, of many every so many.
DeliveryChart::RunCurve deliveredOf(const QString &name, const Replay &replay)
{
    const std::vector<RaceItem> &items = replay.items();
    DeliveryChart::RunCurve curve{name, {{0, 0}}};
    const std::size_t step = items.size() / mostPoints + 1;
    for (std::size_t i = 0; i < items.size(); i += step) {
        // All that were handed out at that moment count.
        const double time = items[i].delivered;
        curve.points.push_back({time, double(replay.deliveredBy(time))});
    }
    curve.points.push_back({replay.length(), double(items.size())});
    return curve;
}

DeliveryChart::RunCurve waitingOf(const QString &name, const Replay &replay)
{
    std::vector<double> times;
    for (const RaceItem &item : replay.items()) {
        times.push_back(item.delivered);
        if (item.finished >= 0)
            times.push_back(item.finished);
    }
    std::sort(times.begin(), times.end());
    times.erase(std::unique(times.begin(), times.end()), times.end());
    DeliveryChart::RunCurve curve{name, {{0, 0}}};
    // Of those that share a point the peak counts, or it would be lost between two of them.
    const std::size_t step = times.size() / mostPoints + 1;
    for (std::size_t from = 0; from < times.size(); from += step) {
        TimeSeries::Point peak{times[from], -1};
        for (std::size_t i = from; i < std::min(from + step, times.size()); ++i)
            if (const double waiting = double(replay.waitingAt(times[i])); waiting > peak.value)
                peak = {times[i], waiting};
        curve.points.push_back(peak);
    }
    curve.points.push_back({replay.length(), 0});
    return curve;
}

} // namespace

RaceCharts::RaceCharts(const RaceClock *clock, QTabWidget *tabs)
    : QObject(tabs)
    , m_clock(clock)
    , m_delivered(new DeliveryChart(DeliveryChart::Count::Delivered))
    , m_waiting(new DeliveryChart(DeliveryChart::Count::Waiting))
{
    tabs->addTab(m_delivered, tr("Delivered"));
    tabs->addTab(m_waiting, tr("Waiting"));
    connect(clock, &RaceClock::changed, this, &RaceCharts::mark);
}

void RaceCharts::present(const Comparison &comparison)
{
    QList<DeliveryChart::RunCurve> delivered;
    QList<DeliveryChart::RunCurve> waiting;
    for (const Racer &racer : comparison.racers) {
        if (!racer.replay || racer.replay->items().empty())
            continue;
        delivered += deliveredOf(racer.contestant.name(), *racer.replay);
        waiting += waitingOf(racer.contestant.name(), *racer.replay);
    }
    m_delivered->show(delivered);
    m_waiting->show(waiting);
    mark();
}

void RaceCharts::mark()
{
    const auto moment = m_clock->length() > 0 ? std::optional(m_clock->time()) : std::nullopt;
    m_delivered->setCrosshair(moment);
    m_waiting->setCrosshair(moment);
}

} // namespace Poolscope
