// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/itemrecord.h"
#include "core/pool/value.h"

#include <chrono>
#include <memory>
#include <vector>

namespace Poolscope {

class AsyncCall;

/// The result of a call that goes on in the background. A handle: copies see the same result, and it outlives
/// its pool. All functions may be called from any thread.
class AsyncResult
{
public:
    enum class State
    {
        Pending, ///< no item of it has begun
        Running,
        Ready,
    };
    enum class Callback
    {
        None,    ///< none was given, or not the one for this outcome
        Waiting, ///< its turn has not come
        Returned,
        Threw, ///< see PoolOptions::report; the result is not touched (S5.16)
    };

    explicit AsyncResult(std::shared_ptr<AsyncCall> call);

    /// The value: of the call (applyAsync), or an array of all values in the order of the input (mapAsync).
    /// Waits as long as it takes; may be called repeatedly, and throws the same each time (S5.1).
    ///
    /// Throws
    /// - TaskFailed when an item failed; for mapAsync the one of lowest index (S5.3), when all is done;
    /// - WorkerLost when its worker vanished;
    /// - Cancelled when the pool was terminated first;
    /// - PoolFailed when it could not be run at all;
    /// - ValueError in a callback, for a result that has callbacks: theirs come after it.
    Value get() const;
    /// \param timeout  zero or less: what is there now
    /// \throws TimeoutError when it is not ready by then; nothing is cancelled by that (S6.1)
    Value get(std::chrono::nanoseconds timeout) const;
    template <typename T>
    T get() const
    {
        return get().to<T>();
    }
    template <typename T>
    T get(std::chrono::nanoseconds timeout) const
    {
        return get(timeout).to<T>();
    }
    /// mapAsync and its like: the values one by one. Throws as get() does.
    std::vector<Value> values() const;

    /// \returns whether it is ready; throws nothing that the call did (S6.2)
    bool wait(std::chrono::nanoseconds timeout) const;
    /// \throws ValueError in a callback, for a result that has callbacks: theirs come after it
    void wait() const;
    bool ready() const;
    /// Whether get() gives a value. \throws ValueError while it is not ready (S6.3)
    bool successful() const;

    State state() const;
    Callback callback() const;

    /// What became of each item, in the order of the input, also of those that get() does not tell about
    /// (S5.3, S5.5). \throws ValueError while it is not ready
    std::vector<ItemRecord> records() const;

private:
    std::shared_ptr<AsyncCall> m_call;
};

} // namespace Poolscope
