// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/workerlaunch.h"

#include "core/tasks/installation.h"

namespace Poolscope {

WorkerLaunch localWorker(TaskKind kind, const QString &python)
{
    if (kind == TaskKind::Python)
        return {python.isEmpty() ? QStringLiteral("python3") : python, {Installation::pythonWorker()}};
    return {Installation::workerProgram(), {}};
}

} // namespace Poolscope
