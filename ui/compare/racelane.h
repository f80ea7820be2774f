// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measurement/race.h"

#include <QString>

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace Poolscope {

/// A contestant as the race shows it.
struct RaceLane
{
    enum class State
    {
        ToCome,
        Running, ///< `replay` is what it has done so far.
        Ended,
    };

    QString name;
    QString trouble; ///< A word where it did not end as it should.
    State state = State::Ended;
    Replay replay{{}, 1};
    double now = std::numeric_limits<double>::infinity(); ///< How far one that runs has come, seconds.
    /// Positions in replay.items(), by worker, in the order in which they ran.
    std::vector<std::vector<std::uint32_t>> byWorker = {};
    std::vector<std::uint32_t> byFinish = {}; ///< In the order in which they were finished.

    RaceLane(const QString &called, State isIn, Replay played);

    /// The item that a worker ran then; nothing when it ran none.
    std::optional<RaceItem> itemAt(std::size_t worker, double time) const;
    /// The items that waited then, in the order of the input.
    std::vector<std::uint64_t> waitingAt(double time) const;
};

} // namespace Poolscope
