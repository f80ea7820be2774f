// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/jobstate.h"

#include <algorithm>
#include <iterator>
#include <utility>

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

bool JobState::parksResults() const
{
    return config.delivery != Delivery::Unordered && chunksize < ResultBatch::largeChunk;
}

void JobState::park(ChunkRecord &chunk)
{
    std::uint64_t at = chunk.position - m_lineFrom;
    for (ItemResult &result : chunk.results) {
        const std::size_t block = at / ResultBatch::blockSize;
        while (m_line.size() <= block)
            m_line.emplace_back(ResultBatch::blockSize);
        m_line[block][at % ResultBatch::blockSize] = std::move(result);
        ++at;
    }
    chunk.results.clear();
}

void JobState::releaseParked(std::uint64_t count)
{
    released += count;
    while (count > 0) {
        std::vector<ItemResult> &block = m_line.front();
        const std::size_t moved = std::size_t(std::min<std::uint64_t>(count, block.size() - m_lineReleased));
        const auto begin = block.begin() + std::ptrdiff_t(m_lineReleased);
        const auto end = begin + std::ptrdiff_t(moved);
        for (auto result = begin; result != end; ++result)
            bufferedBytes -= result->payload.size();
        const bool isUsedUp = m_lineReleased + moved == block.size();
        if (moved == block.size()) {
            m_outgoing.append(block);
        } else {
            std::vector<ItemResult> part(std::make_move_iterator(begin), std::make_move_iterator(end));
            m_outgoing.append(part);
        }
        count -= moved;
        m_lineReleased += moved;
        if (isUsedUp) {
            m_line.pop_front();
            m_lineFrom += ResultBatch::blockSize;
            m_lineReleased = 0;
        }
    }
}

std::unique_ptr<ChunkRecord> JobState::complete(std::unique_ptr<ChunkRecord> chunk)
{
    for (const ItemResult &result : chunk->results) {
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
        chunk->resultBytes += result.payload.size();
    }
    bufferedBytes += chunk->resultBytes;
    peakBuffered = std::max(peakBuffered, items.ended() - taken);
    // Nobody asks for the items of a map any more, which may be many.
    if (config.delivery == Delivery::AllAtEnd)
        std::string().swap(chunk->items);

    if (parksResults()) {
        chunk->resultBytes = 0;
        park(*chunk);
        return chunk;
    }
    if (config.delivery == Delivery::Unordered) {
        notTaken.push_back(std::uint32_t(chunk->results.size()));
        m_parked.push_back(std::move(chunk));
        return nullptr;
    }
    const std::size_t at = chunk->number - m_parkedFrom;
    if (m_parked.size() <= at)
        m_parked.resize(at + 1);
    m_parked[at] = std::move(chunk);
    return nullptr;
}

void JobState::release(std::uint64_t count, std::uint64_t resultCount,
                       const std::function<void(std::unique_ptr<ChunkRecord>)> &each)
{
    if (parksResults()) {
        releaseParked(resultCount);
        return;
    }
    m_parkedFrom += count;
    for (; count > 0; --count) {
        std::unique_ptr<ChunkRecord> chunk = std::move(m_parked.front());
        m_parked.pop_front();
        released += chunk->results.size();
        bufferedBytes -= std::exchange(chunk->resultBytes, 0);
        m_outgoing.append(chunk->results);
        each(std::move(chunk));
    }
}

void JobState::flush()
{
    if (!m_outgoing.empty())
        receiver->push(m_outgoing);
    hasOutgoing = false;
}

} // namespace Poolscope
