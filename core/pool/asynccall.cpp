// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/asynccall.h"

#include "core/engine/clock.h"
#include "core/engine/errortext.h"
#include "core/pool/errors.h"
#include "core/pool/itemfailure.h"

#include <algorithm>

namespace Poolscope {

namespace {

/// The one failure that stands for the call: that it was cut off, else the failed item of lowest index
/// (S5.3).
std::exception_ptr failureOfCall(const std::vector<ItemResult> &results, const JobEnd &end)
{
    const auto first = [&results](auto isMeant) {
        return std::find_if(results.begin(), results.end(),
                            [&isMeant](const ItemResult &result) { return isMeant(result.status); });
    };
    const auto cancelled = first([](ItemStatus status) { return status == ItemStatus::Cancelled; });
    if (cancelled != results.end())
        return failureOf(*cancelled);
    const auto notRun = first([](ItemStatus status) { return status == ItemStatus::NotRun; });
    if (notRun != results.end() && !end.failure.isEmpty())
        return std::make_exception_ptr(PoolFailed(end.failure));
    const auto failed =
        first([](ItemStatus status) { return status == ItemStatus::Error || status == ItemStatus::Lost; });
    return failed != results.end() ? failureOf(*failed) : nullptr;
}

} // namespace

void AsyncCall::begun()
{
    const std::lock_guard lock(m_mutex);
    if (m_state == AsyncResult::State::Pending)
        m_state = AsyncResult::State::Running;
}

void AsyncCall::push(ResultBatch &results)
{
    const std::lock_guard lock(m_mutex);
    m_results.reserve(m_results.size() + results.size());
    results.take(m_results, results.size());
}

void AsyncCall::finish(const JobEnd &end)
{
    bool isCalled = false;
    {
        const std::lock_guard lock(m_mutex);
        // Items that were never read have an outcome all the same.
        while (m_results.size() < m_options.items) {
            ItemResult &result = m_results.emplace_back();
            result.index = m_results.size() - 1;
            result.status = end.failure.isEmpty() ? ItemStatus::Cancelled : ItemStatus::NotRun;
            result.payload =
                end.failure.isEmpty()
                    ? errorJson(QStringLiteral("Cancelled"), QStringLiteral("the pool was terminated"))
                    : errorJson(QStringLiteral("NotRun"), QStringLiteral("no worker could be started"));
        }
        m_failure = failureOfCall(m_results, end);
        isCalled = m_failure ? bool(m_functions.errorCallback) : bool(m_functions.callback);
    }
    const auto callbacks = m_options.callbacks.lock();
    isCalled = isCalled && callbacks;
    if (!isCalled)
        becomeReady(AsyncResult::Callback::None);
    // The callback thread lets go of them, called or not: they may be the last that holds the pool, which
    // cannot be destroyed in its own engine thread.
    if (callbacks && m_hasCallback)
        callbacks->post([self = shared_from_this(), functions = std::move(m_functions), isCalled] {
            if (isCalled)
                self->callBack(functions);
        });
}

void AsyncCall::callBack(const Functions &functions)
{
    AsyncResult::Callback outcome = AsyncResult::Callback::Returned;
    QString what;
    try {
        if (!m_failure) {
            functions.callback(value());
        } else {
            try {
                std::rethrow_exception(m_failure);
            } catch (const std::exception &error) {
                functions.errorCallback(error);
            }
        }
    } catch (const std::exception &error) {
        outcome = AsyncResult::Callback::Threw;
        what = QString::fromUtf8(error.what());
    } catch (...) {
        outcome = AsyncResult::Callback::Threw;
        what = QStringLiteral("something that is not a std::exception");
    }
    becomeReady(outcome);
    if (outcome == AsyncResult::Callback::Threw && m_options.report)
        m_options.report(QStringLiteral("a callback threw: %1").arg(what));
}

void AsyncCall::becomeReady(AsyncResult::Callback callback)
{
    const std::lock_guard lock(m_mutex);
    m_callback = callback;
    m_state = AsyncResult::State::Ready;
    m_changed.notify_all();
}

bool AsyncCall::isInCallback() const
{
    const auto callbacks = m_options.callbacks.lock();
    return callbacks && callbacks->isCurrent();
}

bool AsyncCall::wait(std::optional<std::chrono::nanoseconds> timeout) const
{
    // Asked without the lock, and the callbacks not held on to: whoever lets go of them last waits for them.
    const bool isOwnTurnLater = !timeout && m_hasCallback && isInCallback();
    std::unique_lock lock(m_mutex);
    const auto isReady = [this] { return m_state == AsyncResult::State::Ready; };
    if (isReady())
        return true;
    if (timeout)
        return m_changed.wait_until(lock, deadlineAfter(*timeout), isReady);
    if (isOwnTurnLater)
        throw ValueError(QStringLiteral(
            "a callback waits for a result whose own callback can only be called after it: wait elsewhere"));
    m_changed.wait(lock, isReady);
    return true;
}

AsyncResult::State AsyncCall::state() const
{
    const std::lock_guard lock(m_mutex);
    return m_state;
}

AsyncResult::Callback AsyncCall::callback() const
{
    const std::lock_guard lock(m_mutex);
    return m_callback;
}

std::exception_ptr AsyncCall::failure() const
{
    const std::lock_guard lock(m_mutex);
    return m_failure;
}

Value AsyncCall::value() const
{
    if (!m_options.isMap)
        return Value::trusted(m_results.front().payload);
    std::string json = "[";
    for (const ItemResult &result : m_results) {
        if (json.size() > 1)
            json += ',';
        json += result.payload;
    }
    json += ']';
    return Value::trusted(std::move(json));
}

std::vector<Value> AsyncCall::values() const
{
    std::vector<Value> values;
    values.reserve(m_results.size());
    for (const ItemResult &result : m_results)
        values.push_back(Value::trusted(result.payload));
    return values;
}

std::vector<Value> AsyncCall::takeValues()
{
    std::vector<Value> values;
    values.reserve(m_results.size());
    for (ItemResult &result : m_results)
        values.push_back(Value::trusted(std::move(result.payload)));
    m_results.clear();
    return values;
}

std::vector<ItemRecord> AsyncCall::records() const
{
    std::vector<ItemRecord> records;
    records.reserve(m_results.size());
    for (const ItemResult &result : m_results)
        records.push_back(recordOf(ItemResult(result), m_options.began, m_options.chunksize));
    return records;
}

} // namespace Poolscope
