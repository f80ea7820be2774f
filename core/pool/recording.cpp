// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/recording.h"

#include "core/pool/itemfailure.h"

#include <algorithm>

namespace Poolscope {

namespace {

constexpr std::size_t mostLogLines = 200'000;
constexpr std::size_t mostLogBytes = std::size_t{64} << 20;
constexpr std::size_t mostDeaths = 100'000; // a task that kills every worker must not fill the memory
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

Recording::Recording(Time began, bool keepItems) : m_began(began), m_keepItems(keepItems) {}

ItemRecord Recording::record(ItemResult &&result) const
{
    return recordOf(std::move(result), m_began, m_chunksize);
}

void Recording::addCompleted(std::span<const ItemResult> results, std::string_view items)
{
    if (!m_keepItems)
        return;
    const std::lock_guard lock(m_mutex);
    std::size_t begin = 0;
    for (const ItemResult &result : results) {
        const std::size_t end = items.find('\n', begin);
        const auto position = std::uint32_t(m_completed.size());
        if (result.status != Wire::ItemStatus::Ok) {
            m_failures.push_back(position);
            m_failedInputs.emplace(result.index,
                                   items.substr(begin, std::min(end - begin, longestFailedInput)));
        }
        if (m_positionOf.size() <= result.index)
            m_positionOf.resize(result.index + 1);
        m_positionOf[result.index] = position;
        m_completed.push_back(result);
        m_deliveredAt.push_back(-1);
        begin = end + 1;
    }
}

void Recording::addDelivered(std::span<const ItemRecord> records)
{
    if (!m_keepItems)
        return;
    const std::lock_guard lock(m_mutex);
    for (const ItemRecord &record : records) {
        const std::uint32_t position = m_positionOf[record.index];
        m_deliveredAt[position] = record.delivered;
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
    std::vector<ItemRecord> records;
    const std::size_t end =
        from < m_completed.size() ? from + std::min(most, m_completed.size() - from) : from;
    records.reserve(end - from);
    for (std::size_t i = from; i < end; ++i)
        records.push_back(at(i));
    return records;
}

std::vector<ItemRecord> Recording::delivered(std::size_t from, std::size_t most) const
{
    const std::lock_guard lock(m_mutex);
    return page(m_deliveredOrder, from, most, [this](std::uint32_t position) { return at(position); });
}

std::vector<ItemRecord> Recording::failures(std::size_t from, std::size_t most) const
{
    const std::lock_guard lock(m_mutex);
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
