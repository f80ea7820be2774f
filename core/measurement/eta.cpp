// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measurement/eta.h"

#include <algorithm>
#include <cmath>

namespace Poolscope {

bool isHeldUp(const EtaInput &input, const RunningStatistics &durations)
{
    const bool hasOnlyRunning = input.remaining > 0 && (input.remaining <= input.processes || input.idle > 0);
    if (!hasOnlyRunning || durations.count() == 0)
        return false;
    constexpr double unheardOf = 6; // standard deviations
    // One long item among short ones makes the deviation large: whoever waits for the second one is not to
    // read for as long that it is about to end.
    constexpr double patience = 1; // s
    return input.longestRunning >
           2 * durations.mean() + std::min(unheardOf * durations.standardDeviation(), patience);
}

std::optional<EtaEstimate> estimateEta(const EtaInput &input, const RunningStatistics &durations)
{
    const auto seen = durations.count();
    if (input.completed == 0 || input.elapsed <= 0 || seen < std::max<std::uint64_t>(3, input.processes))
        return std::nullopt;

    if (isHeldUp(input, durations))
        return std::nullopt;

    // With fewer items left than workers, only so many can share the work.
    const double workers = double(input.processes - std::min(input.idle, input.processes));
    const double sharing = std::clamp(workers, 1.0, double(std::max<std::uint64_t>(input.remaining, 1)));
    const double left = double(input.remaining);
    const double byDurations = std::max(left * durations.mean() - input.progress, 0.0) / sharing;
    const double byPace = left * input.elapsed / double(input.completed);

    constexpr double eightyPercent = 1.28;
    const double spread =
        durations.standardDeviation() * std::sqrt(left + left * left / double(seen)) / sharing;
    return EtaEstimate{std::max(byDurations, byPace), eightyPercent * spread};
}

} // namespace Poolscope
