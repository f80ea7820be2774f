// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/poolengine.h"

#include "core/engine/clock.h"
#include "core/engine/errortext.h"
#include "core/wire/bytes.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

#include <sys/resource.h>

namespace Poolscope {

namespace {

/// A worker that is idle and was told to leave has this long before it is ended.
constexpr int quitMilliseconds = 3000;

} // namespace

PoolEngine::PoolEngine(PoolEngineOptions options)
    : m_options(std::move(options))
    , m_machine(m_options.config)
    , m_current(m_options.config.processes, nullptr)
    , m_figures(m_options.config.processes)
    , m_tick(this)
{
    m_tick.setSingleShot(true);
    m_tick.setTimerType(Qt::PreciseTimer);
    connect(&m_tick, &QTimer::timeout, this, [this] {
        m_machine.tick(monotonicNow());
        runCommands();
    });
}

PoolEngine::~PoolEngine() = default;

void PoolEngine::start()
{
    if (hasDescriptors())
        m_machine.start(monotonicNow());
    else
        m_machine.fail();
    runCommands();
}

/// Finds out before the first worker is started that there are not enough file descriptors for all (S1.10).
/// The limit that usually stands in the way is the soft one, which a process may raise for itself.
bool PoolEngine::hasDescriptors()
{
    // Measured: four stay open for a worker (three pipes and the watch on its end), some more while it
    // starts.
    constexpr rlim_t eachWorker = 4;
    constexpr rlim_t others = 48;
    constexpr rlim_t ofAWorker = 256; // workers keep their channel at 200 and above, out of their tasks' way
    const rlim_t needed = std::max(ofAWorker, eachWorker * m_options.config.processes + others);
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed)
        return true;
    limit.rlim_cur = std::min(needed, limit.rlim_max);
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur == needed)
        return true;
    m_failureOption = QStringLiteral("processes");
    m_failure = tr("Too many open files: %1 worker processes need about %2 file descriptors, and only %3 are "
                   "allowed. Ask for fewer processes, or raise the limit (ulimit -n).")
                    .arg(m_options.config.processes)
                    .arg(needed)
                    .arg(limit.rlim_max);
    return false;
}

JobId PoolEngine::submit(JobRequest request)
{
    const JobId id = m_machine.submit(request.config, monotonicNow());
    auto job = std::make_unique<JobState>();
    job->config = request.config;
    job->task = request.task;
    job->chunkFlags = (request.unpack ? std::uint32_t(Wire::ChunkFlag::Unpack) : 0) |
                      (request.config.stopOnError ? std::uint32_t(Wire::ChunkFlag::StopOnError) : 0);
    job->chunksize = request.chunksize;
    job->queue = std::move(request.queue);
    job->reader =
        std::make_unique<InputReader>(std::move(request.source), request.chunksize, request.pace, [this, id] {
            QMetaObject::invokeMethod(
                this, [this, id] { inputReady(id); }, Qt::QueuedConnection);
        });
    m_jobs.push_back(std::move(job));
    runCommands();
    return id;
}

void PoolEngine::pause()
{
    m_machine.pause();
}

void PoolEngine::resume()
{
    m_machine.resume(monotonicNow());
    runCommands();
}

void PoolEngine::close()
{
    m_machine.close(monotonicNow());
    runCommands();
}

void PoolEngine::terminate()
{
    m_machine.terminate(monotonicNow());
    runCommands();
}

void PoolEngine::inputReady(JobId id)
{
    JobState &job = *m_jobs[id.value];
    if (!job.reader)
        return;
    InputReader::Progress progress = job.reader->take();
    const Time now = monotonicNow();
    for (const InputReader::Block &block : progress.blocks) {
        std::size_t begin = 0;
        for (const InputReader::Chunk &chunk : block.chunks) {
            std::unique_ptr<ChunkRecord> record;
            if (m_spare.empty()) {
                record = std::make_unique<ChunkRecord>();
            } else {
                record = std::move(m_spare.back());
                m_spare.pop_back();
            }
            record->job = id;
            record->firstIndex = job.nextIndex;
            record->items.assign(block.bytes, begin, chunk.end - begin);
            record->results.clear();
            record->results.resize(chunk.items);
            begin = chunk.end;
            job.nextIndex += chunk.items;
            job.items.read += chunk.items;
            ++job.chunks;
            // Both count chunks from 0 in the order they are added.
            m_chunks.add(std::move(record));
            m_machine.chunkRead(id, chunk.items, now);
        }
    }
    if (progress.ended) {
        job.inputError = progress.error;
        job.reader.reset();
        m_machine.inputEnded(id, now);
    }
    runCommands();
}

