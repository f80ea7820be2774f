// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measurement/snapshot.h"

#include <cstdint>
#include <optional>

namespace Poolscope {

/// What a run comes down to, of one that goes on or one that has ended. Seconds; nothing where there is no
/// ground for a number yet.
struct RunFigures
{
    std::optional<double> elapsed;     ///< From the first dispatch to the last delivery, or to now.
    std::optional<double> firstResult; ///< From the first dispatch to the first delivery.
    std::optional<double> throughput;  ///< Delivered items a second.
    std::optional<double> utilisation; ///< Share of the workers' time in which they ran items.

    bool operator==(const RunFigures &) const = default;
};

bool isOver(RunPhase phase);
RunFigures figuresOf(const RunSnapshot &snapshot);
/// The worker that is at this item; null when none is.
const WorkerSnapshot *runnerOf(std::uint64_t item, const RunSnapshot &snapshot);

} // namespace Poolscope
