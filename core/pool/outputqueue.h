// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/run.h"

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace Poolscope {

/// Carries what tasks print to a sink that may take its time, in a thread of its own.
class OutputQueue
{
public:
    /// \param sink   not owned
    /// \param drained  called from the queue's thread whenever it has room again after it was full
    /// \throws NoThread
    OutputQueue(OutputSink &sink, std::function<void()> drained);
    ~OutputQueue();
    OutputQueue(const OutputQueue &) = delete;
    OutputQueue &operator=(const OutputQueue &) = delete;

    /// \returns true when this made it full: nothing more should come for now
    bool add(LogLine &&line);
    bool isFull() const;
    /// Waits until the sink has got all of it.
    void close();

private:
    void run();

    OutputSink &m_sink;
    const std::function<void()> m_drained;
    mutable std::mutex m_mutex; // guards all below but the thread
    std::condition_variable m_changed;
    std::vector<LogLine> m_lines;
    std::size_t m_bytes = 0; ///< In m_lines, and of those the sink is at.
    bool m_isFull = false;
    bool m_isClosing = false;
    std::thread m_thread;
};

} // namespace Poolscope
