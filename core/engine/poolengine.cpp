// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/poolengine.h"

#include "core/engine/clock.h"
#include "core/engine/helditems.h"

#include <QDir>

#include <algorithm>
#include <utility>

#include <sys/resource.h>

namespace Poolscope {

namespace {

PoolConfig machineConfig(const PoolEngineOptions &options)
{
    PoolConfig config = options.config;
    config.launches = std::uint32_t(options.launches.size());
    return config;
}

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
    for (std::uint32_t slot = 0; slot < m_options.config.processes; ++slot)
        notePlace(slot);
    const QString missing = descriptorsMissing(m_options.config.processes);
    for (LaunchState &launch : m_launches) {
        if (missing.isEmpty())
            break;
        launch.failureOption = QStringLiteral("processes");
        launch.failure = missing;
    }
    if (missing.isEmpty())
        m_machine.start(monotonicNow());
    else
        m_machine.fail();
    runCommands();
}

/// Finds out before the first worker is started that there are not enough file descriptors for all (S1.10).
/// The limit that usually stands in the way is the soft one, which a process may raise for itself.
/// \returns what to tell people; empty when there are enough
QString PoolEngine::descriptorsMissing(std::uint32_t processes) const
{
    // One for its input, three for its output, the watches on its start and on its end.
    constexpr rlim_t eachWorker = 6;
    constexpr rlim_t others = 48;
    const auto inUse =
        rlim_t(QDir(QStringLiteral("/proc/self/fd")).entryList(QDir::Files | QDir::System).size());
    constexpr rlim_t ofAWorker = 256; // workers keep their channel at 200 and above, out of their tasks' way
    const rlim_t needed = std::max(ofAWorker, inUse + eachWorker * processes + others);
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed)
        return {};
    limit.rlim_cur = std::min(needed, limit.rlim_max);
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur == needed)
        return {};
    return tr("Too many open files: %1 worker processes need about %2 file descriptors, and only %3 are "
              "allowed. Ask for fewer processes, or raise the limit (ulimit -n).")
        .arg(processes)
        .arg(needed)
        .arg(limit.rlim_max);
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
        job->supply = std::make_unique<InputReader>(
            std::move(request.source), request.chunksize, request.pace, std::move(request.selection),
            [this, id] { m_mailbox.post([this, id] { inputReady(id); }); });
    else
        job->supply = std::make_unique<HeldItems>(std::move(request.items), request.chunksize);
    ++m_notBegun;
    if (job->isKept)
        m_observedJob = job.get();
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

bool PoolEngine::resize(std::uint32_t processes)
{
    if (!descriptorsMissing(processes).isEmpty())
        return false;
    const std::size_t places = std::max<std::size_t>(m_current.size(), processes);
    m_current.resize(places, nullptr);
    m_figures.resize(places);
    m_machine.resize(processes, monotonicNow());
    for (std::uint32_t slot = 0; slot < places; ++slot)
        notePlace(slot);
    runCommands();
    return true;
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
            record->number = job.chunks;
            record->position = job.nextPosition;
            job.nextPosition += chunk.items;
            record->items.assign(block.bytes, begin, chunk.end - begin);
            record->results.clear();
            record->results.resize(chunk.items);
            begin = chunk.end;
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
    // The results of a map are complete long before they leave.
    if (m_options.observer)
        m_options.observer->resultsLeave();
    for (JobState *job : m_withOutgoing)
        job->flush();
    m_withOutgoing.clear();
    noteConsumer();
    scheduleTick();
    checkOver();
}

/// A place that the pool is to have no more is there until its worker has gone.
void PoolEngine::notePlace(std::uint32_t slot)
{
    const bool exists =
        slot < m_machine.processes() || m_machine.workers()[slot].phase != PoolMachine::WorkerPhase::Gone;
    m_places.set(slot, exists, double(monotonicNow()) * 1e-9);
}

void PoolEngine::noteConsumer()
{
    // Shorter waits are the time that the news of a result taken needs to get here.
    constexpr Time shortest = 1'000'000;
    if (!m_observedJob)
        return;
    JobState &job = *m_observedJob;
    const bool waits = m_machine.waitsForConsumer(job.id);
    if (waits == (job.waitsForConsumerSince >= 0))
        return;
    const Time now = monotonicNow();
    const Time since = std::exchange(job.waitsForConsumerSince, waits ? now : -1);
    if (!waits && now - since >= shortest && m_options.observer)
        m_options.observer->consumerWaitEnded(job.id, since, now);
}

void PoolEngine::scheduleTick()
{
    const auto deadline = m_machine.nextDeadline();
    if (!deadline) {
        m_tick.stop();
        return;
    }
    // Of tiny items the deadline moves on with every wake-up: a look too early now and then costs less.
    if (m_tick.isActive() && m_tickAt <= *deadline)
        return;
    const Time wait = std::clamp<Time>(*deadline - monotonicNow(), 0, Time{24} * 3600 * 1'000'000'000);
    m_tickAt = *deadline;
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
