// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/poolengine.h"

#include <QThread>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

namespace Poolscope {

/// A PoolEngine in a thread of its own. All functions may be called from any other thread.
class EngineThread
{
public:
    /// \throws NoThread
    explicit EngineThread(PoolEngineOptions options);
    /// Ends what still runs and waits for it.
    ~EngineThread();
    EngineThread(const EngineThread &) = delete;
    EngineThread &operator=(const EngineThread &) = delete;

    /// Calls f(PoolEngine &) in the engine thread, some time later, in the order of the posts.
    template <typename F>
    void post(F f)
    {
        m_engine->mailbox().post([engine = m_engine, f = std::move(f)]() mutable { f(*engine); });
    }
    /// Calls f(PoolEngine &) in the engine thread and waits until it returns.
    template <typename F>
    void call(F f)
    {
        std::mutex mutex;
        std::condition_variable changed;
        bool isDone = false;
        post([&](PoolEngine &engine) {
            f(engine);
            const std::lock_guard lock(mutex);
            isDone = true;
            changed.notify_one();
        });
        std::unique_lock lock(mutex);
        changed.wait(lock, [&isDone] { return isDone; });
    }

    bool isOver() const;
    /// \param until  nothing: as long as it takes
    /// \returns whether every process is gone and none will be started
    bool waitUntilOver(std::optional<std::chrono::steady_clock::time_point> until = std::nullopt) const;

private:
    QThread m_thread;
    PoolEngine *const m_engine; ///< Lives in m_thread and ends with it.
    mutable std::mutex m_mutex; // guards m_over
    mutable std::condition_variable m_changed;
    bool m_over = false;
};

} // namespace Poolscope
