// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

/// When each item of a run began, ended and was handed out, in memory that the process which runs them shares
/// with its parent.
///
/// What races against the pool must not pay for being watched: an entry is a few stores, no system call. The
/// parent reads along while it goes on, and what was noted is there even when the process dies.
///
/// Layout: 8-byte words. Times are nanoseconds of CLOCK_MONOTONIC.
///
///     word 0      'PSTIME1\0'
///     word 1      items
///     word 2      when the clock began; 0 before
///     word 3      results handed out
///     word 8      for each item, by its index: started, finished, and below 2^32 who runs it (the number of
///     a
///                 process or thread, not 0), above that 1 when it ended well, 2 when it failed
///     then        for each result, as they are handed out: index, time
namespace Poolscope::Wire {

enum class SheetState : std::uint32_t
{
    Begun = 0,
    Ok = 1,
    Failed = 2,
};

struct SheetItem
{
    std::int64_t started = 0; ///< 0: not begun.
    std::int64_t finished = 0;
    std::uint32_t worker = 0;
    SheetState state = SheetState::Begun;
};

struct SheetResult
{
    std::uint64_t index = 0;
    std::int64_t delivered = 0;
};

/// Bytes for so many items.
std::size_t timeSheetSize(std::uint64_t items);

/// Both sides of it. Whoever writes an item is alone with it; one writer hands results out.
class TimeSheet
{
public:
    TimeSheet() = default;
    /// Makes zeroed memory of timeSheetSize() a time sheet; done by the parent.
    static void initialise(void *memory, std::uint64_t items);
    /// False when the memory is no time sheet.
    bool attach(void *memory, std::size_t size);

    void begin(std::int64_t time);
    void itemBegins(std::uint64_t index, std::uint32_t worker, std::int64_t time);
    void itemEnds(std::uint64_t index, std::uint32_t worker, std::int64_t time, bool ok);
    void deliver(std::uint64_t index, std::int64_t time);

    std::uint64_t items() const { return m_items; }
    std::int64_t began() const;
    std::uint64_t delivered() const;
    /// \param position  below delivered()
    SheetResult result(std::uint64_t position) const;
    /// \param index  below items()
    SheetItem item(std::uint64_t index) const;

private:
    std::uint64_t *m_words = nullptr;
    std::uint64_t *m_results = nullptr;
    std::uint64_t m_items = 0;
};

} // namespace Poolscope::Wire
