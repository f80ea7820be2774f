// SPDX-License-Identifier: GPL-3.0-or-later
// What ends before its work does: a job by its halt policy, a worker that has grown too large.
#include "core/scheduling/poolmachine.h"

#include <algorithm>
#include <utility>

namespace Poolscope {

bool PoolMachine::isHalted(PieceId piece) const
{
    return m_jobs.at(m_chunks.find(m_pieces.find(piece.value)->chunk.value)->job).halted.has_value();
}

/// What is left of a piece of a halted job is not run.
void PoolMachine::skipHalted(PieceId id)
{
    const Piece piece = *m_pieces.find(id.value);
    m_pieces.remove(id.value);
    const std::uint32_t rest = piece.count - piece.done;
    if (rest == 0)
        return;
    m_commands.push_back(SkipItems{piece.chunk, piece.offset + piece.done, rest, SkipReason::Halted});
    closeItems(piece.chunk, rest);
}

bool PoolMachine::haltJob(JobId id, HaltPolicy::When when, Time)
{
    const auto entry = m_jobs.find(id);
    if (entry == m_jobs.end() || entry->second.abandoned)
        return false;
    Job &job = entry->second;
    job.abandoned = SkipReason::Halted;
    job.halted = when;
    const bool isReading = !job.inputEnded;
    std::vector<ChunkId> divided;
    m_chunks.forEach([&](std::uint64_t number, const Chunk &chunk) {
        if (chunk.job == id && !chunk.later.empty())
            divided.emplace_back(number);
    });
    for (const ChunkId chunk : divided)
        skipLater(chunk, SkipReason::Halted);
    for (std::uint32_t slot = 0; slot < m_workers.size(); ++slot)
        haltWorker(slot);
    // The job may be over, and forgotten, with the last one of these.
    PieceQueue &queue = m_launches[job.config.launch.value].queue;
    for (const PieceId piece : queue.takeOut([this](PieceId waiting) { return isHalted(waiting); }))
        skipHalted(piece);
    if (isReading)
        m_commands.push_back(StopInput{id});
    return true;
}

/// Takes from a worker what it has of halted jobs. A chunk that has begun can be stopped between two items
/// only by holding its worker, which costs the process; what waits behind a chunk of another job comes back.
void PoolMachine::haltWorker(std::uint32_t slot)
{
    Worker &worker = m_workers[slot];
    if (worker.pieces.empty() ||
        (worker.phase != WorkerPhase::Ready && worker.phase != WorkerPhase::Quitting))
        return;
    if (const PieceId first = worker.pieces.front(); isHalted(first)) {
        const bool wasHeld = std::exchange(worker.held, true);
        const JobId job = m_chunks.find(m_pieces.find(first.value)->chunk.value)->job;
        if (m_jobs.at(job).halted == HaltPolicy::When::Now)
            killHeld(slot);
        else if (!wasHeld)
            m_commands.push_back(HoldWorker{WorkerSlot(slot), worker.generation});
        return;
    }
    if (worker.held)
        return;
    std::vector<PieceId> waiting;
    for (const PieceId piece : worker.pieces)
        if (isHalted(piece))
            waiting.push_back(piece);
    if (waiting.empty())
        return;
    worker.recalling = true;
    m_commands.push_back(RecallPieces{WorkerSlot(slot), std::move(waiting)});
}

void PoolMachine::killHeld(std::uint32_t slot)
{
    Worker &worker = m_workers[slot];
    worker.phase = WorkerPhase::Killed;
    m_commands.push_back(KillWorker{WorkerSlot(slot), worker.generation, KillReason::Held});
}

void PoolMachine::recycleWorker(WorkerSlot slot, Generation generation, Time)
{
    Worker *worker = current(slot, generation);
    if (!worker || worker->held)
        return;
    if (worker->pieces.empty()) {
        if (worker->phase == WorkerPhase::Ready)
            retire(slot.value);
        return;
    }
    if (worker->phase != WorkerPhase::Ready && worker->phase != WorkerPhase::Quitting)
        return;
    worker->held = true;
    m_commands.push_back(HoldWorker{slot, generation});
}

void PoolMachine::memoryExceeded(WorkerSlot slot, Generation generation, Time)
{
    Worker *worker = current(slot, generation);
    if (!worker || worker->pieces.empty() ||
        (worker->phase != WorkerPhase::Ready && worker->phase != WorkerPhase::Quitting))
        return;
    worker->phase = WorkerPhase::Killed;
    worker->loss = LossReason::Memory;
    m_commands.push_back(KillWorker{slot, generation, KillReason::Memory});
}

void PoolMachine::workerIdle(WorkerSlot slot, Generation generation, Time)
{
    const Worker *worker = current(slot, generation);
    if (worker && worker->held && worker->phase != WorkerPhase::Killed)
        killHeld(slot.value);
}

} // namespace Poolscope
