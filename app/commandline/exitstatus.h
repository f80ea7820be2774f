// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/jobspec.h"

#include <QList>

namespace Poolscope {

/// The exit statuses of poolscope-run; 128 + signal after a signal.
enum class ExitStatus
{
    AllOk = 0,
    SomeNotOk = 1,
    Usage = 2,
    InputOutput = 3,
    Pool = 4
};

/// The status for what kept a job from running.
int statusOf(const JobProblem &problem);
/// Of several the one that has to be put right first. \param problems  not empty
int statusOf(const QList<JobProblem> &problems);

} // namespace Poolscope
