// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/resultreceiver.h"
#include "core/pool/asyncresult.h"
#include "core/pool/callbackthread.h"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace Poolscope {

/// What an AsyncResult is a handle of: collects the results of one call in the engine thread, calls the
/// callbacks, and wakes those who wait.
class AsyncCall final : public ResultReceiver, public std::enable_shared_from_this<AsyncCall>
{
public:
    struct Options
    {
        bool isMap = false;      ///< The value is an array; else that of the only item.
        std::uint64_t items = 1; ///< How many there are.
        std::uint64_t chunksize = 1;
        Time began = 0; ///< Zero of the records' times.
        std::function<void(const QString &)> report;
        std::weak_ptr<CallbackThread> callbacks;
    };

    struct Functions
    {
        std::function<void(const Value &)> callback;
        std::function<void(const std::exception &)> errorCallback;
    };

    AsyncCall(Options options, Functions functions)
        : m_options(std::move(options))
        , m_functions(std::move(functions))
        , m_hasCallback(m_functions.callback || m_functions.errorCallback)
        , m_callback(m_hasCallback ? AsyncResult::Callback::Waiting : AsyncResult::Callback::None)
    {}

    // Engine thread.
    void begun() override;
    void push(ResultBatch &results) override;
    void finish(const JobEnd &end) override;

    /// \returns whether it is ready. \throws ValueError where waiting would never end
    bool wait(std::optional<std::chrono::nanoseconds> timeout) const;
    AsyncResult::State state() const;
    AsyncResult::Callback callback() const;

    std::uint64_t chunksize() const { return m_options.chunksize; }

    // The rest once it is ready.
    /// What get() throws; null for success.
    std::exception_ptr failure() const;
    Value value() const;
    std::vector<Value> values() const;
    /// As values(), for a result that nobody else will ask.
    std::vector<Value> takeValues();
    std::vector<ItemRecord> records() const;

private:
    bool isInCallback() const;
    void callBack(const Functions &functions);
    void becomeReady(AsyncResult::Callback callback);

    const Options m_options;
    Functions m_functions; ///< Until finish().
    const bool m_hasCallback;
    mutable std::mutex m_mutex; // guards all below
    mutable std::condition_variable m_changed;
    std::vector<ItemResult> m_results; ///< In the order of the input; not changed once it is ready.
    std::exception_ptr m_failure;
    AsyncResult::State m_state = AsyncResult::State::Pending;
    AsyncResult::Callback m_callback;
};

} // namespace Poolscope
