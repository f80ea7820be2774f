// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/resultqueue.h"

#include "core/engine/clock.h"

#include <chrono>
#include <utility>

namespace Poolscope {

ResultQueue::ResultQueue(std::function<void()> wakeEngine) : m_wakeEngine(std::move(wakeEngine)) {}

void ResultQueue::push(ResultBatch &results)
{
    std::unique_lock lock(m_mutex);
    if (m_discarding) {
        m_taken += results.size();
        results.clear();
        wake(lock);
        return;
    }
    m_results.append(results);
    m_changed.notify_one();
}

void ResultQueue::wake(std::unique_lock<std::mutex> &lock)
{
    const bool isPending = std::exchange(m_wakePending, true);
    lock.unlock();
    if (!isPending)
        m_wakeEngine();
}

void ResultQueue::discard()
{
    std::unique_lock lock(m_mutex);
    m_discarding = true;
    m_taken += m_results.size();
    m_results.clear();
    if (!m_finished)
        wake(lock);
}

void ResultQueue::finish(const JobEnd &end)
{
    const std::lock_guard lock(m_mutex);
    m_end = end;
    m_finished = true;
    m_changed.notify_all();
}

std::uint64_t ResultQueue::takenSinceLast()
{
    const std::lock_guard lock(m_mutex);
    m_wakePending = false;
    return std::exchange(m_taken, 0);
}

ResultQueue::Outcome ResultQueue::take(std::vector<ItemResult> &results, std::size_t most,
                                       std::optional<Time> timeout, Time *taken)
{
    std::unique_lock lock(m_mutex);
    const auto ready = [this] { return !m_results.empty() || m_finished; };
    if (!timeout)
        m_changed.wait(lock, ready);
    else if (!m_changed.wait_for(lock, std::chrono::nanoseconds(*timeout), ready))
        return Outcome::Timeout;
    if (m_results.empty())
        return Outcome::End;

    m_taken += m_results.take(results, most);
    if (taken)
        *taken = monotonicNow();
    wake(lock);
    return Outcome::Results;
}

void ResultQueue::wait()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return !m_results.empty() || m_finished; });
}

JobEnd ResultQueue::end() const
{
    const std::lock_guard lock(m_mutex);
    return m_end;
}

} // namespace Poolscope
