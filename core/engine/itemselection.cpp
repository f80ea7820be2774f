// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/itemselection.h"

#include <algorithm>

namespace Poolscope {

ItemSelection::ItemSelection(std::vector<bool> selected, std::uint64_t chunksize)
    : m_selected(std::move(selected))
    , m_chunksize(chunksize)
    , m_count(std::uint64_t(std::count(m_selected.begin(), m_selected.end(), true)))
{}

ItemSelection::Stretch ItemSelection::next(std::uint64_t from) const
{
    const std::uint64_t total = m_selected.size();
    while (from < total && !m_selected[from])
        ++from;
    if (from >= total)
        return {};
    const std::uint64_t chunkEnd = std::min(total, (from / m_chunksize + 1) * m_chunksize);
    std::uint64_t end = from + 1;
    while (end < chunkEnd && m_selected[end])
        ++end;
    return {from, std::uint32_t(end - from)};
}

} // namespace Poolscope
