// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace Poolscope::Worker {

struct ChildResult
{
    int startError = 0; ///< errno; 0 when it ran.
    int exitStatus = 0;
    int signal = 0;       ///< What killed it; 0: it exited.
    std::int64_t cpu = 0; ///< User and system time, nanoseconds.
    std::string output;
    std::string errorTail; ///< The last 4 KiB of its stderr.
};

/// Runs a program to its end: no shell, empty stdin, stdout collected, stderr passed on to ours and its end
/// kept.
ChildResult runChild(const std::vector<std::string> &arguments);

} // namespace Poolscope::Worker
