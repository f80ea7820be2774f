// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace Poolscope {

/// Cuts what processes print into lines.
class OutputLines
{
public:
    static constexpr std::size_t longest = 16 * 1024; ///< A longer line comes in pieces.

    /// Calls take(std::string) with each line that is complete.
    template <typename F>
    void add(std::int64_t pid, std::string_view bytes, F take)
    {
        std::string &open = m_open[pid];
        while (!bytes.empty()) {
            const std::size_t end = bytes.find('\n');
            const std::size_t size = std::min(std::min(end, bytes.size()), longest - open.size());
            open.append(bytes.substr(0, size));
            const bool isWhole = size == end;
            bytes.remove_prefix(isWhole ? size + 1 : size);
            if (isWhole || open.size() == longest)
                take(std::exchange(open, {}));
        }
    }
    /// The process prints no more: what it left without a line break is a line too.
    template <typename F>
    void finish(std::int64_t pid, F take)
    {
        auto open = m_open.extract(pid);
        if (open && !open.mapped().empty())
            take(std::move(open.mapped()));
    }

private:
    std::unordered_map<std::int64_t, std::string> m_open;
};

} // namespace Poolscope
