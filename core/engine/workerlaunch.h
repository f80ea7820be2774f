// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tasks/taskspec.h"

#include <QString>
#include <QStringList>

namespace Poolscope {

/// How a worker is started: any program that speaks frames over its standard input and output.
struct WorkerLaunch
{
    QString program;
    QStringList arguments;

    bool operator==(const WorkerLaunch &) const = default;
};

/// The worker on this host that runs tasks of a kind.
/// \param python  interpreter for Python tasks; empty: python3 from PATH
WorkerLaunch localWorker(TaskKind kind, const QString &python);
/// The program on this host that runs tasks of a kind without a pool (RecordedProcess).
WorkerLaunch localRecorder(TaskKind kind, const QString &python);

} // namespace Poolscope
