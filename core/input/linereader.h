// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/input/bytestream.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace Poolscope {

/// Cuts a stream into physical lines. Skips a byte order mark; looks at nothing else.
class LineReader final
{
public:
    /// A file that is one endless line (/dev/zero) must end in a message, not in a full memory.
    static constexpr std::size_t longestLine = std::size_t{1} << 30;

    explicit LineReader(std::unique_ptr<ByteStream> stream, std::size_t longest = longestLine);
    ~LineReader();
    Q_DISABLE_COPY_MOVE(LineReader)

    const QString &name() const { return m_stream->name(); }

    /// The next line with its end; the last one may have none. Valid until the next call.
    /// \returns false at the end and after cancel()
    bool next(std::string_view &line);

    /// Whole lines, as many as are at hand.
    bool nextBlock(std::string_view &lines);

    /// The number of the last line that next() or nextBlock() gave, counted from 1.
    std::uint64_t lineNumber() const { return m_lineNumber; }

    void cancel() { m_stream->cancel(); }
    bool isCancelled() const { return m_stream->isCancelled(); }

private:
    bool fetch();
    void makeRoom();
    void skipByteOrderMark();
    std::string_view take(std::size_t end);

    const std::unique_ptr<ByteStream> m_stream;
    const std::size_t m_longest;
    std::unique_ptr<char[]> m_buffer;
    std::size_t m_capacity = 0;
    std::size_t m_begin = 0;   ///< of the bytes not yet given out
    std::size_t m_scanned = 0; ///< no line end between m_begin and here
    std::size_t m_end = 0;
    std::uint64_t m_lineNumber = 0;
    enum class State
    {
        Beginning,
        Middle,
        Ended
    } m_state = State::Beginning;
};

/// `line` without its "\n" or "\r\n".
std::string_view withoutLineEnd(std::string_view line);

} // namespace Poolscope
