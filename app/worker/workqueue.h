// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/wire/message.h"

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace Poolscope::Worker {

/// What the parent asks for, in its order.
struct Work
{
    enum class Kind
    {
        Setup,
        Task,
        Chunk
    };
    Kind kind = Kind::Chunk;
    Wire::ChunkHeader header; ///< Of a chunk.
    std::uint32_t task = 0;   ///< Of a task.
    std::string bytes;        ///< JSON, or the items' lines.
};

/// Between the threads that read the channel and the one that works.
class WorkQueue
{
public:
    /// Adds all and empties the list.
    void push(std::vector<Work> &work);
    /// Takes chunks back that have not begun; \returns which.
    std::vector<std::uint64_t> recall(const std::vector<std::uint64_t> &chunks);
    /// No more will come.
    void close();

    bool isClosed() const;

    /// The next piece, if there is one.
    std::optional<Work> tryTake();

private:
    mutable std::mutex m_mutex; // guards all below
    std::deque<Work> m_work;
    bool m_isClosed = false;
    /// The chunk begun last; more frames of it may still wait.
    std::optional<Wire::ChunkHeader> m_begun;
};

} // namespace Poolscope::Worker
