// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/taskspec.h"

namespace Poolscope {

namespace {

QString kindText(TaskKind kind)
{
    switch (kind) {
    case TaskKind::Native:
        return QStringLiteral("native");
    case TaskKind::Python:
        return QStringLiteral("python");
    case TaskKind::Command:
        return QStringLiteral("command");
    }
    Q_UNREACHABLE();
}

TaskKind kindFromText(const QString &text)
{
    if (text == QLatin1String("python"))
        return TaskKind::Python;
    return text == QLatin1String("command") ? TaskKind::Command : TaskKind::Native;
}

} // namespace

QJsonObject taskToJson(quint32 id, const TaskSpec &task)
{
    return {
        {QStringLiteral("id"), qint64(id)},
        {QStringLiteral("kind"), kindText(task.kind)},
        {QStringLiteral("name"), task.name},
        {QStringLiteral("file"), task.file},
        {QStringLiteral("function"), task.function},
        {QStringLiteral("command"), QJsonArray::fromStringList(task.command)},
        {QStringLiteral("parameters"), task.parameters},
    };
}

QJsonObject initializerToJson(const InitializerSpec &initializer)
{
    if (initializer.function.isEmpty())
        return {};
    return {
        {QStringLiteral("file"), initializer.file},
        {QStringLiteral("function"), initializer.function},
        {QStringLiteral("args"), initializer.arguments},
    };
}

TaskSpec taskFromJson(const QJsonObject &json)
{
    TaskSpec task;
    task.kind = kindFromText(json.value(QLatin1String("kind")).toString());
    task.name = json.value(QLatin1String("name")).toString();
    task.file = json.value(QLatin1String("file")).toString();
    task.function = json.value(QLatin1String("function")).toString();
    const QJsonArray command = json.value(QLatin1String("command")).toArray();
    for (const QJsonValue &argument : command)
        task.command.append(argument.toString());
    task.parameters = json.value(QLatin1String("parameters")).toObject();
    return task;
}

} // namespace Poolscope
