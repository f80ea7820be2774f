// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/errortext.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>

#include <algorithm>

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

/// The part of a JSON text that ends at or before `most` bytes and cuts neither a character nor an escape.
std::string_view beginningOf(std::string_view json, std::size_t most)
{
    std::size_t end = 0;
    while (end < json.size()) {
        std::size_t next = end + 1;
        if (json[end] == '\\')
            next = end + (json.substr(next, 1) == "u" ? 6 : 2);
        while (next < json.size() && (static_cast<unsigned char>(json[next]) & 0xC0) == 0x80)
            ++next;
        if (next > most)
            break;
        end = next;
    }
    return json.substr(0, end);
}

QString describeItem(std::string_view item)
{
    constexpr qsizetype longest = 1000;
    constexpr std::size_t longestCharacter = 6; // \uXXXX
    const std::string_view seen = beginningOf(item, longest * longestCharacter + 1);
    QString text = QString::fromUtf8(seen.data(), qsizetype(seen.size()));
    if (seen.starts_with('"')) {
        QByteArray array = '[' + QByteArray(seen.data(), qsizetype(seen.size()));
        array += seen.size() < item.size() ? "\"]" : "]";
        text = QJsonDocument::fromJson(array).array().at(0).toString();
    }
    if (text.size() <= longest && seen.size() == item.size())
        return text;
    const qsizetype kept = std::min(text.size(), longest - 1);
    return text.left(kept - (text.at(kept - 1).isHighSurrogate() ? 1 : 0)) + QChar(0x2026);
}

std::string compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

} // namespace

QString lossType(LossReason reason)
{
    switch (reason) {
    case LossReason::Timeout:
        return QStringLiteral("TimeoutError");
    case LossReason::Memory:
        return QStringLiteral("MemoryLimitExceeded");
    case LossReason::Death:
        break;
    }
    return QStringLiteral("WorkerLost");
}

QString describeLoss(LossReason reason, const WorkerExit &exit)
{
    if (reason == LossReason::Timeout)
        return QStringLiteral("was ended: its item ran out of time");
    return exit.reason.isEmpty() ? describeExit(exit) : QStringLiteral("was ended: %1").arg(exit.reason);
}

std::string errorJson(const QString &type, const QString &message)
{
    return compact(errorObject(type, message));
}

std::string lostJson(const QString &type, const QString &message, const WorkerExit &exit,
                     std::string_view item)
{
    QJsonObject object = errorObject(type, message);
    if (exit.signal != 0)
        object.insert(QStringLiteral("signal"), signalName(exit.signal));
    else
        object.insert(QStringLiteral("exit_code"), exit.code);
    object.insert(QStringLiteral("stderr"), QString::fromUtf8(exit.errorTail));
    object.insert(QStringLiteral("peak_rss_bytes"),
                  exit.peakMemory > 0 ? QJsonValue(qint64(exit.peakMemory)) : QJsonValue(QJsonValue::Null));
    if (!item.empty())
        object.insert(QStringLiteral("input"), describeItem(item));
    return compact(object);
}

QString describeBytes(std::uint64_t bytes)
{
    return QLocale::c().formattedDataSize(qint64(bytes), 1);
}

} // namespace Poolscope
