// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scheduling/piecequeue.h"

namespace Poolscope {

void PieceQueue::pushBack(JobId job, PieceId piece)
{
    Line &line = m_lines[lineOf(job)];
    if (line.empty())
        m_turns.push_back(lineOf(job));
    line.push_back(piece);
    ++m_size;
}

void PieceQueue::pushFront(JobId job, PieceId piece)
{
    Line &line = m_lines[lineOf(job)];
    if (line.empty())
        m_turns.push_front(lineOf(job));
    line.push_front(piece);
    ++m_size;
}

PieceId PieceQueue::front() const
{
    return m_lines.at(m_turns.front()).front();
}

PieceId PieceQueue::popFront()
{
    const std::uint32_t turn = m_turns.front();
    Line &line = m_lines[turn];
    const PieceId piece = line.front();
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

void PieceQueue::clear()
{
    m_lines.clear();
    m_turns.clear();
    m_size = 0;
}

} // namespace Poolscope
