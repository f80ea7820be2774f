// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/callbackthread.h"

#include "core/engine/nothread.h"

#include <QtGlobal>

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include <pthread.h>

namespace Poolscope {

namespace {

void callSafely(const std::function<void()> &function)
{
    try {
        function();
    } catch (const std::exception &error) {
        qWarning("poolscope: a function that was given to the pool threw: %s", error.what());
    } catch (...) {
        qWarning("poolscope: a function that was given to the pool threw");
    }
}

} // namespace

/// Shared with the thread, which may outlive a pool that is destroyed in a callback.
struct CallbackThread::State
{
    std::mutex mutex; // guards all below but `thread`
    std::condition_variable changed;
    std::deque<std::function<void()>> functions;
    bool busy = false;
    bool ending = false;
    std::thread thread;

    void run()
    {
        pthread_setname_np(pthread_self(), "callbacks");
        std::unique_lock lock(mutex);
        for (;;) {
            changed.wait(lock, [this] { return !functions.empty() || ending; });
            if (functions.empty())
                return;
            std::function<void()> function = std::move(functions.front());
            functions.pop_front();
            busy = true;
            lock.unlock();
            callSafely(function);
            function = {};
            lock.lock();
            busy = false;
            changed.notify_all();
        }
    }
};

CallbackThread::CallbackThread() : m_state(std::make_shared<State>())
{
    m_state->thread = startThread([state = m_state] { state->run(); });
}

CallbackThread::~CallbackThread()
{
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->ending = true;
        m_state->changed.notify_all();
    }
    if (isCurrent())
        m_state->thread.detach();
    else
        m_state->thread.join();
}

void CallbackThread::post(std::function<void()> function)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->functions.push_back(std::move(function));
    m_state->changed.notify_all();
}

bool CallbackThread::isCurrent() const
{
    return std::this_thread::get_id() == m_state->thread.get_id();
}

bool CallbackThread::drain(std::optional<std::chrono::steady_clock::time_point> until)
{
    std::unique_lock lock(m_state->mutex);
    const auto idle = [this] { return m_state->functions.empty() && !m_state->busy; };
    if (until)
        return m_state->changed.wait_until(lock, *until, idle);
    m_state->changed.wait(lock, idle);
    return true;
}

} // namespace Poolscope
