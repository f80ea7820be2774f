// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tasks/taskspec.h"

#include <QJsonValue>
#include <QList>
#include <QString>

namespace Poolscope {

struct TaskParameter
{
    QString name;
    QString type; ///< integer, number, text, boolean, folder, file
    QJsonValue defaultValue;
    QString description;
};

/// What people see of a task before they choose it. No code of the task is run to make it.
struct TaskDescription
{
    QString name; ///< What --task takes: square, python.square, /path/tasks.py:f, /path/plugin.so:f
    TaskKind kind = TaskKind::Native;
    QString file; ///< Absolute path of the plugin or Python file.
    QString function;
    QString description; ///< One or two sentences.
    QString item;        ///< The item it expects, in words: "a whole number".
    QStringList arguments;
    QList<TaskParameter> parameters;
    QString example; ///< An input to try it on, for example range:1000; may be empty.
};

struct TaskLookup
{
    TaskSpec spec;
    TaskDescription description; ///< As far as it is known without running code.
    QString error;               ///< Empty, or what is wrong and what to do.
    bool isUsageError = false;   ///< The text names no task at all, as opposed to one that cannot be loaded.
};

/// The built-in tasks, in the order to show them.
QList<TaskDescription> builtinTasks();

/// The functions a plugin file offers, read from its metadata without loading it.
/// \param error  set to what is wrong with the file; empty when all is well
QList<TaskDescription> pluginTasks(const QString &file, QString *error);

/// Resolves what the user wrote after --task. Checks what can be checked without running the task's code:
/// the file exists and can be read, a plugin is one and was built for this version and has the function.
TaskLookup findTask(const QString &name, const QJsonObject &parameters = {});

/// Splits a command template into arguments once, with quotes as in a shell but no expansion.
TaskLookup commandTask(const QString &commandTemplate);

/// Resolves [FILE:]FUNCTION for --initializer; an empty error means it is fine.
InitializerSpec findInitializer(const QString &text, const QJsonArray &arguments, const TaskSpec &task,
                                QString *error);

} // namespace Poolscope
