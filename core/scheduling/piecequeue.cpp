// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scheduling/piecequeue.h"

#include <algorithm>

namespace Poolscope {

void PieceQueue::pushBack(JobId job, PieceId piece, ChunkId chunk)
{
    Line &line = m_lines[lineOf(job)];
    if (line.empty())
        m_turns.push_back(lineOf(job));
    line.push_back({piece, chunk});
    ++m_size;
}

void PieceQueue::putBack(JobId job, PieceId piece, ChunkId chunk)
{
    Line &line = m_lines[lineOf(job)];
    if (line.empty())
        m_turns.push_front(lineOf(job));
    const auto place = std::lower_bound(line.begin(), line.end(), chunk,
                                        [](const Entry &entry, ChunkId id) { return entry.chunk < id; });
    line.insert(place, {piece, chunk});
    ++m_size;
}

PieceId PieceQueue::front() const
{
    return m_lines.at(m_turns.front()).front().piece;
}

PieceId PieceQueue::popFront()
{
    const std::uint32_t turn = m_turns.front();
    Line &line = m_lines[turn];
    const PieceId piece = line.front().piece;
    line.pop_front();
    --m_size;
    if (m_sharing == Sharing::Fifo) {
        if (line.empty())
            m_turns.pop_front();
        return piece;
    }
    m_turns.pop_front();
    if (line.empty())
        m_lines.erase(turn);
    else
        m_turns.push_back(turn);
    return piece;
}

std::vector<PieceId> PieceQueue::takeOut(const std::function<bool(PieceId)> &isMeant)
{
    std::vector<PieceId> taken;
    for (auto &[id, line] : m_lines)
        std::erase_if(line, [&](const Entry &entry) {
            if (!isMeant(entry.piece))
                return false;
            taken.push_back(entry.piece);
            return true;
        });
    std::erase_if(m_turns, [this](std::uint32_t turn) { return m_lines.at(turn).empty(); });
    m_size -= taken.size();
    return taken;
}

void PieceQueue::clear()
{
    m_lines.clear();
    m_turns.clear();
    m_size = 0;
}

} // namespace Poolscope
