// SPDX-License-Identifier: GPL-3.0-or-later
#include "virtualpool.h"

#include <algorithm>

namespace Poolscope {

VirtualPool::VirtualPool(const PoolConfig &config, Plan plan) : machine(config), m_plan(std::move(plan))
{
    machine.start(0);
    settle();
}

JobId VirtualPool::submit(const JobConfig &config, std::uint64_t items, std::uint32_t chunksize)
{
    const JobId job = machine.submit(config, now);
    m_jobs[job] = {.config = config, .first = m_items, .end = m_items + items, .chunksize = chunksize};
    if (config.halt)
        m_jobs[job].halt.emplace(*config.halt);
    m_items += items;
    finished = false;
    if (items == 0)
        machine.inputEnded(job, now);
    settle();
    return job;
}

void VirtualPool::at(Time time, std::function<void()> action)
{
    m_queue.push({time, m_events++, std::move(action)});
}

bool VirtualPool::halt(JobId job, HaltPolicy::When when)
{
    m_jobs.at(job).isHalted = machine.haltJob(job, when, now);
    settle();
    return m_jobs.at(job).isHalted;
}

void VirtualPool::recycle(std::uint32_t slot)
{
    const Generation generation = machine.workers()[slot].generation;
    if (itemsOfProcess[m_processes.at({slot, generation}).number].empty())
        return;
    machine.recycleWorker(WorkerSlot(slot), generation, now);
    settle();
}

void VirtualPool::exceedMemory(std::uint32_t slot)
{
    const Generation generation = machine.workers()[slot].generation;
    if (m_processes.at({slot, generation}).busy)
        machine.memoryExceeded(WorkerSlot(slot), generation, now);
    settle();
}

void VirtualPool::noteEnd(JobId id, bool ok)
{
    Submission &job = m_jobs.at(id);
    if (!job.halt)
        return;
    job.halt->itemEnded(ok);
    if (job.halt->isDue() && !job.isHalted)
        job.isHalted = machine.haltJob(id, job.halt->policy().when, now);
}

void VirtualPool::run(Time until)
{
    for (;;) {
        const auto deadline = machine.nextDeadline();
        const bool deadlineFirst = deadline && (m_queue.empty() || *deadline < m_queue.top().time);
        if (!deadlineFirst && m_queue.empty())
            return;
        const Time next = deadlineFirst ? std::max(now, *deadline) : m_queue.top().time;
        if (next > until)
            return;
        now = next;
        if (deadlineFirst) {
            machine.tick(now);
        } else {
            const auto action = m_queue.top().action;
            m_queue.pop();
            action();
        }
        settle();
    }
}

void VirtualPool::settle()
{
    for (auto commands = machine.takeCommands(now); !commands.empty(); commands = machine.takeCommands(now))
        for (const PoolCommand &command : commands)
            carryOut(command);
    const auto busy = std::count_if(m_processes.begin(), m_processes.end(),
                                    [](const auto &process) { return process.second.busy; });
    mostBusy = std::max(mostBusy, std::uint64_t(busy));
    for (const auto &[id, job] : m_jobs) {
        mostReadAhead = std::max(mostReadAhead, job.read - job.released);
        if (job.config.delivery != Delivery::AllAtEnd &&
            job.read - job.released > job.config.window * job.chunksize)
            violations.push_back("more was read ahead than the window allows"); // S9.3
    }
}

void VirtualPool::begin(Key key)
{
    Process &process = m_processes.at(key);
    if (process.dead || process.busy)
        return;
    if (process.held && !process.pieces.empty()) {
        machine.workerIdle(WorkerSlot(key.first), key.second, now);
        settle();
        return;
    }
    if (process.pieces.empty()) {
        if (process.quitting)
            end(key, false);
        return;
    }
    const PieceId id = process.pieces.front();
    if (!machine.piece(id))
        return; // abandoned; the kill is on its way
    const PoolMachine::Piece piece = *machine.piece(id);
    const std::uint64_t item = firstItem(piece.chunk) + piece.offset + process.done;
    process.busy = true;
    ++executions[item];
    beginnings.emplace_back(item, now);
    if (m_jobs.at(machine.chunk(piece.chunk)->job).isHalted)
        ++begunAfterHalt;
    itemsOfProcess[process.number].push_back(item);
    const auto [duration, outcome] = m_plan.item(item, piece.attempt);
    const std::uint64_t epoch = ++process.epoch;
    const JobId job = machine.chunk(piece.chunk)->job;
    at(now + duration, [this, key, id, item, job, duration = duration, outcome = outcome, epoch, piece] {
        Process &ran = m_processes.at(key);
        if (ran.dead || ran.epoch != epoch)
            return;
        if (outcome == Outcome::Death) {
            end(key, true);
            return;
        }
        ran.busy = false;
        if (!machine.piece(id))
            return;
        const std::uint32_t offset = ran.done++;
        std::uint32_t reported = 1;
        const WorkerSlot slot(key.first);
        bool retried = false;
        if (outcome == Outcome::Error) {
            const std::uint32_t rest = jobOf(piece.chunk).stopOnError ? piece.count - ran.done : 0;
            retried = machine.itemFailed(id, offset, rest, now);
            reported += rest;
            for (std::uint32_t i = 1; i <= rest && !retried; ++i)
                outcomes[item + i] = "not_run";
            ran.done += rest;
        }
        if (!retried) {
            if (outcomes.contains(item))
                violations.push_back("item " + std::to_string(item) + " ended twice");
            outcomes[item] = outcome == Outcome::Ok ? "ok" : "error";
            endedAt[item] = now;
        }
        if (ran.done == piece.count) {
            ran.pieces.pop_front();
            ran.done = 0;
        }
        machine.itemsDone(slot, key.second, id, reported, duration, now);
        if (!retried)
            noteEnd(job, outcome == Outcome::Ok);
        settle();
        begin(key);
    });
}

void VirtualPool::end(Key key, bool running)
{
    Process &process = m_processes.at(key);
    if (process.dead)
        return;
    process.dead = true;
    process.busy = false;
    machine.workerGone(WorkerSlot(key.first), key.second, running, now);
    settle();
}

void VirtualPool::carryOut(const PoolCommand &command)
{
    if (const auto *start = std::get_if<StartWorker>(&command)) {
        const Key key(start->slot.value, start->generation);
        m_processes[key].number = started++;
        m_processes[key].launch = start->launch;
        launchOfProcess.push_back(start->launch);
        itemsOfProcess.emplace_back();
        at(now + m_plan.startTime + Time(started - 1) * m_plan.startsApart, [this, key] {
            Process &process = m_processes.at(key);
            if (process.dead)
                return;
            if (m_plan.setupFails(key.second) || m_plan.launchFails(process.launch)) {
                machine.workerFailed(WorkerSlot(key.first), key.second, now);
                settle();
                end(key, false);
                return;
            }
            process.ready = true;
            machine.workerReady(WorkerSlot(key.first), key.second, now);
        });
    } else if (const auto *send = std::get_if<SendPiece>(&command)) {
        const Key key(send->slot.value, machine.workers()[send->slot.value].generation);
        if (jobOf(machine.piece(send->piece)->chunk).launch != m_processes.at(key).launch)
            violations.push_back("work was sent to a worker of another launch");
        at(now + m_plan.latency, [this, key, piece = send->piece] {
            Process &process = m_processes.at(key);
            if (process.dead)
                return;
            if (process.quitting)
                violations.push_back("work was sent behind a quit");
            process.pieces.push_back(piece);
            begin(key);
        });
    } else if (const auto *recall = std::get_if<RecallPieces>(&command)) {
        ++recalls;
        const Key key(recall->slot.value, machine.workers()[recall->slot.value].generation);
        at(now + m_plan.latency, [this, key, wanted = recall->pieces] {
            Process &process = m_processes.at(key);
            if (process.dead)
                return;
            std::vector<PieceId> back;
            for (const PieceId piece : wanted) {
                const auto held = std::find(process.pieces.begin(), process.pieces.end(), piece);
                const bool begun = held == process.pieces.begin() && (process.busy || process.done > 0);
                if (held == process.pieces.end() || begun)
                    continue;
                process.pieces.erase(held);
                back.push_back(piece);
            }
            machine.piecesRecalled(WorkerSlot(key.first), key.second, back, now);
        });
    } else if (const auto *quit = std::get_if<QuitWorker>(&command)) {
        const Key key(quit->slot.value, quit->generation);
        at(now + m_plan.latency, [this, key] {
            m_processes.at(key).quitting = true;
            begin(key);
        });
    } else if (const auto *hold = std::get_if<HoldWorker>(&command)) {
        const Key key(hold->slot.value, hold->generation);
        m_processes.at(key).held = true;
        if (!m_processes.at(key).busy)
            machine.workerIdle(hold->slot, hold->generation, now);
    } else if (const auto *kill = std::get_if<KillWorker>(&command)) {
        const Key key(kill->slot.value, kill->generation);
        if (kill->reason == KillReason::Held || kill->reason == KillReason::Memory)
            m_processes.at(key).held = true;
        at(now + m_plan.latency, [this, key] { end(key, m_processes.at(key).busy); });
    } else if (const auto *lose = std::get_if<LoseItem>(&command)) {
        const std::uint64_t item = firstItem(lose->chunk) + lose->offset;
        if (outcomes.contains(item))
            violations.push_back("item " + std::to_string(item) + " was lost after it had ended");
        outcomes[item] = lose->reason == LossReason::Timeout  ? "timeout"
                         : lose->reason == LossReason::Memory ? "memory"
                                                              : "lost";
        endedAt[item] = now;
        noteEnd(m_chunkJob.at(lose->chunk.value), false);
    } else if (const auto *retry = std::get_if<RetryItem>(&command)) {
        const std::uint64_t item = firstItem(retry->chunk) + retry->offset;
        if (outcomes.contains(item))
            violations.push_back("item " + std::to_string(item) + " is tried again after it had ended");
        lostAttempts[item].push_back(retry->attempt);
    } else if (const auto *skip = std::get_if<SkipItems>(&command)) {
        for (std::uint32_t i = 0; i < skip->count; ++i)
            outcomes.try_emplace(firstItem(skip->chunk) + skip->offset + i,
                                 skip->reason == SkipReason::NotRun || skip->reason == SkipReason::Halted
                                     ? "not_run"
                                     : "cancelled");
    } else if (const auto *complete = std::get_if<CompleteChunk>(&command)) {
        const std::uint64_t first = firstItem(complete->chunk);
        chunkOrder.push_back(first);
        m_jobs.at(m_chunkJob.at(complete->chunk.value)).completed.push_back(complete->chunk);
        for (std::uint32_t i = 0; i < m_chunkItems[complete->chunk.value]; ++i)
            if (!outcomes.contains(first + i))
                violations.push_back("a chunk was complete without item " + std::to_string(first + i));
    } else if (const auto *release = std::get_if<ReleaseResults>(&command)) {
        Submission &job = m_jobs.at(release->job);
        std::uint64_t items = 0;
        if (job.config.delivery == Delivery::Unordered) {
            for (std::uint64_t chunk = 0; chunk < release->chunks; ++chunk) {
                const ChunkId next = job.completed.front();
                job.completed.pop_front();
                for (std::uint32_t i = 0; i < m_chunkItems.at(next.value); ++i, ++items)
                    delivered.push_back(firstItem(next) + i);
            }
        } else {
            for (; items < release->items; ++items)
                delivered.push_back(job.first + job.released + items);
        }
        if (items != release->items)
            violations.push_back("a release counts other items than its chunks have");
        job.released += items;
        if (m_plan.consumes)
            machine.chunksTaken(release->job, release->chunks, now);
    } else if (const auto *read = std::get_if<ReadInput>(&command)) {
        Submission &job = m_jobs.at(read->job);
        const std::uint64_t items = job.end - job.first;
        for (std::uint64_t i = 0; i < read->chunks && job.read < items; ++i) {
            const auto count = std::uint32_t(std::min<std::uint64_t>(job.chunksize, items - job.read));
            const ChunkId chunk = stretches.empty() ? machine.chunkRead(read->job, count, now)
                                                    : machine.chunkRead(read->job, count, stretches, now);
            m_firstItem[chunk.value] = job.first + job.read;
            m_chunkItems[chunk.value] = count;
            m_chunkJob[chunk.value] = read->job;
            job.read += count;
        }
        if (job.read == items)
            machine.inputEnded(read->job, now);
    } else if (const auto *stop = std::get_if<StopInput>(&command)) {
        machine.inputEnded(stop->job, now);
    } else if (const auto *finish = std::get_if<FinishJob>(&command)) {
        if (!endedJobs.insert(finish->job).second)
            violations.push_back("a job ended twice");
        finished = endedJobs.size() == m_jobs.size();
    } else if (std::holds_alternative<FailLaunch>(command)) {
        failed = true;
    }
}

} // namespace Poolscope
