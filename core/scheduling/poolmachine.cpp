// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scheduling/poolmachine.h"

#include <algorithm>

namespace Poolscope {

PoolMachine::PoolMachine(const PoolConfig &config) : m_config(config), m_workers(config.processes) {}

void PoolMachine::start(Time)
{
    for (std::uint32_t slot = 0; slot < m_workers.size(); ++slot)
        startWorker(slot);
}

JobId PoolMachine::submit(const JobConfig &config, Time)
{
    const JobId id(std::uint32_t(m_jobs.size()));
    m_jobs.push_back(
        {.config = config, .sequencer = ResultSequencer(config.delivery), .toRead = config.window});
    if (m_phase == Phase::Ended)
        m_commands.push_back(StopInput{id});
    return id;
}

ChunkId PoolMachine::chunkRead(JobId jobId, std::uint32_t items, Time)
{
    Job &job = m_jobs[jobId.value];
    const ChunkId id(m_chunks.add({.job = jobId, .number = job.chunks++, .count = items, .open = items}));
    job.sequencer.chunkAdded(items);
    if (m_phase == Phase::Ended) {
        m_commands.push_back(SkipItems{id, 0, items, m_skipReason});
        closeItems(id, items);
    } else {
        m_queue.push_back(PieceId(m_pieces.add({.chunk = id, .count = items})));
    }
    return id;
}

void PoolMachine::inputEnded(JobId job, Time)
{
    m_jobs[job.value].inputEnded = true;
    finishIfDone(job);
}

void PoolMachine::chunksTaken(JobId jobId, std::uint64_t chunks, Time)
{
    Job &job = m_jobs[jobId.value];
    if (job.config.delivery != Delivery::AllAtEnd)
        job.toRead += chunks;
}

PoolMachine::Worker *PoolMachine::current(WorkerSlot slot, Generation generation)
{
    if (slot.value >= m_workers.size())
        return nullptr;
    Worker &worker = m_workers[slot.value];
    return worker.generation == generation && worker.phase != WorkerPhase::Gone ? &worker : nullptr;
}

void PoolMachine::startWorker(std::uint32_t slot)
{
    const Generation generation = m_workers[slot].generation + 1;
    m_workers[slot] = {};
    m_workers[slot].phase = WorkerPhase::Starting;
    m_workers[slot].generation = generation;
    m_commands.push_back(StartWorker{WorkerSlot(slot), generation});
}

void PoolMachine::workerReady(WorkerSlot slot, Generation generation, Time now)
{
    Worker *worker = current(slot, generation);
    if (!worker || worker->phase != WorkerPhase::Starting)
        return;
    worker->phase = WorkerPhase::Ready;
    worker->since = now;
    m_everReady = true;
    m_startFailures = 0;
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
    worker->since = now;
    worker->timedOut = false;
    if (piece->done == piece->count) {
        // A longer piece counts at once, a shorter one by and by: holding too many behind a slow one costs
        // more than holding too few quick ones.
        const auto time = double(piece->work);
        worker->pieceTime = time > worker->pieceTime ? (worker->pieceTime + time) / 2
                                                     : worker->pieceTime + (time - worker->pieceTime) / 8;
        worker->measured = true;
        worker->pieces.pop_front();
        m_pieces.remove(pieceId.value);
        quitIfSpent(slot.value);
    }
    closeItems(chunk, items);
}

bool PoolMachine::itemFailed(PieceId pieceId, std::uint32_t offset, std::uint32_t rest, Time)
{
    Piece *piece = m_pieces.find(pieceId.value);
    if (!piece || m_phase == Phase::Ended)
        return false;
    Chunk *chunk = m_chunks.find(piece->chunk.value);
    const JobConfig &config = m_jobs[chunk->job.value].config;
    const std::uint32_t attempt = offset == 0 ? piece->attempt : 1;
    piece->stopped = config.stopOnError;
    if (attempt > config.retries)
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
        const auto held = std::find(worker->pieces.begin(), worker->pieces.end(), *recalled);
        if (held == worker->pieces.end())
            continue;
        worker->pieces.erase(held);
        --worker->taken;
        m_queue.push_front(*recalled);
    }
    quitIfSpent(slot.value);
}

void PoolMachine::workerFailed(WorkerSlot slot, Generation generation, Time)
{
    if (Worker *worker = current(slot, generation); worker && worker->phase == WorkerPhase::Starting) {
        worker->phase = WorkerPhase::Killed;
        startFailed();
    }
}

