// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/wire/message.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace Poolscope {

using Wire::ItemStatus;

/// One item's outcome. Times are seconds since the run (or the pool) began, negative when they do not apply.
struct ItemRecord
{
    std::uint64_t index = 0;
    ItemStatus status = ItemStatus::Ok;
    std::uint64_t chunk = 0;
    std::uint32_t worker = 0; ///< Slot.
    std::uint32_t generation = 0;
    std::int64_t pid = 0;
    std::uint32_t attempt = 1;
    double started = -1;
    double finished = -1;
    double delivered = -1; ///< Negative while it waits.
    double cpu = 0;        ///< Seconds of CPU time.
    double sent = -1;      ///< When its worker was sent it; negative when that is not known.
    double unpack = 0;     ///< Seconds right before `started` in which its text was made a value; 0: few.
    double pack = 0;       ///< Seconds right after `finished` in which its value was made a text; 0: few.
    std::string value;     ///< JSON text: the value when ok, else {"type", "message", "traceback"}.
    /// The attempts before this one, the first one first, of many the last 100. Those of an earlier session
    /// of a resumed run have no times.
    std::vector<ItemRecord> earlier = {};
    std::string input; ///< JSON text of the item; kept for items of a run that are not ok, else empty.
};

/// An item's record and where the recording of its run has it. Its input is told whatever became of it,
/// though a long one is cut.
struct RecordedItem
{
    ItemRecord record;
    std::uint64_t completedPosition = 0;
    std::optional<std::uint64_t> deliveredPosition = {}; ///< Nothing while it waits.
};

/// When which worker ran an item: what of a record a picture of a million items needs.
struct ItemSpan
{
    std::uint64_t index = 0;
    double started = -1; ///< Seconds, as in ItemRecord.
    double finished = -1;
    double received = -1;  ///< When the parent had the result; negative when that is not known.
    double delivered = -1; ///< As in ItemRecord; only of those asked for in the order of delivery.
    float unpack = 0;      ///< As in ItemRecord.
    float pack = 0;
    std::uint32_t worker = 0;
    std::uint32_t generation = 0;
    std::uint32_t attempt = 1;
    ItemStatus status = ItemStatus::Ok;
};

} // namespace Poolscope
