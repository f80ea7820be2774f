// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tasks/taskcatalog.h"

#include <QJsonObject>
#include <QList>
#include <QString>
#include <QStringList>

namespace Poolscope {

/// What a plugin file says of itself, read without loading it.
struct PluginMetadata
{
    QString error;                    ///< Empty, or why this file cannot be used.
    QList<TaskDescription> functions; ///< Named FILE:FUNCTION.
    QStringList initializers;
    bool isReentrant = false; ///< Several of its functions may be called at a time, from a thread each.
};

PluginMetadata readPluginMetadata(const QString &file);

/// Why this file cannot be read at all (missing, a folder, no permission); empty when it can.
QString fileProblem(const QString &file);

/// Reads one entry of "functions", which native plugins and the built-in Python tasks write alike. The name
/// is left to the caller.
TaskDescription describeFunction(const QJsonObject &function, TaskKind kind, const QString &file);

} // namespace Poolscope
