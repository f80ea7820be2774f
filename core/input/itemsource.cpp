// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/input/itemsource.h"

#include <algorithm>

namespace Poolscope {

std::uint32_t ItemSource::read(std::string &out, std::uint32_t most)
{
    if (m_state == State::Finished)
        return 0;
    m_state = State::Finished;
    const std::uint32_t count = fill(out, most);
    if (count == most)
        m_state = State::Open;
    return count;
}

std::optional<std::uint64_t> ItemSource::count(const std::function<bool(std::uint64_t)> &keepGoing)
{
    return readThrough(keepGoing, {});
}

std::optional<std::uint64_t> ItemSource::readThrough(const std::function<bool(std::uint64_t)> &keepGoing,
                                                     const std::function<void(std::string_view)> &see)
{
    constexpr std::size_t usualBytes = std::size_t{256} << 10;
    constexpr std::uint32_t largestBatch = 4096;
    std::uint64_t total = 0;
    std::uint32_t batch = 16;
    std::string scratch;
    for (;;) {
        scratch.clear();
        const std::uint32_t count = read(scratch, batch);
        total += count;
        if (see)
            see(scratch);
        if (count < batch)
            return total;
        if (keepGoing && !keepGoing(total))
            return std::nullopt;
        // Items of many megabytes must not pile up here.
        batch = scratch.size() < usualBytes ? std::min(batch * 2, largestBatch) : std::max(batch / 2, 1U);
    }
}

} // namespace Poolscope
