// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/comparison/comparison.h"

#include <QObject>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace Poolscope {

/// How far a contestant is.
struct RaceProgress
{
    std::optional<std::uint64_t> total; ///< Items; nothing while they are not counted.
    std::uint64_t delivered = 0;        ///< Results handed out.
    /// Finished, and not handed out; nothing where to count them would slow down what runs.
    std::optional<std::uint64_t> waiting = 0;
    double elapsed = -1; ///< Seconds since its clock began; negative before.

    std::uint64_t ended() const { return delivered + waiting.value_or(0); }
    /// Of all items; 0 while they are not counted.
    double share() const { return total.value_or(0) > 0 ? double(ended()) / double(*total) : 0; }
    /// How long it goes on if all items are like those that ended; nothing while none has.
    std::optional<double> secondsLeft() const
    {
        return elapsed > 0 && ended() > 0 && total
                   ? std::optional(elapsed * double(*total - std::min(ended(), *total)) / double(ended()))
                   : std::nullopt;
    }
};

/// One contestant's run, whatever its way: followed while it goes on, and then what came of it.
///
/// For a thread with an event loop, which it never blocks.
class ContestantRun : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ContestantRun)
public:
    /// \param job  as checkContestant() had it
    static std::unique_ptr<ContestantRun> create(const JobSpec &job, const Contestant &contestant);

    /// ended() follows.
    virtual void start() = 0;
    /// ended() follows.
    virtual void stop() = 0;

    virtual RaceProgress progress() const = 0;
    /// The results handed out so far.
    virtual std::vector<RaceItem> delivered() const = 0;
    /// What has begun so far, to be looked at while it runs: in no order, `finished` infinite where it goes
    /// on, `delivered` infinite where it waits. A quick run may be ahead of it, for looking must not slow it
    /// down.
    virtual std::vector<RaceItem> soFar() const = 0;
    virtual std::uint32_t workers() const = 0; ///< Lanes: RaceItem::worker is below that.

    // After ended():
    /// Why it could not run at all: round() says nothing then.
    virtual std::optional<JobProblem> failure() const = 0;
    /// What it comes to; its figures are those of `replay`.
    virtual RaceRound round(const Replay &replay) const = 0;
    Replay replay() const { return Replay(delivered(), workers()); }

Q_SIGNALS:
    void ended();

protected:
    ContestantRun() = default;

    /// How often the memory of its processes is looked at. What was shorter than that many looks apart was
    /// seen too seldom to tell how much it had.
    static constexpr std::chrono::milliseconds memorySampling{50};
    static constexpr double shortestToTell = 0.5; // s
};

} // namespace Poolscope
