// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commandline/tasklist.h"

#include "core/tasks/taskcatalog.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>

namespace Poolscope {

namespace {

QString jsonText(const QJsonValue &value)
{
    const QByteArray array = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return QString::fromUtf8(array.mid(1, array.size() - 2));
}

QString tr(const char *text)
{
    return QCoreApplication::translate("Poolscope::TaskList", text);
}

} // namespace

QString taskListText()
{
    QString text;
    for (const TaskDescription &task : builtinTasks()) {
        text += QStringLiteral("%1(%2)\n    %3\n")
                    .arg(task.name, task.arguments.join(QStringLiteral(", ")), task.description);
        text += tr("    Item: %1").arg(task.item) + QLatin1Char('\n');
        for (const TaskParameter &parameter : task.parameters)
            text += tr("    --param %1=%2  %3")
                        .arg(parameter.name, jsonText(parameter.defaultValue), parameter.description) +
                    QLatin1Char('\n');
        if (!task.example.isEmpty())
            text += tr("    Try: --task %1 --input %2").arg(task.name, task.example) + QLatin1Char('\n');
    }
    return text;
}

} // namespace Poolscope
