// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/timeseries.h"

#include <algorithm>

namespace Poolscope {

TimeSeries::TimeSeries(Merge merge, std::size_t capacity)
    : m_merge(merge), m_capacity(std::max<std::size_t>(capacity, 4))
{}

void TimeSeries::add(double time, double value)
{
    const Point point{time, value};
    if (!m_points.empty()) {
        if (time < m_points.back().time)
            return;
        if (time - m_bucketStart < m_spacing) {
            mergeInto(m_points.back(), point);
            return;
        }
    }
    if (m_points.size() == m_capacity)
        halve();
    m_points.push_back(point);
    m_bucketStart = time;
}

void TimeSeries::clear()
{
    m_points.clear();
    m_spacing = 0;
    m_bucketStart = 0;
}

void TimeSeries::mergeInto(Point &into, const Point &later) const
{
    into.time = later.time;
    into.value = m_merge == Merge::Peak ? std::max(into.value, later.value) : later.value;
}

void TimeSeries::halve()
{
    // The first point stays alone, or a counter would forget where it began.
    std::size_t kept = 1;
    for (std::size_t i = 1; i < m_points.size(); i += 2, ++kept) {
        Point merged = m_points[i];
        if (i + 1 < m_points.size())
            mergeInto(merged, m_points[i + 1]);
        m_points[kept] = merged;
    }
    m_points.resize(kept);
    m_spacing = (m_points.back().time - m_points.front().time) / double(kept - 1);
}

std::vector<TimeSeries::Point> ratesOf(const TimeSeries &counter, double window)
{
    const std::vector<TimeSeries::Point> &points = counter.points();
    std::vector<TimeSeries::Point> rates;
    rates.reserve(points.size());
    // From change to change: a stretch that begins and ends between two changes would hold now one more of
    // them, now one less, and the rate of a steady run would be a comb. Unless nothing changed for long.
    std::vector<double> changedAt(points.size(), points.empty() ? 0 : points.front().time);
    std::size_t before = 0;
    for (std::size_t i = 1; i < points.size(); ++i) {
        changedAt[i] = points[i].value > points[i - 1].value ? points[i].time : changedAt[i - 1];
        while (before + 1 < i && points[before + 1].time <= points[i].time - window)
            ++before;
        const bool stalled = points[i].time - changedAt[i] > window / 2;
        const double elapsed =
            stalled ? points[i].time - points[before].time : changedAt[i] - changedAt[before];
        const double grown = points[i].value - points[before].value;
        if (elapsed > 0 || grown == 0)
            rates.push_back({points[i].time, grown > 0 ? grown / elapsed : 0});
    }
    return rates;
}

} // namespace Poolscope
