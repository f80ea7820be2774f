// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/spanstore.h"

#include <algorithm>

namespace Poolscope {

void SpanStore::add(std::size_t lane, std::uint32_t generation, const Span &span)
{
    if (lane >= m_lanes.size())
        m_lanes.resize(lane + 1);
    Lane &row = m_lanes[lane];
    if (row.generation != 0 && generation > row.generation)
        row.recycledAt.push_back(span.begin);
    row.generation = std::max(row.generation, generation);

    // Spans come in the order of their ends, which for one lane is that of their begins too. A clock that
    // steps, or a span told twice, must not break the order that every search here relies on.
    const double earliest = row.entries.empty() ? span.begin : endOf(row, row.entries.size() - 1);
    const double begin = std::max(span.begin, earliest);
    const double length = std::max(span.end - begin, 0.0);
    if (span.how != SpanEnd::Ok)
        row.failures.push_back(row.entries.size());
    row.entries.push_back({begin, row.busy, span.item << 2 | std::uint64_t(span.how)});
    row.busy += length;
}

std::size_t SpanStore::size(std::size_t lane) const
{
    return lane < m_lanes.size() ? m_lanes[lane].entries.size() : 0;
}

double SpanStore::endOf(const Lane &lane, std::size_t position) const
{
    const Entry &entry = lane.entries[position];
    const double busyAfter =
        position + 1 < lane.entries.size() ? lane.entries[position + 1].busyBefore : lane.busy;
    return entry.begin + (busyAfter - entry.busyBefore);
}

SpanStore::Span SpanStore::at(std::size_t lane, std::size_t position) const
{
    const Lane &row = m_lanes[lane];
    const Entry &entry = row.entries[position];
    return {entry.begin, endOf(row, position), entry.tag >> 2, SpanEnd(entry.tag & 3)};
}

std::size_t SpanStore::firstBeginningFrom(std::size_t lane, double time) const
{
    if (lane >= m_lanes.size())
        return 0;
    const std::vector<Entry> &entries = m_lanes[lane].entries;
    const auto found =
        std::lower_bound(entries.begin(), entries.end(), time,
                         [](const Entry &entry, double moment) { return entry.begin < moment; });
    return std::size_t(found - entries.begin());
}

std::size_t SpanStore::firstEndingAfter(std::size_t lane, double time) const
{
    const std::size_t next = firstBeginningFrom(lane, time);
    return next > 0 && endOf(m_lanes[lane], next - 1) > time ? next - 1 : next;
}

double SpanStore::busyUntil(const Lane &lane, double time) const
{
    const auto after =
        std::lower_bound(lane.entries.begin(), lane.entries.end(), time,
                         [](const Entry &entry, double moment) { return entry.begin < moment; });
    if (after == lane.entries.begin())
        return 0;
    const auto position = std::size_t(after - lane.entries.begin()) - 1;
    const Entry &entry = lane.entries[position];
    return entry.busyBefore + std::min(time, endOf(lane, position)) - entry.begin;
}

double SpanStore::busyBetween(std::size_t lane, double begin, double end) const
{
    if (lane >= m_lanes.size() || end <= begin)
        return 0;
    return std::max(busyUntil(m_lanes[lane], end) - busyUntil(m_lanes[lane], begin), 0.0);
}

SpanEnd SpanStore::worstOf(std::size_t lane, std::size_t from, std::size_t to) const
{
    const Lane &row = m_lanes[lane];
    SpanEnd worst = SpanEnd::Ok;
    // Bounded, or a million failures under one pixel would be walked over with every frame.
    constexpr int mostLookedAt = 256;
    auto at = std::lower_bound(row.failures.begin(), row.failures.end(), from);
    for (int n = 0; n < mostLookedAt && at != row.failures.end() && *at < to && worst != SpanEnd::Lost;
         ++n, ++at)
        worst = std::max(worst, SpanEnd(row.entries[*at].tag & 3));
    return worst;
}

const std::vector<double> &SpanStore::recycledAt(std::size_t lane) const
{
    static const std::vector<double> none;
    return lane < m_lanes.size() ? m_lanes[lane].recycledAt : none;
}

} // namespace Poolscope
