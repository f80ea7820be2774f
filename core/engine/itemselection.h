// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace Poolscope {

/// The items of a job that are to be run, when the others have their outcome already. Chunks stay those of
/// the whole job: of each, the stretches that are left are sent.
class ItemSelection
{
public:
    struct Stretch
    {
        std::uint64_t first = 0;
        std::uint32_t items = 0; ///< 0: nothing more is selected.
    };

    ItemSelection(std::vector<bool> selected, std::uint64_t chunksize);

    /// The first stretch at or behind `from`; all of it lies in one chunk.
    Stretch next(std::uint64_t from) const;
    bool contains(std::uint64_t index) const { return index < m_selected.size() && m_selected[index]; }
    /// How many are selected, and of how many.
    std::uint64_t count() const { return m_count; }
    std::uint64_t total() const { return m_selected.size(); }

private:
    std::vector<bool> m_selected; ///< By index: ten million items take about a megabyte.
    std::uint64_t m_chunksize;
    std::uint64_t m_count;
};

} // namespace Poolscope
