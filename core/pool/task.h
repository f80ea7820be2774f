// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tasks/taskspec.h"

#include <QJsonObject>
#include <QJsonValue>
#include <QString>

#include <string>

namespace Poolscope {

/// What to run, by the name that `poolscope-run --task` takes: a built-in one ("square"), "FILE.py:FUNCTION"
/// or "PLUGIN.so:FUNCTION". Looked up when it is submitted.
class Task
{
public:
    Task(const QString &name) : m_name(name) {}
    Task(const char *name) : m_name(QString::fromUtf8(name)) {}
    Task(const std::string &name) : m_name(QString::fromStdString(name)) {}

    /// A program that runs once per item. Split into arguments once, without a shell; {} stands for the item,
    /// {/} for its base name, {.} for it without extension, {n} for its index. The value is what it prints.
    static Task command(const QString &commandTemplate)
    {
        Task task(commandTemplate);
        task.m_isCommand = true;
        return task;
    }

    /// The same task with a parameter: of a plugin's function, or a keyword argument of a Python function.
    Task with(const QString &parameter, const QJsonValue &value) const
    {
        Task task(*this);
        task.m_parameters.insert(parameter, value);
        return task;
    }

    /// Looks it up. \throws ValueError that says what is wrong with it and what to do
    TaskSpec resolve() const;

    const QString &name() const { return m_name; }
    bool operator==(const Task &) const = default;

private:
    QString m_name;
    QJsonObject m_parameters;
    bool m_isCommand = false;
};

} // namespace Poolscope
