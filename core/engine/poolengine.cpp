// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/poolengine.h"

#include "core/engine/clock.h"
#include "core/engine/errortext.h"
#include "core/engine/helditems.h"
#include "core/wire/bytes.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

#include <sys/resource.h>

namespace Poolscope {

namespace {

PoolConfig machineConfig(const PoolEngineOptions &options)
{
    PoolConfig config = options.config;
    config.launches = std::uint32_t(options.launches.size());
    return config;
}

/// A worker that has nothing to do any more has this long to leave before it is ended.
constexpr int quitMilliseconds = 3000;

/// How often workers are looked at when their memory is limited. A look takes up to 20 us, so of very many it
/// is less often.
constexpr int memoryMilliseconds = 50;

/// An input that was told to stop has this long, before its thread is left to itself.
constexpr int inputPatienceMilliseconds = 1000;

} // namespace

PoolEngine::PoolEngine(PoolEngineOptions options)
    : m_options(std::move(options))
    , m_machine(machineConfig(m_options))
    , m_current(m_options.config.processes, nullptr)
    , m_figures(m_options.config.processes)
    , m_launches(m_options.launches.size())
    , m_tick(this)
    , m_memoryWatch(this)
{
    for (std::uint32_t launch = 0; launch < m_options.launches.size(); ++launch)
        for (const TaskSpec &task : m_options.launches[launch].tasks)
            m_tasks.push_back({LaunchId(launch), task, true});
    m_tick.setSingleShot(true);
    m_tick.setTimerType(Qt::PreciseTimer);
    connect(&m_tick, &QTimer::timeout, this, [this] {
        m_machine.tick(monotonicNow());
        runCommands();
    });
    connect(&m_memoryWatch, &QTimer::timeout, this, &PoolEngine::watchMemory);
}

PoolEngine::~PoolEngine() = default;

void PoolEngine::start()
{
    if (m_options.maxMemoryPerChild || m_options.memoryLimit)
        m_memoryWatch.start(std::max(memoryMilliseconds, int(m_options.config.processes / 4)));
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
    // One for its input, three for its output, the watches on its start and on its end.
    constexpr rlim_t eachWorker = 6;
    constexpr rlim_t others = 48;
    const auto inUse =
        rlim_t(QDir(QStringLiteral("/proc/self/fd")).entryList(QDir::Files | QDir::System).size());
    constexpr rlim_t ofAWorker = 256; // workers keep their channel at 200 and above, out of their tasks' way
    const rlim_t needed = std::max(ofAWorker, inUse + eachWorker * m_options.config.processes + others);
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed)
        return true;
    limit.rlim_cur = std::min(needed, limit.rlim_max);
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur == needed)
        return true;
    const QString failure =
        tr("Too many open files: %1 worker processes need about %2 file descriptors, and only %3 are "
           "allowed. Ask for fewer processes, or raise the limit (ulimit -n).")
            .arg(m_options.config.processes)
            .arg(needed)
            .arg(limit.rlim_max);
    for (LaunchState &launch : m_launches) {
        launch.failureOption = QStringLiteral("processes");
        launch.failure = failure;
    }
    return false;
}

JobId PoolEngine::submit(JobRequest request)
{
    const JobId id = m_machine.submit(request.config, monotonicNow());
    auto job = std::make_unique<JobState>();
    job->id = id;
    job->isKept = request.keep;
    job->config = request.config;
    job->task = request.task;
    job->chunkFlags = (request.unpack ? std::uint32_t(Wire::ChunkFlag::Unpack) : 0) |
                      (request.keywords ? std::uint32_t(Wire::ChunkFlag::Keywords) : 0) |
                      (request.config.stopOnError ? std::uint32_t(Wire::ChunkFlag::StopOnError) : 0);
    job->chunksize = request.chunksize;
    if (request.config.halt)
        job->halt.emplace(*request.config.halt);
    job->receiver = std::move(request.receiver);
    if (request.source)
        job->supply =
            std::make_unique<InputReader>(std::move(request.source), request.chunksize, request.pace,
                                          std::move(request.selection), [this, id] {
                                              QMetaObject::invokeMethod(
                                                  this, [this, id] { inputReady(id); }, Qt::QueuedConnection);
                                          });
    else
        job->supply = std::make_unique<HeldItems>(std::move(request.items), request.chunksize);
    ++m_notBegun;
    m_jobs.emplace(id.value, std::move(job));
    runCommands();
    return id;
}

std::uint32_t PoolEngine::addTask(LaunchId launch, const TaskSpec &task)
{
    m_tasks.push_back({launch, task, false});
    return std::uint32_t(m_tasks.size() - 1);
}

JobState *PoolEngine::jobState(JobId id) const
{
    const auto job = m_jobs.find(id.value);
    return job == m_jobs.end() ? nullptr : job->second.get();
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
    // What is finished stays, whoever has heard of it.
    for (WorkerProcess *worker : m_current)
        if (worker)
            worker->collect();
    m_machine.terminate(monotonicNow());
    runCommands();
}

void PoolEngine::setReadsOutput(bool reads)
{
    m_readsOutput = reads;
    for (const auto &process : m_processes)
        process->setReadsOutput(reads);
}

void PoolEngine::inputReady(JobId id)
{
    if (const auto retired = m_retiredSupplies.find(id.value); retired != m_retiredSupplies.end()) {
        if (retired->second->take().ended)
            m_retiredSupplies.erase(retired);
        checkOver();
        return;
    }
    JobState *state = jobState(id);
    if (!state || !state->supply)
        return;
    absorb(*state);
    runCommands();
}

