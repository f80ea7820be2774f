// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measurement/race.h"

#include <cstdint>
#include <vector>

namespace Poolscope {

/// Gives the processes that ran items a lane each, to be drawn in: one that begins when another one has ended
/// takes its place. What ran at the same time is never in the same lane, as long as no more processes ran at
/// a time than there are lanes. \param items  RaceItem::worker is the number of its process; then that of its
/// lane, below `lanes`
void placeInLanes(std::vector<RaceItem> &items, std::uint32_t lanes);

} // namespace Poolscope
