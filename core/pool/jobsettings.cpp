// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/jobsettings.h"

#include <algorithm>
#include <string>

namespace Poolscope {

namespace {

QString itemTypeName(ItemType type)
{
    return type == ItemType::Text   ? QStringLiteral("text")
           : type == ItemType::Json ? QStringLiteral("json")
                                    : QStringLiteral("auto");
}

void insertNumber(QJsonObject &json, const QString &name, std::optional<qint64> number)
{
    if (number)
        json.insert(name, *number);
}

std::optional<int> positiveNumber(const QJsonObject &json, const QString &name)
{
    const int number = json.value(name).toInt();
    return number > 0 ? std::optional(number) : std::nullopt;
}

std::optional<qint64> positiveSize(const QJsonObject &json, const QString &name)
{
    const qint64 bytes = json.value(name).toInteger();
    return bytes > 0 ? std::optional(bytes) : std::nullopt;
}

} // namespace

QJsonObject jobToJson(const JobSpec &spec)
{
    const std::string_view method = methodName(spec.method);
    QJsonObject json{{QStringLiteral("task"), spec.task},
                     {QStringLiteral("command"), spec.commandTemplate},
                     {QStringLiteral("parameters"), spec.parameters},
                     {QStringLiteral("input"), spec.input},
                     {QStringLiteral("itemType"), itemTypeName(spec.itemType)},
                     {QStringLiteral("method"), QString::fromLatin1(method.data(), qsizetype(method.size()))},
                     {QStringLiteral("processes"), spec.processes},
                     {QStringLiteral("initializer"), spec.initializer},
                     {QStringLiteral("initargs"), spec.initargs},
                     {QStringLiteral("retries"), spec.retries},
                     {QStringLiteral("raise"), spec.onError == OnError::Raise},
                     {QStringLiteral("python"), spec.python}};
    insertNumber(json, QStringLiteral("chunksize"), spec.chunksize);
    insertNumber(json, QStringLiteral("maxTasksPerChild"), spec.maxTasksPerChild);
    insertNumber(json, QStringLiteral("buffersize"), spec.buffersize);
    insertNumber(json, QStringLiteral("maxMemoryPerChild"), spec.maxMemoryPerChild);
    insertNumber(json, QStringLiteral("memoryLimit"), spec.memoryLimit);
    json.insert(QStringLiteral("startTimeout"), spec.startTimeout);
    if (spec.halt)
        json.insert(QStringLiteral("halt"), QString::fromStdString(toText(*spec.halt)));
    if (spec.timeout)
        json.insert(QStringLiteral("timeout"), *spec.timeout);
    return json;
}

JobSpec jobFromJson(const QJsonObject &json)
{
    JobSpec spec;
    spec.task = json.value(QStringLiteral("task")).toString();
    spec.commandTemplate = json.value(QStringLiteral("command")).toString();
    spec.parameters = json.value(QStringLiteral("parameters")).toObject();
    spec.input = json.value(QStringLiteral("input")).toString();
    for (const ItemType type : {ItemType::Text, ItemType::Json})
        if (json.value(QStringLiteral("itemType")).toString() == itemTypeName(type))
            spec.itemType = type;
    const std::string method = json.value(QStringLiteral("method")).toString().toStdString();
    spec.method = methodFromName(method).value_or(spec.method);
    if (const auto processes = positiveNumber(json, QStringLiteral("processes")))
        spec.processes = std::min(*processes, maximumProcesses);
    spec.chunksize = positiveNumber(json, QStringLiteral("chunksize"));
    spec.maxTasksPerChild = positiveNumber(json, QStringLiteral("maxTasksPerChild"));
    spec.buffersize = positiveNumber(json, QStringLiteral("buffersize"));
    spec.maxMemoryPerChild = positiveSize(json, QStringLiteral("maxMemoryPerChild"));
    spec.memoryLimit = positiveSize(json, QStringLiteral("memoryLimit"));
    if (const double timeout = json.value(QStringLiteral("timeout")).toDouble(); timeout > 0)
        spec.timeout = timeout;
    if (const double timeout = json.value(QStringLiteral("startTimeout")).toDouble(); timeout > 0)
        spec.startTimeout = timeout;
    spec.initializer = json.value(QStringLiteral("initializer")).toString();
    spec.initargs = json.value(QStringLiteral("initargs")).toString();
    spec.retries = positiveNumber(json, QStringLiteral("retries")).value_or(0);
    spec.onError = json.value(QStringLiteral("raise")).toBool() ? OnError::Raise : OnError::Collect;
    spec.halt = haltPolicyFromText(json.value(QStringLiteral("halt")).toString().toStdString());
    spec.python = json.value(QStringLiteral("python")).toString();
    return spec;
}

} // namespace Poolscope
