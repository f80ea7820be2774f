// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/itemsupply.h"

namespace Poolscope {

/// Items that are in memory already: a call of a few items costs no thread.
class HeldItems final : public ItemSupply
{
public:
    /// \param lines  items, each ended by '\n'
    HeldItems(std::string lines, std::uint32_t chunksize);

    Answer allow(std::uint64_t chunks) override;
    Answer stop() override;
    Progress take() override;

private:
    std::string m_lines;
    std::size_t m_position = 0;
    std::uint64_t m_nextIndex = 0;
    const std::uint32_t m_chunksize;
    std::uint64_t m_allowed = 0;
    bool m_stopped = false;
};

} // namespace Poolscope
