// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/input/linereader.h"

#include "core/input/inputerrors.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace Poolscope {

namespace {

constexpr std::size_t usualCapacity = std::size_t{256} << 10;
constexpr std::string_view byteOrderMark = "\xef\xbb\xbf";

} // namespace

LineReader::LineReader(std::unique_ptr<ByteStream> stream, std::size_t longest)
    : m_stream(std::move(stream)), m_longest(longest)
{}

LineReader::~LineReader() = default;

bool LineReader::next(std::string_view &line)
{
    for (;;) {
        const void *found =
            m_scanned == m_end ? nullptr : std::memchr(&m_buffer[m_scanned], '\n', m_end - m_scanned);
        if (found != nullptr) {
            line = take(static_cast<std::size_t>(static_cast<const char *>(found) - m_buffer.get()) + 1);
            ++m_lineNumber;
            return true;
        }
        m_scanned = m_end;
        if (fetch())
            continue;
        if (m_begin == m_end || isCancelled())
            return false;
        line = take(m_end);
        ++m_lineNumber;
        return true;
    }
}

bool LineReader::nextBlock(std::string_view &lines)
{
    for (;;) {
        const void *found =
            m_scanned == m_end ? nullptr : memrchr(&m_buffer[m_scanned], '\n', m_end - m_scanned);
        if (found != nullptr) {
            lines = take(static_cast<std::size_t>(static_cast<const char *>(found) - m_buffer.get()) + 1);
            break;
        }
        m_scanned = m_end;
        if (fetch())
            continue;
        if (m_begin == m_end || isCancelled())
            return false;
        lines = take(m_end);
        break;
    }
    m_lineNumber += static_cast<std::uint64_t>(std::count(lines.begin(), lines.end(), '\n'));
    if (lines.back() != '\n')
        ++m_lineNumber;
    return true;
}

std::string_view LineReader::take(std::size_t end)
{
    const std::string_view taken(&m_buffer[m_begin], end - m_begin);
    m_begin = end;
    m_scanned = end;
    return taken;
}

bool LineReader::fetch()
{
    if (m_state == State::Ended)
        return false;
    makeRoom();
    const std::size_t count = m_stream->read(&m_buffer[m_end], m_capacity - m_end);
    m_end += count;
    if (count == 0)
        m_state = State::Ended;
    else if (m_state == State::Beginning)
        skipByteOrderMark();
    return count > 0;
}

void LineReader::skipByteOrderMark()
{
    // A pipe may deliver the mark byte by byte.
    while (m_end < byteOrderMark.size() &&
           byteOrderMark.substr(0, m_end) == std::string_view(m_buffer.get(), m_end)) {
        const std::size_t count = m_stream->read(&m_buffer[m_end], m_capacity - m_end);
        if (count == 0) {
            m_state = State::Ended;
            return;
        }
        m_end += count;
    }
    if (std::string_view(m_buffer.get(), m_end).substr(0, byteOrderMark.size()) == byteOrderMark) {
        m_begin = byteOrderMark.size();
        m_scanned = m_begin;
    }
    m_state = State::Middle;
}

void LineReader::makeRoom()
{
    const std::size_t kept = m_end - m_begin;
    std::size_t capacity = std::max(m_capacity, usualCapacity);
    if (kept == capacity) {
        if (kept >= m_longest)
            throw lineError(name(), m_lineNumber + 1,
                            InputMessages::tr("longer than %1 MiB; put line breaks between the items")
                                .arg(m_longest >> 20));
        capacity *= 2;
    } else if (kept < usualCapacity) {
        // One giant line must not hold its memory for the rest of the file.
        capacity = usualCapacity;
    }
    if (capacity == m_capacity) {
        if (m_begin > 0 && kept > 0)
            std::memmove(m_buffer.get(), &m_buffer[m_begin], kept);
    } else {
        auto buffer = std::make_unique_for_overwrite<char[]>(capacity);
        if (kept > 0)
            std::memcpy(buffer.get(), &m_buffer[m_begin], kept);
        m_buffer = std::move(buffer);
        m_capacity = capacity;
    }
    m_scanned -= m_begin;
    m_begin = 0;
    m_end = kept;
}

std::string_view withoutLineEnd(std::string_view line)
{
    if (!line.empty() && line.back() == '\n') {
        line.remove_suffix(1);
        if (!line.empty() && line.back() == '\r')
            line.remove_suffix(1);
    }
    return line;
}

} // namespace Poolscope
