// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/comparison/contestantrun.h"

#include "core/comparison/entrylist.h"
#include "core/comparison/poolrun.h"
#include "core/comparison/recordedwayrun.h"

namespace Poolscope {

std::unique_ptr<ContestantRun> ContestantRun::create(const JobSpec &job, const Contestant &contestant)
{
    if (isOnPool(contestant.way, taskOf(job).kind))
        return std::make_unique<PoolRun>(job, contestant);
    return std::make_unique<RecordedWayRun>(job, contestant);
}

} // namespace Poolscope
