// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/resultstream.h"

#include "core/engine/clock.h"
#include "core/pool/errors.h"
#include "core/pool/itemfailure.h"

#include <algorithm>

namespace Poolscope {

std::optional<ItemResult> ResultStream::take(const Deadline &deadline)
{
    std::optional<Time> left;
    if (deadline)
        left =
            std::max<Time>(0, std::chrono::nanoseconds(*deadline - std::chrono::steady_clock::now()).count());
    std::vector<ItemResult> results;
    switch (m_queue->take(results, 1, left)) {
    case ResultQueue::Outcome::Results:
        return std::move(results.front());
    case ResultQueue::Outcome::Timeout:
        throw TimeoutError(
            QStringLiteral("no result within the time given; the next call can still return it"));
    case ResultQueue::Outcome::End:
        break;
    }
    return std::nullopt;
}

/// What is to be told behind the last result, each once.
void ResultStream::throwEnd()
{
    const JobEnd end = m_queue->end();
    if (end.inputError && !std::exchange(m_inputErrorTold, true))
        std::rethrow_exception(end.inputError);
    if (!end.wasCutOff || std::exchange(m_told, true))
        return;
    if (!end.failure.isEmpty())
        throw PoolFailed(end.failure);
    throw Cancelled(QStringLiteral("the pool was terminated before its input had come to its end"));
}

std::optional<Value> ResultStream::next(std::optional<std::chrono::nanoseconds> timeout)
{
    const Deadline deadline = timeout ? Deadline(deadlineAfter(*timeout)) : std::nullopt;
    for (;;) {
        const std::optional<ItemResult> result = take(deadline);
        if (!result) {
            throwEnd();
            return std::nullopt;
        }
        switch (result->status) {
        case ItemStatus::Ok:
            return Value::trusted(result->payload);
        case ItemStatus::Error:
        case ItemStatus::Lost:
            std::rethrow_exception(failureOf(*result));
        case ItemStatus::Cancelled:
            if (!std::exchange(m_told, true))
                std::rethrow_exception(failureOf(*result));
            break;
        case ItemStatus::NotRun:
            // Behind an error of its chunk (S5.7), or the pool has failed, which the end tells.
            break;
        }
    }
}

std::optional<ItemRecord> ResultStream::nextRecord(std::optional<std::chrono::nanoseconds> timeout)
{
    std::optional<ItemResult> result = take(timeout ? Deadline(deadlineAfter(*timeout)) : std::nullopt);
    if (result)
        return recordOf(std::move(*result), m_began, m_chunksize);
    if (const JobEnd end = m_queue->end(); end.inputError && !std::exchange(m_inputErrorTold, true))
        std::rethrow_exception(end.inputError);
    return std::nullopt;
}

} // namespace Poolscope
