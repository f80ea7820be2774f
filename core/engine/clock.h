// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/scheduling/ids.h"

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

} // namespace Poolscope
