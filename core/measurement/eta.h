// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measurement/snapshot.h"
#include "core/measurement/statistics.h"

#include <cstdint>
#include <optional>

namespace Poolscope {

/// What is left of a run and what is known of its pace.
struct EtaInput
{
    std::uint64_t remaining = 0; ///< Items without an outcome.
    std::uint64_t completed = 0;
    double elapsed = 0; ///< Seconds since the first dispatch, pauses left out.
    std::uint32_t processes = 1;
    std::uint32_t idle = 0;    ///< Workers for which nothing is left to do.
    double longestRunning = 0; ///< Seconds that the item which has run for longest has taken so far.
    double progress = 0;       ///< Seconds of work that are done of the items that run.
};

/// Whether nothing is left but items that run, and one of them has taken longer than those seen let expect:
/// nobody knows when it ends.
bool isHeldUp(const EtaInput &input, const RunningStatistics &durations);

/// When the rest will be done: the durations seen, spread over the workers there are, or the pace so far
/// where the items themselves take next to no time. The margin is that of the 80 % band of a sum of as many
/// durations, each known only from those seen. Nothing until every worker had a chance to finish an item, and
/// nothing while the run is held up.
std::optional<EtaEstimate> estimateEta(const EtaInput &input, const RunningStatistics &durations);

} // namespace Poolscope
