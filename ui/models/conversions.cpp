// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/conversions.h"

#include <algorithm>

namespace Poolscope {

namespace {

constexpr std::size_t mostAtOnce = 100;

} // namespace

void Conversions::add(std::size_t lane, double begin, double end, LanePhase phase)
{
    if (end <= begin)
        return;
    if (lane >= m_lanes.size())
        m_lanes.resize(lane + 1);
    Lane &row = m_lanes[lane];
    // What came before a retry becomes known late; nearly all others go to the end.
    const auto place = std::upper_bound(row.begin(), row.end(), begin,
                                        [](double time, const Entry &entry) { return time < entry.begin; });
    std::size_t at = std::size_t(place - row.begin());
    row.insert(place, {begin, end, 0, 0, phase});
    for (; at < row.size(); ++at) {
        if (at == 0) {
            row[0].unpackingBefore = row[0].packingBefore = 0;
            continue;
        }
        const Entry &before = row[at - 1];
        const double length = before.end - before.begin;
        row[at].unpackingBefore =
            before.unpackingBefore + (before.phase == LanePhase::Unpacking ? length : 0);
        row[at].packingBefore = before.packingBefore + (before.phase == LanePhase::Packing ? length : 0);
    }
}

std::size_t Conversions::firstEndingAfter(const Lane &lane, double time)
{
    return std::size_t(std::partition_point(lane.begin(), lane.end(),
                                            [time](const Entry &entry) { return entry.end <= time; }) -
                       lane.begin());
}

/// Seconds up to `time` that the lane spent with that.
double Conversions::until(const Lane &lane, double time, LanePhase phase)
{
    const std::size_t next = firstEndingAfter(lane, time);
    if (next == lane.size()) {
        if (lane.empty())
            return 0;
        const Entry &last = lane.back();
        return (phase == LanePhase::Unpacking ? last.unpackingBefore : last.packingBefore) +
               (last.phase == phase ? last.end - last.begin : 0);
    }
    const Entry &entry = lane[next];
    return (phase == LanePhase::Unpacking ? entry.unpackingBefore : entry.packingBefore) +
           (entry.phase == phase ? std::max(time - entry.begin, 0.0) : 0);
}

double Conversions::secondsBetween(std::size_t lane, double begin, double end, LanePhase phase) const
{
    if (lane >= m_lanes.size() || end <= begin)
        return 0;
    return std::max(until(m_lanes[lane], end, phase) - until(m_lanes[lane], begin, phase), 0.0);
}

double Conversions::unpackingBetween(std::size_t lane, double begin, double end) const
{
    return secondsBetween(lane, begin, end, LanePhase::Unpacking);
}

double Conversions::packingBetween(std::size_t lane, double begin, double end) const
{
    return secondsBetween(lane, begin, end, LanePhase::Packing);
}

std::vector<WorkerLives::Stretch> Conversions::between(std::size_t lane, double begin, double end) const
{
    std::vector<WorkerLives::Stretch> found;
    if (lane >= m_lanes.size())
        return found;
    const Lane &row = m_lanes[lane];
    for (std::size_t at = firstEndingAfter(row, begin);
         at < row.size() && row[at].begin < end && found.size() < mostAtOnce; ++at)
        found.push_back({row[at].begin, row[at].end, row[at].phase});
    return found;
}

} // namespace Poolscope
