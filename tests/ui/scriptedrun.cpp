// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/scriptedrun.h"

#include <algorithm>
#include <map>

namespace Poolscope {

namespace {

constexpr std::size_t fewestForAPercentile = 20;

std::vector<ItemRecord> slice(const std::vector<ItemRecord> &records, std::size_t end, std::size_t from,
                              std::size_t most)
{
    if (from >= end)
        return {};
    const auto begin = records.begin() + std::ptrdiff_t(from);
    return {begin, begin + std::ptrdiff_t(std::min(most, end - from))};
}

std::size_t countBefore(const std::vector<ItemRecord> &records, double ItemRecord::*time, double now)
{
    return std::size_t(std::partition_point(records.begin(), records.end(),
                                            [&](const ItemRecord &record) { return record.*time <= now; }) -
                       records.begin());
}

std::string errorObject(ItemStatus status, std::uint64_t item)
{
    if (status == ItemStatus::Lost)
        return R"x({"type":"WorkerLost","message":"worker 1 (PID 4712) was killed by SIGKILL while it ran this item","traceback":"",)x"
               R"x("signal":"SIGKILL","stderr":"about to <b>die</b>\n","peak_rss_bytes":812000000})x";
    return R"({"type":"ValueError","message":"cannot take the square of <b>item )" + std::to_string(item) +
           R"(</b>","traceback":"Traceback (most recent call last):\n  File \"tasks.py\", line 12, in square\n)" +
           R"(    raise ValueError(item)\nValueError: cannot take the square"})";
}

} // namespace

ScriptedRun::ScriptedRun(const Script &script)
    : m_items(script.items), m_chunksize(script.chunksize), m_startup(script.startup)
{
    m_spec.task = QStringLiteral("slow_square");
    m_spec.input = QStringLiteral("range:%1").arg(script.items);
    m_spec.method = script.method;
    m_spec.processes = script.workers;
    if (script.chunksPerProcess > 0)
        m_spec.maxTasksPerChild = script.chunksPerProcess;
    play(script);
    deliver(script.method);
    for (const ItemRecord &record : m_completed)
        if (record.status != ItemStatus::Ok)
            m_failed.push_back(record);
    m_lines.push_back({.text = "started " + std::to_string(script.workers) + " workers"});
}

void ScriptedRun::play(const Script &script)
{
    struct Slot
    {
        double free;
        int chunks = 0;
        std::uint32_t generation = 1;
    };
    std::vector<Slot> places(std::size_t(script.workers), Slot{script.startup});
    for (std::uint64_t first = 0, chunk = 0; first < script.items; first += script.chunksize, ++chunk) {
        const auto slot = std::min_element(places.begin(), places.end(),
                                           [](const Slot &a, const Slot &b) { return a.free < b.free; });
        if (script.chunksPerProcess > 0 && slot->chunks == script.chunksPerProcess) {
            slot->chunks = 0;
            ++slot->generation;
            slot->free += script.startup;
        }
        ++slot->chunks;
        for (std::uint64_t item = first; item < std::min(first + script.chunksize, script.items); ++item) {
            ItemRecord record;
            record.index = item;
            record.status = script.status(item);
            record.chunk = chunk;
            record.worker = std::uint32_t(slot - places.begin());
            record.generation = slot->generation;
            record.pid = 4711 + record.worker + (slot->generation - 1) * script.workers;
            record.started = slot->free;
            record.finished = slot->free += script.seconds(item);
            record.cpu = 0.9 * (record.finished - record.started);
            if (record.status == ItemStatus::Ok) {
                record.value = script.value(item);
            } else {
                record.value = errorObject(record.status, item);
                record.input = std::to_string(item);
            }
            if (record.status == ItemStatus::Lost) {
                slot->chunks = 0;
                ++slot->generation;
                slot->free += script.startup;
            }
            m_completed.push_back(std::move(record));
        }
    }
    std::map<std::uint64_t, double> ends;
    for (const ItemRecord &record : m_completed)
        ends[script.recordsChunks ? record.chunk : record.index] = record.finished;
    const auto recordedAt = [&](const ItemRecord &record) {
        return ends[script.recordsChunks ? record.chunk : record.index];
    };
    std::stable_sort(m_completed.begin(), m_completed.end(),
                     [&](const ItemRecord &a, const ItemRecord &b) { return recordedAt(a) < recordedAt(b); });
    for (const ItemRecord &record : m_completed)
        m_recordedAt.push_back(recordedAt(record));
    m_length = m_recordedAt.empty() ? 0 : m_recordedAt.back();
}

