// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/comparison/contestantrun.h"

#include "core/comparison/entrylist.h"
#include "core/comparison/poolrun.h"
#include "core/comparison/recordedwayrun.h"

namespace Poolscope {

namespace {

constexpr std::size_t itemsAtOnce = 10'000;

} // namespace

std::unique_ptr<ContestantRun> ContestantRun::create(const JobSpec &job, const Contestant &contestant)
{
    if (isOnPool(contestant.way, taskOf(job).kind))
        return std::make_unique<PoolRun>(job, contestant);
    return std::make_unique<RecordedWayRun>(job, contestant);
}

Replay ContestantRun::replay() const
{
    std::vector<RaceItem> items;
    for (;;) {
        const std::vector<RaceItem> more = delivered(items.size(), itemsAtOnce);
        if (more.empty())
            break;
        items.insert(items.end(), more.begin(), more.end());
    }
    return Replay(std::move(items), workers());
}

} // namespace Poolscope
