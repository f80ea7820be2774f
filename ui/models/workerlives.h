// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measurement/runevent.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace Poolscope {

/// What a worker's place in the pool does while it runs no item.
enum class LanePhase
{
    NoProcess,
    Starting,
    Waiting,   ///< for work
    Unpacking, ///< making a value of the text of the next item
    Packing,   ///< making a text of the value of the item before
    Sending,   ///< the result of the item before
    Blocked,   ///< it has nothing to do because the consumer takes nothing
    Ending,
};

/// The lives of the processes of a pool, lane by lane, and when the pool waited for its consumer.
class WorkerLives
{
public:
    struct Life
    {
        std::uint32_t generation = 0;
        std::int64_t pid = 0;
        double started = 0;
        double ready = -1;   ///< Negative until it is, as all that follow.
        double leaving = -1; ///< When it was told to.
        double ended = -1;
        RunEventKind end = RunEventKind::WorkerEnded;
    };
    struct Stretch
    {
        double begin;
        double end;
        LanePhase phase;
    };
    /// What is worth a mark in a lane: deaths, timeouts, attempts that failed.
    struct Mark
    {
        double time;
        RunEventKind kind;
        std::uint64_t item;
    };

    void clear();
    /// In the order of time.
    void add(const RunEvent &event);
    void addWait(const TimeSpan &wait);
    /// Up to `now` it waits since then; negative: it does not.
    void setOpenWait(double since, double now);

    std::size_t laneCount() const { return m_lanes.size(); }
    /// Whether anything is known of this lane's processes: of a recorded run nothing is.
    bool isKnown(std::size_t lane) const { return lane < m_lanes.size() && !m_lanes[lane].lives.empty(); }
    const std::vector<Life> &lives(std::size_t lane) const;
    const std::vector<Mark> &marks(std::size_t lane) const;
    /// What people did to the pool: paused, resumed, resized.
    const std::vector<RunEvent> &poolMarks() const { return m_poolMarks; }
    /// The process that was in the lane at that time, the newer one of two.
    const Life *lifeAt(std::size_t lane, double time) const;

    /// What the lane did from `begin` to `end`, where it ran nothing.
    /// \param now  what goes on goes on until then
    std::vector<Stretch> idleStretches(std::size_t lane, double begin, double end, double now) const;

    struct Times
    {
        double alive = 0; ///< Seconds, between `begin` and `end`, in which there was a process.
        double starting = 0;
        double leaving = 0; ///< Told to leave and still there.
    };
    Times timesBetween(std::size_t lane, double begin, double end, double now) const;
    /// The stretches in which the pool waited for its consumer.
    std::vector<TimeSpan> waitsBetween(double begin, double end) const;

private:
    struct Lane
    {
        std::vector<Life> lives;
        std::vector<Mark> marks;
    };

    Lane &laneOf(std::size_t lane);
    Life *lifeOf(const RunEvent &event);

    std::vector<Lane> m_lanes;
    std::vector<TimeSpan> m_waits;
    std::optional<TimeSpan> m_openWait;
    std::vector<RunEvent> m_poolMarks;
};

} // namespace Poolscope