std::size_t ScriptedRun::recorded() const
{
    return std::size_t(std::upper_bound(m_recordedAt.begin(), m_recordedAt.end(), now()) -
                       m_recordedAt.begin());
}

void ScriptedRun::deliver(Method method)
{
    m_delivered = m_completed;
    if (deliveryOf(method) != Delivery::Unordered)
        std::sort(m_delivered.begin(), m_delivered.end(),
                  [](const ItemRecord &a, const ItemRecord &b) { return a.index < b.index; });
    double latest = 0;
    std::map<std::uint64_t, double> recordedAt;
    for (std::size_t i = 0; i < m_completed.size(); ++i)
        recordedAt[m_completed[i].index] = m_recordedAt[i];
    std::map<std::uint64_t, double> when;
    for (ItemRecord &record : m_delivered) {
        latest = std::max(latest, recordedAt[record.index]);
        record.delivered = deliveryOf(method) == Delivery::AllAtEnd ? m_length : latest;
        when[record.index] = record.delivered;
    }
    for (ItemRecord &record : m_completed)
        record.delivered = when[record.index];
}

RunSnapshot ScriptedRun::snapshot() const
{
    RunSnapshot snapshot;
    const double time = now();
    const std::size_t done = recorded();
    const std::size_t out = countBefore(m_delivered, &ItemRecord::delivered, time);
    snapshot.phase = isOver()           ? RunPhase::Finished
                     : time < m_startup ? RunPhase::Starting
                                        : RunPhase::Running;
    snapshot.now = time;
    snapshot.total = m_items;
    snapshot.items.read =
        std::min<std::uint64_t>(m_items, done + std::uint64_t(m_spec.processes) * m_chunksize);
    for (std::size_t i = 0; i < done; ++i) {
        const ItemStatus status = m_completed[i].status;
        ++(status == ItemStatus::Ok      ? snapshot.items.ok
           : status == ItemStatus::Error ? snapshot.items.error
                                         : snapshot.items.lost);
    }
    snapshot.completed = done;
    snapshot.delivered = out;
    snapshot.bufferedResults = done - out;
    snapshot.peakBufferedResults = std::max<std::uint64_t>(done - out, 3);
    if (deliveryOf(m_spec.method) == Delivery::Ordered && done > out)
        snapshot.waitingFor = m_delivered[out].index;
    snapshot.chunksize = m_chunksize;
    snapshot.chunks = (snapshot.items.read + m_chunksize - 1) / m_chunksize;
    snapshot.processes = std::uint32_t(m_spec.processes);
    snapshot.workersStarted = snapshot.processes;
    snapshot.workersLost = snapshot.items.lost;
    if (time >= m_startup)
        snapshot.firstDispatch = m_startup;
    if (out > 0) {
        snapshot.firstResult = m_delivered.front().delivered;
        snapshot.lastDelivery = m_delivered[out - 1].delivered;
    }
    if (done >= fewestForAPercentile) {
        std::vector<double> seconds;
        for (std::size_t i = 0; i < done; ++i)
            seconds.push_back(m_completed[i].finished - m_completed[i].started);
        const auto at = seconds.begin() + std::ptrdiff_t(0.95 * double(done));
        std::nth_element(seconds.begin(), at, seconds.end());
        snapshot.percentile95 = *at;
    }
    for (int slot = 0; slot < m_spec.processes; ++slot) {
        WorkerSnapshot worker;
        worker.slot = std::uint32_t(slot);
        worker.generation = 1;
        worker.pid = 4711 + slot;
        worker.state = time < m_startup ? WorkerState::Starting : WorkerState::Waiting;
        worker.memoryBytes = 14'200'000 + std::uint64_t(slot) * 310'000;
        if (m_spec.maxTasksPerChild)
            worker.chunksUntilRecycle = std::uint32_t(*m_spec.maxTasksPerChild);
        double busy = 0;
        for (const ItemRecord &record : m_completed) {
            if (record.worker != worker.slot || record.started > time)
                continue;
            busy += std::min(time, record.finished) - record.started;
            worker.generation = std::max(worker.generation, record.generation);
            worker.pid = record.pid;
            if (record.chunk != worker.chunk) {
                worker.chunk = record.chunk;
                worker.chunkBegin = record.index;
                worker.chunkStarted = record.started;
            }
            if (record.finished <= time) {
                ++worker.itemsDone;
                if (record.status != ItemStatus::Ok) {
                    ++worker.itemsFailed;
                    worker.lastError =
                        "item " + std::to_string(record.index) + ": ValueError: cannot take the square";
                }
            } else {
                worker.state = WorkerState::Running;
                worker.item = record.index;
                worker.chunkEnd = std::min((record.chunk + 1) * m_chunksize, m_items);
                worker.itemStarted = record.started;
            }
        }
        if (worker.state == WorkerState::Running) {
            ++snapshot.workersBusy;
            worker.cpu = 0.98;
        }
        if (worker.state != WorkerState::Running)
            worker.chunk.reset();
        if (isOver()) {
            worker.state = WorkerState::Gone;
            worker.pid = 0;
            worker.memoryBytes = 0;
        }
        worker.busy = time > 0 ? busy / time : 0;
        snapshot.busySeconds += busy;
        snapshot.workers.push_back(worker);
    }
    if (snapshot.firstDispatch >= 0)
        snapshot.placeSeconds = (time - m_startup) * snapshot.processes;
    if (done > 0 && !isOver())
        snapshot.eta = EtaEstimate{m_length - time, (m_length - time) * 0.07};
    return snapshot;
}

