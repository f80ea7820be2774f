// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/runlog.h"

#include "ui/models/runfigures.h"

#include <algorithm>
#include <cmath>

namespace Poolscope {

namespace {

constexpr std::size_t recordsAtOnce = 500;
constexpr std::size_t eventsAtOnce = 5000;
/// Where a stretch has more items, a part of them stands for all, evenly taken: it is drawn with every frame.
constexpr std::size_t durationsLookedAt = 100'000;

SpanEnd endOf(ItemStatus status)
{
    return status == ItemStatus::Ok      ? SpanEnd::Ok
           : status == ItemStatus::Error ? SpanEnd::Error
                                         : SpanEnd::Lost;
}

} // namespace

void RunLog::clear()
{
    *this = {};
}

void RunLog::add(const ItemSpan &span, bool isOutcome)
{
    if (span.started < 0 || span.finished < span.started)
        return;
    m_spans.add(
        span.worker, span.generation,
        {span.started, span.finished, span.index, endOf(span.status), span.attempt > 1, span.received});
    m_conversions.add(span.worker, span.started - double(span.unpack), span.started, LanePhase::Unpacking);
    m_conversions.add(span.worker, span.finished, span.finished + double(span.pack), LanePhase::Packing);
    m_changedFrom = std::min(m_changedFrom, span.started);
    if (isOutcome)
        m_durations.add(span.finished - span.started);
}

bool RunLog::readOn(const RunFeed &feed, const std::function<bool()> &goesOn,
                    const std::function<void(std::uint64_t)> &each)
{
    bool more = false;
    const std::vector<RunEvent> events = feed.events(m_eventsRead, eventsAtOnce);
    m_eventsRead += events.size();
    more = more || events.size() == eventsAtOnce;
    for (const RunEvent &event : events)
        m_lives.add(event);
    const std::vector<TimeSpan> waits = feed.consumerWaits(m_waitsRead, eventsAtOnce);
    m_waitsRead += waits.size();
    more = more || waits.size() == eventsAtOnce;
    for (const TimeSpan &wait : waits)
        m_lives.addWait(wait);
    const std::vector<ItemSpan> attempts = feed.attempts(m_attemptsRead, eventsAtOnce);
    m_attemptsRead += attempts.size();
    more = more || attempts.size() == eventsAtOnce;
    for (const ItemSpan &attempt : attempts)
        add(attempt, false);
    while (goesOn()) {
        const std::vector<ItemSpan> spans = feed.spans(m_spansRead, recordsAtOnce);
        m_spansRead += spans.size();
        for (const ItemSpan &span : spans) {
            add(span, true);
            each(span.index);
        }
        if (spans.size() < recordsAtOnce) {
            m_spans.settle();
            return more || !spans.empty();
        }
    }
    m_spans.settle();
    return true;
}

void RunLog::setNow(const RunSnapshot &snapshot)
{
    m_now = snapshot.now;
    if (snapshot.chunksize > 0)
        m_chunksize = snapshot.chunksize;
    m_chunkStarted.clear();
    for (const WorkerSnapshot &worker : snapshot.workers)
        m_chunkStarted.push_back(worker.state == WorkerState::Running && worker.chunk ? worker.chunkStarted
                                                                                      : -1);
    m_lives.setOpenWait(isOver(snapshot.phase) ? -1 : snapshot.blockedSince, m_now);
}

std::size_t RunLog::laneCount() const
{
    return std::max({m_spans.laneCount(), m_lives.laneCount(), m_chunkStarted.size()});
}

std::optional<double> RunLog::runningSince(std::size_t lane) const
{
    if (lane >= m_chunkStarted.size() || m_chunkStarted[lane] < 0)
        return std::nullopt;
    // Records may be newer than the snapshot.
    const std::size_t count = m_spans.size(lane);
    return std::max(m_chunkStarted[lane], count > 0 ? m_spans.endAt(lane, count - 1) : 0);
}

double RunLog::busyBetween(std::size_t lane, double begin, double end) const
{
    double busy = m_spans.busyBetween(lane, begin, end);
    if (const auto since = runningSince(lane))
        busy += std::max(std::min(end, m_now) - std::max(*since, begin), 0.0);
    return busy;
}

RunLog::Split RunLog::splitBetween(std::size_t lane, double begin, double end) const
{
    Split split;
    end = std::min(end, m_now);
    begin = std::max(begin, 0.0);
    if (end <= begin)
        return split;
    split.running = busyBetween(lane, begin, end);
    split.unpacking = m_conversions.unpackingBetween(lane, begin, end);
    split.packing = m_conversions.packingBetween(lane, begin, end);
    // A result counts as being sent from the moment on when its item was finished; it is packed first, and
    // the worker may go on to unpack the next item before it has arrived.
    split.sending = std::clamp(m_spans.sendingBetween(lane, begin, end) - split.packing, 0.0,
                               std::max(end - begin - split.running - split.packing - split.unpacking, 0.0));
    const double working = split.unpacking + split.running + split.packing + split.sending;
    if (!m_lives.isKnown(lane)) {
        // Of a run of the past only the items are known.
        split.waiting = std::max(end - begin - working, 0.0);
        return split;
    }
    const WorkerLives::Times times = m_lives.timesBetween(lane, begin, end, m_now);
    const double idle = std::max(times.alive - working, 0.0);
    // A replacement may start while the process before it still runs an item; a process that was told to
    // leave may do so too. Both are counted as what the lane did.
    split.starting = std::min(times.starting, idle);
    for (const WorkerLives::Life &life : m_lives.lives(lane)) {
        if (life.leaving < 0 || life.leaving >= end || (life.ended >= 0 && life.ended <= begin))
            continue;
        const double ended = std::min(life.ended < 0 ? m_now : life.ended, end);
        const std::size_t next = m_spans.firstBeginningFrom(lane, ended);
        double from = std::max(life.leaving, begin);
        if (next > 0)
            from = std::max(from, m_spans.sentAt(lane, next - 1));
        split.ending += std::max(ended - from, 0.0);
    }
    split.ending = std::min(split.ending, idle - split.starting);
    double blocked = 0;
    for (const TimeSpan &wait : m_lives.waitsBetween(begin, end))
        blocked += std::max(wait.end - wait.begin - busyBetween(lane, wait.begin, wait.end), 0.0);
    split.blocked = std::min(blocked, idle - split.starting - split.ending);
    split.waiting = idle - split.starting - split.ending - split.blocked;
    return split;
}

RunLog::Measure RunLog::measure(double begin, double end) const
{
    Measure measure;
    if (end <= begin)
        return measure;
    double busy = 0;
    double there = 0;
    const double from = std::max(begin, 0.0);
    const double to = std::min(end, m_now);
    for (std::size_t lane = 0; lane < laneCount(); ++lane) {
        measure.items += m_spans.firstEndingAfter(lane, end) - m_spans.firstEndingAfter(lane, begin);
        busy += busyBetween(lane, begin, end);
        // Of a run of the past only the items are known.
        there += m_lives.isKnown(lane) ? m_lives.timesBetween(lane, from, to, m_now).alive
                                       : std::max(to - from, 0.0);
    }
    measure.rate = double(measure.items) / (end - begin);
    if (there > 0)
        measure.idle = std::clamp(1 - busy / there, 0.0, 1.0);
    return measure;
}

DurationHistogram RunLog::durationsBetween(double begin, double end) const
{
    DurationHistogram histogram;
    const std::uint64_t items = measure(begin, end).items;
    const std::size_t step = std::size_t(items) / durationsLookedAt + 1;
    for (std::size_t lane = 0; lane < m_spans.laneCount(); ++lane) {
        const std::size_t to = m_spans.firstEndingAfter(lane, end);
        for (std::size_t at = m_spans.firstEndingAfter(lane, begin); at < to; at += step) {
            const SpanStore::Span span = m_spans.at(lane, at);
            histogram.add(span.end - span.begin, step);
        }
    }
    return histogram;
}

std::optional<RunLog::Place> RunLog::placeOf(const ItemRecord &record) const
{
    if (record.started < 0)
        return std::nullopt;
    // Spans that were cut at the one before begin later than the record says.
    std::size_t at = m_spans.firstBeginningFrom(record.worker, record.started);
    for (int tries = 0; tries < 4 && at < m_spans.size(record.worker); ++tries, ++at)
        if (m_spans.at(record.worker, at).item == record.index)
            return Place{record.worker, at};
    return std::nullopt;
}

std::optional<RunLog::Place> RunLog::placeAt(std::size_t lane, double time) const
{
    const std::size_t at = m_spans.firstEndingAfter(lane, time);
    if (at >= m_spans.size(lane) || m_spans.at(lane, at).begin > time)
        return std::nullopt;
    return Place{lane, at};
}

} // namespace Poolscope
