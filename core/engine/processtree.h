// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace Poolscope {

/// The processes that this one has started, whichever of its threads did, and those that they have started.
std::vector<std::int64_t> descendants(std::int64_t pid);

} // namespace Poolscope
