// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/wire/outputmark.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

namespace Poolscope::Wire {

namespace {

constexpr char separator = '\x1e';
constexpr std::size_t digits = 16;
constexpr std::uint64_t noItem = std::numeric_limits<std::uint64_t>::max();

/// \returns nothing when these are no digits
std::optional<std::uint64_t> parseItem(std::string_view text)
{
    std::uint64_t item = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), item, 16);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(item) : std::nullopt;
}

} // namespace

std::string outputMark(std::string_view token, std::optional<std::uint64_t> item)
{
    char number[digits];
    const auto end = std::to_chars(number, number + digits, item.value_or(noItem), 16).ptr;
    const auto length = std::size_t(end - number);
    std::string mark(1, separator);
    mark.append(token).append(1, ' ').append(digits - length, '0').append(number, length).append(1, '\n');
    return mark;
}

OutputSplitter::OutputSplitter(std::string token) : m_begin(separator + std::move(token) + ' ') {}

void OutputSplitter::feed(std::string_view bytes, const std::function<void(const Part &)> &take)
{
    std::string joined;
    if (!m_pending.empty()) {
        joined = std::exchange(m_pending, {}).append(bytes);
        bytes = joined;
    }
    std::size_t from = 0; // where the next mark is looked for
    while (!bytes.empty()) {
        const std::size_t at = bytes.find(separator, from);
        if (at == std::string_view::npos) {
            take({.text = bytes});
            return;
        }
        const std::string_view rest = bytes.substr(at);
        const std::string_view start = rest.substr(0, m_begin.size());
        if (start != std::string_view(m_begin).substr(0, start.size())) {
            from = at + 1;
            continue;
        }
        if (rest.size() < outputMarkSize) {
            if (at > 0)
                take({.text = bytes.substr(0, at)});
            m_pending = rest;
            return;
        }
        const auto item = parseItem(rest.substr(m_begin.size(), digits));
        // As it would be written, and no other way.
        if (!item || rest.substr(0, outputMarkSize) != outputMark(m_begin.substr(1, markTokenSize), item)) {
            from = at + 1;
            continue;
        }
        take({.text = bytes.substr(0, at),
              .isMarked = true,
              .item = *item == noItem ? std::nullopt : std::optional(*item)});
        bytes.remove_prefix(at + outputMarkSize);
        from = 0;
    }
}

void OutputSplitter::finish(const std::function<void(const Part &)> &take)
{
    if (!m_pending.empty())
        take({.text = std::exchange(m_pending, {})});
}

} // namespace Poolscope::Wire