void PoolMachine::workerGone(WorkerSlot slot, Generation generation, std::optional<bool> running, Time)
{
    Worker *worker = current(slot, generation);
    if (!worker)
        return;
    const bool failedToStart = worker->phase == WorkerPhase::Starting;
    giveBack(*worker, running.value_or(true), slot);
    worker->phase = WorkerPhase::Gone;
    if (failedToStart)
        startFailed();
    if (m_phase == Phase::Open || (m_phase == Phase::Closed && hasOpenJob()))
        startWorker(slot.value);
}

/// What a vanished worker held: the item it ran is lost, the rest runs elsewhere (S8.1).
void PoolMachine::giveBack(Worker &worker, bool firstWasRunning, WorkerSlot slot)
{
    const std::deque<PieceId> pieces = std::exchange(worker.pieces, {});
    for (auto id = pieces.rbegin(); id != pieces.rend(); ++id) {
        const bool isFirst = *id == pieces.front();
        Piece &held = *m_pieces.find(id->value);
        if (isFirst && !firstWasRunning)
            ++held.bounced;
        const Piece piece = held;
        const bool wasRunning = isFirst && (firstWasRunning || piece.bounced >= m_config.maximumBounces);
        if (piece.done == 0 && !wasRunning) {
            m_queue.push_front(*id);
            continue;
        }

        m_pieces.remove(id->value);
        const std::uint32_t first = piece.offset + piece.done;
        const std::uint32_t rest = piece.count - piece.done;
        const std::uint32_t attempt = piece.done == 0 ? piece.attempt : 1;
        if (piece.stopped) {
            // Its rest was not run; that the worker did not live to say so changes nothing.
            if (!piece.retried)
                m_commands.push_back(SkipItems{piece.chunk, first, rest, SkipReason::NotRun});
            closeItems(piece.chunk, rest);
            continue;
        }
        if (!wasRunning) {
            queuePart(piece.chunk, first, rest, attempt);
            continue;
        }
        const JobConfig config = jobOf(piece.chunk).config;
        const bool retry = attempt <= config.retries;
        if (retry && config.stopOnError) {
            // Whether the rest may run is known only when this item has passed.
            queuePart(piece.chunk, first, rest, attempt + 1);
            continue;
        }
        if (rest > 1 && !config.stopOnError)
            queuePart(piece.chunk, first + 1, rest - 1, 1);
        if (retry) {
            queuePart(piece.chunk, first, 1, attempt + 1);
            continue;
        }
        m_commands.push_back(
            LoseItem{piece.chunk, first, slot, worker.generation, attempt, worker.timedOut, worker.since});
        if (config.stopOnError && rest > 1)
            m_commands.push_back(SkipItems{piece.chunk, first + 1, rest - 1, SkipReason::NotRun});
        closeItems(piece.chunk, config.stopOnError ? rest : 1);
    }
}

void PoolMachine::queuePart(ChunkId chunk, std::uint32_t offset, std::uint32_t count, std::uint32_t attempt)
{
    m_queue.push_front(
        PieceId(m_pieces.add({.chunk = chunk, .offset = offset, .count = count, .attempt = attempt})));
}

void PoolMachine::closeItems(ChunkId id, std::uint32_t items)
{
    Chunk *chunk = m_chunks.find(id.value);
    chunk->open -= items;
    if (chunk->open > 0)
        return;

    const JobId jobId = chunk->job;
    Job &job = m_jobs[jobId.value];
    m_commands.push_back(CompleteChunk{id});
    const auto release = job.sequencer.chunkCompleted(chunk->number);
    m_chunks.remove(id.value);
    if (release.chunks > 0)
        m_commands.push_back(ReleaseResults{jobId, release.chunks, release.items});
    if (job.config.delivery == Delivery::AllAtEnd)
        ++job.toRead;
    finishIfDone(jobId);
}

void PoolMachine::finishIfDone(JobId jobId)
{
    Job &job = m_jobs[jobId.value];
    if (job.finished || !job.inputEnded || job.sequencer.incomplete() > 0)
        return;
    job.finished = true;
    if (const auto release = job.sequencer.finish(); release.chunks > 0)
        m_commands.push_back(ReleaseResults{jobId, release.chunks, release.items});
    m_commands.push_back(FinishJob{jobId});
    if (m_phase == Phase::Closed && !hasOpenJob())
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
    if (!hasOpenJob())
        endWorkers();
}

void PoolMachine::terminate(Time)
{
    if (m_phase != Phase::Ended)
        abandonAll(SkipReason::Cancelled);
}

