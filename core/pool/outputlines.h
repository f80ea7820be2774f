// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/scheduling/ids.h"
#include "core/wire/taskoutput.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace Poolscope {

/// A line of what a task printed, or a piece of one that is very long.
struct OutputLine
{
    OutputStream stream = OutputStream::Stdout;
    std::optional<std::uint64_t> item;
    Time since = 0; ///< When its first bytes came.
    std::string text;
};

/// Cuts what processes print into lines, each of one item and one stream.
class OutputLines
{
public:
    static constexpr std::size_t longest = 16 * 1024; ///< A longer line comes in pieces.

    /// Calls take(OutputLine &&) with each line that is complete.
    template <typename F>
    void add(std::int64_t pid, const TaskOutput &output, Time now, F take)
    {
        OutputLine &open = m_open[{pid, output.stream}];
        // What an item left without a line break is a line, too.
        if (!open.text.empty() && open.item != output.item)
            take(std::exchange(open, {}));
        std::string_view bytes = output.text;
        while (!bytes.empty()) {
            if (open.text.empty())
                open = {output.stream, output.item, now, {}};
            const std::size_t end = bytes.find('\n');
            const std::size_t size = std::min(std::min(end, bytes.size()), longest - open.text.size());
            open.text.append(bytes.substr(0, size));
            const bool isWhole = size == end;
            bytes.remove_prefix(isWhole ? size + 1 : size);
            if (isWhole || open.text.size() == longest)
                take(std::exchange(open, {}));
        }
        if (output.endsItem && !open.text.empty())
            take(std::exchange(open, {}));
    }
    /// The process prints no more.
    template <typename F>
    void finish(std::int64_t pid, F take)
    {
        for (const OutputStream stream : {OutputStream::Stdout, OutputStream::Stderr})
            if (auto open = m_open.extract({pid, stream}); open && !open.mapped().text.empty())
                take(std::move(open.mapped()));
    }

private:
    std::map<std::pair<std::int64_t, OutputStream>, OutputLine> m_open;
};

} // namespace Poolscope
