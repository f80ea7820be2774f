// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/recordwriter.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <string_view>

namespace Poolscope {

namespace {

QByteArray statusName(ItemStatus status)
{
    switch (status) {
    case ItemStatus::Ok:
        return "ok";
    case ItemStatus::Error:
        return "error";
    case ItemStatus::Lost:
        return "lost";
    case ItemStatus::NotRun:
        return "not_run";
    case ItemStatus::Cancelled:
        return "cancelled";
    }
    return {};
}

QByteArray seconds(double time)
{
    return QByteArray::number(time, 'f', 6);
}

QByteArray bytes(const std::string &text)
{
    return QByteArray::fromRawData(text.data(), qsizetype(text.size()));
}

/// RFC 4180: quotes where a separator, a quote or a line break stands.
QByteArray cell(QByteArray text)
{
    if (!text.contains(',') && !text.contains('"') && !text.contains('\n') && !text.contains('\r'))
        return text;
    return '"' + text.replace('"', "\"\"") + '"';
}

/// The text of a JSON string, and any other JSON as it stands: numbers keep all their digits.
QByteArray plainValue(const std::string &json)
{
    if (json.empty() || json.front() != '"')
        return bytes(json);
    const QJsonDocument wrapped = QJsonDocument::fromJson('[' + bytes(json) + ']');
    return wrapped.array().at(0).toString().toUtf8();
}

QByteArray jsonLine(const ItemRecord &record)
{
    QByteArray line = "{\"index\":" + QByteArray::number(quint64(record.index));
    line += ",\"status\":\"" + statusName(record.status) + '"';
    line += record.status == ItemStatus::Ok ? ",\"value\":" : ",\"error\":";
    line += record.value.empty() ? QByteArray("null") : bytes(record.value);
    line += ",\"chunk\":" + QByteArray::number(quint64(record.chunk));
    line += ",\"worker\":" + QByteArray::number(record.worker);
    line += ",\"pid\":" + QByteArray::number(qint64(record.pid));
    line += ",\"attempt\":" + QByteArray::number(record.attempt);
    if (record.started >= 0)
        line += ",\"started\":" + seconds(record.started);
    if (record.finished >= 0)
        line += ",\"finished\":" + seconds(record.finished);
    if (record.delivered >= 0)
        line += ",\"delivered\":" + seconds(record.delivered);
    return line + "}\n";
}

QByteArray csvLine(const ItemRecord &record)
{
    const bool isOk = record.status == ItemStatus::Ok;
    const QJsonObject error = isOk ? QJsonObject() : QJsonDocument::fromJson(bytes(record.value)).object();
    const auto time = [](double moment) { return moment >= 0 ? seconds(moment) : QByteArray(); };
    const bool hasRun = record.started >= 0;
    const QByteArrayList cells{QByteArray::number(quint64(record.index)),
                               statusName(record.status),
                               isOk ? cell(plainValue(record.value)) : QByteArray(),
                               cell(error.value(QLatin1String("type")).toString().toUtf8()),
                               cell(error.value(QLatin1String("message")).toString().toUtf8()),
                               hasRun ? QByteArray::number(record.worker) : QByteArray(),
                               hasRun ? QByteArray::number(qint64(record.pid)) : QByteArray(),
                               QByteArray::number(record.attempt),
                               time(record.started),
                               time(record.finished),
                               time(record.delivered)};
    return cells.join(',') + '\n';
}

} // namespace

QByteArray resultsHeader(ResultsFormat format)
{
    if (format == ResultsFormat::JsonLines)
        return {};
    return "index,status,value,error type,message,worker,pid,attempt,started,finished,delivered\n";
}

QByteArray resultLine(const ItemRecord &record, ResultsFormat format)
{
    return format == ResultsFormat::JsonLines ? jsonLine(record) : csvLine(record);
}

} // namespace Poolscope
