// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/comparison/recordedwayrun.h"

#include "core/comparison/entrylist.h"
#include "core/engine/clock.h"
#include "core/engine/recordedprocess.h"
#include "core/measurement/lanes.h"
#include "core/scheduling/chunkpolicy.h"
#include "core/tasks/taskcatalog.h"

#include <QJsonDocument>

#include <algorithm>
#include <climits>
#include <limits>

namespace Poolscope {

namespace {

double seconds(std::int64_t time, std::int64_t began)
{
    return double(time - began) * 1e-9;
}

QJsonValue orNull(const std::optional<int> &value)
{
    return value ? QJsonValue(*value) : QJsonValue(QJsonValue::Null);
}

constexpr std::uint64_t mostLookedThrough = 100'000; // items

QString describeHang(const RecordedEnd &end)
{
    const QString why = end.message.isEmpty() ? QString() : QStringLiteral(": ") + end.message;
    switch (end.hang) {
    case RecordedEnd::Hang::WorkerDied:
        break;
    case RecordedEnd::Hang::ResultHandlerEnded:
        return RecordedWayRun::tr("multiprocessing.Pool could not take a result back (its result handler has "
                                  "ended%1), and waits for it for ever")
            .arg(why);
    case RecordedEnd::Hang::TaskHandlerEnded:
        return RecordedWayRun::tr("multiprocessing.Pool could not hand out its items (its task handler has "
                                  "ended%1), and waits for their results for ever")
            .arg(why);
    case RecordedEnd::Hang::WorkerHandlerEnded:
        return RecordedWayRun::tr("multiprocessing.Pool could not replace a worker (its worker handler has "
                                  "ended%1), and waits for results for ever")
            .arg(why);
    case RecordedEnd::Hang::Standstill:
        return RecordedWayRun::tr("nothing runs any more, and multiprocessing.Pool still waits for results");
    }
    return RecordedWayRun::tr("a worker died (%1), and multiprocessing.Pool waits for its result for ever")
        .arg(end.message);
}

} // namespace

RecordedWayRun::RecordedWayRun(const JobSpec &job, const Contestant &contestant)
    : m_job(contestant.appliedTo(job)), m_contestant(contestant)
{}

RecordedWayRun::~RecordedWayRun() = default;

RecordedWork RecordedWayRun::work() const
{
    const TaskSpec task = taskOf(m_job);
    InitializerSpec initializer;
    if (QString error; !m_job.initializer.isEmpty())
        initializer = findInitializer(m_job.initializer,
                                      QJsonDocument::fromJson(m_job.initargs.toUtf8()).array(), task, &error);
    const QString method = QString::fromLatin1(methodName(m_job.method).data());
    RecordedWork work;
    work.launch = localRecorder(task.kind, m_job.python);
    work.setup = {{QStringLiteral("way"), wayName(m_contestant.way)},
                  {QStringLiteral("method"), method},
                  {QStringLiteral("processes"), m_job.processes},
                  {QStringLiteral("chunksize"), m_contestant.chunksize.kind == ChunkChoice::Kind::All
                                                    ? QJsonValue(QStringLiteral("all"))
                                                    : orNull(m_job.chunksize)},
                  {QStringLiteral("maxtasksperchild"), orNull(m_job.maxTasksPerChild)},
                  {QStringLiteral("task"), taskToJson(0, task)},
                  {QStringLiteral("initializer"), initializerToJson(initializer)},
                  {QStringLiteral("unpack"), unpacksItems(m_job.method)}};
    work.input = m_job.input;
    work.inputOptions = {m_job.itemType, unpacksItems(m_job.method)};
    if (m_contestant.way == Way::PythonPool || m_contestant.way == Way::ProcessPerItem)
        work.memoryOf = RecordedWork::MemoryOf::Children;
    return work;
}

void RecordedWayRun::start()
{
    m_process = std::make_unique<RecordedProcess>(work());
    connect(m_process.get(), &RecordedProcess::ended, this, &RecordedWayRun::ended);
    m_process->start();
}

void RecordedWayRun::stop()
{
    if (m_process)
        m_process->stop();
}

RaceProgress RecordedWayRun::progress() const
{
    const Wire::TimeSheet *const sheet = m_process ? m_process->sheet() : nullptr;
    if (!sheet)
        return {};
    const std::int64_t began = sheet->began();
    const std::uint64_t delivered = sheet->delivered();
    return {.total = sheet->items(),
            .delivered = delivered,
            .waiting = waiting(delivered),
            .elapsed = began == 0 ? -1 : seconds(monotonicNow(), began)};
}

/// Counted after what was handed out, so that it is never less than none.
std::optional<std::uint64_t> RecordedWayRun::waiting(std::uint64_t delivered) const
{
    const Wire::TimeSheet &sheet = *m_process->sheet();
    if (sheet.items() > mostLookedThrough)
        return std::nullopt;
    std::uint64_t ended = 0;
    for (std::uint64_t index = 0; index < sheet.items(); ++index)
        if (sheet.item(index).state != Wire::SheetState::Begun)
            ++ended;
    return ended > delivered ? ended - delivered : 0;
}

std::vector<RaceItem> RecordedWayRun::delivered() const
{
    std::vector<RaceItem> items = notedResults();
    placeInLanes(items, workers());
    return items;
}

/// With the numbers of processes and threads for lanes.
std::vector<RaceItem> RecordedWayRun::notedResults() const
{
    std::vector<RaceItem> items;
    const Wire::TimeSheet *const sheet = m_process ? m_process->sheet() : nullptr;
    if (!sheet)
        return items;
    const std::int64_t began = sheet->began();
    const std::uint64_t count = sheet->delivered();
    for (std::uint64_t position = 0; position < count; ++position) {
        const Wire::SheetResult result = sheet->result(position);
        if (result.index >= sheet->items())
            break;
        const Wire::SheetItem item = sheet->item(result.index);
        // A task may have torn the process away from under the notes.
        const bool hasEnded = item.started != 0 && item.state != Wire::SheetState::Begun;
        items.push_back({.index = result.index,
                         .worker = item.worker,
                         .started = hasEnded ? seconds(item.started, began) : -1,
                         .finished = hasEnded ? seconds(item.finished, began) : -1,
                         .delivered = seconds(result.delivered, began),
                         .ok = item.state == Wire::SheetState::Ok});
    }
    return items;
}

std::vector<RaceItem> RecordedWayRun::soFar() const
{
    const Wire::TimeSheet *const sheet = m_process ? m_process->sheet() : nullptr;
    if (!sheet || sheet->began() == 0)
        return {};
    std::vector<RaceItem> items = notedResults();
    // To look through a million notes ten times a second would take too long.
    if (sheet->items() <= mostLookedThrough)
        addNotHandedOut(*sheet, items);
    placeInLanes(items, workers());
    return items;
}

void RecordedWayRun::addNotHandedOut(const Wire::TimeSheet &sheet, std::vector<RaceItem> &items)
{
    constexpr double never = std::numeric_limits<double>::infinity();
    std::vector<bool> isDelivered(std::size_t(sheet.items()));
    for (const RaceItem &item : items)
        isDelivered[std::size_t(item.index)] = true;
    for (std::uint64_t index = 0; index < sheet.items(); ++index) {
        const Wire::SheetItem item = sheet.item(index);
        // Who runs it is known a moment after it has begun.
        if (isDelivered[std::size_t(index)] || item.started == 0 || item.worker == 0)
            continue;
        const bool goesOn = item.state == Wire::SheetState::Begun;
        items.push_back({.index = index,
                         .worker = item.worker,
                         .started = seconds(item.started, sheet.began()),
                         .finished = goesOn ? never : seconds(item.finished, sheet.began()),
                         .delivered = never,
                         .ok = item.state != Wire::SheetState::Failed});
    }
}

std::optional<JobProblem> RecordedWayRun::failure() const
{
    const RecordedEnd &end = m_process->end();
    if (end.how != RecordedEnd::How::Refused)
        return std::nullopt;
    const bool isInput = end.option == QLatin1String("input");
    return JobProblem{isInput ? JobProblem::Kind::Input : JobProblem::Kind::Task, end.option, end.message};
}

/// That of multiprocessing, which is this pool's (S2.1).
std::uint64_t RecordedWayRun::chunksize() const
{
    const std::uint64_t items = m_process->sheet() ? m_process->sheet()->items() : 0;
    const std::optional<std::uint64_t> asked =
        m_job.chunksize ? std::optional(std::uint64_t(*m_job.chunksize)) : std::nullopt;
    return std::min(effectiveChunksize(m_job.method, asked, items, std::uint32_t(m_job.processes)),
                    std::max<std::uint64_t>(items, 1));
}

RaceRound RecordedWayRun::round(const Replay &replay) const
{
    const RecordedEnd &end = m_process->end();
    RaceRound round{.figures = replay.figures(),
                    .processesStarted = end.processes,
                    .chunksize = chunksize(),
                    .peakMemory = replay.length() < shortestToTell ? 0 : end.peakMemory};
    round.ok = std::uint64_t(std::count_if(replay.items().begin(), replay.items().end(),
                                           [](const RaceItem &item) { return item.ok; }));
    round.failed = (m_process->sheet() ? m_process->sheet()->items() : 0) - round.ok;
    if (end.how == RecordedEnd::How::Hung) {
        round.outcome = RaceOutcome::Hung;
        round.message = describeHang(end);
    } else if (end.how == RecordedEnd::How::Raised) {
        round.outcome = RaceOutcome::Failed;
        round.message = end.message;
    } else if (end.how == RecordedEnd::How::Died) {
        round.outcome = RaceOutcome::Failed;
        round.message = tr("its process, which runs all items, %1").arg(end.message);
    }
    return round;
}

} // namespace Poolscope
