// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace Poolscope {

/// How an item's time on a worker ended.
enum class SpanEnd : std::uint8_t
{
    Ok,
    Error,
    Lost,
};

/// Which item a worker ran when, lane by lane, in 24 bytes an item: what the timeline draws.
///
/// The spans of a lane do not overlap. Besides where each begins the store keeps how long the lane was busy
/// before it, so that the load of any stretch of time is found without walking over its items.
class SpanStore
{
public:
    struct Span
    {
        double begin;
        double end;
        std::uint64_t item;
        SpanEnd how;
    };

    void clear() { m_lanes.clear(); }
    void add(std::size_t lane, std::uint32_t generation, const Span &span);

    std::size_t laneCount() const { return m_lanes.size(); }
    std::size_t size(std::size_t lane) const;
    Span at(std::size_t lane, std::size_t position) const;
    /// First span of the lane that ends after `time`; size() when there is none.
    std::size_t firstEndingAfter(std::size_t lane, double time) const;
    /// First span of the lane that begins at `time` or later; size() when there is none.
    std::size_t firstBeginningFrom(std::size_t lane, double time) const;
    /// Seconds in which the lane ran items from `begin` to `end`.
    double busyBetween(std::size_t lane, double begin, double end) const;
    /// The worst end of the spans from position `from` up to `to`.
    SpanEnd worstOf(std::size_t lane, std::size_t from, std::size_t to) const;
    /// When processes after the first began their first item in the lane.
    const std::vector<double> &recycledAt(std::size_t lane) const;

private:
    struct Entry
    {
        double begin;
        double busyBefore; ///< Seconds, of all spans before it.
        std::uint64_t tag; ///< Item and, in the two lowest bits, SpanEnd.
    };
    struct Lane
    {
        std::vector<Entry> entries;
        std::vector<std::size_t> failures; ///< Positions of the spans that did not end well.
        std::vector<double> recycledAt;
        double busy = 0; ///< Of all spans.
        std::uint32_t generation = 0;
    };

    double endOf(const Lane &lane, std::size_t position) const;
    double busyUntil(const Lane &lane, double time) const;

    std::vector<Lane> m_lanes;
};

} // namespace Poolscope
