// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <ctime>

namespace Poolscope::Worker {

inline constexpr std::int64_t microsecond = 1'000;
inline constexpr std::int64_t millisecond = 1'000'000;

inline std::int64_t nanoseconds(clockid_t clock)
{
    timespec time{};
    clock_gettime(clock, &time);
    return std::int64_t(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

/// The clock that all processes of a host share.
inline std::int64_t now()
{
    return nanoseconds(CLOCK_MONOTONIC);
}

/// CPU time of the calling thread.
inline std::int64_t threadCpu()
{
    return nanoseconds(CLOCK_THREAD_CPUTIME_ID);
}

} // namespace Poolscope::Worker
