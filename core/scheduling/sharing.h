// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace Poolscope {

/// How jobs that are open at the same time share the workers.
enum class Sharing
{
    Fifo, ///< chunks begin in the order they were submitted or read, over all jobs, as in CPython (S4.5)
    RoundRobin, ///< each job with chunks waiting gets one begun in turn (S9.4)
};

} // namespace Poolscope
