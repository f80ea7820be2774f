// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/poolfeed.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QStringList>

namespace Poolscope {

namespace {

QString jsonText(const QJsonValue &value)
{
    // QJsonDocument takes arrays and objects only.
    const QByteArray text = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return QString::fromUtf8(text.mid(1, text.size() - 2));
}

} // namespace

QString PoolCall::function() const
{
    if (!commandTemplate.isEmpty())
        return QFileInfo(commandTemplate.section(QLatin1Char(' '), 0, 0)).fileName();
    return task.mid(task.lastIndexOf(QLatin1Char(':')) + 1);
}

QString PoolCall::text() const
{
    QStringList parts;
    if (const QString given = arguments.text(); !given.isEmpty())
        parts += given;
    for (auto parameter = parameters.begin(); parameter != parameters.end(); ++parameter)
        parts += parameter.key() + QLatin1Char('=') + jsonText(parameter.value());
    return QStringLiteral("%1(%2)").arg(function(), parts.join(QStringLiteral(", ")));
}

QString poolText(const JobSpec &spec)
{
    QStringList parts = {QString::number(spec.processes)};
    if (spec.maxTasksPerChild)
        parts += QStringLiteral("maxtasksperchild=%1").arg(*spec.maxTasksPerChild);
    if (!spec.initializer.isEmpty())
        parts += QStringLiteral("initializer=%1")
                     .arg(spec.initializer.mid(spec.initializer.lastIndexOf(QLatin1Char(':')) + 1));
    if (!spec.initargs.isEmpty())
        parts += QStringLiteral("initargs=%1").arg(spec.initargs);
    return QStringLiteral("Pool(%1)").arg(parts.join(QStringLiteral(", ")));
}

} // namespace Poolscope
