// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/workqueue.h"

#include <algorithm>
#include <utility>

namespace Poolscope::Worker {

void WorkQueue::push(std::vector<Work> &work)
{
    if (work.empty())
        return;
    {
        const std::lock_guard lock(m_mutex);
        std::move(work.begin(), work.end(), std::back_inserter(m_work));
    }
    work.clear();
}

std::vector<std::uint64_t> WorkQueue::recall(const std::vector<std::uint64_t> &chunks)
{
    const std::lock_guard lock(m_mutex);
    const auto isRecalled = [&](const Work &work) {
        if (work.kind != Work::Kind::Chunk)
            return false;
        const bool hasBegun =
            m_begun && m_begun->chunk == work.header.chunk && m_begun->attempt == work.header.attempt;
        return !hasBegun && std::find(chunks.begin(), chunks.end(), work.header.chunk) != chunks.end();
    };
    std::vector<std::uint64_t> recalled;
    for (const Work &work : m_work) {
        // A chunk of several frames is recalled once.
        if (isRecalled(work) && (recalled.empty() || recalled.back() != work.header.chunk))
            recalled.push_back(work.header.chunk);
    }
    std::erase_if(m_work, isRecalled);
    return recalled;
}

void WorkQueue::close()
{
    const std::lock_guard lock(m_mutex);
    m_isClosed = true;
}

bool WorkQueue::isClosed() const
{
    const std::lock_guard lock(m_mutex);
    return m_isClosed;
}

std::optional<Work> WorkQueue::tryTake()
{
    const std::lock_guard lock(m_mutex);
    if (m_work.empty())
        return std::nullopt;
    Work work = std::move(m_work.front());
    m_work.pop_front();
    if (work.kind == Work::Kind::Chunk)
        m_begun = work.header;
    return work;
}

} // namespace Poolscope::Worker
