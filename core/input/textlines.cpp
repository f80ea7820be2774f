// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/input/textlines.h"

#include "core/input/inputerrors.h"

#include <QByteArrayView>

#include <algorithm>
#include <utility>

namespace Poolscope {

TextLines::TextLines(std::unique_ptr<ByteStream> stream, ItemType type)
    : m_lines(std::move(stream)), m_type(type), m_encoder(type, m_lines.name())
{}

std::uint32_t TextLines::fill(std::string &out, std::uint32_t most)
{
    std::string_view line;
    std::uint32_t count = 0;
    for (; count < most && m_lines.next(line); ++count) {
        requireUtf8(line, m_lines.name(), m_lines.lineNumber());
        m_encoder.append(out, withoutLineEnd(line), m_lines.lineNumber());
        out += '\n';
    }
    return count;
}

std::optional<std::uint64_t> TextLines::count(const std::function<bool(std::uint64_t)> &keepGoing)
{
    // The only thing that can be wrong with plain text is its UTF-8.
    if (m_type == ItemType::Json)
        return ItemSource::count(keepGoing);
    std::string_view lines;
    for (;;) {
        const std::uint64_t before = m_lines.lineNumber();
        if (!m_lines.nextBlock(lines))
            return before;
        if (!QByteArrayView(lines.data(), static_cast<qsizetype>(lines.size())).isValidUtf8())
            requireUtf8Lines(lines, before + 1);
        if (keepGoing && !keepGoing(m_lines.lineNumber()))
            return std::nullopt;
    }
}

void TextLines::requireUtf8Lines(std::string_view lines, std::uint64_t firstLine) const
{
    for (std::uint64_t line = firstLine; !lines.empty(); ++line) {
        const std::size_t length = std::min(lines.find('\n'), lines.size() - 1) + 1;
        requireUtf8(lines.substr(0, length), m_lines.name(), line);
        lines.remove_prefix(length);
    }
}

} // namespace Poolscope
