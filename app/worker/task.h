// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/worker/failure.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace Poolscope::Worker {

/// One item to run.
struct Call
{
    std::string_view item; ///< JSON text.
    std::uint64_t index = 0;
    bool unpack = false;   ///< The item is an array of positional arguments.
    bool keywords = false; ///< The item is an array of those and an object of keyword arguments.
};

/// What became of it. Reused from item to item, so that short values cost no allocation.
struct Outcome
{
    std::string value;
    std::optional<Failure> failure;
    /// CPU time that was spent in another process, nanoseconds.
    std::int64_t childCpu = 0;
    // By the monotonic clock, where the text is long enough to be measured or may be, else 0:
    std::int64_t unpacked = 0; ///< When the item's text had been made a value.
    std::int64_t returned = 0; ///< When the function's value was there, which is then made a text.
};

class Task
{
public:
    Task() = default;
    virtual ~Task() = default;
    Task(const Task &) = delete;
    Task &operator=(const Task &) = delete;

    /// Never throws: a failure is an outcome.
    virtual void run(const Call &call, Outcome &outcome) = 0;
};

/// Stands for a task that could not be loaded.
class BrokenTask final : public Task
{
public:
    explicit BrokenTask(Failure failure) : m_failure(std::move(failure)) {}
    void run(const Call &, Outcome &outcome) override { outcome.failure = m_failure; }

private:
    const Failure m_failure;
};

} // namespace Poolscope::Worker