void PoolMachine::startFailed()
{
    if (m_phase == Phase::Ended || (m_everReady && ++m_startFailures < m_config.maximumStartFailures))
        return;
    fail();
}

void PoolMachine::fail()
{
    if (m_phase == Phase::Ended)
        return;
    m_commands.push_back(FailPool{});
    abandonAll(SkipReason::NotRun);
}

void PoolMachine::abandonAll(SkipReason reason)
{
    m_phase = Phase::Ended;
    m_skipReason = reason;
    m_queue.clear();
    for (std::uint32_t slot = 0; slot < m_workers.size(); ++slot) {
        Worker &worker = m_workers[slot];
        worker.pieces.clear();
        if (worker.phase != WorkerPhase::Gone && worker.phase != WorkerPhase::Killed) {
            worker.phase = WorkerPhase::Killed;
            m_commands.push_back(KillWorker{WorkerSlot(slot), worker.generation, KillReason::Shutdown});
        }
    }
    m_pieces = {};

    std::vector<ChunkId> open;
    m_chunks.forEach([&open](std::uint64_t id, const Chunk &) { open.emplace_back(id); });
    for (const ChunkId id : open) {
        const Chunk chunk = *m_chunks.find(id.value);
        m_commands.push_back(SkipItems{id, 0, chunk.count, reason});
        closeItems(id, chunk.open);
    }
    for (std::uint32_t job = 0; job < m_jobs.size(); ++job)
        if (!m_jobs[job].inputEnded)
            m_commands.push_back(StopInput{JobId(job)});
}

void PoolMachine::endWorkers()
{
    for (std::uint32_t slot = 0; slot < m_workers.size(); ++slot) {
        Worker &worker = m_workers[slot];
        if (worker.phase == WorkerPhase::Ready) {
            worker.phase = WorkerPhase::Quitting;
            m_commands.push_back(QuitWorker{WorkerSlot(slot), worker.generation});
        } else if (worker.phase == WorkerPhase::Starting) {
            // Nothing is lost with it, and a Python worker would take its time to get up and leave.
            worker.phase = WorkerPhase::Killed;
            m_commands.push_back(KillWorker{WorkerSlot(slot), worker.generation, KillReason::Shutdown});
        }
    }
}

/// A process that has taken its last chunk is told to leave while it runs it, and is replaced as soon as that
/// chunk is back, whether or not work is left (S3.4). Told any sooner, it could not give back what it holds.
void PoolMachine::quitIfSpent(std::uint32_t slot)
{
    Worker &worker = m_workers[slot];
    if (!m_config.maxTasksPerChild || worker.taken < *m_config.maxTasksPerChild || worker.pieces.size() > 1 ||
        worker.recalling)
        return;
    if (worker.phase == WorkerPhase::Ready) {
        worker.phase = WorkerPhase::Quitting;
        m_commands.push_back(QuitWorker{WorkerSlot(slot), worker.generation});
    }
    if (worker.pieces.empty() && worker.phase == WorkerPhase::Quitting && m_phase != Phase::Ended)
        startWorker(slot);
}

std::uint32_t PoolMachine::roomOf(const Worker &worker, Time now) const
{
    if (worker.phase != WorkerPhase::Ready || worker.recalling)
        return 0;
    std::uint32_t credit = 1;
    // Whoever is at an item that takes long gets nothing to hold, whatever its last ones took.
    const bool atLongItem = !worker.pieces.empty() && now - worker.since > m_config.creditWork;
    if (worker.measured && !atLongItem)
        credit = std::uint32_t(std::clamp(double(m_config.creditWork) / (worker.pieceTime + 1.0), 1.0,
                                          double(m_config.maximumCredit)));
    const auto held = std::uint32_t(worker.pieces.size());
    std::uint32_t room = credit > held ? credit - held : 0;
    if (m_config.maxTasksPerChild)
        room = std::min(room, *m_config.maxTasksPerChild - worker.taken);
    return room;
}

void PoolMachine::send(std::uint32_t slot, Time now)
{
    Worker &worker = m_workers[slot];
    const PieceId piece = m_queue.front();
    m_queue.pop_front();
    if (worker.pieces.empty())
        worker.since = now;
    worker.pieces.push_back(piece);
    ++worker.taken;
    m_commands.push_back(SendPiece{WorkerSlot(slot), piece});
    quitIfSpent(slot);
}

