// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commandline/summary.h"

#include <QFile>
#include <QJsonValue>

#include <algorithm>

namespace Poolscope {

namespace {

template <typename T>
QJsonValue orNull(const std::optional<T> &value)
{
    return value ? QJsonValue(qint64(*value)) : QJsonValue(QJsonValue::Null);
}

/// Not from getrusage(): that begins with the memory of whoever started this program.
qint64 peakMemory()
{
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray text = status.readAll();
    const QByteArray name = QByteArrayLiteral("VmHWM:");
    const qsizetype begin = text.indexOf(name) + name.size();
    return text.mid(begin, text.indexOf(" kB", begin) - begin).trimmed().toLongLong() * 1024;
}

} // namespace

QJsonObject summaryOf(const Run &run)
{
    const JobSpec &spec = run.spec();
    const RunSnapshot figures = run.snapshot();
    const bool dispatched = figures.firstDispatch >= 0 && figures.lastDelivery >= 0;
    const double elapsed = dispatched ? std::max(0.0, figures.lastDelivery - figures.firstDispatch) : 0;
    const QJsonValue firstResult =
        dispatched ? QJsonValue(std::max(0.0, figures.firstResult - figures.firstDispatch))
                   : QJsonValue(QJsonValue::Null);

    QJsonObject summary{
        {QStringLiteral("task"), spec.commandTemplate.isEmpty() ? spec.task : spec.commandTemplate},
        {QStringLiteral("method"), QString::fromLatin1(methodName(spec.method).data())},
        {QStringLiteral("processes"), spec.processes},
        {QStringLiteral("chunksize"), qint64(figures.chunksize)},
        {QStringLiteral("maxtasksperchild"), orNull(spec.maxTasksPerChild)},
        {QStringLiteral("chunks"), qint64(figures.chunks)},
        {QStringLiteral("items"),
         QJsonObject{{QStringLiteral("read"), qint64(figures.items.read)},
                     {QStringLiteral("ok"), qint64(figures.items.ok)},
                     {QStringLiteral("error"), qint64(figures.items.error)},
                     {QStringLiteral("lost"), qint64(figures.items.lost)},
                     {QStringLiteral("not_run"), qint64(figures.items.notRun)},
                     {QStringLiteral("cancelled"), qint64(figures.items.cancelled)}}},
        {QStringLiteral("halted"),
         figures.halted.empty() ? QJsonValue(QJsonValue::Null) : QString::fromStdString(figures.halted)},
        {QStringLiteral("elapsed"), elapsed},
        {QStringLiteral("first_result"), firstResult},
        {QStringLiteral("throughput"),
         elapsed > 0 ? double(figures.delivered - figures.journaled) / elapsed : 0},
        {QStringLiteral("utilisation"),
         elapsed > 0 ? std::min(1.0, figures.busySeconds / figures.placeSeconds) : 0},
        {QStringLiteral("workers_started"), qint64(figures.workersStarted)},
        {QStringLiteral("workers_lost"), qint64(figures.workersLost)},
        {QStringLiteral("peak_buffered_results"), qint64(figures.peakBufferedResults)},
        {QStringLiteral("peak_rss_bytes"), peakMemory()},
    };
    if (!spec.journal.isEmpty())
        summary.insert(QStringLiteral("from_journal"), qint64(figures.journaled));
    return summary;
}

} // namespace Poolscope
