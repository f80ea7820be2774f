// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/jobstate.h"

#include <algorithm>
#include <cstring>

namespace Poolscope {

namespace {

std::size_t skipLines(std::string_view text, std::size_t from, std::uint32_t lines)
{
    for (; lines > 0; --lines)
        from = text.find('\n', from) + 1;
    return from;
}

} // namespace

std::string_view ChunkRecord::lines(std::uint32_t offset, std::uint32_t count) const
{
    const std::string_view text = items;
    if (offset == 0 && count == results.size())
        return text;
    const std::size_t begin = skipLines(text, 0, offset);
    return text.substr(begin, skipLines(text, begin, count) - begin);
}

ItemResult &ChunkRecord::outcome(std::uint32_t offset)
{
    ItemResult &result = results[offset];
    result.index = firstIndex + offset;
    result.hasOutcome = true;
    return result;
}

void ChunkRecord::addAttempt(std::uint32_t offset, ItemResult attempt)
{
    auto &earlier = results[offset].earlier;
    if (!earlier)
        earlier = std::make_shared<std::vector<ItemResult>>();
    if (earlier->size() >= ItemResult::mostEarlier)
        earlier->erase(earlier->begin());
    attempt.index = firstIndex + offset;
    earlier->push_back(std::move(attempt));
}

void JobState::complete(ChunkRecord &chunk)
{
    for (const ItemResult &result : chunk.results) {
        switch (result.status) {
        case Wire::ItemStatus::Ok:
            ++items.ok;
            break;
        case Wire::ItemStatus::Error:
            ++items.error;
            break;
        case Wire::ItemStatus::Lost:
            ++items.lost;
            break;
        case Wire::ItemStatus::NotRun:
            ++items.notRun;
            break;
        case Wire::ItemStatus::Cancelled:
            ++items.cancelled;
            break;
        }
        bufferedBytes += result.payload.size();
    }
    peakBuffered = std::max(peakBuffered, items.ended() - taken);

    if (config.delivery == Delivery::Unordered) {
        std::move(chunk.results.begin(), chunk.results.end(), std::back_inserter(m_parked));
        notTaken.push_back(std::uint32_t(chunk.results.size()));
        return;
    }
    const std::size_t at = chunk.position - m_parkedFrom;
    if (m_parked.size() < at + chunk.results.size())
        m_parked.resize(at + chunk.results.size());
    std::move(chunk.results.begin(), chunk.results.end(), m_parked.begin() + std::ptrdiff_t(at));
}

void JobState::release(std::uint64_t count)
{
    released += count;
    if (m_outgoing.empty() && count == m_parked.size()) {
        // The whole of a map changes hands without a copy.
        m_outgoing.swap(m_parked);
        m_parkedFrom += count;
        bufferedBytes = 0;
        return;
    }
    const auto end = m_parked.begin() + std::ptrdiff_t(count);
    for (auto result = m_parked.begin(); result != end; ++result)
        bufferedBytes -= result->payload.size();
    std::move(m_parked.begin(), end, std::back_inserter(m_outgoing));
    m_parked.erase(m_parked.begin(), end);
    m_parkedFrom += count;
}

void JobState::flush()
{
    if (!m_outgoing.empty())
        receiver->push(std::move(m_outgoing));
    m_outgoing.clear();
    hasOutgoing = false;
}

} // namespace Poolscope
