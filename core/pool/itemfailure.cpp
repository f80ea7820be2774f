// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/itemfailure.h"

#include "core/pool/errors.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <utility>

namespace Poolscope {

ItemRecord recordOf(ItemResult &&result, Time began, std::uint64_t chunksize)
{
    ItemRecord record;
    record.index = result.index;
    record.status = result.status;
    record.chunk = result.index / chunksize;
    record.worker = result.slot;
    record.generation = result.generation;
    record.pid = result.pid;
    record.attempt = result.attempt;
    if (result.started >= 0) {
        record.started = double(result.started - began) * 1e-9;
        record.finished = double(result.finished - began) * 1e-9;
    }
    record.cpu = double(result.cpu) * 1e-9;
    if (result.queued > 0)
        record.sent = record.started - double(result.queued) * 1e-6;
    record.unpack = double(result.unpack) * 1e-6;
    record.pack = double(result.pack) * 1e-6;
    record.value = std::move(result.payload);
    if (result.earlier)
        for (ItemResult attempt : *result.earlier)
            record.earlier.push_back(recordOf(std::move(attempt), began, chunksize));
    return record;
}

ItemSpan spanOf(const ItemResult &result, Time began)
{
    ItemSpan span{.index = result.index,
                  .unpack = float(double(result.unpack) * 1e-6),
                  .pack = float(double(result.pack) * 1e-6),
                  .worker = result.slot,
                  .generation = result.generation,
                  .attempt = result.attempt,
                  .status = result.status};
    if (result.started >= 0) {
        span.started = double(result.started - began) * 1e-9;
        span.finished = double(result.finished - began) * 1e-9;
    }
    if (result.received >= 0)
        span.received = double(result.received - began) * 1e-9;
    return span;
}

std::exception_ptr failureOf(const ItemResult &result)
{
    const QJsonObject error =
        QJsonDocument::fromJson(QByteArray(result.payload.data(), qsizetype(result.payload.size()))).object();
    const QString type = error.value(QLatin1String("type")).toString();
    const QString message = error.value(QLatin1String("message")).toString();
    switch (result.status) {
    case ItemStatus::Lost:
        return std::make_exception_ptr(WorkerLost(
            result.index, type, message, result.pid, error.value(QLatin1String("exit_code")).toInt(),
            error.value(QLatin1String("signal")).toString(), error.value(QLatin1String("stderr")).toString(),
            std::uint64_t(error.value(QLatin1String("peak_rss_bytes")).toInteger()),
            error.value(QLatin1String("input")).toString()));
    case ItemStatus::Cancelled:
        return std::make_exception_ptr(Cancelled(
            QStringLiteral("the pool was terminated before item %1 had its result").arg(result.index)));
    default:
        return std::make_exception_ptr(
            TaskFailed(result.index, type, message, error.value(QLatin1String("traceback")).toString()));
    }
}

} // namespace Poolscope
