// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/errortext.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <string.h>

namespace Poolscope {

QString signalName(int signal)
{
    if (const char *name = sigabbrev_np(signal))
        return QStringLiteral("SIG") + QLatin1String(name);
    return QStringLiteral("signal %1").arg(signal);
}

QString describeExit(const WorkerExit &exit)
{
    if (exit.signal != 0)
        return QStringLiteral("was killed by %1").arg(signalName(exit.signal));
    return QStringLiteral("exited with code %1").arg(exit.code);
}

namespace {

QJsonObject errorObject(const QString &type, const QString &message)
{
    return {{QStringLiteral("type"), type},
            {QStringLiteral("message"), message},
            {QStringLiteral("traceback"), QString()}};
}

std::string compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

} // namespace

std::string errorJson(const QString &type, const QString &message)
{
    return compact(errorObject(type, message));
}

std::string lostJson(const QString &type, const QString &message, const WorkerExit &exit)
{
    QJsonObject object = errorObject(type, message);
    if (exit.signal != 0)
        object.insert(QStringLiteral("signal"), signalName(exit.signal));
    else
        object.insert(QStringLiteral("exit_code"), exit.code);
    object.insert(QStringLiteral("stderr"), QString::fromUtf8(exit.errorTail));
    return compact(object);
}

} // namespace Poolscope
