// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/input/inputsource.h"

#include <string>
#include <utility>

namespace Poolscope {

/// Items that were read before, for a map over an input that can be read only once: it needs the length
/// first (S2.4).
class MemorySource final : public InputSource
{
public:
    explicit MemorySource(std::string lines) : m_lines(std::move(lines)) {}

    std::uint32_t read(std::string &out, std::uint32_t most) override
    {
        std::uint32_t items = 0;
        std::size_t end = m_position;
        for (; items < most && end < m_lines.size(); ++items)
            end = m_lines.find('\n', end) + 1;
        out.append(m_lines, m_position, end - m_position);
        m_position = end;
        return items;
    }

private:
    std::string m_lines;
    std::size_t m_position = 0;
};

} // namespace Poolscope
