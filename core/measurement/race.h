// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

/// One run among several of the same work, as it is compared with them. Times are seconds from its first
/// dispatch, so that all can be laid on one clock.
namespace Poolscope {

struct RaceItem
{
    std::uint64_t index = 0;
    std::uint32_t worker = 0;
    double started = -1; ///< Negative when it never ran.
    double finished = -1;
    double delivered = 0;
    bool ok = true;
};

/// What a run comes to.
struct RaceFigures
{
    double first = 0; ///< Seconds until the first result was handed out.
    double half = 0;  ///< Until half of them were.
    double last = 0;  ///< Until the last one was: the makespan.
    double throughput = 0;
    std::uint64_t mostWaited = 0; ///< Finished results that waited, at their peak: see Replay::waitingAt().
    std::uint64_t inversions = 0; ///< Pairs that were handed out in another order than that of the input.
    double utilisation = 0;       ///< Share of the workers' time in which they ran items.
    double overhead = 0;          ///< Seconds of the workers' time for each item in which they ran none.
};

/// What was where at any moment of a run: to be played back.
class Replay
{
public:
    /// \param items    in any order
    /// \param workers  places in the pool, at least one
    Replay(std::vector<RaceItem> items, std::uint32_t workers);

    const std::vector<RaceItem> &items() const { return m_items; } ///< In the order of their delivery.
    std::uint32_t workers() const { return m_workers; }
    double length() const { return m_items.empty() ? 0 : m_items.back().delivered; }
    const RaceFigures &figures() const { return m_figures; }

    /// Results handed out by then; those are the first of items().
    std::size_t deliveredBy(double time) const;
    /// Items finished by then.
    std::size_t finishedBy(double time) const;
    /// Finished and not handed out, but held back: what is on its way for a moment only does not wait.
    std::size_t waitingAt(double time) const;
    /// When the next result is handed out after `time`; negative when none is.
    double nextDelivery(double time) const;

private:
    void findWaiting();
    RaceFigures measure() const;

    std::vector<RaceItem> m_items;
    std::vector<double> m_finished; ///< Sorted.
    // Of those that were held back, sorted each:
    std::vector<double> m_waitsFrom;
    std::vector<double> m_waitsUntil;
    std::uint32_t m_workers;
    RaceFigures m_figures;
};

} // namespace Poolscope
