// SPDX-License-Identifier: GPL-3.0-or-later
// What the engine tells of itself to whoever shows it: plain values, copied out.
#include "core/engine/clock.h"
#include "core/engine/poolengine.h"

#include <QCoreApplication>

#include <algorithm>

namespace Poolscope {

namespace {

/// The 95th percentile of fewer would be the longest of them.
constexpr std::uint64_t leastForPercentile = 20;

constexpr Time samplingInterval = 500'000'000; // CPU time is counted in ticks of 10 ms

WorkerState stateOf(const PoolMachine::Worker &worker)
{
    switch (worker.phase) {
    case PoolMachine::WorkerPhase::Starting:
        return WorkerState::Starting;
    case PoolMachine::WorkerPhase::Ready:
        return worker.pieces.empty() ? WorkerState::Waiting : WorkerState::Running;
    case PoolMachine::WorkerPhase::Quitting:
        return worker.pieces.empty() ? WorkerState::Ending : WorkerState::Running;
    case PoolMachine::WorkerPhase::Killed:
        return WorkerState::Ending;
    case PoolMachine::WorkerPhase::Gone:
        break;
    }
    return WorkerState::Gone;
}

double seconds(Time time)
{
    return double(time) * 1e-9;
}

/// When a worker began with a piece of a chunk. \param since  when it began with the item it is at
Time beganWith(const PoolMachine::Piece &piece, const ChunkRecord &chunk, Time since)
{
    // One that was tried in vain has no outcome: then the next one tells.
    for (std::uint32_t offset = piece.offset; offset < piece.offset + piece.done; ++offset)
        if (const ItemResult &result = chunk.results[offset]; result.hasOutcome && result.started >= 0)
            return result.started;
    return since;
}

} // namespace

void PoolEngine::fillSnapshot(JobId id, Time began, Time until, RunSnapshot &snapshot)
{
    const JobState &job = *jobState(id);
    snapshot.items = job.items;
    snapshot.completed = job.items.ended();
    snapshot.bufferedBytes = job.bufferedBytes;
    snapshot.peakBufferedResults = job.peakBuffered;
    snapshot.waitingFor.reset();
    if (job.config.delivery != Delivery::Unordered && snapshot.completed > job.released)
        snapshot.waitingFor = job.released;
    snapshot.halted = job.halted.toStdString();
    snapshot.released = job.released;
    snapshot.inputEnded = !job.supply;
    snapshot.percentile95.reset();
    if (m_quantiles.count() >= leastForPercentile)
        snapshot.percentile95 = m_quantiles.quantile(0.95);
    snapshot.chunks = job.chunks;
    snapshot.chunksize = job.chunksize;
    snapshot.workersStarted = m_workersStarted;
    snapshot.workersLost = m_workersLost;
    snapshot.blockedSince = job.waitsForConsumerSince < 0 ? -1 : seconds(job.waitsForConsumerSince - began);
    snapshot.firstDispatch = job.firstDispatch < 0 ? -1 : seconds(job.firstDispatch - began);
    fillWorkers(began, snapshot.workers, &snapshot.busySeconds);
    snapshot.placeSeconds =
        job.firstDispatch < 0 ? 0 : m_places.all(seconds(job.firstDispatch), seconds(until));
    snapshot.memoryBytes = m_memoryBytes;
    snapshot.workersBusy =
        std::uint32_t(std::count_if(snapshot.workers.begin(), snapshot.workers.end(),
                                    [](const WorkerSnapshot &worker) { return worker.chunk.has_value(); }));
}

void PoolEngine::fillWorkers(Time began, std::vector<WorkerSnapshot> &workers, double *busySeconds)
{
    const Time now = monotonicNow();
    const bool sample = now - m_lastSample >= samplingInterval;
    if (sample) {
        m_lastSample = now;
        m_memoryBytes = residentMemory(QCoreApplication::applicationPid());
    }
    *busySeconds = 0;
    workers.resize(m_figures.size());
    for (std::uint32_t slot = 0; slot < m_figures.size(); ++slot) {
        const PoolMachine::Worker &worker = m_machine.workers()[slot];
        WorkerProcess *process = m_current[slot];
        SlotFigures &figures = m_figures[slot];
        WorkerSnapshot &shown = workers[slot];
        shown = {};
        shown.slot = slot;
        shown.generation = worker.generation;
        if (process)
            figures.pid = process->pid();
        shown.pid = figures.pid;
        shown.state = stateOf(worker);
        Time busy = figures.busy;
        if (!worker.pieces.empty()) {
            const PoolMachine::Piece &piece = *m_machine.piece(worker.pieces.front());
            const ChunkRecord &record = **m_chunks.find(piece.chunk.value);
            shown.chunk = record.firstIndex / record.job->chunksize;
            shown.chunkBegin = record.firstIndex + piece.offset;
            shown.chunkEnd = shown.chunkBegin + piece.count;
            shown.chunkStarted = seconds(beganWith(piece, record, worker.since) - began);
            shown.item = currentItem(WorkerSlot(slot));
            shown.itemStarted = seconds(worker.since - began);
            busy += now - worker.since;
        }
        shown.itemsDone = figures.itemsDone;
        shown.itemsFailed = figures.itemsFailed;
        if (m_options.config.maxTasksPerChild)
            shown.chunksUntilRecycle =
                *m_options.config.maxTasksPerChild - worker.taken + std::uint32_t(worker.pieces.size());
        const double there = m_places.of(slot, seconds(began), seconds(now));
        shown.busy = there > 0 ? seconds(busy) / there : 0;
        if (process && sample) {
            figures.sampler.sample(process->pid(), now);
            if (process->hasGreeted)
                process->peakMemory().seen(figures.sampler.residentBytes());
        }
        if (process) {
            shown.cpu = figures.sampler.cpuShare();
            shown.memoryBytes = figures.sampler.residentBytes();
        }
        shown.lastError = figures.lastError;
        *busySeconds += seconds(busy);
    }
}

std::vector<std::int64_t> PoolEngine::alivePids() const
{
    std::vector<std::int64_t> pids;
    for (const WorkerProcess *process : m_current)
        pids.push_back(process ? process->pid() : 0);
    return pids;
}

const RunningStatistics &PoolEngine::durations() const
{
    return m_durations;
}

} // namespace Poolscope