/// Hands on what a job's input has given since the last time.
void PoolEngine::absorb(JobState &job)
{
    ItemSupply::Progress progress = job.supply->take();
    const Time now = monotonicNow();
    for (const ItemSupply::Block &block : progress.blocks) {
        std::size_t begin = 0;
        for (const ItemSupply::Chunk &chunk : block.chunks) {
            std::unique_ptr<ChunkRecord> record;
            if (m_spare.empty()) {
                record = std::make_unique<ChunkRecord>();
            } else {
                record = std::move(m_spare.back());
                m_spare.pop_back();
            }
            record->job = &job;
            record->firstIndex = chunk.firstIndex;
            record->position = job.nextPosition;
            record->items.assign(block.bytes, begin, chunk.end - begin);
            record->results.clear();
            record->results.resize(chunk.items);
            begin = chunk.end;
            job.nextPosition += chunk.items;
            if (job.config.delivery == Delivery::Ordered)
                job.notTaken.push_back(chunk.items);
            job.items.read += chunk.items;
            ++job.chunks;
            ChunkRecord &added = *record;
            // Both count chunks from 0 in the order they are added.
            m_chunks.add(std::move(record));
            if (added.items.size() + sizeof(Wire::ChunkHeader) <= m_options.maximumPayload) {
                m_machine.chunkRead(job.id, chunk.items, now);
            } else {
                m_machine.chunkRead(job.id, chunk.items, stretchesOf(added), now);
                haltIfDue(job);
            }
        }
    }
    if (progress.ended) {
        job.inputError = progress.error;
        job.supply.reset();
        m_machine.inputEnded(job.id, now);
    }
}

void PoolEngine::resultsTaken(JobId id)
{
    JobState *state = jobState(id);
    if (!state)
        return;
    JobState &job = *state;
    const std::uint64_t items = job.receiver->takenSinceLast();
    job.taken += items;
    job.takenOfChunk += items;
    std::uint64_t chunks = 0;
    for (; !job.notTaken.empty() && job.takenOfChunk >= job.notTaken.front(); ++chunks) {
        job.takenOfChunk -= job.notTaken.front();
        job.notTaken.pop_front();
    }
    m_machine.chunksTaken(id, chunks, monotonicNow());
    runCommands();
}

void PoolEngine::liftWindows()
{
    for (const auto &[id, job] : m_jobs)
        m_machine.liftWindow(JobId(id));
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
    for (JobState *job : m_withOutgoing)
        job->flush();
    m_withOutgoing.clear();
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
    if (!m_retiredSupplies.empty()) {
        // Nothing is left to do but to wait for what reads the input; that may never come back (S7.8).
        QTimer::singleShot(inputPatienceMilliseconds, this, [this] {
            m_retiredSupplies.clear();
            checkOver();
        });
        return;
    }
    m_over = true;
    m_tick.stop();
    m_memoryWatch.stop();
    Q_EMIT over();
}

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

void PoolEngine::carryOut(const LoseItem &command)
{
    ChunkRecord &chunk = **m_chunks.find(command.chunk.value);
    ItemResult &result = chunk.outcome(command.offset);
    const auto timeout = chunk.job->config.timeout;
    const std::string_view line = chunk.lines(command.offset, 1);
    const std::string_view item = line.substr(0, line.size() - 1);
    const QString who = QStringLiteral("worker %1 (PID %2)").arg(command.slot.value).arg(m_lastPid);
    result.status = Wire::ItemStatus::Lost;
    result.started = command.since;
    result.finished = monotonicNow();
    result.pid = std::int32_t(m_lastPid);
    result.slot = std::uint16_t(command.slot.value);
    result.generation = command.generation;
    result.attempt = std::uint16_t(command.attempt);
    const QString message =
        command.reason == LossReason::Timeout
            ? QStringLiteral("ran longer than the timeout of %1 s, so %2 was ended")
                  .arg(double(*timeout) / 1e9)
                  .arg(who)
        : m_lastExit.reason.isEmpty()
            ? QStringLiteral("%1 %2 while it ran this item").arg(who, describeExit(m_lastExit))
            : QStringLiteral("%1 was ended while it ran this item: %2").arg(who, m_lastExit.reason);
    result.payload = lostJson(lossType(command.reason), message, m_lastExit, item);
    SlotFigures &figures = m_figures[command.slot.value];
    ++figures.itemsFailed;
    figures.busy += result.finished - result.started;
    figures.lastError = describeExit(m_lastExit).toStdString();
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
    chunk->job->complete(*chunk);
    // Kept for the sake of tiny chunks; a large one costs little to allocate and much to keep.
    constexpr std::size_t sparesKept = 4096;
    constexpr std::size_t smallChunk = 16;
    if (m_spare.size() < sparesKept && chunk->results.capacity() <= smallChunk &&
        chunk->items.capacity() < 4096)
        m_spare.push_back(std::move(chunk));
}

void PoolEngine::carryOut(const ReleaseResults &command)
{
    JobState *job = jobState(command.job);
    job->release(command.items);
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
        launch.failure = tr("The workers end before they are ready (%1).").arg(describeExit(m_lastExit));
        if (!m_lastExit.errorTail.isEmpty())
            launch.failure += QLatin1Char('\n') + QString::fromUtf8(m_lastExit.errorTail).trimmed();
    }
    if (m_options.observer)
        m_options.observer->poolEvent(launch.failure);
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
