// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace Poolscope {

/// The texts of a run's items, to be looked up by their number: in blocks, with four bytes beside each text.
/// Long ones are cut, and beyond so many bytes none is kept.
class ItemTexts
{
public:
    static constexpr std::size_t longest = 200;                 ///< Bytes kept of a text.
    static constexpr std::size_t most = std::size_t{512} << 20; ///< Bytes kept in all.

    void add(std::string_view text);
    /// Of the text that was added as number `number`, from 0; empty when it was not kept.
    std::string_view at(std::size_t number) const;

private:
    static constexpr std::uint32_t blockBits = 20; // of 1 MB
    static constexpr std::uint32_t notKept = UINT32_MAX;

    std::deque<std::string> m_blocks;
    std::deque<std::uint32_t> m_places; ///< Block and position in it.
    std::size_t m_bytes = 0;
};

} // namespace Poolscope
