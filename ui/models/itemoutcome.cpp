// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/itemoutcome.h"

#include "ui/models/format.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace Poolscope {

ItemError itemErrorOf(std::string_view json)
{
    const QByteArray bytes(json.data(), qsizetype(json.size()));
    const QJsonDocument document = QJsonDocument::fromJson(bytes);
    ItemError error;
    if (!document.isObject()) {
        error.message = QString::fromUtf8(bytes);
        return error;
    }
    const QJsonObject object = document.object();
    error.type = object.value(QLatin1String("type")).toString();
    error.message = object.value(QLatin1String("message")).toString();
    error.traceback = object.value(QLatin1String("traceback")).toString();
    error.signal = object.value(QLatin1String("signal")).toString();
    if (const QJsonValue code = object.value(QLatin1String("exit_code")); code.isDouble())
        error.exitCode = code.toInt();
    error.errorOutput = object.value(QLatin1String("stderr")).toString();
    error.peakMemory =
        std::uint64_t(std::max<qint64>(object.value(QLatin1String("peak_rss_bytes")).toInteger(), 0));
    error.input = object.value(QLatin1String("input")).toString();
    return error;
}

QString statusWord(ItemStatus status)
{
    switch (status) {
    case ItemStatus::Ok:
        return QCoreApplication::translate("ItemOutcome", "ok");
    case ItemStatus::Error:
        return QCoreApplication::translate("ItemOutcome", "error");
    case ItemStatus::Lost:
        return QCoreApplication::translate("ItemOutcome", "lost");
    case ItemStatus::NotRun:
        return QCoreApplication::translate("ItemOutcome", "not run");
    case ItemStatus::Cancelled:
        return QCoreApplication::translate("ItemOutcome", "cancelled");
    }
    return {};
}

QString outcomeText(const ItemRecord &record, int most)
{
    if (record.status == ItemStatus::Ok)
        return Format::excerpt(record.value, most);
    const ItemError error = itemErrorOf(record.value);
    QString text = statusWord(record.status);
    if (!error.type.isEmpty())
        text += QStringLiteral(" · ") + error.type;
    if (!error.message.isEmpty())
        text += QStringLiteral(": ") + error.message;
    return Format::excerpt(text.toStdString(), most);
}

QString attemptText(const ItemRecord &attempt, int most)
{
    const QString outcome = outcomeText(attempt, most);
    if (attempt.started < 0)
        return QCoreApplication::translate("ItemOutcome", "%1: %2").arg(attempt.attempt).arg(outcome);
    return QCoreApplication::translate("ItemOutcome", "%1: %2 (worker %3, %4 from %5)")
        .arg(attempt.attempt)
        .arg(outcome)
        .arg(attempt.worker)
        .arg(Format::duration(attempt.finished - attempt.started), Format::moment(attempt.started));
}

} // namespace Poolscope
