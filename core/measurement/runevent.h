// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

/// What happens to a pool besides its items: the lives of its processes and what people do to it.
namespace Poolscope {

enum class RunEventKind : std::uint8_t
{
    WorkerStarted, ///< A process was started; it is not ready.
    WorkerReady,
    WorkerLeaving,     ///< It was told to leave after what it has.
    WorkerEnded,       ///< It is gone, as it was meant to be.
    WorkerDied,        ///< It vanished unasked.
    WorkerTimedOut,    ///< It was ended for an item that ran too long.
    WorkerOutOfMemory, ///< It was ended for its memory in the middle of an item.
    ItemRetried,       ///< An attempt failed there and its item is tried again.
    Paused,
    Resumed,
    Resized, ///< The pool is to have another number of processes.
};

struct RunEvent
{
    double time = 0; ///< Seconds since the run began.
    RunEventKind kind = RunEventKind::WorkerStarted;
    std::uint32_t worker = 0; ///< Slot, of what happens to a worker.
    std::uint32_t generation = 0;
    std::int64_t pid = 0;    ///< 0 when it is not known.
    std::uint64_t count = 0; ///< ItemRetried: the item. Resized: processes.
};

/// A stretch of time, in seconds since the run began.
struct TimeSpan
{
    double begin = 0;
    double end = 0;
};

} // namespace Poolscope
