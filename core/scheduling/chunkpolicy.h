// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/scheduling/method.h"

#include <cstdint>
#include <optional>

namespace Poolscope {

/// CPython's rule for map and starmap: about four chunks a worker, ceil(items / (4 * processes)) (S2.1).
/// It uses the configured number of processes, never the number alive at this instant (S2.5). At least 1.
std::uint64_t defaultChunksize(std::uint64_t items, std::uint32_t processes);

/// The chunk size in force: what was asked for, else the method's rule.
/// \param items  length of the input; needed where the method's rule follows from it
std::uint64_t effectiveChunksize(Method method, std::optional<std::uint64_t> asked,
                                 std::optional<std::uint64_t> items, std::uint32_t processes);

/// Chunks that so many items make (S2.2).
std::uint64_t chunkCount(std::uint64_t items, std::uint64_t chunksize);

} // namespace Poolscope
