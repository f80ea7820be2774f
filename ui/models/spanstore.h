// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/blockvector.h"

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

/// Which item a worker ran when, lane by lane, in 32 bytes an item: what the timeline draws.
///
/// The spans of a lane do not overlap. Besides where each begins the store keeps how long the lane was busy
/// before it, and how long it had results on their way, so that the load of any stretch of time is found
/// without walking over its items.
class SpanStore
{
public:
    struct Span
    {
        double begin;
        double end;
        std::uint64_t item;
        SpanEnd how;
        bool isRetry = false; ///< It was tried before.
        double received = -1; ///< When the result had arrived; negative when that is not known.
    };

    void clear() { m_lanes.clear(); }
    /// In any order, though the order of time is the quick one. settle() makes them known.
    void add(std::size_t lane, std::uint32_t generation, const Span &span);
    /// Puts what was added into the order of time: to be called before anything is asked.
    void settle();

    std::size_t laneCount() const { return m_lanes.size(); }
    std::size_t size(std::size_t lane) const;
    Span at(std::size_t lane, std::size_t position) const;
    std::uint64_t itemAt(std::size_t lane, std::size_t position) const
    {
        return m_lanes[lane].entries[position].tag >> 3;
    }
    double beginAt(std::size_t lane, std::size_t position) const
    {
        return m_lanes[lane].entries[position].begin;
    }
    double endAt(std::size_t lane, std::size_t position) const { return endOf(m_lanes[lane], position); }
    /// Until when results of the lane's item were on their way while the lane ran nothing; its end if not at
    /// all.
    double sentAt(std::size_t lane, std::size_t position) const;
    /// First span of the lane that ends after `time`; size() when there is none.
    std::size_t firstEndingAfter(std::size_t lane, double time) const;
    /// First span of the lane that begins at `time` or later; size() when there is none.
    std::size_t firstBeginningFrom(std::size_t lane, double time) const;
    /// The same where it is known to be `from` or one of the next ones: steps that double find it. Along the
    /// columns of a picture that is ten times as quick. \param likely  about how many further it is
    std::size_t firstBeginningFrom(std::size_t lane, double time, std::size_t from,
                                   std::size_t likely = 1) const;
    /// Seconds in which the lane ran items from `begin` to `end`.
    double busyBetween(std::size_t lane, double begin, double end) const;
    /// Seconds in which the lane ran nothing while its results were on their way.
    double sendingBetween(std::size_t lane, double begin, double end) const;
    /// Seconds the lane was busy until `time`, which lies between the begins of spans `next` - 1 and `next`.
    double busyUntil(std::size_t lane, double time, std::size_t next) const;
    /// The worst end of the spans from position `from` up to `to`.
    SpanEnd worstOf(std::size_t lane, std::size_t from, std::size_t to) const;
    /// When processes after the first began their first item in the lane.
    const std::vector<double> &recycledAt(std::size_t lane) const;
    /// Begins of the spans that did not end well, by position.
    const std::vector<std::size_t> &failures(std::size_t lane) const;

private:
    struct Entry
    {
        double begin;
        double busyBefore; ///< Seconds, of all spans before it.
        double sentBefore; ///< Seconds, of all spans before it, in which the lane ran nothing.
        std::uint64_t tag; ///< Item and, in the three lowest bits, whether it is a retry, and SpanEnd.
    };
    struct Fresh
    {
        Span span;
        std::uint32_t generation;
    };
    struct Lane
    {
        BlockVector<Entry> entries;
        std::vector<std::size_t> failures; ///< Positions of the spans that did not end well.
        std::vector<double> recycledAt;
        std::vector<Fresh> fresh; ///< Added and not settled.
        double busy = 0;          ///< Of all spans.
        double sent = 0;          ///< Of all spans but the last.
        double received = -1;     ///< Of the last span.
        std::uint32_t generation = 0;
    };

    static void append(Lane &lane, const Fresh &fresh);
    static void insertFresh(Lane &lane);
    static Fresh taken(const Lane &lane, std::size_t position);
    static double endOf(const Lane &lane, std::size_t position);
    static double lastSending(const Lane &lane);
    static std::size_t firstFrom(const Lane &lane, double time);
    static double sentUntil(const Lane &lane, double time);

    std::vector<Lane> m_lanes;
};

} // namespace Poolscope
