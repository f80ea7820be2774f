// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/spanstore.h"

#include <algorithm>
#include <utility>

namespace Poolscope {

void SpanStore::add(std::size_t lane, std::uint32_t generation, const Span &span)
{
    if (lane >= m_lanes.size())
        m_lanes.resize(lane + 1);
    Lane &row = m_lanes[lane];
    // A clock that steps must not break the order that every search here relies on.
    const Fresh fresh{span, generation};
    if (row.fresh.empty() && (row.entries.empty() || span.begin >= row.entries.back().begin))
        append(row, fresh);
    else
        row.fresh.push_back(fresh);
}

void SpanStore::settle()
{
    for (Lane &lane : m_lanes)
        if (!lane.fresh.empty())
            insertFresh(lane);
}

/// What a chunk ran before one of its items had to be tried again becomes known after what its worker ran
/// since. Everything from there on is laid down anew.
void SpanStore::insertFresh(Lane &lane)
{
    std::vector<Fresh> fresh = std::exchange(lane.fresh, {});
    const auto byBegin = [](const Fresh &a, const Fresh &b) { return a.span.begin < b.span.begin; };
    std::stable_sort(fresh.begin(), fresh.end(), byBegin);
    const std::size_t from = firstFrom(lane, fresh.front().span.begin);
    std::vector<Fresh> later;
    later.reserve(lane.entries.size() - from);
    for (std::size_t position = from; position < lane.entries.size(); ++position)
        later.push_back(taken(lane, position));
    std::vector<Fresh> merged(fresh.size() + later.size());
    std::merge(later.begin(), later.end(), fresh.begin(), fresh.end(), merged.begin(), byBegin);

    if (from < lane.entries.size()) {
        lane.busy = lane.entries[from].busyBefore;
        lane.sent = from > 0 ? lane.entries[from - 1].sentBefore : 0;
        // That of the one before was cut at what began after it.
        lane.received = from > 0 ? endOf(lane, from - 1) + (lane.entries[from].sentBefore - lane.sent) : -1;
        lane.entries.shrinkTo(from);
        while (!lane.failures.empty() && lane.failures.back() >= from)
            lane.failures.pop_back();
    }
    for (const Fresh &span : merged)
        append(lane, span);
}

/// A span of the lane as it was added, but that its generation is not known any more.
SpanStore::Fresh SpanStore::taken(const Lane &lane, std::size_t position)
{
    const Entry &entry = lane.entries[position];
    const double end = endOf(lane, position);
    const double sending = position + 1 < lane.entries.size()
                               ? lane.entries[position + 1].sentBefore - entry.sentBefore
                               : lastSending(lane);
    return {{entry.begin, end, entry.tag >> 3, SpanEnd(entry.tag & 3), (entry.tag & 4) != 0, end + sending},
            0};
}

void SpanStore::append(Lane &row, const Fresh &fresh)
{
    const Span &span = fresh.span;
    if (row.generation != 0 && fresh.generation > row.generation)
        row.recycledAt.push_back(span.begin);
    row.generation = std::max(row.generation, fresh.generation);

    const double earliest = row.entries.empty() ? span.begin : endOf(row, row.entries.size() - 1);
    const double begin = std::max(span.begin, earliest);
    const double length = std::max(span.end - begin, 0.0);
    if (!row.entries.empty())
        row.sent += std::clamp(row.received - earliest, 0.0, begin - earliest);
    row.received = span.received;
    if (span.how != SpanEnd::Ok)
        row.failures.push_back(row.entries.size());
    row.entries.push_back(
        {begin, row.busy, row.sent, span.item << 3 | (span.isRetry ? 4U : 0U) | std::uint64_t(span.how)});
    row.busy += length;
}

std::size_t SpanStore::size(std::size_t lane) const
{
    return lane < m_lanes.size() ? m_lanes[lane].entries.size() : 0;
}

double SpanStore::endOf(const Lane &lane, std::size_t position)
{
    const Entry &entry = lane.entries[position];
    const double busyAfter =
        position + 1 < lane.entries.size() ? lane.entries[position + 1].busyBefore : lane.busy;
    return entry.begin + (busyAfter - entry.busyBefore);
}

double SpanStore::lastSending(const Lane &lane)
{
    return std::max(lane.received - endOf(lane, lane.entries.size() - 1), 0.0);
}

SpanStore::Span SpanStore::at(std::size_t lane, std::size_t position) const
{
    return taken(m_lanes[lane], position).span;
}

double SpanStore::sentAt(std::size_t lane, std::size_t position) const
{
    return taken(m_lanes[lane], position).span.received;
}

std::size_t SpanStore::firstFrom(const Lane &lane, double time)
{
    return lane.entries.partitionPoint(0, lane.entries.size(),
                                       [time](const Entry &entry) { return entry.begin < time; });
}

std::size_t SpanStore::firstBeginningFrom(std::size_t lane, double time) const
{
    return lane < m_lanes.size() ? firstFrom(m_lanes[lane], time) : 0;
}

std::size_t SpanStore::firstBeginningFrom(std::size_t lane, double time, std::size_t from,
                                          std::size_t likely) const
{
    const BlockVector<Entry> &entries = m_lanes[lane].entries;
    const auto isBefore = [&](std::size_t position) { return entries[position].begin < time; };
    std::size_t low = from; // all before it begin earlier
    std::size_t high = std::min(from + std::max<std::size_t>(likely, 1), entries.size());
    for (std::size_t step = std::max<std::size_t>(likely / 8, 1); high < entries.size() && isBefore(high);
         step *= 2) {
        low = high + 1;
        high = std::min(high + step, entries.size());
    }
    // Where it was less than likely, back in steps that double.
    for (std::size_t step = std::max<std::size_t>(likely / 8, 1); high - low > step && !isBefore(high - step);
         step *= 2)
        high -= step;
    return entries.partitionPoint(low, high, [time](const Entry &entry) { return entry.begin < time; });
}

std::size_t SpanStore::firstEndingAfter(std::size_t lane, double time) const
{
    const std::size_t next = firstBeginningFrom(lane, time);
    return next > 0 && endOf(m_lanes[lane], next - 1) > time ? next - 1 : next;
}

double SpanStore::busyUntil(std::size_t lane, double time, std::size_t next) const
{
    if (next == 0)
        return 0;
    const Entry &entry = m_lanes[lane].entries[next - 1];
    return entry.busyBefore + std::min(time, endOf(m_lanes[lane], next - 1)) - entry.begin;
}

double SpanStore::busyBetween(std::size_t lane, double begin, double end) const
{
    if (lane >= m_lanes.size() || end <= begin)
        return 0;
    return std::max(busyUntil(lane, end, firstFrom(m_lanes[lane], end)) -
                        busyUntil(lane, begin, firstFrom(m_lanes[lane], begin)),
                    0.0);
}

double SpanStore::sentUntil(const Lane &lane, double time)
{
    const std::size_t next = firstFrom(lane, time);
    if (next == 0)
        return 0;
    const double end = endOf(lane, next - 1);
    const double sending = taken(lane, next - 1).span.received - end;
    return lane.entries[next - 1].sentBefore + std::clamp(time - end, 0.0, sending);
}

double SpanStore::sendingBetween(std::size_t lane, double begin, double end) const
{
    if (lane >= m_lanes.size() || end <= begin)
        return 0;
    return std::max(sentUntil(m_lanes[lane], end) - sentUntil(m_lanes[lane], begin), 0.0);
}

SpanEnd SpanStore::worstOf(std::size_t lane, std::size_t from, std::size_t to) const
{
    const Lane &row = m_lanes[lane];
    SpanEnd worst = SpanEnd::Ok;
    if (row.failures.empty())
        return worst;
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

const std::vector<std::size_t> &SpanStore::failures(std::size_t lane) const
{
    static const std::vector<std::size_t> none;
    return lane < m_lanes.size() ? m_lanes[lane].failures : none;
}

} // namespace Poolscope
