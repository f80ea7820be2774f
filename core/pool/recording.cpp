// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/recording.h"

#include "core/pool/itemfailure.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace Poolscope {

namespace {

constexpr std::size_t mostLogLines = 200'000;
constexpr std::size_t mostLogBytes = std::size_t{64} << 20;
constexpr std::size_t mostDeaths = 100'000; // a task that kills every worker must not fill the memory
// Of each kind as many as a picture can show; a run with a process for each of a million items has more.
constexpr std::size_t mostEvents = 400'000;
constexpr std::size_t mostAttempts = 200'000;
constexpr std::size_t mostWaits = 200'000;
constexpr std::size_t longestFailedInput = 64 * 1024;

template <typename Container, typename F>
auto page(const Container &container, std::size_t from, std::size_t most, F make)
{
    std::vector<decltype(make(container[0]))> records;
    const std::size_t end = from < container.size() ? from + std::min(most, container.size() - from) : from;
    records.reserve(end - from);
    for (std::size_t i = from; i < end; ++i)
        records.push_back(make(container[i]));
    return records;
}

} // namespace

void Recording::Completed::clear()
{
    // Where nobody read for a while it has grown: the room for half a million results is 50 MB.
    constexpr std::size_t mostKept = 16'384;
    if (results.capacity() > mostKept) {
        *this = {};
        return;
    }
    results.clear();
    items.clear();
    failedInputs.clear();
}

Recording::Recording(Time began, bool keepItems) : m_began(began), m_keepItems(keepItems) {}

ItemRecord Recording::record(ItemResult &&result) const
{
    return recordOf(std::move(result), m_began, m_chunksize);
}

void Recording::addCompleted(std::span<const ItemResult> results, std::string_view items)
{
    if (!m_keepItems)
        return;
    m_staged.results.insert(m_staged.results.end(), results.begin(), results.end());
    m_staged.items.append(items);
    if (std::none_of(results.begin(), results.end(),
                     [](const ItemResult &result) { return result.status != Wire::ItemStatus::Ok; }))
        return;
    std::size_t begin = 0;
    for (const ItemResult &result : results) {
        const std::size_t end = items.find('\n', begin);
        if (result.status != Wire::ItemStatus::Ok)
            m_staged.failedInputs.emplace_back(
                result.index, items.substr(begin, std::min(end - begin, longestFailedInput)));
        begin = end + 1;
    }
}

void Recording::publishCompleted()
{
    if (m_staged.results.empty())
        return;
    {
        const std::lock_guard lock(m_mutex);
        if (m_fresh.results.empty()) {
            std::swap(m_fresh, m_staged);
        } else {
            std::move(m_staged.results.begin(), m_staged.results.end(), std::back_inserter(m_fresh.results));
            m_fresh.items.append(m_staged.items);
            std::move(m_staged.failedInputs.begin(), m_staged.failedInputs.end(),
                      std::back_inserter(m_fresh.failedInputs));
        }
    }
    m_staged.clear();
}

void Recording::addKept(const ItemResult &result)
{
    if (!m_keepItems)
        return;
    const std::lock_guard lock(m_mutex);
    m_fresh.results.push_back(result);
    m_fresh.items.push_back('\n'); // a journal does not keep what its items were
}

/// Under the lock.
void Recording::index() const
{
    const std::string_view items = m_fresh.items;
    std::size_t begin = 0;
    for (ItemResult &result : m_fresh.results) {
        const std::size_t end = items.find('\n', begin);
        m_inputs.add(items.substr(begin, end - begin));
        begin = end + 1;
        const auto position = std::uint32_t(m_completed.size());
        if (result.status != Wire::ItemStatus::Ok)
            m_failures.push_back(position);
        if (m_positionOf.size() <= result.index)
            m_positionOf.resize(result.index + 1, nowhere);
        m_positionOf[result.index] = position;
        m_completed.push_back(std::move(result));
        m_deliveredAt.push_back(-1);
        m_deliveredPosition.push_back(0);
    }
    for (auto &[index, input] : m_fresh.failedInputs)
        m_failedInputs.emplace(index, std::move(input));
    m_fresh.clear();
}

void Recording::addDelivered(std::span<const ItemRecord> records)
{
    if (!m_keepItems)
        return;
    const std::lock_guard lock(m_mutex);
    index();
    for (const ItemRecord &record : records) {
        const std::uint32_t position = m_positionOf[record.index];
        m_deliveredAt[position] = record.delivered;
        m_deliveredPosition[position] = std::uint32_t(m_deliveredOrder.size());
        m_deliveredOrder.push_back(position);
    }
}

ItemRecord Recording::at(std::size_t position) const
{
    ItemResult copy = m_completed[position];
    ItemRecord made = record(std::move(copy));
    made.delivered = m_deliveredAt[position];
    if (const auto input = m_failedInputs.find(made.index); input != m_failedInputs.end())
        made.input = input->second;
    return made;
}

