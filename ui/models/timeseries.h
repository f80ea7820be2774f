// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <vector>

namespace Poolscope {

/// A number over time in bounded memory: when it is full, neighbouring points are merged in pairs and the
/// points that follow are as far apart as the merged ones. The newest value is always there as it was added.
class TimeSeries
{
public:
    struct Point
    {
        double time;
        double value;
    };

    enum class Merge
    {
        Last, ///< for counters that only grow: rates between the points left stay exact
        Peak, ///< the larger of both: a peak never vanishes
    };

    explicit TimeSeries(Merge merge, std::size_t capacity = 8192);

    /// Times must not go back; a point that does is dropped.
    void add(double time, double value);
    void clear();

    bool isEmpty() const { return m_points.empty(); }
    const std::vector<Point> &points() const { return m_points; }

private:
    void halve();
    void mergeInto(Point &into, const Point &later) const;

    Merge m_merge;
    std::size_t m_capacity;
    double m_spacing = 0;     ///< Of points, once it was halved.
    double m_bucketStart = 0; ///< When the newest point began to collect.
    std::vector<Point> m_points;
};

/// The rate at which a counter grew, at each of its points: over the stretch of `window` seconds before it.
std::vector<TimeSeries::Point> ratesOf(const TimeSeries &counter, double window);

} // namespace Poolscope