ItemRecord ScriptedRun::asOfNow(ItemRecord record) const
{
    if (record.delivered > now())
        record.delivered = -1;
    return record;
}

std::vector<ItemRecord> ScriptedRun::completed(std::size_t from, std::size_t most) const
{
    std::vector<ItemRecord> records = slice(m_completed, recorded(), from, most);
    for (ItemRecord &record : records)
        record = asOfNow(std::move(record));
    m_recordsRead += records.size();
    return records;
}

std::vector<ItemRecord> ScriptedRun::delivered(std::size_t from, std::size_t most) const
{
    std::vector<ItemRecord> records =
        slice(m_delivered, countBefore(m_delivered, &ItemRecord::delivered, now()), from, most);
    m_recordsRead += records.size();
    return records;
}

std::vector<ItemRecord> ScriptedRun::failures(std::size_t from, std::size_t most) const
{
    return slice(m_failed, countBefore(m_failed, &ItemRecord::finished, now()), from, most);
}

std::vector<WorkerDeath> ScriptedRun::deaths(std::size_t from, std::size_t most) const
{
    if (from >= m_deaths.size())
        return {};
    const auto begin = m_deaths.begin() + std::ptrdiff_t(from);
    return {begin, begin + std::ptrdiff_t(std::min(most, m_deaths.size() - from))};
}

std::vector<RunEvent> ScriptedRun::events(std::size_t from, std::size_t most) const
{
    if (from >= m_events.size())
        return {};
    const auto begin = m_events.begin() + std::ptrdiff_t(from);
    return {begin, begin + std::ptrdiff_t(std::min(most, m_events.size() - from))};
}

std::optional<RecordedItem> ScriptedRun::item(std::uint64_t index) const
{
    const auto find = [index](const std::vector<ItemRecord> &records) {
        return std::size_t(std::find_if(records.begin(), records.end(),
                                        [index](const ItemRecord &record) { return record.index == index; }) -
                           records.begin());
    };
    const std::size_t completed = find(m_completed);
    if (completed >= recorded())
        return std::nullopt;
    RecordedItem item{.record = asOfNow(m_completed[completed]), .completedPosition = completed};
    if (item.record.delivered >= 0)
        item.deliveredPosition = find(m_delivered);
    return item;
}

std::vector<LogLine> ScriptedRun::log(std::size_t from, std::size_t most) const
{
    if (from >= m_lines.size())
        return {};
    const auto begin = m_lines.begin() + std::ptrdiff_t(from);
    return {begin, begin + std::ptrdiff_t(std::min(most, m_lines.size() - from))};
}

} // namespace Poolscope