std::vector<ItemRecord> Recording::completed(std::size_t from, std::size_t most) const
{
    const std::lock_guard lock(m_mutex);
    index();
    std::vector<ItemRecord> records;
    const std::size_t end =
        from < m_completed.size() ? from + std::min(most, m_completed.size() - from) : from;
    records.reserve(end - from);
    for (std::size_t i = from; i < end; ++i)
        records.push_back(at(i));
    return records;
}

std::vector<ItemSpan> Recording::spans(std::size_t from, std::size_t most) const
{
    const std::lock_guard lock(m_mutex);
    index();
    return page(m_completed, from, most,
                [this](const ItemResult &result) { return spanOf(result, m_began); });
}

std::vector<ItemSpan> Recording::deliveredSpans(std::size_t from, std::size_t most) const
{
    const std::lock_guard lock(m_mutex);
    index();
    return page(m_deliveredOrder, from, most, [this](std::uint32_t position) {
        ItemSpan span = spanOf(m_completed[position], m_began);
        span.delivered = m_deliveredAt[position];
        return span;
    });
}

std::vector<ItemRecord> Recording::delivered(std::size_t from, std::size_t most) const
{
    const std::lock_guard lock(m_mutex);
    index();
    return page(m_deliveredOrder, from, most, [this](std::uint32_t position) { return at(position); });
}

std::vector<ItemRecord> Recording::failures(std::size_t from, std::size_t most) const
{
    const std::lock_guard lock(m_mutex);
    index();
    return page(m_failures, from, most, [this](std::uint32_t position) { return at(position); });
}

std::vector<LogLine> Recording::log(std::size_t from, std::size_t most) const
{
    const std::lock_guard lock(m_mutex);
    return page(m_log, from, most, [](const LogLine &line) { return line; });
}

std::vector<WorkerDeath> Recording::deaths(std::size_t from, std::size_t most) const
{
    const std::lock_guard lock(m_mutex);
    return page(m_deaths, from, most, [](const WorkerDeath &death) { return death; });
}

void Recording::addDeath(WorkerDeath death)
{
    const std::lock_guard lock(m_mutex);
    if (m_keepItems && m_deaths.size() < mostDeaths)
        m_deaths.push_back(std::move(death));
}

void Recording::addRunEvent(const RunEvent &event)
{
    const std::lock_guard lock(m_mutex);
    if (m_keepItems && m_events.size() < mostEvents)
        m_events.push_back(event);
}

void Recording::addAttempt(const ItemResult &attempt)
{
    const std::lock_guard lock(m_mutex);
    if (m_keepItems && m_attempts.size() < mostAttempts)
        m_attempts.push_back(spanOf(attempt, m_began));
}

void Recording::addConsumerWait(Time begin, Time end)
{
    const std::lock_guard lock(m_mutex);
    if (m_keepItems && m_consumerWaits.size() < mostWaits)
        m_consumerWaits.push_back({double(begin - m_began) * 1e-9, double(end - m_began) * 1e-9});
}

std::vector<RunEvent> Recording::events(std::size_t from, std::size_t most) const
{
    const std::lock_guard lock(m_mutex);
    return page(m_events, from, most, [](const RunEvent &event) { return event; });
}

std::vector<ItemSpan> Recording::attempts(std::size_t from, std::size_t most) const
{
    const std::lock_guard lock(m_mutex);
    return page(m_attempts, from, most, [](const ItemSpan &span) { return span; });
}

std::vector<TimeSpan> Recording::consumerWaits(std::size_t from, std::size_t most) const
{
    const std::lock_guard lock(m_mutex);
    return page(m_consumerWaits, from, most, [](const TimeSpan &span) { return span; });
}

std::optional<RecordedItem> Recording::item(std::uint64_t index) const
{
    const std::lock_guard lock(m_mutex);
    this->index();
    if (index >= m_positionOf.size() || m_positionOf[index] == nowhere)
        return std::nullopt;
    const std::uint32_t position = m_positionOf[index];
    RecordedItem item{.record = at(position), .completedPosition = position};
    if (item.record.input.empty())
        item.record.input = m_inputs.at(position);
    if (m_deliveredAt[position] >= 0)
        item.deliveredPosition = m_deliveredPosition[position];
    return item;
}

void Recording::addLine(LogLine line)
{
    const std::lock_guard lock(m_mutex);
    if (m_logIsFull)
        return;
    m_logIsFull = m_log.size() >= mostLogLines || m_logBytes >= mostLogBytes;
    if (m_logIsFull)
        line = {.time = line.time, .text = "More was printed than is kept here."};
    m_logBytes += line.text.size();
    m_log.push_back(std::move(line));
}

void Recording::addEvent(const std::string &text, Time now)
{
    addLine({.time = double(now - m_began) * 1e-9, .text = text});
}

} // namespace Poolscope
