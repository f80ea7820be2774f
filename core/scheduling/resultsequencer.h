// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/scheduling/method.h"

#include <cstdint>
#include <deque>

namespace Poolscope {

/// Decides when the results of a job's chunks may leave the reorder buffer. Chunks are numbered 0, 1, 2 ...
/// in the order of the input and told of in that order; they complete in any order.
class ResultSequencer
{
public:
    explicit ResultSequencer(Delivery delivery) : m_delivery(delivery) {}

    struct Release
    {
        std::uint64_t chunks = 0;
        std::uint64_t items = 0;
        bool operator==(const Release &) const = default;
    };

    void chunkAdded(std::uint32_t items);

    /// A chunk is complete. Unordered: it is released itself. Ordered: it and those behind it that are
    /// complete, if none before it is missing; the oldest chunks then, in order. AllAtEnd: nothing.
    Release chunkCompleted(std::uint64_t chunk);

    /// No chunk will be added and all are complete: what is still held (AllAtEnd).
    Release finish();

    /// Chunks that are complete and held.
    std::uint64_t held() const { return m_held; }
    /// Chunks that are not complete.
    std::uint64_t incomplete() const { return m_added - m_completed; }
    /// Ordered and AllAtEnd: the chunk whose release comes next.
    std::uint64_t next() const { return m_next; }

private:
    struct Entry
    {
        std::uint32_t items;
        bool complete;
    };

    Delivery m_delivery;
    std::deque<Entry> m_waiting; ///< From m_next on; ordered only.
    std::uint64_t m_next = 0;
    std::uint64_t m_added = 0;
    std::uint64_t m_completed = 0;
    std::uint64_t m_held = 0;
    std::uint64_t m_itemsAdded = 0;
};

} // namespace Poolscope
