// SPDX-License-Identifier: GPL-3.0-or-later
// Workers that run out of time, fail to set up or vanish, and what becomes of the items they had.
#include "core/scheduling/poolmachine.h"

#include <utility>

namespace Poolscope {

/// The timeout of the item that is so many items further than what was told; nothing when there is none.
std::optional<Time> PoolMachine::timeoutAhead(const Worker &worker, std::uint64_t items) const
{
    for (const PieceId id : worker.pieces) {
        const Piece &piece = *m_pieces.find(id.value);
        const std::uint32_t open = piece.count - piece.done;
        if (items <= open)
            return items == 0 ? std::nullopt
                              : m_jobs.at(m_chunks.find(piece.chunk.value)->job).config.timeout;
        items -= open;
    }
    return std::nullopt;
}

bool PoolMachine::checkTimeout(WorkerSlot slot, Generation generation, std::uint64_t ahead, Time since,
                               Time now)
{
    Worker *worker = current(slot, generation);
    if (!worker || worker->loss != LossReason::Timeout)
        return false;
    const auto timeout = timeoutAhead(*worker, ahead);
    if (timeout && now - since >= *timeout) {
        worker->since = since;
        return true;
    }
    worker->loss = LossReason::Death;
    worker->phase = worker->before;
    // The next look at it is due when this item has had its time. Where the timeout that is over was that of
    // another job's item, it is put off by as much again.
    const bool isDueAtOnce = !timeout || timeout != timeoutAhead(*worker, 1);
    worker->since = isDueAtOnce ? now : since;
    return false;
}

void PoolMachine::workerFailed(WorkerSlot slot, Generation generation, Time)
{
    if (Worker *worker = current(slot, generation); worker && worker->phase == WorkerPhase::Starting) {
        worker->phase = WorkerPhase::Killed;
        startFailed(worker->launch);
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
        startFailed(worker->launch);
    replaceWorker(slot.value);
}

/// What a vanished worker held: the item it ran is lost, the rest runs elsewhere (S8.1).
void PoolMachine::giveBack(Worker &worker, bool firstWasRunning, WorkerSlot slot)
{
    const std::deque<PieceId> pieces = std::exchange(worker.pieces, {});
    for (auto id = pieces.rbegin(); id != pieces.rend(); ++id) {
        const bool isFirst = *id == pieces.front();
        Piece &held = *m_pieces.find(id->value);
        if (isFirst && !firstWasRunning && !worker.held)
            ++held.bounced;
        const Piece piece = held;
        if (isHalted(*id) && !piece.stopped) {
            if (isFirst && firstWasRunning) {
                const std::uint32_t offset = piece.offset + piece.done;
                ++held.done;
                if (worker.phase == WorkerPhase::Killed && worker.loss == LossReason::Death)
                    m_commands.push_back(SkipItems{piece.chunk, offset, 1, SkipReason::CutShort});
                else
                    m_commands.push_back(
                        LoseItem{{piece.chunk, offset, slot, worker.generation,
                                  piece.done == 0 ? piece.attempt : 1, worker.loss, worker.since}});
                closeItems(piece.chunk, 1);
            }
            skipHalted(*id);
            continue;
        }
        const bool wasRunning = isFirst && (firstWasRunning || piece.bounced >= m_config.maximumBounces);
        if (piece.done == 0 && !wasRunning) {
            putBack(*id);
            continue;
        }

        m_pieces.remove(id->value);
        const std::uint32_t first = piece.offset + piece.done;
        const std::uint32_t rest = piece.count - piece.done;
        const std::uint32_t attempt = piece.done == 0 ? piece.attempt : 1;
        if (piece.stopped) {
            // Its rest was not run; that the worker did not live to say so changes nothing.
            if (!piece.retried) {
                m_commands.push_back(SkipItems{piece.chunk, first, rest, SkipReason::NotRun});
                stretchEnded(piece.chunk, true);
            }
            closeItems(piece.chunk, rest);
            continue;
        }
        if (!wasRunning) {
            queuePart(piece.chunk, first, rest, attempt);
            continue;
        }
        const JobConfig config = jobOf(piece.chunk).config;
        const LostItem lost{piece.chunk, first, slot, worker.generation, attempt, worker.loss, worker.since};
        const bool retry = attempt <= config.retries;
        if (retry)
            m_commands.push_back(RetryItem{lost});
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
        m_commands.push_back(LoseItem{lost});
        if (config.stopOnError && rest > 1)
            m_commands.push_back(SkipItems{piece.chunk, first + 1, rest - 1, SkipReason::NotRun});
        if (config.stopOnError)
            stretchEnded(piece.chunk, true);
        closeItems(piece.chunk, config.stopOnError ? rest : 1);
    }
}

} // namespace Poolscope
