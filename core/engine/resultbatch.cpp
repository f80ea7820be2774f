// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/resultbatch.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace Poolscope {

void ResultBatch::clear()
{
    m_blocks.clear();
    m_taken = m_size = 0;
}

void ResultBatch::append(std::vector<ItemResult> &results)
{
    m_size += results.size();
    if (results.size() >= largeChunk) {
        m_blocks.push_back(std::exchange(results, {}));
        return;
    }
    for (ItemResult &result : results) {
        if (m_blocks.empty() || m_blocks.back().size() == m_blocks.back().capacity())
            m_blocks.emplace_back().reserve(blockSize);
        m_blocks.back().push_back(std::move(result));
    }
    results.clear();
}

void ResultBatch::append(ResultBatch &other)
{
    if (m_size == 0) {
        std::swap(*this, other);
        other.clear();
        return;
    }
    if (other.m_taken > 0)
        other.m_blocks.front().erase(other.m_blocks.front().begin(),
                                     other.m_blocks.front().begin() + std::ptrdiff_t(other.m_taken));
    m_size += other.m_size;
    std::move(other.m_blocks.begin(), other.m_blocks.end(), std::back_inserter(m_blocks));
    other.clear();
}

std::size_t ResultBatch::take(std::vector<ItemResult> &results, std::size_t most)
{
    const std::size_t wanted = std::min(most, m_size);
    std::size_t left = wanted;
    while (left > 0) {
        std::vector<ItemResult> &block = m_blocks.front();
        const std::size_t count = std::min(left, block.size() - m_taken);
        if (results.empty() && count == block.size()) {
            results.swap(block);
        } else {
            const auto begin = block.begin() + std::ptrdiff_t(m_taken);
            results.insert(results.end(), std::make_move_iterator(begin),
                           std::make_move_iterator(begin + std::ptrdiff_t(count)));
        }
        m_taken += count;
        left -= count;
        if (block.empty() || m_taken == block.size()) {
            m_blocks.pop_front();
            m_taken = 0;
        }
    }
    m_size -= wanted;
    return wanted;
}

} // namespace Poolscope
