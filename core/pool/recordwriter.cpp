// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/recordwriter.h"

#include "core/pool/value.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <charconv>
#include <string_view>

namespace Poolscope {

namespace {

template <typename Integer>
void appendInteger(std::string &out, std::string_view key, Integer value)
{
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    out.append(key);
    out.append(digits, end);
}

/// Microseconds are as fine as times of different processes can be compared.
void appendSeconds(std::string &out, std::string_view key, double value)
{
    out.append(key);
    if (value < 0) {
        out.append("null");
        return;
    }
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed, 6).ptr;
    out.append(digits, end);
}

std::string_view statusName(ItemStatus status)
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

/// What the record says beside the error of a lost item: how its worker ended.
void appendLost(std::string &out, const std::string &value)
{
    const QJsonObject whole = QJsonDocument::fromJson(QByteArray::fromStdString(value)).object();
    QJsonObject error;
    QJsonObject death;
    for (auto member = whole.begin(); member != whole.end(); ++member) {
        const bool describesError = member.key() == QLatin1String("type") ||
                                    member.key() == QLatin1String("message") ||
                                    member.key() == QLatin1String("traceback");
        (describesError ? error : death).insert(member.key(), member.value());
    }
    out.append(",\"error\":");
    out.append(QJsonDocument(error).toJson(QJsonDocument::Compact).toStdString());
    const std::string rest = QJsonDocument(death).toJson(QJsonDocument::Compact).toStdString();
    if (!death.isEmpty())
        out.append(",").append(rest, 1, rest.size() - 2);
}

void appendOutcome(std::string &out, const ItemRecord &record)
{
    out.append("\"status\":\"").append(statusName(record.status)).append("\"");
    if (record.status == ItemStatus::Ok)
        out.append(",\"value\":").append(record.value);
    else if (record.status == ItemStatus::Lost)
        appendLost(out, record.value);
    else
        out.append(",\"error\":").append(record.value);
}

void appendWorker(std::string &out, const ItemRecord &record)
{
    if (record.pid != 0) {
        appendInteger(out, ",\"worker\":", record.worker);
        appendInteger(out, ",\"pid\":", record.pid);
    } else {
        out.append(",\"worker\":null,\"pid\":null");
    }
}

void appendEarlier(std::string &out, const std::vector<ItemRecord> &attempts)
{
    if (attempts.empty())
        return;
    out.append(",\"earlier_attempts\":");
    char separator = '[';
    for (const ItemRecord &attempt : attempts) {
        out.push_back(separator);
        separator = ',';
        appendInteger(out, "{\"attempt\":", attempt.attempt);
        out.push_back(',');
        appendOutcome(out, attempt);
        appendWorker(out, attempt);
        appendSeconds(out, ",\"started\":", attempt.started);
        appendSeconds(out, ",\"finished\":", attempt.finished);
        out.push_back('}');
    }
    out.push_back(']');
}

void appendJson(std::string &out, const ItemRecord &record)
{
    appendInteger(out, "{\"index\":", record.index);
    out.push_back(',');
    appendOutcome(out, record);
    appendInteger(out, ",\"chunk\":", record.chunk);
    appendWorker(out, record);
    appendInteger(out, ",\"attempt\":", record.attempt);
    appendSeconds(out, ",\"started\":", record.started);
    appendSeconds(out, ",\"finished\":", record.finished);
    appendSeconds(out, ",\"delivered\":", record.delivered);
    appendEarlier(out, record.earlier);
    out.append("}\n");
}

/// RFC 4180: quotes where a separator, a quote or a line break stands.
void appendCell(std::string &out, std::string_view text)
{
    out.push_back(',');
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
        out.append(text);
        return;
    }
    out.push_back('"');
    for (const char c : text)
        out.append(c == '"' ? 2 : 1, c);
    out.push_back('"');
}

/// Text as it is; any other value, and text that UTF-8 cannot carry, as the JSON it is.
std::string textOrJson(const std::string &json)
{
    if (json.front() != '"')
        return json;
    try {
        return Value::trusted(json).to<std::string>();
    } catch (const ValueError &) {
        return json;
    }
}

void appendCsv(std::string &out, const ItemRecord &record)
{
    appendInteger(out, "", record.index);
    appendCell(out, statusName(record.status));
    if (record.status != ItemStatus::Ok) {
        const QByteArray json = QByteArray::fromRawData(record.value.data(), qsizetype(record.value.size()));
        const QJsonObject error = QJsonDocument::fromJson(json).object();
        out.push_back(',');
        appendCell(out, error.value(QLatin1String("type")).toString().toStdString());
        appendCell(out, error.value(QLatin1String("message")).toString().toStdString());
    } else {
        appendCell(out, textOrJson(record.value));
        out.append(",,");
    }
    if (record.pid != 0) {
        appendInteger(out, ",", record.worker);
        appendInteger(out, ",", record.pid);
    } else {
        out.append(",,");
    }
    appendInteger(out, ",", record.attempt);
    for (const double time : {record.started, record.finished, record.delivered}) {
        if (time < 0)
            out.push_back(',');
        else
            appendSeconds(out, ",", time);
    }
    out.push_back('\n');
}

} // namespace

std::string_view recordsHeader(RecordFormat format)
{
    if (format != RecordFormat::Csv)
        return {};
    return "index,status,value,error type,message,worker,pid,attempt,started,finished,delivered\n";
}

void appendRecord(std::string &out, const ItemRecord &record, RecordFormat format)
{
    switch (format) {
    case RecordFormat::Records:
        appendJson(out, record);
        break;
    case RecordFormat::Values:
        if (record.status == ItemStatus::Ok)
            out.append(record.value).push_back('\n');
        break;
    case RecordFormat::Csv:
        appendCsv(out, record);
        break;
    }
}

} // namespace Poolscope
