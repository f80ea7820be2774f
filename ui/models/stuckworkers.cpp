// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/stuckworkers.h"

#include <algorithm>

namespace Poolscope {

namespace {

constexpr double factor = 3;
constexpr double least = 1; // s

} // namespace

bool isStuck(const WorkerSnapshot &worker, const RunSnapshot &snapshot)
{
    if (worker.state != WorkerState::Running || !worker.item || !snapshot.percentile95)
        return false;
    return snapshot.now - worker.itemStarted > std::max(least, factor * *snapshot.percentile95);
}

} // namespace Poolscope
