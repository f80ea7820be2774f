// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scheduling/poolmachine.h"

#include <algorithm>
#include <utility>

namespace Poolscope {

namespace {

/// A longer piece counts at once, a shorter one by and by: holding too many behind a slow one costs more than
/// holding too few quick ones.
void learn(double &recent, Time time)
{
    const double distance = double(time) - recent;
    recent += distance > 0 ? distance / 2 : distance / 8;
}

} // namespace

PoolMachine::PoolMachine(const PoolConfig &config)
    : m_config(config)
    , m_isGathering(config.startTogether)
    , m_workers(config.processes)
    , m_launches(config.launches, Launch{.queue = PieceQueue(config.sharing)})
{}

void PoolMachine::start(Time)
{
    for (std::uint32_t slot = 0; slot < m_workers.size(); ++slot)
        startWorker(slot, m_config.firstLaunch);
}

JobId PoolMachine::submit(const JobConfig &config, Time)
{
    const JobId id(m_nextJob++);
    Job &job = m_jobs.emplace(id, Job{.config = config, .sequencer = ResultSequencer(config.delivery)})
                   .first->second;
    job.readsOn = config.delivery == Delivery::AllAtEnd;
    if (m_phase == Phase::Ended)
        job.abandoned = SkipReason::Cancelled;
    else if (m_launches[config.launch.value].failed)
        job.abandoned = SkipReason::NotRun;
    if (job.abandoned)
        m_commands.push_back(StopInput{id});
    else
        wantRead(id, job, config.window);
    return id;
}

ChunkId PoolMachine::chunkRead(JobId jobId, std::uint32_t items, Time now)
{
    return chunkRead(jobId, items, {{0, items}}, now);
}

ChunkId PoolMachine::chunkRead(JobId jobId, std::uint32_t items, const std::vector<Stretch> &stretches, Time)
{
    Job &job = m_jobs.at(jobId);
    const Chunk chunk{.job = jobId, .number = job.chunks++, .count = items, .open = items};
    const ChunkId id(m_chunks.add(chunk));
    m_nextChunk = ChunkId(id.value + 1);
    job.sequencer.chunkAdded(items);
    if (job.abandoned) {
        m_commands.push_back(SkipItems{id, 0, items, *job.abandoned});
        closeItems(id, items);
        return id;
    }
    std::uint32_t ended = items;
    for (const Stretch &stretch : stretches)
        ended -= stretch.count;
    auto end = stretches.end();
    if (job.config.stopOnError && stretches.size() > 1) {
        end = std::next(stretches.begin());
        m_chunks.find(id.value)->later.assign(stretches.rbegin(), std::prev(stretches.rend()));
    }
    for (auto stretch = stretches.begin(); stretch != end; ++stretch)
        queueOf(jobId).pushBack(
            jobId, PieceId(m_pieces.add({.chunk = id, .offset = stretch->offset, .count = stretch->count})),
            id);
    if (ended > 0)
        closeItems(id, ended);
    return id;
}

void PoolMachine::inputEnded(JobId id, Time)
{
    const auto job = m_jobs.find(id);
    if (job == m_jobs.end())
        return;
    job->second.inputEnded = true;
    finishIfDone(id);
}

void PoolMachine::chunksTaken(JobId id, std::uint64_t chunks, Time)
{
    const auto job = m_jobs.find(id);
    if (job == m_jobs.end() || job->second.readsOn)
        return;
    job->second.taken += chunks;
    wantRead(id, job->second, chunks);
}

void PoolMachine::liftWindow(JobId id)
{
    const auto entry = m_jobs.find(id);
    if (entry == m_jobs.end() || entry->second.readsOn)
        return;
    Job &job = entry->second;
    job.readsOn = true;
    wantRead(id, job, job.chunks - job.sequencer.incomplete() - job.taken);
}

void PoolMachine::wantRead(JobId id, Job &job, std::uint64_t chunks)
{
    if (chunks == 0)
        return;
    if (job.toRead == 0)
        m_readers.push_back(id);
    job.toRead += chunks;
}

PoolMachine::Worker *PoolMachine::current(WorkerSlot slot, Generation generation)
{
    if (slot.value >= m_workers.size())
        return nullptr;
    Worker &worker = m_workers[slot.value];
    return worker.generation == generation && worker.phase != WorkerPhase::Gone ? &worker : nullptr;
}

/// A launch of which no more workers are started has failed when the last one is gone and there is work left.
void PoolMachine::failStrandedLaunches()
{
    if (m_phase == Phase::Ended)
        return;
    for (std::uint32_t id = 0; id < m_launches.size(); ++id) {
        const LaunchId launch(id);
        if (m_launches[id].failed || mayStart(launch) || hasWorker(launch))
            continue;
        const bool hasJob = std::any_of(m_jobs.begin(), m_jobs.end(), [launch](const auto &job) {
            return job.second.config.launch == launch;
        });
        if (hasJob)
            failLaunch(launch);
    }
}

bool PoolMachine::mayStart(LaunchId id) const
{
    const Launch &launch = m_launches[id.value];
    return !launch.failed && launch.startFailures < m_config.maximumStartFailures;
}

/// Whether a process of this launch has work or may still get some.
bool PoolMachine::hasWorker(LaunchId launch) const
{
    return std::any_of(m_workers.begin(), m_workers.end(), [launch](const Worker &worker) {
        return worker.launch == launch &&
               (worker.phase == WorkerPhase::Starting || worker.phase == WorkerPhase::Ready ||
                (worker.phase == WorkerPhase::Quitting && !worker.pieces.empty()));
    });
}

void PoolMachine::workerReady(WorkerSlot slot, Generation generation, Time now)
{
    Worker *worker = current(slot, generation);
    if (!worker || worker->phase != WorkerPhase::Starting)
        return;
    worker->phase = WorkerPhase::Ready;
    worker->since = now;
    launchOf(*worker).everReady = true;
    launchOf(*worker).startFailures = 0;
}

void PoolMachine::itemsDone(WorkerSlot slot, Generation generation, PieceId pieceId, std::uint32_t items,
                            Time work, Time now)
{
    Worker *worker = current(slot, generation);
    Piece *piece = m_pieces.find(pieceId.value);
    if (!worker || !piece || worker->pieces.empty() || worker->pieces.front() != pieceId)
        return;

    const ChunkId chunk = piece->chunk;
    piece->done += items;
    piece->work += work;
    // Of one that is being ended these are the items before the one that it is ended for.
    if (worker->loss != LossReason::Timeout)
        worker->since = now;
    if (piece->done == piece->count) {
        Job &job = jobOf(chunk);
        learn(worker->pieceTime, piece->work);
        learn(job.pieceTime, piece->work);
        ++job.piecesDone;
        worker->measured = true;
        if (!piece->retried)
            stretchEnded(chunk, piece->stopped);
        worker->pieces.pop_front();
        worker->pieceSince = now;
        m_pieces.remove(pieceId.value);
        quitIfSpent(slot.value);
        // What was recalled and began before it could come back.
        if (!worker->pieces.empty() && isHalted(worker->pieces.front()))
            haltWorker(slot.value);
        if (worker->held && worker->pieces.empty() && worker->phase != WorkerPhase::Killed)
            retire(slot.value);
    }
    closeItems(chunk, items);
}

bool PoolMachine::itemFailed(PieceId pieceId, std::uint32_t offset, std::uint32_t rest, Time)
{
    Piece *piece = m_pieces.find(pieceId.value);
    if (!piece)
        return false;
    Chunk *chunk = m_chunks.find(piece->chunk.value);
    const JobConfig &config = m_jobs.at(chunk->job).config;
    const std::uint32_t attempt = offset == 0 ? piece->attempt : 1;
    piece->stopped = config.stopOnError;
    if (attempt > config.retries || m_jobs.at(chunk->job).halted)
        return false;
    piece->retried = true;
    // The report of these items is still to come and will close them, though they stay open.
    chunk->open += 1 + rest;
    queuePart(piece->chunk, piece->offset + offset, 1 + rest, attempt + 1);
    return true;
}

void PoolMachine::piecesRecalled(WorkerSlot slot, Generation generation, const std::vector<PieceId> &pieces,
                                 Time)
{
    Worker *worker = current(slot, generation);
    if (!worker)
        return;
    worker->recalling = false;
    for (auto recalled = pieces.rbegin(); recalled != pieces.rend(); ++recalled) {
        // What comes back was the last of what it had.
        const auto held = std::find(worker->pieces.rbegin(), worker->pieces.rend(), *recalled);
        if (held == worker->pieces.rend())
            continue;
        worker->pieces.erase(std::prev(held.base()));
        --worker->taken;
        if (isHalted(*recalled))
            skipHalted(*recalled);
        else
            putBack(*recalled);
    }
    quitIfSpent(slot.value);
}

void PoolMachine::putBack(PieceId piece)
{
    const ChunkId chunk = m_pieces.find(piece.value)->chunk;
    const JobId job = m_chunks.find(chunk.value)->job;
    queueOf(job).putBack(job, piece, chunk);
}

void PoolMachine::queuePart(ChunkId chunk, std::uint32_t offset, std::uint32_t count, std::uint32_t attempt)
{
    putBack(PieceId(m_pieces.add({.chunk = chunk, .offset = offset, .count = count, .attempt = attempt})));
}

/// With stopOnError the stretches of a chunk run one after the other: whether the next may is known only now.
void PoolMachine::stretchEnded(ChunkId id, bool failed)
{
    Chunk &chunk = *m_chunks.find(id.value);
    if (chunk.later.empty())
        return;
    if (failed) {
        skipLater(id, SkipReason::NotRun);
        return;
    }
    const Stretch next = chunk.later.back();
    chunk.later.pop_back();
    queuePart(id, next.offset, next.count, 1);
}

void PoolMachine::skipLater(ChunkId id, SkipReason reason)
{
    for (const Stretch &stretch : std::exchange(m_chunks.find(id.value)->later, {})) {
        m_commands.push_back(SkipItems{id, stretch.offset, stretch.count, reason});
        closeItems(id, stretch.count);
    }
}

void PoolMachine::closeItems(ChunkId id, std::uint32_t items)
{
    Chunk *chunk = m_chunks.find(id.value);
    chunk->open -= items;
    if (chunk->open > 0)
        return;

    const JobId jobId = chunk->job;
    Job &job = m_jobs.at(jobId);
    m_commands.push_back(CompleteChunk{id});
    const auto release = job.sequencer.chunkCompleted(chunk->number);
    m_chunks.remove(id.value);
    addRelease(jobId, job, release);
    if (job.readsOn)
        wantRead(jobId, job, 1);
    finishIfDone(jobId);
}

void PoolMachine::addRelease(JobId id, Job &job, const ResultSequencer::Release &release)
{
    if (release.chunks == 0)
        return;
    if (job.toRelease.chunks == 0)
        m_delivering.push_back(id);
    job.toRelease.chunks += release.chunks;
    job.toRelease.items += release.items;
}

void PoolMachine::releaseNow(JobId id, Job &job)
{
    if (const auto release = std::exchange(job.toRelease, {}); release.chunks > 0)
        m_commands.push_back(ReleaseResults{id, release.chunks, release.items});
}

void PoolMachine::finishIfDone(JobId jobId)
{
    Job &job = m_jobs.at(jobId);
    if (!job.inputEnded || job.sequencer.incomplete() > 0)
        return;
    addRelease(jobId, job, job.sequencer.finish());
    releaseNow(jobId, job);
    m_commands.push_back(FinishJob{jobId});
    m_jobs.erase(jobId);
    if (m_phase == Phase::Closed && m_jobs.empty())
        endWorkers();
}

void PoolMachine::pause()
{
    m_paused = true;
}

void PoolMachine::resume(Time)
{
    m_paused = false;
}

void PoolMachine::close(Time)
{
    if (m_phase != Phase::Open)
        return;
    m_phase = Phase::Closed;
    if (m_jobs.empty())
        endWorkers();
}

void PoolMachine::terminate(Time)
{
    if (m_phase == Phase::Ended)
        return;
    m_phase = Phase::Ended;
    abandon(std::nullopt, SkipReason::Cancelled);
}

void PoolMachine::startFailed(LaunchId id)
{
    Launch &launch = m_launches[id.value];
    if (m_phase == Phase::Ended || launch.failed)
        return;
    ++launch.startFailures;
    if (!launch.everReady)
        failLaunch(id);
}

void PoolMachine::failLaunch(LaunchId id)
{
    m_launches[id.value].failed = true;
    m_commands.push_back(FailLaunch{id});
    abandon(id, SkipReason::NotRun);
}

void PoolMachine::fail()
{
    if (m_phase == Phase::Ended)
        return;
    for (std::uint32_t launch = 0; launch < m_launches.size(); ++launch)
        if (!m_launches[launch].failed)
            failLaunch(LaunchId(launch));
}

/// Gives up all jobs, or those of one launch, and ends their workers.
void PoolMachine::abandon(std::optional<LaunchId> launch, SkipReason reason)
{
    const auto isMeant = [launch](LaunchId id) { return !launch || *launch == id; };
    for (std::uint32_t id = 0; id < m_launches.size(); ++id)
        if (isMeant(LaunchId(id)))
            m_launches[id].queue.clear();
    for (std::uint32_t slot = 0; slot < m_workers.size(); ++slot) {
        Worker &worker = m_workers[slot];
        if (!isMeant(worker.launch))
            continue;
        worker.pieces.clear();
        if (worker.phase != WorkerPhase::Gone && worker.phase != WorkerPhase::Killed) {
            worker.phase = WorkerPhase::Killed;
            m_commands.push_back(KillWorker{WorkerSlot(slot), worker.generation, KillReason::Shutdown});
        }
    }
    const auto isMeantJob = [this, &isMeant](JobId id) { return isMeant(m_jobs.at(id).config.launch); };
    std::vector<PieceId> pieces;
    m_pieces.forEach([&](std::uint64_t id, const Piece &piece) {
        if (isMeantJob(m_chunks.find(piece.chunk.value)->job))
            pieces.emplace_back(id);
    });
    for (const PieceId id : pieces)
        m_pieces.remove(id.value);

    std::vector<JobId> jobs;
    for (auto &[id, job] : m_jobs) {
        if (!isMeant(job.config.launch) || job.abandoned)
            continue;
        job.abandoned = reason;
        if (!job.inputEnded)
            jobs.push_back(id);
    }
    std::vector<ChunkId> open;
    m_chunks.forEach([&](std::uint64_t id, const Chunk &chunk) {
        if (isMeantJob(chunk.job))
            open.emplace_back(id);
    });
    for (const ChunkId id : open) {
        const Chunk chunk = *m_chunks.find(id.value);
        m_commands.push_back(SkipItems{id, 0, chunk.count, reason});
        closeItems(id, chunk.open);
    }
    for (const JobId id : jobs)
        m_commands.push_back(StopInput{id});
}

bool PoolMachine::isLateToStart(const Worker &worker, Time now) const
{
    return m_config.startTimeout && worker.phase == WorkerPhase::Starting && worker.since >= 0 &&
           now - worker.since >= *m_config.startTimeout;
}

void PoolMachine::tick(Time now)
{
    for (std::uint32_t slot = 0; slot < m_workers.size(); ++slot) {
        Worker &worker = m_workers[slot];
        if (isLateToStart(worker, now)) {
            worker.phase = WorkerPhase::Killed;
            m_commands.push_back(KillWorker{WorkerSlot(slot), worker.generation, KillReason::Start});
            startFailed(worker.launch);
            continue;
        }
        if (worker.pieces.empty() ||
            (worker.phase != WorkerPhase::Ready && worker.phase != WorkerPhase::Quitting))
            continue;
        const auto timeout = jobOf(m_pieces.find(worker.pieces.front().value)->chunk).config.timeout;
        if (timeout && now - worker.since >= *timeout) {
            worker.loss = LossReason::Timeout;
            worker.before = worker.phase;
            worker.phase = WorkerPhase::Killed;
            m_commands.push_back(KillWorker{WorkerSlot(slot), worker.generation, KillReason::Timeout});
        }
    }
}

std::optional<Time> PoolMachine::nextDeadline() const
{
    std::optional<Time> deadline;
    const auto consider = [&deadline](Time at) { deadline = deadline ? std::min(*deadline, at) : at; };
    for (const Worker &worker : m_workers) {
        if (worker.phase == WorkerPhase::Starting && m_config.startTimeout && worker.since >= 0)
            consider(worker.since + *m_config.startTimeout);
        if (worker.pieces.empty() ||
            (worker.phase != WorkerPhase::Ready && worker.phase != WorkerPhase::Quitting))
            continue;
        const Piece *piece = m_pieces.find(worker.pieces.front().value);
        const Chunk *chunk = m_chunks.find(piece->chunk.value);
        if (const auto timeout = m_jobs.at(chunk->job).config.timeout)
            consider(worker.since + *timeout);
        if (!m_paused && holdsForOthers(worker))
            consider(worker.pieceSince + m_config.creditWork);
    }
    return deadline;
}

std::vector<PoolCommand> PoolMachine::takeCommands(Time now)
{
    for (Worker &worker : m_workers)
        if (worker.phase == WorkerPhase::Starting && worker.since < 0)
            worker.since = now;
    failStrandedLaunches();
    placeReaders();
    dispatch(now);
    recallFromLongPieces(now);
    turnWorkers();
    std::erase_if(m_readers, [this](JobId id) {
        const auto entry = m_jobs.find(id);
        if (entry == m_jobs.end())
            return true;
        Job &job = entry->second;
        // Nothing is read for a pool that cannot start.
        if (!m_launches[job.config.launch.value].everReady && !job.abandoned)
            return false;
        const std::uint64_t chunks = std::exchange(job.toRead, 0);
        if (!job.inputEnded && !job.abandoned)
            m_commands.push_back(ReadInput{id, chunks});
        return true;
    });
    for (const JobId id : std::exchange(m_delivering, {}))
        if (const auto entry = m_jobs.find(id); entry != m_jobs.end())
            releaseNow(id, entry->second);
    return std::exchange(m_commands, {});
}

bool PoolMachine::waitsForConsumer(JobId id) const
{
    const auto entry = m_jobs.find(id);
    if (entry == m_jobs.end() || m_paused)
        return false;
    const Job &job = entry->second;
    // All that was asked for has been read: every chunk of the window is at a worker or with the consumer.
    return !job.inputEnded && !job.abandoned && !job.readsOn && job.chunks - job.taken >= job.config.window &&
           m_launches[job.config.launch.value].queue.empty() && hasIdleWorker(job.config.launch);
}

bool PoolMachine::isOver() const
{
    return m_phase != Phase::Open && m_jobs.empty() &&
           std::all_of(m_workers.begin(), m_workers.end(),
                       [](const Worker &worker) { return worker.phase == WorkerPhase::Gone; });
}

} // namespace Poolscope
