// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QString>
#include <QStringList>

namespace Poolscope {

enum class TaskKind
{
    Native,
    Python,
    Command
};

/// A task, resolved: all that a worker needs to load it.
struct TaskSpec
{
    TaskKind kind = TaskKind::Native;
    QString name;           ///< As the user wrote it; for messages and the summary.
    QString file;           ///< Plugin or Python file, absolute; empty for a command.
    QString function;       ///< Empty for a command.
    QStringList command;    ///< The template, split into arguments; empty but for a command.
    QJsonObject parameters; ///< Keyword arguments (Python) or parameters of the plugin's function.

    bool operator==(const TaskSpec &) const = default;
};

/// What runs once in every worker process before its first item.
struct InitializerSpec
{
    QString file;     ///< Empty: the task's own file.
    QString function; ///< Empty: none.
    QJsonArray arguments;

    bool operator==(const InitializerSpec &) const = default;
};

/// The JSON that the Setup and Task frames carry:
/// {"id", "kind": native|python|command, "name", "file", "function", "command": [...], "parameters": {...}}
QJsonObject taskToJson(quint32 id, const TaskSpec &task);
/// {"file", "function", "args": [...]}; empty without an initializer.
QJsonObject initializerToJson(const InitializerSpec &initializer);
/// The reverse of taskToJson(), used by the native worker.
TaskSpec taskFromJson(const QJsonObject &json);

} // namespace Poolscope
