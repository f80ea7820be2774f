// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/helditems.h"

#include <utility>

namespace Poolscope {

HeldItems::HeldItems(std::string lines, std::uint32_t chunksize)
    : m_lines(std::move(lines)), m_chunksize(chunksize)
{}

ItemSupply::Answer HeldItems::allow(std::uint64_t chunks)
{
    m_allowed += chunks;
    return Answer::Now;
}

ItemSupply::Answer HeldItems::stop()
{
    m_stopped = true;
    return Answer::Now;
}

ItemSupply::Progress HeldItems::take()
{
    Progress progress;
    Block block;
    const std::size_t first = m_position;
    for (; m_allowed > 0 && !m_stopped && m_position < m_lines.size(); --m_allowed) {
        Chunk chunk{m_nextIndex, 0, 0};
        for (; chunk.items < m_chunksize && m_position < m_lines.size(); ++chunk.items)
            m_position = m_lines.find('\n', m_position) + 1;
        chunk.end = m_position - first;
        m_nextIndex += chunk.items;
        block.chunks.push_back(chunk);
    }
    progress.ended = m_stopped || m_position == m_lines.size();
    if (block.chunks.empty())
        return progress;
    if (first == 0 && progress.ended)
        block.bytes = std::move(m_lines); // Nothing comes after the end.
    else
        block.bytes.assign(m_lines, first, m_position - first);
    progress.blocks.push_back(std::move(block));
    return progress;
}

} // namespace Poolscope
