// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/resultqueue.h"
#include "core/pool/itemrecord.h"
#include "core/pool/value.h"

#include <chrono>
#include <memory>
#include <optional>

namespace Poolscope {

/// What a ResultIterator goes through: the results of one imap call, taken off their queue one by one, so
/// that the input is read no further than the consumer allows.
class ResultStream
{
public:
    ResultStream(std::shared_ptr<ResultQueue> queue, Time began, std::uint64_t chunksize)
        : m_queue(std::move(queue)), m_began(began), m_chunksize(chunksize)
    {}
    /// Its items still run (S4.6).
    ~ResultStream() { m_queue->discard(); }

    std::optional<Value> next(std::optional<std::chrono::nanoseconds> timeout);
    std::optional<ItemRecord> nextRecord(std::optional<std::chrono::nanoseconds> timeout);

private:
    using Deadline = std::optional<std::chrono::steady_clock::time_point>;
    std::optional<ItemResult> take(const Deadline &deadline);
    void throwEnd();

    const std::shared_ptr<ResultQueue> m_queue;
    const Time m_began;
    const std::uint64_t m_chunksize;
    bool m_told = false; ///< That the pool ended before the job.
    bool m_inputErrorTold = false;
};

} // namespace Poolscope
