// SPDX-License-Identifier: GPL-3.0-or-later
// What the machine commands, done with real processes, inputs and receivers.
#include "core/engine/clock.h"
#include "core/engine/errortext.h"
#include "core/engine/poolengine.h"
#include "core/wire/bytes.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <utility>

namespace Poolscope {

namespace {

/// A worker that has nothing to do any more has this long to leave before it is ended.
constexpr int quitMilliseconds = 3000;

} // namespace

void PoolEngine::carryOut(const StartWorker &command)
{
    if (WorkerProcess *replaced = m_current[command.slot.value]) {
        // It has given back all it had; what it does after that must not add up over many generations.
        for (const auto &process : m_processes)
            if (process->slot() == command.slot && process.get() != replaced)
                process->end(WorkerProcess::End::Kill);
        expectEnd(*replaced);
    }

    auto worker = std::make_unique<WorkerProcess>(command.slot, command.generation,
                                                  static_cast<WorkerListener &>(*this), nullptr);
    WorkerProcess *process = worker.get();
    m_current[command.slot.value] = process;
    m_processes.push_back(std::move(worker));
    ++m_workersStarted;
    const LaunchOptions &launch = m_options.launches[command.launch.value];
    process->launch = command.launch;
    process->start(launch.worker);
    tellOf(*process, RunEventKind::WorkerStarted);
    process->setReadsOutput(m_readsOutput);

    QJsonArray tasks;
    process->loadedTasks.resize(m_tasks.size());
    for (std::uint32_t i = 0; i < m_tasks.size(); ++i) {
        if (!m_tasks[i].isInSetup || m_tasks[i].launch != command.launch)
            continue;
        tasks.append(taskToJson(i, m_tasks[i].spec));
        process->loadedTasks[i] = true;
    }
    QJsonObject setup{{QStringLiteral("slot"), qint64(command.slot.value)},
                      {QStringLiteral("mark"), QString::fromStdString(process->markToken())},
                      {QStringLiteral("maximum_payload"), qint64(m_options.maximumPayload)},
                      {QStringLiteral("generation"), qint64(command.generation)},
                      {QStringLiteral("tasks"), tasks}};
    if (!launch.initializer.function.isEmpty())
        setup.insert(QStringLiteral("initializer"), initializerToJson(launch.initializer));
    const QByteArray json = QJsonDocument(setup).toJson(QJsonDocument::Compact);
    Wire::appendFrame(process->outgoing(), Wire::FrameType::Setup,
                      {json.constData(), std::size_t(json.size())});
}

void PoolEngine::carryOut(const SendPiece &command)
{
    const PoolMachine::Piece *piece = m_machine.piece(command.piece);
    WorkerProcess *worker = m_current[command.slot.value];
    if (!piece || !worker)
        return;
    const ChunkRecord &chunk = **m_chunks.find(piece->chunk.value);
    JobState &job = *chunk.job;
    if (job.firstDispatch < 0)
        job.firstDispatch = monotonicNow();
    loadTask(*worker, job.task);
    Wire::ChunkHeader header;
    header.chunk = command.piece.value;
    header.firstIndex = chunk.firstIndex + piece->offset;
    header.task = job.task;
    header.count = piece->count;
    header.attempt = piece->attempt;
    header.flags = job.chunkFlags;
    Wire::appendChunk(worker->outgoing(), header, chunk.lines(piece->offset, piece->count));
    noteBegun(command.slot);
}

void PoolEngine::loadTask(WorkerProcess &worker, std::uint32_t task)
{
    if (worker.loadedTasks.size() <= task)
        worker.loadedTasks.resize(m_tasks.size());
    if (worker.loadedTasks[task])
        return;
    worker.loadedTasks[task] = true;
    const QByteArray json =
        QJsonDocument(taskToJson(task, m_tasks[task].spec)).toJson(QJsonDocument::Compact);
    const std::size_t frame = Wire::beginFrame(worker.outgoing(), Wire::FrameType::Task);
    Wire::appendRaw(worker.outgoing(), task);
    worker.outgoing().append(json.constData(), std::size_t(json.size()));
    Wire::finishFrame(worker.outgoing(), frame);
}

/// Tells the job whose piece a worker is at.
void PoolEngine::noteBegun(WorkerSlot slot)
{
    const PoolMachine::Worker &worker = m_machine.workers()[slot.value];
    if (m_notBegun == 0 || worker.pieces.empty())
        return;
    const PoolMachine::Piece *piece = m_machine.piece(worker.pieces.front());
    JobState &job = *(*m_chunks.find(piece->chunk.value))->job;
    if (job.begun)
        return;
    job.begun = true;
    --m_notBegun;
    job.receiver->begun();
}

void PoolEngine::carryOut(const RecallPieces &command)
{
    WorkerProcess *worker = m_current[command.slot.value];
    if (!worker)
        return;
    std::vector<std::uint64_t> pieces;
    for (const PieceId piece : command.pieces)
        pieces.push_back(piece.value);
    Wire::appendFrame(worker->outgoing(), Wire::FrameType::Recall, Wire::encodeChunkIds(pieces));
}

void PoolEngine::expectEnd(WorkerProcess &worker)
{
    QTimer::singleShot(quitMilliseconds, &worker, [&worker] { worker.end(WorkerProcess::End::Terminate); });
}

void PoolEngine::carryOut(const QuitWorker &command)
{
    WorkerProcess *worker = m_current[command.slot.value];
    if (!worker)
        return;
    Wire::appendFrame(worker->outgoing(), Wire::FrameType::Quit, {});
    worker->flush();
    tellOf(*worker, RunEventKind::WorkerLeaving);
    if (m_machine.workers()[command.slot.value].pieces.empty())
        expectEnd(*worker);
}

void PoolEngine::carryOut(const HoldWorker &command)
{
    WorkerProcess *worker = m_current[command.slot.value];
    if (!worker || worker->generation() != command.generation)
        return;
    if (const auto begun = worker->holdItems())
        worker->heldAfter = begun->count;
    if (worker->heldAfter && worker->resultsReceived >= *worker->heldAfter)
        m_machine.workerIdle(command.slot, command.generation, monotonicNow());
}

/// Whether the item that a worker is at has run for longer than it may. The machine knows no more than what
/// arrived: items that have ended since may wait to be sent, and their worker may not be able to send them
/// any more. Chunk-mates behind the item must not begin in the time it has to end, for they run elsewhere.
bool PoolEngine::hasTimedOut(WorkerProcess &worker)
{
    const auto begun = worker.holdItems();
    if (!begun)
        return true;
    const bool timedOut =
        m_machine.checkTimeout(worker.slot(), worker.generation(), begun->count - worker.resultsReceived,
                               begun->since + worker.clockOffset, monotonicNow());
    if (timedOut)
        worker.timedOutItem = begun->count;
    return timedOut;
}

void PoolEngine::carryOut(const KillWorker &command)
{
    WorkerProcess *worker = m_current[command.slot.value];
    if (!worker || worker->generation() != command.generation)
        return;
    if (command.reason == KillReason::Timeout && !hasTimedOut(*worker)) {
        if (!worker->heldAfter)
            worker->releaseItems();
        return;
    }
    if (command.reason == KillReason::Held)
        worker->holdItems();
    if (command.reason == KillReason::Start)
        m_launches[worker->launch.value].startFailure =
            tr("A worker was not ready after %1 s: its task takes that long to load, or its initializer to "
               "run. Raise the start timeout if it may.")
                .arg(double(*m_options.config.startTimeout) / 1e9);
    if (command.reason == KillReason::Memory) // a grace time would be time to grow
        worker->end(WorkerProcess::End::Kill,
                    tr("it used %1 of memory, and the limit is %2")
                        .arg(worker->memoryUsed, describeBytes(*m_options.memoryLimit)));
    else
        worker->end(WorkerProcess::End::Terminate);
}

/// What became of an item whose worker has just vanished.
void PoolEngine::fillLost(ItemResult &result, const ChunkRecord &chunk, const LostItem &lost)
{
    const auto timeout = chunk.job->config.timeout;
    const std::string_view line = chunk.lines(lost.offset, 1);
    const std::string_view item = line.substr(0, line.size() - 1);
    const QString who = QStringLiteral("worker %1 (PID %2)").arg(lost.slot.value).arg(m_lastPid);
    result.status = Wire::ItemStatus::Lost;
    result.finished = monotonicNow();
    result.received = result.finished;
    const bool hasToldBegin = m_lastExit.lastBegan >= 0 && m_lastExit.lastBegan <= result.finished;
    result.started = hasToldBegin ? m_lastExit.lastBegan : lost.since;
    result.pid = std::int32_t(m_lastPid);
    result.slot = std::uint16_t(lost.slot.value);
    result.generation = lost.generation;
    result.attempt = std::uint16_t(lost.attempt);
    const QString message =
        lost.reason == LossReason::Timeout
            ? QStringLiteral("ran longer than the timeout of %1 s, so %2 was ended")
                  .arg(double(*timeout) / 1e9)
                  .arg(who)
        : m_lastExit.reason.isEmpty()
            ? QStringLiteral("%1 %2 while it ran this item").arg(who, describeExit(m_lastExit))
            : QStringLiteral("%1 was ended while it ran this item: %2").arg(who, m_lastExit.reason);
    result.payload = lostJson(lossType(lost.reason), message, m_lastExit, item);
    SlotFigures &figures = m_figures[lost.slot.value];
    figures.busy += result.finished - result.started;
    figures.lastError = describeExit(m_lastExit).toStdString();
}

void PoolEngine::carryOut(const RetryItem &command)
{
    ChunkRecord &chunk = **m_chunks.find(command.chunk.value);
    ItemResult attempt;
    attempt.index = chunk.firstIndex + command.offset;
    fillLost(attempt, chunk, command);
    if (m_options.observer)
        m_options.observer->attemptEnded(chunk.job->id, attempt);
    chunk.addAttempt(command.offset, std::move(attempt));
}

void PoolEngine::carryOut(const LoseItem &command)
{
    ChunkRecord &chunk = **m_chunks.find(command.chunk.value);
    ItemResult &result = chunk.outcome(command.offset);
    fillLost(result, chunk, command);
    ++m_figures[command.slot.value].itemsFailed;
    if (m_options.observer)
        m_options.observer->itemsEnded(chunk.job->id, {&result, 1});
    if (chunk.job->halt)
        chunk.job->halt->itemEnded(false);
    haltIfDue(*chunk.job);
}

void PoolEngine::carryOut(const SkipItems &command)
{
    ChunkRecord &chunk = **m_chunks.find(command.chunk.value);
    const QString halted = QStringLiteral("the run was halted: %1").arg(chunk.job->halted);
    for (std::uint32_t offset = command.offset; offset < command.offset + command.count; ++offset) {
        if (chunk.results[offset].hasOutcome)
            continue;
        ItemResult &result = chunk.outcome(offset);
        if (result.earlier)
            result.attempt = result.earlier->back().attempt;
        if (command.reason == SkipReason::Cancelled) {
            result.status = Wire::ItemStatus::Cancelled;
            result.payload =
                errorJson(QStringLiteral("Cancelled"), QStringLiteral("the run was stopped before it ended"));
        } else if (command.reason == SkipReason::CutShort) {
            result.status = Wire::ItemStatus::Cancelled;
            result.payload = errorJson(QStringLiteral("Cancelled"), halted);
        } else if (command.reason == SkipReason::Halted) {
            result.status = Wire::ItemStatus::NotRun;
            result.payload = errorJson(QStringLiteral("NotRun"), halted);
        } else {
            result.status = Wire::ItemStatus::NotRun;
            result.payload = errorJson(QStringLiteral("NotRun"),
                                       m_launches[chunk.job->config.launch.value].failure.isEmpty()
                                           ? QStringLiteral("an item before it in its chunk failed")
                                           : QStringLiteral("no worker could be started"));
        }
        if (m_options.observer)
            m_options.observer->itemsEnded(chunk.job->id, {&result, 1});
    }
}

void PoolEngine::carryOut(const CompleteChunk &command)
{
    std::unique_ptr<ChunkRecord> chunk = std::move(*m_chunks.find(command.chunk.value));
    m_chunks.remove(command.chunk.value);
    if (m_options.observer)
        m_options.observer->chunkCompleted(chunk->job->id, chunk->results, chunk->items);
    JobState &job = *chunk->job;
    reuse(job.complete(std::move(chunk)));
}

void PoolEngine::reuse(std::unique_ptr<ChunkRecord> chunk)
{
    // Kept for the sake of tiny chunks; a large one costs little to allocate and much to keep.
    constexpr std::size_t sparesKept = 4096;
    constexpr std::size_t smallChunk = 16;
    if (chunk && m_spare.size() < sparesKept && chunk->results.capacity() <= smallChunk &&
        chunk->items.capacity() < 4096)
        m_spare.push_back(std::move(chunk));
}

void PoolEngine::carryOut(const ReleaseResults &command)
{
    JobState *job = jobState(command.job);
    job->release(command.chunks, command.items,
                 [this](std::unique_ptr<ChunkRecord> chunk) { reuse(std::move(chunk)); });
    if (!std::exchange(job->hasOutgoing, true))
        m_withOutgoing.push_back(job);
}

void PoolEngine::carryOut(const ReadInput &command)
{
    JobState *job = jobState(command.job);
    if (job && job->supply && job->supply->allow(command.chunks) == ItemSupply::Answer::Now)
        inputReady(command.job);
}

void PoolEngine::carryOut(const StopInput &command)
{
    JobState *job = jobState(command.job);
    if (!job || !job->supply)
        return;
    job->isStopped = true;
    job->supply->stop();
    absorb(*job);
    if (!job->supply)
        return;
    // Whoever waits for results does not wait for a source that takes its time; the pool's end does.
    m_retiredSupplies.emplace(command.job.value, std::move(job->supply));
    m_machine.inputEnded(command.job, monotonicNow());
}

void PoolEngine::carryOut(const FinishJob &command)
{
    JobState &job = *jobState(command.job);
    if (m_options.observer)
        m_options.observer->resultsLeave();
    job.flush();
    std::erase(m_withOutgoing, &job);
    if (!std::exchange(job.begun, true))
        --m_notBegun;
    const QString &failure = m_launches[job.config.launch.value].failure;
    job.receiver->finish({.failure = failure,
                          .inputError = job.inputError,
                          .wasCutOff = job.isStopped || job.items.cancelled > 0 || !failure.isEmpty()});
    if (!job.isKept)
        m_jobs.erase(command.job.value);
}

void PoolEngine::carryOut(const FailLaunch &command)
{
    LaunchState &launch = m_launches[command.launch.value];
    if (launch.failure.isEmpty())
        launch.failure = launch.startFailure;
    if (launch.failure.isEmpty()) {
        launch.failure = tr("The workers end before they are ready (%1).")
                             .arg(describeLoss(LossReason::Death, m_lastExit));
        if (!m_lastExit.errorTail.isEmpty())
            launch.failure += QLatin1Char('\n') + QString::fromUtf8(m_lastExit.errorTail).trimmed();
    }
    if (m_options.observer)
        m_options.observer->poolEvent(launch.failure);
}

} // namespace Poolscope
