// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/wire/timesheet.h"

#include <algorithm>
#include <atomic>
#include <cstring>

namespace Poolscope::Wire {

namespace {

constexpr char magic[8] = {'P', 'S', 'T', 'I', 'M', 'E', '1', '\0'};
constexpr std::size_t headerWords = 8;
constexpr std::size_t itemWords = 3;
constexpr std::size_t resultWords = 2;
constexpr std::size_t itemsWord = 1;
constexpr std::size_t beganWord = 2;
constexpr std::size_t deliveredWord = 3;

std::size_t wordsFor(std::uint64_t items)
{
    return headerWords + std::size_t(items) * (itemWords + resultWords);
}

void publish(std::uint64_t &word, std::uint64_t value)
{
    std::atomic_ref(word).store(value, std::memory_order_release);
}

std::uint64_t look(std::uint64_t &word)
{
    return std::atomic_ref(word).load(std::memory_order_acquire);
}

std::uint64_t whoAndState(std::uint32_t worker, SheetState state)
{
    return std::uint64_t(state) << 32 | worker;
}

} // namespace

std::size_t timeSheetSize(std::uint64_t items)
{
    return wordsFor(items) * sizeof(std::uint64_t);
}

void TimeSheet::initialise(void *memory, std::uint64_t items)
{
    std::memcpy(memory, magic, sizeof magic);
    static_cast<std::uint64_t *>(memory)[itemsWord] = items;
}

bool TimeSheet::attach(void *memory, std::size_t size)
{
    if (size < headerWords * sizeof(std::uint64_t) || std::memcmp(memory, magic, sizeof magic) != 0)
        return false;
    auto *const words = static_cast<std::uint64_t *>(memory);
    if (size / sizeof(std::uint64_t) < wordsFor(words[itemsWord]))
        return false;
    m_words = words;
    m_items = words[itemsWord];
    m_results = m_words + headerWords + std::size_t(m_items) * itemWords;
    return true;
}

void TimeSheet::begin(std::int64_t time)
{
    publish(m_words[beganWord], std::uint64_t(time));
}

void TimeSheet::itemBegins(std::uint64_t index, std::uint32_t worker, std::int64_t time)
{
    std::uint64_t *const item = m_words + headerWords + std::size_t(index) * itemWords;
    item[2] = whoAndState(worker, SheetState::Begun);
    publish(item[0], std::uint64_t(time));
}

void TimeSheet::itemEnds(std::uint64_t index, std::uint32_t worker, std::int64_t time, bool ok)
{
    std::uint64_t *const item = m_words + headerWords + std::size_t(index) * itemWords;
    item[1] = std::uint64_t(time);
    publish(item[2], whoAndState(worker, ok ? SheetState::Ok : SheetState::Failed));
}

void TimeSheet::deliver(std::uint64_t index, std::int64_t time)
{
    const std::uint64_t position = m_words[deliveredWord];
    std::uint64_t *const result = m_results + std::size_t(position) * resultWords;
    result[0] = index;
    result[1] = std::uint64_t(time);
    publish(m_words[deliveredWord], position + 1);
}

std::int64_t TimeSheet::began() const
{
    return std::int64_t(look(m_words[beganWord]));
}

std::uint64_t TimeSheet::delivered() const
{
    // Written by a process that runs anyone's code.
    return std::min(look(m_words[deliveredWord]), m_items);
}

SheetResult TimeSheet::result(std::uint64_t position) const
{
    const std::uint64_t *const result = m_results + std::size_t(position) * resultWords;
    return {result[0], std::int64_t(result[1])};
}

SheetItem TimeSheet::item(std::uint64_t index) const
{
    std::uint64_t *const item = m_words + headerWords + std::size_t(index) * itemWords;
    const std::uint64_t who = look(item[2]);
    return {std::int64_t(look(item[0])), std::int64_t(item[1]), std::uint32_t(who),
            SheetState(std::min<std::uint64_t>(who >> 32, 2))};
}

} // namespace Poolscope::Wire
