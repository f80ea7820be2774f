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

/// How the worker of a lost item ended stands beside its error, not in it.
QByteArray lostFields(const std::string &value)
{
    QJsonObject error = QJsonDocument::fromJson(bytes(value)).object();
    QJsonObject death;
    for (const auto &name : {QStringLiteral("exit_code"), QStringLiteral("signal"), QStringLiteral("stderr")})
        if (const auto field = error.constFind(name); field != error.constEnd()) {
            death.insert(name, field.value());
            error.remove(name);
        }
    QByteArray fields = ",\"error\":" + QJsonDocument(error).toJson(QJsonDocument::Compact);
    if (!death.isEmpty())
        fields += ',' + QJsonDocument(death).toJson(QJsonDocument::Compact).chopped(1).mid(1);
    return fields;
}

QByteArray jsonLine(const ItemRecord &record)
{
    const auto time = [](double moment) { return moment >= 0 ? seconds(moment) : QByteArray("null"); };
    QByteArray line = "{\"index\":" + QByteArray::number(quint64(record.index));
    line += ",\"status\":\"" + statusName(record.status) + '"';
    if (record.status == ItemStatus::Ok)
        line += ",\"value\":" + bytes(record.value);
    else if (record.status == ItemStatus::Lost)
        line += lostFields(record.value);
    else
        line += ",\"error\":" + bytes(record.value);
    line += ",\"chunk\":" + QByteArray::number(quint64(record.chunk));
    line += ",\"worker\":" + (record.pid != 0 ? QByteArray::number(record.worker) : QByteArray("null"));
    line += ",\"pid\":" + (record.pid != 0 ? QByteArray::number(qint64(record.pid)) : QByteArray("null"));
    line += ",\"attempt\":" + QByteArray::number(record.attempt);
    line += ",\"started\":" + time(record.started) + ",\"finished\":" + time(record.finished);
    return line + ",\"delivered\":" + time(record.delivered) + "}\n";
}

QByteArray csvLine(const ItemRecord &record)
{
    const bool isOk = record.status == ItemStatus::Ok;
    const QJsonObject error = isOk ? QJsonObject() : QJsonDocument::fromJson(bytes(record.value)).object();
    const auto time = [](double moment) { return moment >= 0 ? seconds(moment) : QByteArray(); };
    const bool hasRun = record.pid != 0;
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
