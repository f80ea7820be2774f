// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/scheduling/ids.h"

#include <algorithm>
#include <chrono>

#include <time.h>

namespace Poolscope {

/// CLOCK_MONOTONIC in nanoseconds: the same in all processes of a host, so that what workers stamp themselves
/// lies on one axis with what happens here.
inline Time monotonicNow()
{
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return Time(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

/// As much as anybody waits for, and little enough to be added to any moment.
constexpr std::chrono::nanoseconds longestWait = std::chrono::hours(24 * 365 * 30);

/// \param seconds  more than 0; infinity too
inline Time nanosecondsOf(double seconds)
{
    return Time(std::min(seconds * 1e9, double(longestWait.count())));
}

inline std::chrono::steady_clock::time_point deadlineAfter(std::chrono::nanoseconds timeout)
{
    return std::chrono::steady_clock::now() + std::clamp(timeout, std::chrono::nanoseconds(0), longestWait);
}

} // namespace Poolscope
