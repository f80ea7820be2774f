// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

/// Which item printed what.
///
/// What a task prints goes to its parent through pipes, at once, so that nothing of it is lost with the
/// process. A worker that finds unread bytes in such a pipe when an item ends writes a mark behind them: all
/// up to there belongs to that item. Marks carry a token that the parent made up for this one process, so
/// that a task cannot write one by accident.
///
///     0x1e  token (32 digits)  ' '  item (16 hexadecimal digits; all f: none, it was the set-up)  '\n'
namespace Poolscope::Wire {

inline constexpr std::size_t markTokenSize = 32;
inline constexpr std::size_t outputMarkSize = 1 + markTokenSize + 1 + 16 + 1;

std::string outputMark(std::string_view token, std::optional<std::uint64_t> item);

/// Takes the marks out of one stream of a process.
class OutputSplitter
{
public:
    struct Part
    {
        std::string_view text; ///< May be empty.
        bool isMarked = false; ///< All text of `item` has come; if not, more may follow.
        std::optional<std::uint64_t> item = {};
    };

    /// \param token  of markTokenSize characters
    explicit OutputSplitter(std::string token);

    /// Calls take(part) for what is certain by now.
    void feed(std::string_view bytes, const std::function<void(const Part &)> &take);
    /// Nothing more comes: half a mark was text.
    void finish(const std::function<void(const Part &)> &take);

private:
    const std::string m_begin; ///< Of every mark: up to the item.
    std::string m_pending;     ///< The beginning of what may be a mark.
};

} // namespace Poolscope::Wire