void PoolMachine::dispatch(Time now)
{
    if (m_paused || m_queue.empty() || m_phase == Phase::Ended)
        return;
    // A worker that has nothing comes first, then one chunk each in turn, so that the last ones spread.
    for (std::uint32_t slot = 0; slot < m_workers.size() && !m_queue.empty(); ++slot)
        if (m_workers[slot].pieces.empty() && roomOf(m_workers[slot], now) > 0)
            send(slot, now);
    std::vector<std::pair<std::uint32_t, std::uint32_t>> open; // slot, room
    for (std::uint32_t slot = 0; slot < m_workers.size(); ++slot)
        if (const std::uint32_t room = roomOf(m_workers[slot], now); room > 0)
            open.emplace_back(slot, room);
    while (!open.empty() && !m_queue.empty()) {
        for (auto &[slot, room] : open) {
            if (m_queue.empty())
                break;
            send(slot, now);
            --room;
        }
        std::erase_if(open, [](const auto &entry) { return entry.second == 0; });
    }
}

bool PoolMachine::hasIdleWorker() const
{
    return std::any_of(m_workers.begin(), m_workers.end(), [](const Worker &worker) {
        return worker.phase == WorkerPhase::Ready && worker.pieces.empty();
    });
}

bool PoolMachine::hasOpenJob() const
{
    return std::any_of(m_jobs.begin(), m_jobs.end(), [](const Job &job) { return !job.finished; });
}

/// Chunks held behind one that takes longer than was expected go to a worker that has nothing.
void PoolMachine::recallForIdle(Time now)
{
    if (m_paused || !m_queue.empty() || !hasIdleWorker())
        return;
    for (std::uint32_t slot = 0; slot < m_workers.size(); ++slot) {
        Worker &worker = m_workers[slot];
        if (worker.phase != WorkerPhase::Ready || worker.recalling || worker.pieces.size() < 2 ||
            now - worker.since < m_config.creditWork)
            continue;
        worker.recalling = true;
        m_commands.push_back(
            RecallPieces{WorkerSlot(slot), {std::next(worker.pieces.begin()), worker.pieces.end()}});
    }
}

void PoolMachine::tick(Time now)
{
    for (std::uint32_t slot = 0; slot < m_workers.size(); ++slot) {
        Worker &worker = m_workers[slot];
        if (worker.pieces.empty() ||
            (worker.phase != WorkerPhase::Ready && worker.phase != WorkerPhase::Quitting))
            continue;
        const auto timeout = jobOf(m_pieces.find(worker.pieces.front().value)->chunk).config.timeout;
        if (timeout && now - worker.since >= *timeout) {
            worker.timedOut = true;
            worker.phase = WorkerPhase::Killed;
            m_commands.push_back(KillWorker{WorkerSlot(slot), worker.generation, KillReason::Timeout});
        }
    }
}

std::optional<Time> PoolMachine::nextDeadline() const
{
    std::optional<Time> deadline;
    const auto consider = [&deadline](Time at) { deadline = deadline ? std::min(*deadline, at) : at; };
    const bool wantsRecall = !m_paused && m_queue.empty() && hasIdleWorker();
    for (const Worker &worker : m_workers) {
        if (worker.pieces.empty() ||
            (worker.phase != WorkerPhase::Ready && worker.phase != WorkerPhase::Quitting))
            continue;
        const Piece *piece = m_pieces.find(worker.pieces.front().value);
        const Chunk *chunk = m_chunks.find(piece->chunk.value);
        if (const auto timeout = m_jobs[chunk->job.value].config.timeout)
            consider(worker.since + *timeout);
        if (wantsRecall && worker.phase == WorkerPhase::Ready && worker.pieces.size() > 1 &&
            !worker.recalling)
            consider(worker.since + m_config.creditWork);
    }
    return deadline;
}

std::vector<PoolCommand> PoolMachine::takeCommands(Time now)
{
    dispatch(now);
    recallForIdle(now);
    // Nothing is read for a pool that cannot start.
    for (std::uint32_t job = 0; m_everReady && job < m_jobs.size(); ++job)
        if (const std::uint64_t chunks = std::exchange(m_jobs[job].toRead, 0);
            chunks > 0 && !m_jobs[job].inputEnded && m_phase != Phase::Ended)
            m_commands.push_back(ReadInput{JobId(job), chunks});
    return std::exchange(m_commands, {});
}

bool PoolMachine::isFinished(JobId job) const
{
    return m_jobs[job.value].finished;
}

bool PoolMachine::isOver() const
{
    return m_phase != Phase::Open && !hasOpenJob() &&
           std::all_of(m_workers.begin(), m_workers.end(),
                       [](const Worker &worker) { return worker.phase == WorkerPhase::Gone; });
}

} // namespace Poolscope
