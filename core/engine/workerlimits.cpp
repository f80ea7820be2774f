// SPDX-License-Identifier: GPL-3.0-or-later
// What must not grow without bounds: the memory of workers, the messages to them.
#include "core/engine/clock.h"
#include "core/engine/errortext.h"
#include "core/engine/poolengine.h"

#include <utility>

namespace Poolscope {

/// Ends a worker that is above the limit before it is ready: no item could run in it, nor in its successors.
bool PoolEngine::refuseToStart(WorkerProcess &worker)
{
    const std::uint64_t bytes = m_options.memoryLimit ? residentMemoryOfAll(worker.pid()) : 0;
    if (!m_options.memoryLimit || bytes <= *m_options.memoryLimit)
        return false;
    LaunchState &launch = m_launches[worker.launch.value];
    launch.failureOption = QStringLiteral("memory-limit");
    launch.startFailure = tr("A worker takes %1 of memory before its first item, and the limit is %2. Raise "
                             "the limit, or load less in the task and its initializer.")
                              .arg(describeBytes(bytes), describeBytes(*m_options.memoryLimit));
    m_machine.workerFailed(worker.slot(), worker.generation(), monotonicNow());
    worker.end(WorkerProcess::End::Kill);
    return true;
}

void PoolEngine::watchMemory()
{
    for (WorkerProcess *worker : m_current) {
        if (!worker || !worker->hasGreeted)
            continue;
        const std::uint64_t own = residentMemory(worker->pid());
        worker->peakMemory().seen(own);
        if (m_options.memoryLimit)
            if (const std::uint64_t all = residentMemoryOfAll(worker->pid()); all > *m_options.memoryLimit) {
                endForMemory(*worker, all);
                continue;
            }
        if (m_options.maxMemoryPerChild && own > *m_options.maxMemoryPerChild && worker->resultsReceived > 0)
            m_machine.recycleWorker(worker->slot(), worker->generation(), monotonicNow());
    }
    runCommands();
}

/// Above the limit: an item that runs is lost; between two items the worker is replaced, and nothing is lost.
void PoolEngine::endForMemory(WorkerProcess &worker, std::uint64_t bytes)
{
    const PoolMachine::Worker &state = m_machine.workers()[worker.slot().value];
    if (state.phase == PoolMachine::WorkerPhase::Starting)
        refuseToStart(worker);
    if (state.phase != PoolMachine::WorkerPhase::Ready && state.phase != PoolMachine::WorkerPhase::Quitting)
        return;
    const auto begun = worker.holdItems();
    const bool isRunning = !state.pieces.empty() && (!begun || begun->count > worker.resultsReceived);
    if (isRunning) {
        worker.memoryUsed = describeBytes(bytes);
        m_machine.memoryExceeded(worker.slot(), worker.generation(), monotonicNow());
        return;
    }
    if (!state.held)
        worker.releaseItems();
    if (worker.resultsReceived > 0)
        m_machine.recycleWorker(worker.slot(), worker.generation(), monotonicNow());
}

/// The stretches of a chunk that is too large for one frame which are not. An item that is too large by
/// itself gets its error here.
std::vector<PoolMachine::Stretch> PoolEngine::stretchesOf(ChunkRecord &chunk)
{
    const std::size_t most = m_options.maximumPayload - sizeof(Wire::ChunkHeader);
    const auto items = std::uint32_t(chunk.results.size());
    std::vector<PoolMachine::Stretch> stretches;
    PoolMachine::Stretch open;
    std::size_t size = 0;
    const auto close = [&](std::uint32_t next) {
        if (open.count > 0)
            stretches.push_back(open);
        open = {next, 0};
        size = 0;
    };
    std::size_t begin = 0;
    for (std::uint32_t offset = 0; offset < items; ++offset) {
        const std::size_t end = chunk.items.find('\n', begin) + 1;
        const std::size_t length = end - begin;
        begin = end;
        if (length > most) {
            close(offset + 1);
            refuseItem(chunk, offset, length - 1);
            if (!chunk.job->config.stopOnError)
                continue;
            for (++offset; offset < items; ++offset) {
                ItemResult &result = chunk.outcome(offset);
                result.status = Wire::ItemStatus::NotRun;
                result.payload =
                    errorJson(QStringLiteral("NotRun"), tr("an item before it in its chunk failed"));
            }
            break;
        }
        if (size + length > most)
            close(offset);
        ++open.count;
        size += length;
    }
    close(items);
    if (m_options.observer)
        m_options.observer->itemsEnded(chunk.job->id, chunk.results);
    return stretches;
}

void PoolEngine::refuseItem(ChunkRecord &chunk, std::uint32_t offset, std::size_t bytes)
{
    ItemResult &result = chunk.outcome(offset);
    result.status = Wire::ItemStatus::Error;
    result.payload =
        errorJson(QStringLiteral("OverflowError"),
                  tr("the item is %1 bytes long, the most that can be sent to a worker is %2: let "
                     "it name a file that holds the data")
                      .arg(bytes)
                      .arg(m_options.maximumPayload - sizeof(Wire::ChunkHeader) - 1));
    if (chunk.job->halt)
        chunk.job->halt->itemEnded(false);
}

} // namespace Poolscope
