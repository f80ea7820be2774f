// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/worker/channel.h"
#include "app/worker/inbox.h"
#include "app/worker/task.h"
#include "app/worker/taskloader.h"
#include "app/worker/taskoutput.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

namespace Poolscope::Worker {

/// The worker's own thread: sets up, runs items in order, reports each.
class Runner
{
public:
    Runner(Channel &channel, Inbox &inbox, TaskOutput &output);

    /// \returns the exit status, when the parent said Quit or the set-up failed
    int run();

private:
    void greet();
    bool setUp(const std::string &json);
    void addTask(std::uint32_t id, const std::string &json);
    void sendFailed(const char *stage, const QString &task);
    void runChunk(const Work &work);
    /// \returns whether it went well
    bool runItem(const Wire::ChunkHeader &chunk, Task &function, const Call &call);
    /// \param time  now
    void report(const Wire::ChunkHeader &chunk, std::uint64_t index, Wire::ResultHeader result,
                std::string_view payload, std::int64_t time);
    Task &task(std::uint32_t id);
    std::int64_t cpuOf(std::int64_t started, std::int64_t finished, std::int64_t ended);
    void markCpu(std::int64_t time);

    Channel &m_channel;
    Inbox &m_inbox;
    TaskOutput &m_output;
    TaskLoader m_loader;
    std::unordered_map<std::uint32_t, std::unique_ptr<Task>> m_tasks;
    std::unique_ptr<Task> m_unknownTask;

    Outcome m_outcome;
    std::size_t m_largestValue = 0; ///< Bytes.
    std::string m_frame;
    std::string m_failureText;

    /// The chunk one of whose items failed under StopOnError; more frames of it may follow.
    std::optional<Wire::ChunkHeader> m_stopped;

    // The last time the thread's CPU clock was read.
    std::int64_t m_markCpu = 0;
    std::int64_t m_markTime = 0;
};

} // namespace Poolscope::Worker
