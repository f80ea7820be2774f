// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>

namespace Poolscope {

/// An index that cannot be mistaken for another kind of index.
template <typename Tag, typename Rep>
struct StrongId
{
    Rep value = 0;

    constexpr StrongId() = default;
    constexpr explicit StrongId(Rep v) : value(v) {}
    constexpr auto operator<=>(const StrongId &) const = default;
};

using JobId = StrongId<struct JobTag, std::uint32_t>;
using ChunkId = StrongId<struct ChunkTag, std::uint64_t>; ///< Counts over all jobs of a pool.
using PieceId = StrongId<struct PieceTag, std::uint64_t>; ///< One sending of a chunk, or of a part of it.
using WorkerSlot = StrongId<struct SlotTag, std::uint32_t>;
using LaunchId =
    StrongId<struct LaunchTag, std::uint32_t>; ///< A way to start a worker: for native tasks, say.

using Generation = std::uint32_t; ///< The nth process in a slot, from 1; 0 before the first.
using Time = std::int64_t;        ///< Nanoseconds of any monotonic clock.

} // namespace Poolscope
