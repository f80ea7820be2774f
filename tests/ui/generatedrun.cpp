// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/generatedrun.h"

#include <algorithm>
#include <cmath>

namespace Poolscope {

GeneratedRun::GeneratedRun(const Shape &shape) : m_shape(shape)
{
    m_spec.task = QStringLiteral("square");
    m_spec.input = QStringLiteral("range:%1").arg(shape.items);
    m_spec.method = shape.method;
    m_spec.processes = int(shape.workers);
}

/// The rounds of all workers follow each other: item n is the worker's n/workers-th.
ItemSpan GeneratedRun::spanOf(std::uint64_t index) const
{
    const std::uint64_t worker = index % m_shape.workers;
    const double round = m_shape.seconds + m_shape.gap;
    const double stagger = round * double(worker) / m_shape.workers;
    ItemSpan span{.index = index, .worker = std::uint32_t(worker), .generation = 1};
    span.started = double(index / m_shape.workers) * round + stagger;
    span.finished = span.started + m_shape.seconds;
    span.received = span.finished;
    if (m_shape.failEach > 0 && index % std::uint64_t(m_shape.failEach) == 0)
        span.status = ItemStatus::Error;
    return span;
}

double GeneratedRun::length() const
{
    return spanOf(m_shape.items - 1).finished;
}

std::uint64_t GeneratedRun::completedBy(double time) const
{
    // Items end in the order of their indexes, evenly.
    const double each = (m_shape.seconds + m_shape.gap) / m_shape.workers;
    const double count = std::floor((time - m_shape.seconds) / each + 1e-9) + 1;
    return std::uint64_t(std::clamp(count, 0.0, double(m_shape.items)));
}

RunSnapshot GeneratedRun::snapshot() const
{
    RunSnapshot snapshot;
    const double time = now();
    const std::uint64_t done = completedBy(time);
    snapshot.phase = isOver() ? RunPhase::Finished : RunPhase::Running;
    snapshot.now = time;
    snapshot.total = m_shape.items;
    snapshot.items.read = std::min(m_shape.items, done + 1000);
    snapshot.items.ok = done;
    snapshot.completed = done;
    snapshot.delivered = done;
    snapshot.chunksize = m_shape.chunksize;
    snapshot.chunks = (snapshot.items.read + m_shape.chunksize - 1) / m_shape.chunksize;
    snapshot.processes = m_shape.workers;
    snapshot.workersStarted = m_shape.workers;
    snapshot.firstDispatch = 0;
    snapshot.firstResult = m_shape.seconds;
    snapshot.lastDelivery = time;
    snapshot.percentile95 = m_shape.seconds;
    snapshot.memoryBytes = 60'000'000;
    for (std::uint32_t slot = 0; slot < m_shape.workers; ++slot) {
        WorkerSnapshot worker;
        worker.slot = slot;
        worker.generation = 1;
        worker.pid = 4711 + slot;
        worker.state = isOver() ? WorkerState::Gone : WorkerState::Running;
        worker.itemsDone = done / m_shape.workers;
        worker.busy = m_shape.seconds / (m_shape.seconds + m_shape.gap);
        worker.memoryBytes = 12'000'000 + slot * 100'000ULL;
        if (!isOver()) {
            worker.item = std::min(done + slot, m_shape.items - 1);
            worker.chunk = *worker.item / m_shape.chunksize;
            worker.chunkBegin = *worker.chunk * m_shape.chunksize;
            worker.chunkEnd = std::min(worker.chunkBegin + m_shape.chunksize, m_shape.items);
            worker.chunkStarted = worker.itemStarted = std::max(time - m_shape.seconds / 2, 0.0);
        }
        snapshot.workers.push_back(worker);
    }
    return snapshot;
}

ItemRecord GeneratedRun::recordOf(std::uint64_t index) const
{
    const ItemSpan span = spanOf(index);
    ItemRecord record;
    record.index = index;
    record.status = span.status;
    record.chunk = index / m_shape.chunksize;
    record.worker = span.worker;
    record.generation = span.generation;
    record.pid = 4711 + span.worker;
    record.started = span.started;
    record.finished = record.delivered = span.finished;
    record.value = span.status == ItemStatus::Ok ? std::to_string(index * index)
                                                 : R"({"type":"ValueError","message":"no","traceback":""})";
    return record;
}

std::vector<ItemSpan> GeneratedRun::spans(std::size_t from, std::size_t most) const
{
    std::vector<ItemSpan> spans;
    const std::uint64_t end = std::min<std::uint64_t>(completedBy(now()), from + most);
    for (std::uint64_t index = from; index < end; ++index)
        spans.push_back(spanOf(index));
    return spans;
}

std::vector<ItemRecord> GeneratedRun::completed(std::size_t from, std::size_t most) const
{
    std::vector<ItemRecord> records;
    const std::uint64_t end = std::min<std::uint64_t>(completedBy(now()), from + most);
    for (std::uint64_t index = from; index < end; ++index)
        records.push_back(recordOf(index));
    return records;
}

std::vector<ItemRecord> GeneratedRun::failures(std::size_t from, std::size_t most) const
{
    std::vector<ItemRecord> records;
    if (m_shape.failEach <= 0)
        return records;
    const std::uint64_t each = std::uint64_t(m_shape.failEach);
    const std::uint64_t done = completedBy(now());
    for (std::uint64_t n = from; n < from + most && n * each < done; ++n)
        records.push_back(recordOf(n * each));
    return records;
}

std::vector<RunEvent> GeneratedRun::events(std::size_t from, std::size_t most) const
{
    std::vector<RunEvent> events;
    for (std::size_t n = from; n < std::min<std::size_t>(from + most, std::size_t(2) * m_shape.workers);
         ++n) {
        const auto worker = std::uint32_t(n % m_shape.workers);
        events.push_back(
            {.time = 0,
             .kind = n < m_shape.workers ? RunEventKind::WorkerStarted : RunEventKind::WorkerReady,
             .worker = worker,
             .generation = 1,
             .pid = 4711 + worker});
    }
    return events;
}

std::optional<RecordedItem> GeneratedRun::item(std::uint64_t index) const
{
    if (index >= completedBy(now()))
        return std::nullopt;
    return RecordedItem{.record = recordOf(index), .completedPosition = index, .deliveredPosition = index};
}

} // namespace Poolscope
