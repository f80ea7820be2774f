// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace Poolscope {

/// A vector in blocks: it grows without moving what it holds, which for a million entries takes longer than a
/// frame.
template <typename T>
class BlockVector
{
public:
    std::size_t size() const { return m_size; }
    bool empty() const { return m_size == 0; }

    T &operator[](std::size_t position) { return (*m_blocks[position >> bits])[position & mask]; }
    const T &operator[](std::size_t position) const { return (*m_blocks[position >> bits])[position & mask]; }
    const T &back() const { return (*this)[m_size - 1]; }

    void push_back(const T &value)
    {
        if (m_size == m_blocks.size() << bits)
            m_blocks.push_back(std::make_unique<Block>());
        (*this)[m_size++] = value;
    }
    /// Drops all from position `size` on.
    void shrinkTo(std::size_t size)
    {
        m_size = size;
        m_blocks.resize((size + mask) >> bits);
    }

    /// The first position from `low` up to `high` of which `isBefore` is false; it must be true of all those
    /// before.
    template <typename F>
    std::size_t partitionPoint(std::size_t low, std::size_t high, F isBefore) const
    {
        while (low < high) {
            const std::size_t middle = low + (high - low) / 2;
            if (isBefore((*this)[middle]))
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

private:
    static constexpr std::size_t bits = 12;
    static constexpr std::size_t mask = (std::size_t{1} << bits) - 1;
    using Block = std::array<T, mask + 1>;

    std::vector<std::unique_ptr<Block>> m_blocks;
    std::size_t m_size = 0;
};

} // namespace Poolscope
