// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What a run looks like at one moment: plain values, copied out of the engine for whoever shows them.
/// Times are seconds since the run began; shares are 0..1.
namespace Poolscope {

enum class RunPhase
{
    Checking, ///< the input is being read through once, to count its items and find what is wrong
    Starting, ///< workers are starting, none is ready
    Running,
    Paused,   ///< nothing new is dispatched; what runs goes on
    Stopping, ///< stopped by the user; workers are being ended
    Finished, ///< every item has its outcome
    Stopped,  ///< ended by the user or its halt policy before every item had run
    Failed,   ///< the job could not run at all, see RunSnapshot::problem
};

enum class WorkerState
{
    Starting, ///< process started, task being loaded, initializer running
    Waiting,  ///< ready, has no chunk
    Running,
    Ending, ///< retired or recycled, on its way out
    Gone,   ///< no process in this slot
};

struct WorkerSnapshot
{
    std::uint32_t slot = 0;
    std::uint32_t generation = 0; ///< 1 for the first process in this slot.
    std::int64_t pid = 0;         ///< Of the last process in this slot; 0 before the first.
    WorkerState state = WorkerState::Gone;
    std::optional<std::uint64_t> chunk; ///< The chunk being run.
    // Meaningful with `chunk`.
    std::uint64_t chunkBegin = 0;      ///< First item that the worker has of it.
    std::uint64_t chunkEnd = 0;        ///< Behind the last one.
    double chunkStarted = 0;           ///< When the first one began.
    std::optional<std::uint64_t> item; ///< Index of the item being run.
    double itemStarted = 0;            ///< When that item began; meaningful with `item`.
    std::uint64_t itemsDone = 0;       ///< By all generations of this slot.
    std::uint64_t itemsFailed = 0;
    std::optional<std::uint32_t> chunksUntilRecycle; ///< Nothing without maxtasksperchild.
    double busy = 0;               ///< Share of the time that its place was there in which it ran items.
    double cpu = 0;                ///< Share of one CPU, over the last sampling interval.
    std::uint64_t memoryBytes = 0; ///< Resident set; 0 when unknown.
    std::string lastError;         ///< First line of the last failure on this slot; empty without one.
};

struct ItemCounts
{
    std::uint64_t read = 0;
    std::uint64_t ok = 0;
    std::uint64_t error = 0;
    std::uint64_t lost = 0;
    std::uint64_t notRun = 0;
    std::uint64_t cancelled = 0;

    std::uint64_t ended() const { return ok + error + lost + notRun + cancelled; }
    std::uint64_t failed() const { return error + lost; }
};

struct EtaEstimate
{
    double seconds = 0; ///< From now.
    double margin = 0;  ///< Plus or minus, seconds.
};

struct RunSnapshot
{
    RunPhase phase = RunPhase::Checking;
    double now = 0; ///< Time of this snapshot; stops when the run ends.
    ItemCounts items;
    std::optional<std::uint64_t> total; ///< Items in the input; nothing while it is not known.
    bool inputEnded = false;            ///< Nothing more will be read.
    std::uint64_t scanned = 0;          ///< Items counted so far while Checking.
    std::uint64_t completed = 0;        ///< Items with an outcome, delivered or not.
    std::uint64_t delivered = 0;        ///< Items handed to the consumer.
    std::uint64_t released = 0;         ///< Items the method lets the consumer have.
    std::uint64_t journaled = 0;        ///< Items whose outcome came from the journal of an earlier run.
    std::uint64_t bufferedResults = 0;  ///< completed - delivered: finished items that wait.
    std::uint64_t bufferedBytes = 0;    ///< Of finished results that the method holds back.
    std::uint64_t memoryBytes = 0;      ///< Resident set of this process; 0 when unknown.
    std::uint64_t peakBufferedResults = 0;
    std::optional<std::uint64_t>
        waitingFor;              ///< Ordered methods: the item whose result all buffered ones wait for.
    std::uint64_t chunks = 0;    ///< Chunks made so far.
    std::uint64_t chunksize = 0; ///< In force, 0 while it is not known.
    std::uint32_t processes = 0;
    std::uint64_t workersStarted = 0;
    std::uint64_t workersLost = 0;
    std::uint32_t workersBusy = 0;
    double firstResult = -1;   ///< First delivery; negative before it.
    double firstDispatch = -1; ///< Negative before it.
    /// Since when workers wait because the consumer takes nothing; negative while they do not.
    double blockedSince = -1;
    double lastDelivery = -1;
    double busySeconds = 0; ///< Sum over all workers of the time they ran items.
    double placeSeconds =
        0; ///< Sum over all of the time their places were there, from the first dispatch on.
    std::optional<double>
        percentile95;               ///< Seconds within which 95 % of the items end; nothing while few have.
    std::optional<EtaEstimate> eta; ///< Nothing while there is no ground for one.
    /// The item that has run for longest when nothing but it and its like are left, and it has taken longer
    /// than those before let expect: there is no estimate then.
    std::optional<std::uint64_t> heldUpBy;
    std::vector<WorkerSnapshot> workers; ///< By slot.
    std::string halted;                  ///< What met the halt policy; empty unless it was met.
    std::string problem;                 ///< Why it Failed, or what the stopped input was; else empty.
};

} // namespace Poolscope
