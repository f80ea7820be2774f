// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/scheduling/ids.h"
#include "core/scheduling/sharing.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <unordered_map>
#include <vector>

namespace Poolscope {

/// The pieces that wait for a worker, in the order in which they are to begin.
class PieceQueue
{
public:
    explicit PieceQueue(Sharing sharing) : m_sharing(sharing) {}

    /// \param chunk  the latest of all
    void pushBack(JobId job, PieceId piece, ChunkId chunk);
    /// What comes back from a worker, or is tried again, has its old place: behind those of older chunks.
    void putBack(JobId job, PieceId piece, ChunkId chunk);
    PieceId front() const;
    PieceId popFront();
    /// Takes out all that `isMeant`; \returns them in no particular order of lines.
    std::vector<PieceId> takeOut(const std::function<bool(PieceId)> &isMeant);
    void clear();

    bool empty() const { return m_size == 0; }
    std::uint64_t size() const { return m_size; }

private:
    struct Entry
    {
        PieceId piece;
        ChunkId chunk;
    };
    using Line = std::deque<Entry>; ///< Older chunks first.

    std::uint32_t lineOf(JobId job) const { return m_sharing == Sharing::Fifo ? 0 : job.value; }

    Sharing m_sharing;
    std::uint64_t m_size = 0;
    std::unordered_map<std::uint32_t, Line> m_lines; ///< One for all jobs (Fifo), or one for each.
    std::deque<std::uint32_t> m_turns;               ///< Lines that are not empty; the first is next.
};

} // namespace Poolscope
