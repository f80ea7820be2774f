// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/itemtexts.h"

namespace Poolscope {

namespace {

constexpr std::size_t blockSize = std::size_t{1} << 20;

/// The first bytes of UTF-8 text, no character cut in two.
std::string_view beginningOf(std::string_view text, std::size_t most)
{
    if (text.size() <= most)
        return text;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0U) == 0x80U)
        --most;
    return text.substr(0, most);
}

} // namespace

void ItemTexts::add(std::string_view text)
{
    const std::string_view kept = beginningOf(text, longest);
    if (m_bytes + kept.size() + 1 > most) {
        m_places.push_back(notKept);
        return;
    }
    if (m_blocks.empty() || m_blocks.back().size() + kept.size() + 1 > blockSize)
        m_blocks.emplace_back();
    std::string &block = m_blocks.back();
    m_places.push_back(std::uint32_t(m_blocks.size() - 1) << blockBits | std::uint32_t(block.size()));
    block.append(kept);
    block.push_back('\n');
    m_bytes += kept.size() + 1;
}

std::string_view ItemTexts::at(std::size_t number) const
{
    if (number >= m_places.size() || m_places[number] == notKept)
        return {};
    const std::string_view block = m_blocks[m_places[number] >> blockBits];
    const std::size_t begin = m_places[number] & ((1U << blockBits) - 1);
    return block.substr(begin, block.find('\n', begin) - begin);
}

} // namespace Poolscope
