// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/itemresult.h"

#include <cstddef>
#include <deque>
#include <vector>

namespace Poolscope {

/// Results in order, on their way from hand to hand. They lie in blocks: those of a large chunk change hands
/// as they are, and tiny chunks cost no allocation each.
class ResultBatch
{
public:
    static constexpr std::size_t blockSize = 256;
    /// A chunk of so many is a block of its own: moving them one by one would cost more than the block.
    static constexpr std::size_t largeChunk = 64;

    bool empty() const { return m_size == 0; }
    std::size_t size() const { return m_size; }
    void clear();

    /// Adds the results of a chunk at the end and leaves the vector empty.
    void append(std::vector<ItemResult> &results);
    /// Adds all of the other, which is empty then.
    void append(ResultBatch &other);
    /// Moves the first ones, at most so many, to the end of `results`. \returns how many
    std::size_t take(std::vector<ItemResult> &results, std::size_t most);

private:
    std::deque<std::vector<ItemResult>> m_blocks;
    std::size_t m_taken = 0; ///< Of the first block.
    std::size_t m_size = 0;
};

} // namespace Poolscope
