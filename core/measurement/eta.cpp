// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measurement/eta.h"

#include <algorithm>
#include <cmath>

namespace Poolscope {

std::optional<EtaEstimate> estimateEta(const EtaInput &input, const RunningStatistics &durations)
{
    const auto seen = durations.count();
    if (input.completed == 0 || input.elapsed <= 0 || seen < std::max<std::uint64_t>(3, input.processes))
        return std::nullopt;

    constexpr double unheardOf = 6; // standard deviations
    if (input.remaining <= input.processes &&
        input.longestRunning > 2 * durations.mean() + unheardOf * durations.standardDeviation())
        return std::nullopt;

    // With fewer items left than workers, only so many can share the work.
    const double sharing = double(std::clamp<std::uint64_t>(input.remaining, 1, input.processes));
    const double left = double(input.remaining);
    const double byDurations = left * durations.mean() / sharing;
    const double byPace = left * input.elapsed / double(input.completed);

    constexpr double eightyPercent = 1.28;
    const double spread =
        durations.standardDeviation() * std::sqrt(left + left * left / double(seen)) / sharing;
    return EtaEstimate{std::max(byDurations, byPace), eightyPercent * spread};
}

} // namespace Poolscope
