// SPDX-License-Identifier: GPL-3.0-or-later
// Which workers there are: those that start, that take the place of another, that are one too many, that end.
#include "core/scheduling/poolmachine.h"

#include <algorithm>
#include <utility>

namespace Poolscope {

void PoolMachine::resize(std::uint32_t processes, Time)
{
    if (m_phase == Phase::Ended)
        return;
    m_config.processes = std::max(processes, 1U);
    const auto before = std::uint32_t(m_workers.size());
    if (m_config.processes > before)
        m_workers.resize(m_config.processes);
    for (std::uint32_t slot = before; slot < m_workers.size(); ++slot)
        m_workers[slot].launch = m_config.firstLaunch;
    for (std::uint32_t slot = 0; slot < m_workers.size(); ++slot) {
        Worker &worker = m_workers[slot];
        if (slot >= m_config.processes)
            dismiss(slot);
        else if (worker.phase == WorkerPhase::Gone)
            replaceWorker(slot);
        else
            worker.surplus = false;
    }
}

void PoolMachine::dismiss(std::uint32_t slot)
{
    Worker &worker = m_workers[slot];
    if (worker.phase == WorkerPhase::Gone || std::exchange(worker.surplus, true))
        return;
    if (worker.phase == WorkerPhase::Starting) {
        worker.phase = WorkerPhase::Killed;
        m_commands.push_back(KillWorker{WorkerSlot(slot), worker.generation, KillReason::Shutdown});
    } else if (worker.phase == WorkerPhase::Ready && worker.pieces.size() > 1 && !worker.recalling) {
        recallHeld(slot);
    } else {
        quitIfSpent(slot);
    }
}

void PoolMachine::startWorker(std::uint32_t slot, LaunchId launch)
{
    const Generation generation = m_workers[slot].generation + 1;
    m_workers[slot] = {};
    m_workers[slot].phase = WorkerPhase::Starting;
    m_workers[slot].generation = generation;
    m_workers[slot].launch = launch;
    m_commands.push_back(StartWorker{WorkerSlot(slot), generation, launch});
}

/// A process that has nothing left leaves, and another takes its place.
void PoolMachine::retire(std::uint32_t slot)
{
    Worker &worker = m_workers[slot];
    if (worker.phase == WorkerPhase::Ready) {
        worker.phase = WorkerPhase::Quitting;
        m_commands.push_back(QuitWorker{WorkerSlot(slot), worker.generation});
    }
    replaceWorker(slot);
}

/// Another process for a slot whose own has ended, or has nothing more to do.
void PoolMachine::replaceWorker(std::uint32_t slot)
{
    const auto hasWork = [](const auto &job) { return !job.second.abandoned; };
    if (m_phase == Phase::Ended || slot >= m_config.processes ||
        (m_phase == Phase::Closed && std::none_of(m_jobs.begin(), m_jobs.end(), hasWork)))
        return;
    const LaunchId own = m_workers[slot].launch;
    const LaunchId next = m_workers[slot].turnTo.value_or(own);
    m_workers[slot].turnTo.reset();
    if (mayStart(next))
        startWorker(slot, next);
}

/// A process that has taken its last chunk is told to leave while it runs it, and is replaced as soon as that
/// chunk is back, whether or not work is left (S3.4). Told any sooner, it could not give back what it holds.
void PoolMachine::quitIfSpent(std::uint32_t slot)
{
    Worker &worker = m_workers[slot];
    const bool isSpent =
        worker.surplus || (m_config.maxTasksPerChild && worker.taken >= *m_config.maxTasksPerChild);
    if (!isSpent || worker.pieces.size() > 1)
        return;
    // Something may still come back; not when all has ended before it could.
    if (worker.recalling && !worker.pieces.empty())
        return;
    if (worker.phase == WorkerPhase::Ready) {
        worker.phase = WorkerPhase::Quitting;
        m_commands.push_back(QuitWorker{WorkerSlot(slot), worker.generation});
    }
    if (worker.pieces.empty() && worker.phase == WorkerPhase::Quitting)
        replaceWorker(slot);
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

} // namespace Poolscope
