// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/input/jsonarray.h"

#include "core/input/inputerrors.h"
#include "core/input/jsontext.h"

#include <QByteArrayView>

#include <algorithm>
#include <utility>

namespace Poolscope {

namespace {

constexpr std::string_view byteOrderMark = "\xef\xbb\xbf";

std::size_t beginOfLine(std::string_view text, std::size_t position)
{
    return position == 0 ? 0 : text.rfind('\n', position - 1) + 1;
}

std::uint64_t lineAt(std::string_view text, std::size_t position)
{
    const std::string_view before = text.substr(0, position);
    return static_cast<std::uint64_t>(std::count(before.begin(), before.end(), '\n')) + 1;
}

void requireUtf8Lines(std::string_view text, const QString &name)
{
    if (QByteArrayView(text.data(), static_cast<qsizetype>(text.size())).isValidUtf8())
        return;
    for (std::uint64_t line = 1; !text.empty(); ++line) {
        const std::size_t length = std::min(text.find('\n'), text.size() - 1) + 1;
        requireUtf8(text.substr(0, length), name, line);
        text.remove_prefix(length);
    }
}

} // namespace

JsonArray::JsonArray(std::unique_ptr<ByteStream> stream) : m_stream(std::move(stream)) {}

std::uint32_t JsonArray::fill(std::string &out, std::uint32_t most)
{
    if (!m_elements) {
        load();
        if (m_stream->isCancelled())
            return 0;
        check();
        m_elements.emplace(m_text);
        m_elements->skipSpace();
        m_elements->skip('[');
    }
    std::uint32_t count = 0;
    while (count < most && !m_stream->isCancelled() && !m_elements->skip(']') && !m_elements->atEnd()) {
        const std::size_t begin = m_elements->position();
        m_elements->scanValue();
        appendCompactJson(out, std::string_view(m_text).substr(begin, m_elements->position() - begin));
        out += '\n';
        ++count;
        m_elements->skip(',');
    }
    return count;
}

void JsonArray::load()
{
    constexpr std::size_t step = std::size_t{64} << 10;
    std::size_t size = 0;
    for (;;) {
        if (m_text.size() - size < step)
            m_text.resize(std::max(size + step, size * 2));
        const std::size_t count = m_stream->read(&m_text[size], m_text.size() - size);
        if (count == 0)
            break;
        size += count;
    }
    m_text.resize(size);
    m_text.shrink_to_fit();
    if (m_text.starts_with(byteOrderMark))
        m_text.erase(0, byteOrderMark.size());
}

void JsonArray::check() const
{
    requireUtf8Lines(m_text, m_stream->name());
    const std::string_view value = trimmedJson(m_text);
    if (value.empty() || (value.front() != '[' && JsonScanner(value).scanText()))
        throw InputError(
            InputError::Kind::Content,
            InputMessages::tr("%1 does not hold a JSON array; write [item, item, ...], or rename the "
                              "file to .jsonl if it has one value on each line")
                .arg(m_stream->name()));
    JsonScanner scanner(m_text);
    if (!scanner.scanText())
        throw lineError(m_stream->name(), lineAt(m_text, scanner.position()),
                        describeAtColumn(m_text, beginOfLine(m_text, scanner.position()), scanner.position(),
                                         scanner.fault()));
}

} // namespace Poolscope
