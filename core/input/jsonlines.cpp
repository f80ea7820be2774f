// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/input/jsonlines.h"

#include "core/input/inputerrors.h"
#include "core/input/jsontext.h"

#include <utility>

namespace Poolscope {

JsonLines::JsonLines(std::unique_ptr<ByteStream> stream)
    : m_lines(std::move(stream)), m_encoder(ItemType::Json, m_lines.name())
{}

std::uint32_t JsonLines::fill(std::string &out, std::uint32_t most)
{
    std::string_view line;
    std::uint32_t count = 0;
    while (count < most && m_lines.next(line)) {
        if (trimmedJson(line).empty())
            continue;
        requireUtf8(line, m_lines.name(), m_lines.lineNumber());
        m_encoder.append(out, withoutLineEnd(line), m_lines.lineNumber());
        out += '\n';
        ++count;
    }
    return count;
}

} // namespace Poolscope
