// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace Poolscope {

/// Which items have an outcome, by their place in the input: one bit each.
class CompletionMap
{
public:
    void clear() { m_done.clear(); }

    void add(std::uint64_t item)
    {
        if (item >= m_done.size())
            m_done.resize(item + 1 + item / 2, false);
        m_done[item] = true;
    }

    bool contains(std::uint64_t item) const { return item < m_done.size() && m_done[item]; }

private:
    std::vector<bool> m_done;
};

} // namespace Poolscope
