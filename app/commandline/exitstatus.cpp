// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commandline/exitstatus.h"

#include <algorithm>

namespace Poolscope {

int statusOf(const JobProblem &problem)
{
    switch (problem.kind) {
    case JobProblem::Kind::Usage:
        return int(ExitStatus::Usage);
    case JobProblem::Kind::Input:
        return int(ExitStatus::InputOutput);
    case JobProblem::Kind::Task:
        return int(ExitStatus::Pool);
    }
    Q_UNREACHABLE();
}

int statusOf(const QList<JobProblem> &problems)
{
    // Usage comes before input, input before the task: so do their statuses.
    int status = statusOf(problems.first());
    for (const JobProblem &problem : problems)
        status = std::min(status, statusOf(problem));
    return status;
}

} // namespace Poolscope
