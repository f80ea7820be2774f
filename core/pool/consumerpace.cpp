// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/consumerpace.h"

#include <algorithm>
#include <chrono>

namespace Poolscope {

void ConsumerPace::set(double seconds)
{
    const std::lock_guard lock(m_mutex);
    m_seconds = std::max(seconds, 0.0);
    m_changed.notify_all();
}

double ConsumerPace::seconds() const
{
    const std::lock_guard lock(m_mutex);
    return m_hasEnded ? 0 : m_seconds;
}

void ConsumerPace::wait()
{
    using Clock = std::chrono::steady_clock;
    const Clock::time_point since = Clock::now();
    std::unique_lock lock(m_mutex);
    const auto due = [&] {
        return since + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(m_seconds));
    };
    while (!m_hasEnded && Clock::now() < due())
        m_changed.wait_until(lock, due());
}

void ConsumerPace::end()
{
    const std::lock_guard lock(m_mutex);
    m_hasEnded = true;
    m_changed.notify_all();
}

} // namespace Poolscope
