// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scheduling/resultsequencer.h"

namespace Poolscope {

void ResultSequencer::chunkAdded(std::uint32_t items)
{
    ++m_added;
    m_itemsAdded += items;
    if (m_delivery != Delivery::AllAtEnd)
        m_waiting.push_back({items, false});
}

ResultSequencer::Release ResultSequencer::chunkCompleted(std::uint64_t chunk)
{
    ++m_completed;
    if (m_delivery == Delivery::AllAtEnd) {
        ++m_held;
        return {};
    }

    Entry &entry = m_waiting[chunk - m_next];
    entry.complete = true;
    Release release;
    if (m_delivery == Delivery::Unordered)
        release = {1, entry.items};
    else
        ++m_held;

    while (!m_waiting.empty() && m_waiting.front().complete) {
        if (m_delivery == Delivery::Ordered) {
            ++release.chunks;
            release.items += m_waiting.front().items;
            --m_held;
        }
        m_waiting.pop_front();
        ++m_next;
    }
    return release;
}

ResultSequencer::Release ResultSequencer::finish()
{
    if (m_delivery != Delivery::AllAtEnd)
        return {};
    const Release release{m_held, m_itemsAdded};
    m_held = 0;
    m_next = m_added;
    m_itemsAdded = 0;
    return release;
}

} // namespace Poolscope
