// SPDX-License-Identifier: GPL-3.0-or-later
// What workers say, turned into events of the machine. Nothing a worker sends is taken on trust: a frame that
// makes no sense ends that worker, and its items get their outcome as those of any worker that vanished.
#include "core/engine/clock.h"
#include "core/engine/errortext.h"
#include "core/engine/poolengine.h"
#include "core/wire/bytes.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QSysInfo>

#include <algorithm>
#include <cstring>
#include <utility>

namespace Poolscope {

namespace {

QJsonObject parseObject(std::string_view payload)
{
    return QJsonDocument::fromJson(QByteArray(payload.data(), qsizetype(payload.size()))).object();
}

} // namespace

void PoolEngine::framesArrived()
{
    m_arrival = monotonicNow();
}

void PoolEngine::framesTaken()
{
    settleArrived();
}

void PoolEngine::frameReceived(WorkerProcess &worker, const Wire::Frame &frame)
{
    bool sense = true;
    const Time now = m_arrival;
    if (frame.type != Wire::FrameType::Results)
        settleArrived();
    switch (frame.type) {
    case Wire::FrameType::Results:
        sense = resultsReceived(worker, frame.payload);
        break;
    case Wire::FrameType::Hello:
        helloReceived(worker, frame.payload);
        break;
    case Wire::FrameType::Ready:
        worker.peakMemory().seen(residentMemory(worker.pid()));
        if (refuseToStart(worker))
            break;
        m_launches[worker.launch.value].startFailure.clear();
        m_machine.workerReady(worker.slot(), worker.generation(), now);
        tellOf(worker, RunEventKind::WorkerReady);
        break;
    case Wire::FrameType::Failed:
        failureReceived(worker, frame.payload);
        m_machine.workerFailed(worker.slot(), worker.generation(), now);
        // It leaves by itself, unless a thread that it started keeps it.
        expectEnd(worker);
        break;
    case Wire::FrameType::Recalled: {
        std::vector<std::uint64_t> ids;
        sense = Wire::parseChunkIds(frame.payload, ids);
        std::vector<PieceId> pieces;
        for (const std::uint64_t id : ids)
            pieces.emplace_back(id);
        if (sense)
            m_machine.piecesRecalled(worker.slot(), worker.generation(), pieces, now);
        break;
    }
    default:
        sense = false;
    }
    if (!sense)
        worker.end(WorkerProcess::End::Kill,
                   tr("it broke the protocol: a frame of type %1 with %2 bytes makes no sense here")
                       .arg(int(frame.type))
                       .arg(frame.payload.size()));
}

void PoolEngine::framesDrained()
{
    runCommands();
}

void PoolEngine::helloReceived(WorkerProcess &worker, std::string_view payload)
{
    worker.hasGreeted = true;
    const QJsonObject hello = parseObject(payload);
    if (hello.value(QStringLiteral("host")).toString() != QSysInfo::machineHostName())
        worker.clockOffset = monotonicNow() - Time(hello.value(QStringLiteral("clock")).toInteger());
}

void PoolEngine::failureReceived(WorkerProcess &worker, std::string_view payload)
{
    LaunchState &launch = m_launches[worker.launch.value];
    const QJsonObject failure = parseObject(payload);
    const QString type = failure.value(QStringLiteral("type")).toString();
    const QString message = failure.value(QStringLiteral("message")).toString();
    const QString traceback = failure.value(QStringLiteral("traceback")).toString();
    const bool inInitializer =
        failure.value(QStringLiteral("stage")).toString() == QLatin1String("initializer");
    if (inInitializer)
        launch.failureOption = QStringLiteral("initializer");
    const QString what =
        inInitializer
            ? tr("The initializer %1 failed")
                  .arg(m_options.launches[worker.launch.value].initializer.function)
            : tr("The task %1 cannot be loaded").arg(failure.value(QStringLiteral("task")).toString());
    launch.startFailure = QStringLiteral("%1: %2: %3").arg(what, type, message);
    if (!traceback.trimmed().isEmpty())
        launch.startFailure += QLatin1Char('\n') + traceback.trimmed();
}

/// Whether a result comes too late: it is that of the item the worker is ended for. Those of items before it
/// may have waited in the worker.
bool PoolEngine::isOfTimedOut(WorkerProcess &worker, std::string_view results)
{
    Wire::ResultHeader result;
    std::string_view value;
    if (worker.timedOutItem > 0 && Wire::takeResult(results, result, value) &&
        (result.status == Wire::ItemStatus::NotRun || worker.resultsReceived + 1 < worker.timedOutItem))
        return false;
    // What its end brings with it has an outcome, too.
    worker.timedOutItem = 0;
    return true;
}

bool PoolEngine::resultsReceived(WorkerProcess &worker, std::string_view payload)
{
    Wire::ResultsHeader header;
    if (!Wire::takeResultsHeader(payload, header))
        return false;
    const PieceId id(header.chunk);
    if (m_arrived.worker != &worker || m_arrived.piece != id)
        settleArrived();
    if (!m_arrived.worker) {
        const PoolMachine::Worker &state = m_machine.workers()[worker.slot().value];
        // Late words of a process that was ended or replaced: its items have their outcome already.
        if (state.generation != worker.generation() || state.pieces.empty() ||
            (state.loss == LossReason::Timeout && isOfTimedOut(worker, payload)))
            return true;
        const PoolMachine::Piece *piece = m_machine.piece(id);
        if (!piece || state.pieces.front() != id)
            return false;
        m_arrived = {.worker = &worker,
                     .piece = id,
                     .chunk = m_chunks.find(piece->chunk.value)->get(),
                     .first = piece->offset + piece->done,
                     .left = piece->count - piece->done};
    }
    if (header.count == 0 || header.count > m_arrived.left ||
        header.firstIndex != m_arrived.chunk->firstIndex + m_arrived.first + m_arrived.count)
        return false;

    ChunkRecord &chunk = *m_arrived.chunk;
    const JobConfig &config = chunk.job->config;
    for (std::uint32_t i = 0; i < header.count; ++i) {
        Wire::ResultHeader result;
        std::string_view value;
        if (!Wire::takeResult(payload, result, value) || value.find('\n') != std::string_view::npos)
            return false;
        const std::uint32_t offset = m_arrived.first + m_arrived.count;
        const std::uint32_t rest = --m_arrived.left;
        ++m_arrived.count;
        m_arrived.work += result.finished - result.started;
        if (result.status != Wire::ItemStatus::NotRun) {
            ++worker.resultsReceived;
            worker.lastItem = header.firstIndex + i;
        }
        if (result.status == Wire::ItemStatus::NotRun && m_retried.contains(id))
            continue;
        const PoolMachine::Piece &piece = *m_machine.piece(id);
        const std::uint32_t inPiece = offset - piece.offset;
        const std::uint32_t attempt = inPiece == 0 ? piece.attempt : 1;
        if (result.status == Wire::ItemStatus::Error && (config.retries > 0 || config.stopOnError) &&
            m_machine.itemFailed(id, inPiece, config.stopOnError ? rest : 0, m_arrival)) {
            if (config.stopOnError)
                m_retried.insert(id);
            ItemResult tried;
            tried.index = chunk.firstIndex + offset;
            store(worker, tried, result, value, attempt, piece.sent);
            if (m_options.observer)
                m_options.observer->attemptEnded(chunk.job->id, tried);
            chunk.addAttempt(offset, std::move(tried));
            continue;
        }
        ItemResult &outcome = chunk.outcome(offset);
        store(worker, outcome, result, value, attempt, piece.sent);
        countItem(outcome);
        if (chunk.job->halt && result.status != Wire::ItemStatus::NotRun)
            chunk.job->halt->itemEnded(result.status == Wire::ItemStatus::Ok);
    }
    // What these decide must be known before the next frame.
    const bool isTimedOut = m_machine.workers()[worker.slot().value].loss == LossReason::Timeout;
    if (worker.heldAfter || chunk.job->halt || isTimedOut)
        settleArrived();
    return payload.empty();
}

/// Tells of the results that have arrived.
void PoolEngine::settleArrived()
{
    const Arrived arrived = std::exchange(m_arrived, {});
    if (!arrived.worker || arrived.count == 0)
        return;
    WorkerProcess &worker = *arrived.worker;
    JobState &job = *arrived.chunk->job;
    if (m_options.observer)
        m_options.observer->itemsEnded(
            job.id, std::span(arrived.chunk->results).subspan(arrived.first, arrived.count));
    if (!m_retried.empty() && arrived.left == 0)
        m_retried.erase(arrived.piece);
    m_machine.itemsDone(worker.slot(), worker.generation(), arrived.piece, arrived.count, arrived.work,
                        m_arrival);
    if (worker.heldAfter && worker.resultsReceived >= *worker.heldAfter)
        m_machine.workerIdle(worker.slot(), worker.generation(), m_arrival);
    haltIfDue(job);
    noteBegun(worker.slot());
}

void PoolEngine::haltIfDue(JobState &job)
{
    if (!job.halt || !job.halt->isDue() || !job.halted.isEmpty())
        return;
    const HaltDecision &halt = *job.halt;
    if (!m_machine.haltJob(job.id, halt.policy().when, monotonicNow()))
        return;
    job.halted =
        (halt.policy().why == HaltPolicy::Why::Fail ? tr("%1 of %2 items failed (halt policy %3)")
                                                    : tr("%1 of %2 items succeeded (halt policy %3)"))
            .arg(halt.counted())
            .arg(halt.ended())
            .arg(QString::fromStdString(toText(halt.policy())));
    if (m_options.observer) {
        m_options.observer->poolEvent(tr("Halted: %1.").arg(job.halted));
        m_options.observer->jobHalted(job.id);
    }
}

void PoolEngine::store(WorkerProcess &worker, ItemResult &result, const Wire::ResultHeader &header,
                       std::string_view value, std::uint32_t attempt, Time sent)
{
    result.status = header.status;
    result.slot = std::uint16_t(worker.slot().value);
    result.generation = worker.generation();
    result.pid = std::int32_t(worker.pid());
    result.attempt = std::uint16_t(attempt);
    if (header.status == Wire::ItemStatus::NotRun) {
        result.payload = errorJson(QStringLiteral("NotRun"), tr("an item before it in its chunk failed"));
        return;
    }
    result.started = header.started + worker.clockOffset;
    result.finished = header.finished + worker.clockOffset;
    result.received = m_arrival;
    result.cpu = header.cpu;
    result.unpack = header.unpack;
    result.pack = header.pack;
    if (sent > 0)
        result.queued = Wire::microseconds(result.started - sent);
    result.payload = value;
    SlotFigures &figures = m_figures[worker.slot().value];
    figures.busy += header.finished - header.started;
    if (header.status == Wire::ItemStatus::Error) {
        const QJsonObject error = parseObject(value);
        figures.lastError =
            QStringLiteral("%1: %2")
                .arg(error.value(QStringLiteral("type")).toString(),
                     error.value(QStringLiteral("message")).toString().section(QLatin1Char('\n'), 0, 0))
                .toStdString();
    }
}

void PoolEngine::countItem(const ItemResult &outcome)
{
    if (outcome.status == Wire::ItemStatus::NotRun)
        return;
    const double duration = double(outcome.finished - outcome.started) * 1e-9;
    m_durations.add(duration);
    m_quantiles.add(duration);
    SlotFigures &figures = m_figures[outcome.slot];
    ++figures.itemsDone;
    figures.itemsFailed += outcome.status == Wire::ItemStatus::Error;
}

void PoolEngine::outputReceived(WorkerProcess &worker, OutputStream stream,
                                const Wire::OutputSplitter::Part &part, std::optional<std::uint64_t> begun)
{
    if (!m_options.observer)
        return;
    std::optional<std::uint64_t> item = part.item;
    if (!part.isMarked && begun)
        item = itemBegun(worker, *begun);
    else if (!part.isMarked && m_current[worker.slot().value] == &worker)
        item = currentItem(worker.slot());
    m_options.observer->workerOutput(
        worker.slot(), worker.pid(),
        {.stream = stream, .item = item, .text = part.text, .endsItem = part.isMarked});
}

std::optional<std::uint64_t> PoolEngine::begunWith(const WorkerProcess &worker, std::uint64_t item) const
{
    if (item == worker.lastItem)
        return worker.resultsReceived;
    if (m_current[worker.slot().value] != &worker)
        return std::nullopt;
    std::uint64_t begun = worker.resultsReceived;
    for (const PieceId id : m_machine.workers()[worker.slot().value].pieces) {
        const PoolMachine::Piece &piece = *m_machine.piece(id);
        const auto *chunk = m_chunks.find(piece.chunk.value);
        const std::uint64_t first = (*chunk)->firstIndex + piece.offset + piece.done;
        const std::uint64_t open = piece.count - piece.done;
        if (item >= first && item < first + open)
            return begun + 1 + (item - first);
        begun += open;
    }
    return std::nullopt;
}

/// The item that a process was at when it had begun so many.
std::optional<std::uint64_t> PoolEngine::itemBegun(const WorkerProcess &worker, std::uint64_t begun) const
{
    if (begun <= worker.resultsReceived)
        return worker.lastItem;
    if (m_current[worker.slot().value] != &worker)
        return std::nullopt;
    std::uint64_t ahead = begun - worker.resultsReceived - 1;
    for (const PieceId id : m_machine.workers()[worker.slot().value].pieces) {
        const PoolMachine::Piece &piece = *m_machine.piece(id);
        const std::uint32_t open = piece.count - piece.done;
        if (ahead < open) {
            const auto *chunk = m_chunks.find(piece.chunk.value);
            return chunk ? std::optional((*chunk)->firstIndex + piece.offset + piece.done + ahead)
                         : std::nullopt;
        }
        ahead -= open;
    }
    return std::nullopt;
}

void PoolEngine::workerEnded(WorkerProcess &worker, const WorkerExit &exit,
                             std::optional<std::uint64_t> begun)
{
    const WorkerSlot slot = worker.slot();
    const PoolMachine::Worker &state = m_machine.workers()[slot.value];
    const bool isCurrent = m_current[slot.value] == &worker;
    m_lastExit = exit;
    m_lastPid = worker.pid();
    if (!exit.started) {
        LaunchState &launch = m_launches[worker.launch.value];
        launch.startFailure = exit.reason;
        launch.failureOption =
            worker.pid() == 0 ? QStringLiteral("processes") : m_options.launches[worker.launch.value].option;
    }
    if (m_options.observer)
        m_options.observer->workerEnded(slot, worker.pid());
    std::optional<bool> running;
    if (begun)
        running = *begun > worker.resultsReceived;
    // One that is ended for its memory may have got through with its item after all.
    const bool losesItem =
        state.loss == LossReason::Timeout || (state.loss == LossReason::Memory && running.value_or(true));
    const bool expected = !isCurrent || state.generation != worker.generation() ||
                          (state.phase == PoolMachine::WorkerPhase::Quitting && state.pieces.empty()) ||
                          (state.phase == PoolMachine::WorkerPhase::Killed && !losesItem);
    if (!expected) {
        ++m_workersLost;
        const QString how = describeLoss(state.loss, exit);
        if (m_options.observer)
            m_options.observer->poolEvent(
                exit.started ? tr("Worker %1 (PID %2) %3.").arg(slot.value).arg(worker.pid()).arg(how)
                             : tr("Worker %1: %2").arg(slot.value).arg(exit.reason));
    }

    tellOf(worker, expected                            ? RunEventKind::WorkerEnded
                   : state.loss == LossReason::Timeout ? RunEventKind::WorkerTimedOut
                   : state.loss == LossReason::Memory  ? RunEventKind::WorkerOutOfMemory
                                                       : RunEventKind::WorkerDied);
    if (!expected && m_options.observer)
        tellDeath(worker, exit, running.value_or(true) ? currentItem(slot) : std::nullopt);
    if (isCurrent)
        m_current[slot.value] = nullptr;
    m_machine.workerGone(slot, worker.generation(), running, monotonicNow());
    notePlace(slot.value);

    const auto position = std::find_if(m_processes.begin(), m_processes.end(),
                                       [&worker](const auto &process) { return process.get() == &worker; });
    // Its own code is still on the stack.
    position->release()->deleteLater();
    m_processes.erase(position);
    runCommands();
}

void PoolEngine::tellOf(const WorkerProcess &worker, RunEventKind kind)
{
    if (m_options.observer)
        m_options.observer->workerEvent(worker.slot(), worker.generation(), worker.pid(), kind);
}

void PoolEngine::tellDeath(const WorkerProcess &worker, const WorkerExit &exit,
                           std::optional<std::uint64_t> item)
{
    const PoolMachine::Worker &state = m_machine.workers()[worker.slot().value];
    const QString how = describeLoss(state.loss, exit);
    const QString when = item                                                ? QString()
                         : state.phase == PoolMachine::WorkerPhase::Starting ? tr(" while it started")
                                                                             : tr(" while it ran no item");
    m_options.observer->workerDied(
        worker.slot(), worker.generation(), worker.pid(), item,
        lostJson(lossType(state.loss),
                 tr("worker %1 (PID %2) %3%4").arg(worker.slot().value).arg(worker.pid()).arg(how, when),
                 exit, {}));
}

} // namespace Poolscope
