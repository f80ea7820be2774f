// SPDX-License-Identifier: GPL-3.0-or-later
// Who gets what: chunks to the workers, chunks back from them, and workers to the launches that have work.
#include "core/scheduling/poolmachine.h"

#include <algorithm>

namespace Poolscope {

/// How many chunks a worker of a launch may have, the one it is at among them.
std::uint32_t PoolMachine::creditOf(LaunchId launch) const
{
    const PieceQueue &queue = m_launches[launch.value].queue;
    if (queue.empty())
        return 1;
    std::uint64_t workers = 0;
    std::uint64_t waiting = queue.size();
    for (const Worker &worker : m_workers) {
        if (worker.launch != launch)
            continue;
        workers += worker.phase == WorkerPhase::Starting || worker.phase == WorkerPhase::Ready;
        waiting += worker.pieces.empty() ? 0 : worker.pieces.size() - 1;
    }
    if (workers == 0)
        return 1;
    const Job &job = jobOf(m_pieces.find(queue.front().value)->chunk);
    const double byTime = double(m_config.creditWork) / (job.pieceTime + 1.0);
    // One quick chunk says nothing of the others: all that is held at most doubles what has been seen to be
    // quick. And nobody holds more than their share of what waits.
    const std::uint64_t ahead = std::min(job.piecesDone, waiting) / workers;
    return std::uint32_t(
        std::clamp(std::min(byTime, double(ahead + 1)), 1.0, double(m_config.maximumCredit)));
}

bool PoolMachine::isAtLongPiece(const Worker &worker, Time now) const
{
    return !worker.pieces.empty() && now - worker.pieceSince >= m_config.creditWork;
}

/// \param credit  of a worker of its launch
std::uint32_t PoolMachine::roomOf(const Worker &worker, std::uint32_t credit, Time now) const
{
    if (worker.phase != WorkerPhase::Ready || worker.recalling || worker.held || worker.surplus ||
        worker.turnTo)
        return 0;
    std::uint32_t most = 1;
    // Whoever is at a chunk that takes long gets nothing to hold, whatever its last ones took.
    if (worker.measured && !isAtLongPiece(worker, now))
        most = std::uint32_t(
            std::clamp(double(m_config.creditWork) / (worker.pieceTime + 1.0), 1.0, double(credit)));
    const auto held = std::uint32_t(worker.pieces.size());
    std::uint32_t room = most > held ? most - held : 0;
    if (m_config.maxTasksPerChild)
        room = std::min(room, *m_config.maxTasksPerChild - worker.taken);
    return room;
}

void PoolMachine::send(std::uint32_t slot, Time now)
{
    Worker &worker = m_workers[slot];
    const PieceId piece = launchOf(worker).queue.popFront();
    if (worker.pieces.empty())
        worker.since = worker.pieceSince = now;
    worker.pieces.push_back(piece);
    m_pieces.find(piece.value)->sent = now;
    ++worker.taken;
    m_commands.push_back(SendPiece{WorkerSlot(slot), piece});
    quitIfSpent(slot);
}

void PoolMachine::dispatch(Time now)
{
    if (m_paused || m_phase == Phase::Ended || queuedPieces() == 0)
        return;
    m_isGathering = m_isGathering &&
                    std::any_of(m_workers.begin(), m_workers.end(),
                                [](const Worker &worker) { return worker.phase == WorkerPhase::Starting; });
    if (m_isGathering)
        return;
    const auto hasWork = [this](std::uint32_t slot) { return !launchOf(m_workers[slot]).queue.empty(); };
    // A worker that has nothing comes first, then one chunk each in turn, so that the last ones spread.
    for (std::uint32_t slot = 0; slot < m_workers.size(); ++slot)
        if (m_workers[slot].pieces.empty() && hasWork(slot) && roomOf(m_workers[slot], 1, now) > 0)
            send(slot, now);
    m_credits.clear();
    for (std::uint32_t launch = 0; launch < m_launches.size(); ++launch)
        m_credits.push_back(creditOf(LaunchId(launch)));
    m_open.clear();
    for (std::uint32_t slot = 0; slot < m_workers.size(); ++slot) {
        const Worker &worker = m_workers[slot];
        const std::uint32_t room = hasWork(slot) ? roomOf(worker, m_credits[worker.launch.value], now) : 0;
        if (room > 0)
            m_open.emplace_back(slot, room);
    }
    while (!m_open.empty()) {
        for (auto &[slot, room] : m_open) {
            if (!hasWork(slot)) {
                room = 0;
                continue;
            }
            send(slot, now);
            --room;
        }
        std::erase_if(m_open, [](const auto &entry) { return entry.second == 0; });
    }
}

bool PoolMachine::hasIdleWorker(LaunchId launch) const
{
    return std::any_of(m_workers.begin(), m_workers.end(), [launch](const Worker &worker) {
        return worker.launch == launch && worker.phase == WorkerPhase::Ready && worker.pieces.empty();
    });
}

std::uint64_t PoolMachine::queuedPieces() const
{
    std::uint64_t pieces = 0;
    for (const Launch &launch : m_launches)
        pieces += launch.queue.size();
    return pieces;
}

void PoolMachine::recallHeld(std::uint32_t slot)
{
    Worker &worker = m_workers[slot];
    worker.recalling = true;
    m_commands.push_back(
        RecallPieces{WorkerSlot(slot), {std::next(worker.pieces.begin()), worker.pieces.end()}});
}

/// Whether it holds chunks that another worker could run.
bool PoolMachine::holdsForOthers(const Worker &worker) const
{
    if (worker.phase != WorkerPhase::Ready || worker.recalling || worker.pieces.size() < 2)
        return false;
    return std::any_of(m_workers.begin(), m_workers.end(), [&worker](const Worker &other) {
        return &other != &worker && other.launch == worker.launch && other.phase == WorkerPhase::Ready &&
               !other.surplus;
    });
}

/// Chunks held behind one that takes longer than was expected go back to their place in the line: others
/// would pass them by, and an ordered method could deliver nothing from there on.
void PoolMachine::recallFromLongPieces(Time now)
{
    if (m_paused)
        return;
    for (std::uint32_t slot = 0; slot < m_workers.size(); ++slot)
        if (isAtLongPiece(m_workers[slot], now) && holdsForOthers(m_workers[slot]))
            recallHeld(slot);
}

/// How many workers of a launch could be busy with what waits for one.
/// \param oldest  set to the chunk that waits for longest; one that is not read has its place in the line too
std::uint64_t PoolMachine::demandFor(LaunchId id, std::optional<ChunkId> *oldest) const
{
    const Launch &launch = m_launches[id.value];
    std::uint64_t demand = launch.queue.size();
    if (demand > 0)
        *oldest = m_pieces.find(launch.queue.front().value)->chunk;
    if (launch.everReady || launch.failed)
        return demand;
    // Nothing is read for workers of which none was ever ready.
    for (const JobId reader : m_readers) {
        const auto job = m_jobs.find(reader);
        if (job == m_jobs.end() || job->second.config.launch != id || job->second.inputEnded)
            continue;
        ++demand;
        if (job->second.turn && (!*oldest || *job->second.turn < **oldest))
            *oldest = job->second.turn;
    }
    return demand;
}

/// Gives each job that cannot be read yet its place in the line of chunks: behind those of the jobs that were
/// submitted before it.
void PoolMachine::placeReaders()
{
    if (m_launches.size() == 1 || std::none_of(m_launches.begin(), m_launches.end(),
                                               [](const Launch &launch) { return launch.everReady; }))
        return;
    for (const JobId id : m_readers) {
        const auto job = m_jobs.find(id);
        if (job == m_jobs.end())
            continue;
        if (m_launches[job->second.config.launch.value].everReady)
            break;
        if (!job->second.turn)
            job->second.turn = m_nextChunk;
    }
}

/// Whether a worker has nothing to do. One that was just started waits for its first chunk: it was wanted.
bool PoolMachine::canSpare(const Worker &worker) const
{
    if (worker.phase != WorkerPhase::Ready || !worker.pieces.empty() ||
        !m_launches[worker.launch.value].queue.empty())
        return false;
    return worker.taken > 0 || std::none_of(m_jobs.begin(), m_jobs.end(), [&worker](const auto &job) {
               return job.second.config.launch == worker.launch && !job.second.inputEnded;
           });
}

/// Makes one more process of a launch possible. A worker that has nothing to do makes room at once; one that
/// is busy only when the launch has no worker at all and its turn has come: switching costs a start.
bool PoolMachine::turnOneTo(LaunchId launch, std::optional<ChunkId> oldest)
{
    std::optional<std::uint32_t> busy;
    for (std::uint32_t slot = 0; slot < m_workers.size(); ++slot) {
        Worker &worker = m_workers[slot];
        if (worker.phase == WorkerPhase::Gone) {
            if (slot >= m_config.processes)
                continue;
            startWorker(slot, launch);
            return true;
        }
        if (worker.launch == launch || worker.turnTo || worker.surplus)
            continue;
        const PieceQueue &own = launchOf(worker).queue;
        if (canSpare(worker)) {
            worker.turnTo = launch;
            retire(slot);
            return true;
        }
        // One at its last chunk will be replaced anyway.
        const bool isSpent = worker.phase == WorkerPhase::Quitting && !worker.pieces.empty();
        if ((worker.phase != WorkerPhase::Ready && !isSpent) || (own.empty() && worker.pieces.empty()))
            continue;
        const PieceId latest = own.empty() ? worker.pieces.back() : own.front();
        const bool isItsTurn = oldest && *oldest < m_pieces.find(latest.value)->chunk;
        if (isItsTurn && (!busy || worker.pieces.size() < m_workers[*busy].pieces.size()))
            busy = slot;
    }
    if (!busy || hasWorker(launch))
        return false;
    m_workers[*busy].turnTo = launch;
    if (m_workers[*busy].pieces.size() > 1 && !m_workers[*busy].recalling)
        recallHeld(*busy);
    return true;
}

/// A pool whose jobs need workers of different launches gives its processes to those who wait.
void PoolMachine::turnWorkers()
{
    if (m_paused || m_launches.size() == 1 || m_phase == Phase::Ended)
        return;
    for (std::uint32_t slot = 0; slot < m_workers.size(); ++slot) {
        const Worker &worker = m_workers[slot];
        if (worker.turnTo && worker.pieces.empty() && !worker.recalling && worker.phase == WorkerPhase::Ready)
            retire(slot);
    }
    for (std::uint32_t id = 0; id < m_launches.size(); ++id) {
        const LaunchId launch(id);
        std::optional<ChunkId> oldest;
        const std::uint64_t demand = mayStart(launch) ? demandFor(launch, &oldest) : 0;
        auto coming =
            std::uint64_t(std::count_if(m_workers.begin(), m_workers.end(), [launch](const Worker &worker) {
                return worker.turnTo == launch ||
                       (worker.launch == launch && worker.phase == WorkerPhase::Starting);
            }));
        while (coming < demand && turnOneTo(launch, oldest))
            ++coming;
    }
}

} // namespace Poolscope
