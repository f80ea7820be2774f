// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/timelinetext.h"

#include "ui/models/format.h"
#include "ui/models/itemoutcome.h"
#include "ui/models/workersmodel.h"
#include "ui/timeline/phasebrush.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace Poolscope::TimelineText {

namespace {

constexpr int longestExcerpt = 120;

QString tr(const char *text)
{
    return QCoreApplication::translate("Poolscope::TimelineText", text);
}

} // namespace

QString item(const RecordedItem &found)
{
    const ItemRecord &record = found.record;
    QStringList lines = {tr("Item %1 · %2").arg(Format::count(record.index), statusWord(record.status))};
    if (!record.input.empty())
        lines += tr("input  %1").arg(Format::excerpt(record.input, longestExcerpt));
    lines += (record.status == ItemStatus::Ok ? tr("value  %1") : tr("error  %1"))
                 .arg(outcomeText(record, longestExcerpt));
    if (record.started >= 0) {
        lines += tr("ran %1, CPU %2, from %3")
                     .arg(Format::duration(record.finished - record.started), Format::duration(record.cpu),
                          Format::exactDuration(record.started));
        if (record.sent >= 0)
            lines +=
                tr("sent to the worker at %1, %2 before")
                    .arg(Format::exactDuration(record.sent), Format::duration(record.started - record.sent));
        if (record.unpack > 0 || record.pack > 0)
            lines += tr("unpacked in %1, packed in %2")
                         .arg(Format::duration(record.unpack), Format::duration(record.pack));
        lines += record.delivered < 0
                     ? tr("waits in the reorder buffer")
                     : tr("delivered at %1 after it waited %2")
                           .arg(Format::exactDuration(record.delivered),
                                Format::duration(std::max(record.delivered - record.finished, 0.0)));
        lines += tr("worker %1 · pid %2 · g%3 · chunk %4")
                     .arg(record.worker)
                     .arg(record.pid)
                     .arg(record.generation)
                     .arg(Format::count(record.chunk));
    }
    for (const ItemRecord &attempt : record.earlier)
        lines += tr("attempt %1").arg(attemptText(attempt, longestExcerpt));
    return lines.join(QLatin1Char('\n'));
}

QString span(const SpanStore::Span &span, std::size_t lane)
{
    const QString how = span.how == SpanEnd::Ok      ? tr("ok")
                        : span.how == SpanEnd::Error ? tr("error")
                                                     : tr("lost");
    return tr("Item %1 · %2\nran %3 on worker %4, from %5")
        .arg(Format::count(span.item), how, Format::duration(span.end - span.begin))
        .arg(lane)
        .arg(Format::exactDuration(span.begin));
}

QString measure(double length, const RunLog::Measure &measure)
{
    return QStringList{Format::duration(length), Format::items(measure.items), Format::rate(measure.rate),
                       tr("%1 idle").arg(Format::percent(measure.idle))}
        .join(QStringLiteral(" · "));
}

QString idle(const RunLog &log, std::size_t lane, double time)
{
    const QString at = tr("Worker %1 at %2").arg(lane).arg(Format::exactDuration(time));
    const std::size_t next = log.spans().firstBeginningFrom(lane, time);
    if (const auto conversions = log.conversions().between(lane, time - 1e-9, time + 1e-9);
        !conversions.empty())
        return at + QStringLiteral("\n") + PhaseLook::word(conversions.front().phase) + QStringLiteral("\n") +
               Format::duration(conversions.front().end - conversions.front().begin);
    if (next > 0 && time < log.spans().sentAt(lane, next - 1))
        return at + QStringLiteral("\n") + PhaseLook::word(LanePhase::Sending);
    for (const WorkerLives::Stretch &stretch :
         log.lives().idleStretches(lane, std::max(time - 1e-9, 0.0), time + 1e-9, log.now())) {
        const WorkerLives::Life *const life = log.lives().lifeAt(lane, time);
        QString text = at + QStringLiteral("\n") + PhaseLook::word(stretch.phase);
        if (life && life->pid > 0)
            text += QStringLiteral("\n") + tr("pid %1 · g%2").arg(life->pid).arg(life->generation);
        return text;
    }
    return at;
}

QString lane(const RunLog &log, const RunSnapshot &snapshot, std::size_t lane)
{
    QString text = tr("worker %1").arg(lane);
    if (lane < snapshot.workers.size()) {
        const WorkerSnapshot &worker = snapshot.workers[lane];
        if (worker.pid > 0)
            text += tr(", pid %1, generation %2").arg(worker.pid).arg(worker.generation);
        text += QStringLiteral(", ") + WorkersModel::stateWord(worker.state);
        if (worker.item)
            text += tr(" item %1 for %2")
                        .arg(Format::count(*worker.item),
                             Format::duration(std::max(snapshot.now - worker.itemStarted, 0.0)));
        if (worker.chunk && worker.chunkEnd - worker.chunkBegin > 1)
            text += tr(", of chunk %1 with the items %2 to %3, which it began at %4")
                        .arg(Format::count(*worker.chunk), Format::count(worker.chunkBegin),
                             Format::count(worker.chunkEnd - 1), Format::moment(worker.chunkStarted));
        text += tr(", %1 done, %2 busy").arg(Format::items(worker.itemsDone), Format::percent(worker.busy));
        return text;
    }
    return text + tr(", %1").arg(Format::items(log.spans().size(lane)));
}

QStringList ticks(const std::vector<double> &ticks, QString *base)
{
    QStringList labels;
    base->clear();
    if (ticks.empty())
        return labels;
    const double step = ticks.size() > 1 ? ticks[1] - ticks[0] : ticks[0];
    // Six digits are told apart, see Format::axisTime(); of a minute or more, whole seconds.
    const bool isClose = std::abs(ticks.back()) >= 59.9995 ? step < 1 : step < ticks.back() * 1e-4;
    if (!isClose) {
        for (const double tick : ticks)
            labels += Format::axisTime(tick);
        return labels;
    }
    const double origin = ticks.front();
    *base = Format::exactDuration(origin);
    for (const double tick : ticks)
        labels += QStringLiteral("+") + Format::duration(std::max(tick - origin, 0.0));
    return labels;
}

} // namespace Poolscope::TimelineText
