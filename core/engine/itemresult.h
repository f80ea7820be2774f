// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/scheduling/ids.h"
#include "core/wire/message.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace Poolscope {

/// One item's outcome as the engine keeps it. A run of a million items holds a million of these, so it is
/// packed, and a short payload lives inside the string without an allocation.
struct ItemResult
{
    std::uint64_t index = 0;
    Time started = -1; ///< Nanoseconds of this host's monotonic clock; negative when it never began.
    Time finished = -1;
    Time received = -1; ///< When this process had it; negative when it came from elsewhere.
    Time cpu = 0;
    std::uint32_t queued = 0; ///< Microseconds before `started` when the worker was sent it; 0: not known.
    std::uint32_t unpack = 0; ///< Microseconds right before `started` in which its text was made a value.
    std::uint32_t pack = 0;   ///< Microseconds right after `finished` in which its value was made a text.
    std::string payload;      ///< JSON text: the value, or the error object.
    /// The attempts before this one, the first one first, at most so many of the last; null when there was
    /// none. Copies share it.
    std::shared_ptr<std::vector<ItemResult>> earlier;
    static constexpr std::size_t mostEarlier = 100;
    std::int32_t pid = 0;
    Generation generation = 0;
    std::uint16_t slot = 0;
    std::uint16_t attempt = 1;
    Wire::ItemStatus status = Wire::ItemStatus::Ok;
    bool hasOutcome = false;
};

} // namespace Poolscope
