// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/outputqueue.h"

#include "core/engine/nothread.h"

#include <utility>

namespace Poolscope {

namespace {

/// With so much waiting the tasks have to wait, too.
constexpr std::size_t mostBytes = std::size_t{4} << 20;

/// What a line takes beside its text.
constexpr std::size_t lineBytes = sizeof(LogLine);

} // namespace

OutputQueue::OutputQueue(OutputSink &sink, std::function<void()> drained)
    : m_sink(sink), m_drained(std::move(drained)), m_thread(startThread([this] { run(); }))
{}

OutputQueue::~OutputQueue()
{
    close();
}

bool OutputQueue::add(LogLine &&line)
{
    const std::lock_guard lock(m_mutex);
    m_bytes += lineBytes + line.text.size();
    m_lines.push_back(std::move(line));
    m_changed.notify_all();
    return m_bytes >= mostBytes && !std::exchange(m_isFull, true);
}

bool OutputQueue::isFull() const
{
    const std::lock_guard lock(m_mutex);
    return m_isFull;
}

void OutputQueue::close()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isClosing = true;
        m_changed.notify_all();
    }
    if (m_thread.joinable())
        m_thread.join();
}

void OutputQueue::run()
{
    bool isTaken = true;
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_changed.wait(lock, [this] { return !m_lines.empty() || m_isClosing; });
        if (m_lines.empty())
            return;
        const std::vector<LogLine> lines = std::exchange(m_lines, {});
        const std::size_t bytes = m_bytes;
        lock.unlock();
        // Once it cannot be written the rest is let go: the run ends, and its workers must not wait.
        isTaken = isTaken && m_sink.print(lines);
        lock.lock();
        m_bytes -= bytes;
        if (m_isFull && m_bytes < mostBytes / 2) {
            m_isFull = false;
            lock.unlock();
            m_drained();
            lock.lock();
        }
    }
}

} // namespace Poolscope
