// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/workerlaunch.h"

#include "core/tasks/installation.h"

#include <QFileInfo>

namespace Poolscope {

WorkerLaunch localWorker(TaskKind kind, const QString &python)
{
    if (kind != TaskKind::Python)
        return {Installation::workerProgram(), {}};
    WorkerLaunch launch{python.isEmpty() ? QStringLiteral("python3") : python,
                        {Installation::pythonWorker()}};
    // Built where there was a Python to build it for.
    if (const QString module = Installation::pythonModule(); QFileInfo::exists(module))
        launch.arguments << QStringLiteral("--module") << module;
    return launch;
}

WorkerLaunch localRecorder(TaskKind kind, const QString &python)
{
    if (kind != TaskKind::Python)
        return localWorker(kind, python);
    return {localWorker(kind, python).program, {Installation::pythonRecording()}};
}

} // namespace Poolscope
