// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/scheduling/poolmachine.h"

#include <queue>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace Poolscope {

/// Workers made of nothing: carries out a PoolMachine's commands in virtual time, so that an hour of a pool
/// is over in a millisecond and happens the same way every time.
class VirtualPool
{
public:
    enum class Outcome
    {
        Ok,
        Error,
        Death
    };
    struct Plan
    {
        /// What happens when an item is tried: how long it takes and how it ends.
        std::function<std::pair<Time, Outcome>(std::uint64_t item, std::uint32_t attempt)> item =
            [](std::uint64_t, std::uint32_t) { return std::pair(Time{1'000'000}, Outcome::Ok); };
        std::function<bool(Generation)> setupFails = [](Generation) { return false; };
        std::function<bool(LaunchId)> launchFails = [](LaunchId) { return false; };
        Time startTime = 5'000'000;
        Time startsApart = 0;  ///< Each process takes so much longer than the one before it.
        Time latency = 20'000; ///< Of a message, either way.
        bool consumes = true;  ///< The consumer takes what is released.
    };

    VirtualPool(const PoolConfig &config, Plan plan);

    /// The items of all jobs are numbered in one line, in the order of their submission.
    JobId submit(const JobConfig &config, std::uint64_t items, std::uint32_t chunksize);
    /// Runs until nothing more happens; at most until `until`.
    void run(Time until = Time{3600} * 1'000'000'000);
    void at(Time time, std::function<void()> action);
    /// Whether the job was still open.
    bool halt(JobId job, HaltPolicy::When when);
    /// As by a watch over the memory: the worker has grown too large to be kept, if it has run an item; or it
    /// is above the limit in the middle of one.
    void recycle(std::uint32_t slot);
    void exceedMemory(std::uint32_t slot);

    PoolMachine machine;
    Time now = 0;
    std::vector<PoolMachine::Stretch> stretches; ///< Of every chunk; empty: all of it.

    /// How each item ended: ok, error, lost, timeout, memory, not_run, cancelled.
    std::map<std::uint64_t, std::string> outcomes;
    std::vector<std::uint64_t> delivered;    ///< Items in the order of their release (ordered jobs: counted).
    std::map<std::uint64_t, int> executions; ///< How often each item was begun.
    std::map<std::uint64_t, std::vector<std::uint32_t>> lostAttempts; ///< Attempts lost and tried again.
    std::vector<std::pair<std::uint64_t, Time>> beginnings; ///< Items and when, in the order of their begins.
    std::map<std::uint64_t, Time> endedAt;
    std::vector<std::vector<std::uint64_t>> itemsOfProcess; ///< In the order of their starts.
    std::vector<std::uint64_t> chunkOrder; ///< First item of each chunk in the order of completion.
    std::uint64_t started = 0;
    std::uint64_t mostBusy = 0;
    std::uint64_t mostReadAhead = 0; ///< Items read and not released.
    std::uint64_t recalls = 0;
    std::uint64_t begunAfterHalt = 0; ///< Items of a halted job.
    bool finished = false;            ///< Every job that was submitted.
    bool failed = false;              ///< Any launch.
    std::set<JobId> endedJobs;
    std::vector<LaunchId> launchOfProcess; ///< In the order of their starts.
    std::vector<std::string> violations;   ///< What must never happen and did.

private:
    struct Submission
    {
        JobConfig config;
        std::uint64_t first; ///< Its first item.
        std::uint64_t end;
        std::uint32_t chunksize;
        std::uint64_t read = 0;
        std::uint64_t released = 0;
        std::deque<ChunkId> completed = {}; ///< In their order; used when unordered.
        std::optional<HaltDecision> halt = {};
        bool isHalted = false;
    };
    struct Process
    {
        std::uint64_t number;
        LaunchId launch;
        bool ready = false;
        bool quitting = false;
        bool dead = false;
        bool held = false;
        std::deque<PieceId> pieces;
        bool busy = false;
        std::uint32_t done = 0;
        std::uint64_t epoch = 0; ///< Events of an earlier one are stale.
    };
    struct Event
    {
        Time time;
        std::uint64_t number;
        std::function<void()> action;
        bool operator>(const Event &other) const
        {
            return std::pair(time, number) > std::pair(other.time, other.number);
        }
    };
    using Key = std::pair<std::uint32_t, Generation>;

    void carryOut(const PoolCommand &command);
    void settle();
    void noteEnd(JobId job, bool ok);
    void begin(Key key);
    void end(Key key, bool running);
    std::uint64_t firstItem(ChunkId chunk) const { return m_firstItem.at(chunk.value); }

    const JobConfig &jobOf(ChunkId chunk) const { return m_jobs.at(machine.chunk(chunk)->job).config; }

    Plan m_plan;
    std::map<JobId, Submission> m_jobs;
    std::uint64_t m_items = 0;
    std::uint64_t m_events = 0;
    std::priority_queue<Event, std::vector<Event>, std::greater<>> m_queue;
    std::map<Key, Process> m_processes;
    std::map<std::uint64_t, std::uint64_t> m_firstItem; ///< By chunk.
    std::map<std::uint64_t, std::uint32_t> m_chunkItems;
    std::map<std::uint64_t, JobId> m_chunkJob;
};

} // namespace Poolscope
