// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <exception>
#include <string>
#include <vector>

namespace Poolscope {

/// Where the items of one job come from, a chunk at a time and only as far as it was asked to.
class ItemSupply
{
public:
    struct Chunk
    {
        std::uint64_t firstIndex;
        std::uint32_t items;
        std::size_t end; ///< Offset in the block behind its last byte.
    };
    struct Block
    {
        std::string bytes; ///< Lines.
        std::vector<Chunk> chunks;
    };
    struct Progress
    {
        std::deque<Block> blocks;
        bool ended = false;
        std::exception_ptr error; ///< With `ended`: why, when it is not the end of the input.
    };
    enum class Answer
    {
        Now,   ///< take() has what was asked for
        Later, ///< the engine is woken when take() has something
    };

    virtual ~ItemSupply() = default;
    virtual Answer allow(std::uint64_t chunks) = 0; ///< So many more chunks may be read.
    virtual Answer stop() = 0;                      ///< Reads no more; the end is still reported.
    virtual Progress take() = 0;                    ///< News since the last call.
};

} // namespace Poolscope