void PoolEngine::resultsTaken(JobId id)
{
    JobState &job = *m_jobs[id.value];
    job.taken += job.queue->takenSinceLast();
    const std::uint64_t chunks = job.taken / job.chunksize;
    m_machine.chunksTaken(id, chunks - job.chunksTaken, monotonicNow());
    job.chunksTaken = chunks;
    runCommands();
}

void PoolEngine::runCommands()
{
    // Carrying out a command may end a process at once, which is an event again.
    if (m_runningCommands)
        return;
    m_runningCommands = true;
    for (auto commands = m_machine.takeCommands(monotonicNow()); !commands.empty();
         commands = m_machine.takeCommands(monotonicNow()))
        for (const PoolCommand &command : commands)
            std::visit([this](const auto &c) { carryOut(c); }, command);
    m_runningCommands = false;

    for (WorkerProcess *worker : m_current)
        if (worker)
            worker->flush();
    for (const auto &job : m_jobs)
        job->flush();
    scheduleTick();
    checkOver();
}

void PoolEngine::scheduleTick()
{
    const auto deadline = m_machine.nextDeadline();
    if (!deadline) {
        m_tick.stop();
        return;
    }
    const Time wait = std::clamp<Time>(*deadline - monotonicNow(), 0, Time{24} * 3600 * 1'000'000'000);
    m_tick.start(std::chrono::milliseconds(wait / 1'000'000 + 1));
}

void PoolEngine::checkOver()
{
    if (m_over || !m_machine.isOver() || !m_processes.empty())
        return;
    m_over = true;
    m_tick.stop();
    Q_EMIT over();
}

void PoolEngine::carryOut(const StartWorker &command)
{
    if (WorkerProcess *replaced = m_current[command.slot.value]) {
        // It has given back all it had; what it does after that must not add up over many generations.
        for (const auto &process : m_processes)
            if (process->slot() == command.slot && process.get() != replaced)
                process->end(WorkerProcess::End::Kill);
        QTimer::singleShot(quitMilliseconds, replaced,
                           [replaced] { replaced->end(WorkerProcess::End::Terminate); });
    }

    auto worker = std::make_unique<WorkerProcess>(command.slot, command.generation,
                                                  static_cast<WorkerListener &>(*this), nullptr);
    WorkerProcess *process = worker.get();
    m_current[command.slot.value] = process;
    m_processes.push_back(std::move(worker));
    ++m_workersStarted;
    process->start(m_options.launch);

    QJsonArray tasks;
    for (qsizetype i = 0; i < m_options.tasks.size(); ++i)
        tasks.append(taskToJson(quint32(i), m_options.tasks[i]));
    QJsonObject setup{{QStringLiteral("slot"), qint64(command.slot.value)},
                      {QStringLiteral("generation"), qint64(command.generation)},
                      {QStringLiteral("tasks"), tasks}};
    if (!m_options.initializer.function.isEmpty())
        setup.insert(QStringLiteral("initializer"), initializerToJson(m_options.initializer));
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
    JobState &job = *m_jobs[chunk.job.value];
    if (job.firstDispatch < 0)
        job.firstDispatch = monotonicNow();
    Wire::ChunkHeader header;
    header.chunk = command.piece.value;
    header.firstIndex = chunk.firstIndex + piece->offset;
    header.task = job.task;
    header.count = piece->count;
    header.attempt = piece->attempt;
    header.flags = job.chunkFlags;
    Wire::appendChunk(worker->outgoing(), header, chunk.lines(piece->offset, piece->count));
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

void PoolEngine::carryOut(const QuitWorker &command)
{
    WorkerProcess *worker = m_current[command.slot.value];
    if (!worker)
        return;
    Wire::appendFrame(worker->outgoing(), Wire::FrameType::Quit, {});
    worker->flush();
    if (m_machine.workers()[command.slot.value].pieces.empty())
        QTimer::singleShot(quitMilliseconds, worker,
                           [worker] { worker->end(WorkerProcess::End::Terminate); });
}

void PoolEngine::carryOut(const KillWorker &command)
{
    if (WorkerProcess *worker = m_current[command.slot.value])
        worker->end(WorkerProcess::End::Terminate);
}

void PoolEngine::carryOut(const LoseItem &command)
{
    ChunkRecord &chunk = **m_chunks.find(command.chunk.value);
    ItemResult &result = chunk.outcome(command.offset);
    const auto timeout = m_jobs[chunk.job.value]->config.timeout;
    const QString who = QStringLiteral("worker %1 (PID %2)").arg(command.slot.value).arg(m_lastPid);
    result.status = Wire::ItemStatus::Lost;
    result.started = command.since;
    result.finished = monotonicNow();
    result.pid = std::int32_t(m_lastPid);
    result.slot = std::uint16_t(command.slot.value);
    result.generation = command.generation;
    result.attempt = std::uint16_t(command.attempt);
    if (command.timedOut) {
        result.payload = lostJson(QStringLiteral("TimeoutError"),
                                  QStringLiteral("ran longer than the timeout of %1 s, so %2 was ended")
                                      .arg(double(*timeout) / 1e9)
                                      .arg(who),
                                  m_lastExit);
    } else if (!m_lastExit.reason.isEmpty()) {
        result.payload =
            lostJson(QStringLiteral("WorkerLost"),
                     QStringLiteral("%1 was ended while it ran this item: %2").arg(who, m_lastExit.reason),
                     m_lastExit);
    } else {
        result.payload = lostJson(
            QStringLiteral("WorkerLost"),
            QStringLiteral("%1 %2 while it ran this item").arg(who, describeExit(m_lastExit)), m_lastExit);
    }
    SlotFigures &figures = m_figures[command.slot.value];
    ++figures.itemsFailed;
    figures.busy += result.finished - result.started;
    figures.lastError = describeExit(m_lastExit).toStdString();
}

void PoolEngine::carryOut(const SkipItems &command)
{
    ChunkRecord &chunk = **m_chunks.find(command.chunk.value);
    for (std::uint32_t offset = command.offset; offset < command.offset + command.count; ++offset) {
        if (chunk.results[offset].hasOutcome)
            continue;
        ItemResult &result = chunk.outcome(offset);
        if (command.reason == SkipReason::Cancelled) {
            result.status = Wire::ItemStatus::Cancelled;
            result.payload =
                errorJson(QStringLiteral("Cancelled"), QStringLiteral("the run was stopped before it ended"));
        } else {
            result.status = Wire::ItemStatus::NotRun;
            result.payload =
                errorJson(QStringLiteral("NotRun"),
                          m_failure.isEmpty() ? QStringLiteral("an item before it in its chunk failed")
                                              : QStringLiteral("no worker could be started"));
        }
    }
}

void PoolEngine::carryOut(const CompleteChunk &command)
{
    std::unique_ptr<ChunkRecord> chunk = std::move(*m_chunks.find(command.chunk.value));
    m_chunks.remove(command.chunk.value);
    if (m_options.observer)
        m_options.observer->chunkCompleted(chunk->job, chunk->results, chunk->items);
    m_jobs[chunk->job.value]->complete(*chunk);
    // Kept for the sake of tiny chunks; a large one costs little to allocate and much to keep.
    constexpr std::size_t sparesKept = 4096;
    constexpr std::size_t smallChunk = 16;
    if (m_spare.size() < sparesKept && chunk->results.capacity() <= smallChunk &&
        chunk->items.capacity() < 4096)
        m_spare.push_back(std::move(chunk));
}

void PoolEngine::carryOut(const ReleaseResults &command)
{
    m_jobs[command.job.value]->release(command.items);
}

void PoolEngine::carryOut(const ReadInput &command)
{
    if (auto &reader = m_jobs[command.job.value]->reader)
        reader->allow(command.chunks);
}

void PoolEngine::carryOut(const StopInput &command)
{
    if (auto &reader = m_jobs[command.job.value]->reader)
        reader->stop();
}

void PoolEngine::carryOut(const FinishJob &command)
{
    JobState &job = *m_jobs[command.job.value];
    job.finished = true;
    job.flush();
    job.queue->finish();
    Q_EMIT jobFinished(command.job);
}

void PoolEngine::carryOut(const FailPool &)
{
    if (m_failure.isEmpty())
        m_failure = m_startFailure;
    if (!m_failure.isEmpty())
        return;
    m_failure = tr("The workers end before they are ready (%1).").arg(describeExit(m_lastExit));
    if (!m_lastExit.errorTail.isEmpty())
        m_failure += QLatin1Char('\n') + QString::fromUtf8(m_lastExit.errorTail).trimmed();
}

std::optional<std::uint64_t> PoolEngine::currentItem(WorkerSlot slot) const
{
    const PoolMachine::Worker &worker = m_machine.workers()[slot.value];
    if (worker.pieces.empty())
        return std::nullopt;
    const PoolMachine::Piece *piece = m_machine.piece(worker.pieces.front());
    const auto *chunk = m_chunks.find(piece->chunk.value);
    return chunk ? std::optional((*chunk)->firstIndex + piece->offset + piece->done) : std::nullopt;
}

} // namespace Poolscope
