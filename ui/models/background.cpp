// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/background.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace Poolscope::Background {

namespace {

struct Pending
{
    std::mutex mutex;
    std::condition_variable changed;
    int count = 0;
};

// Never destroyed: a detached thread touches it last.
Pending &pending()
{
    static auto *const instance = new Pending;
    return *instance;
}

} // namespace

void run(std::function<void()> work)
{
    {
        const std::lock_guard lock(pending().mutex);
        ++pending().count;
    }
    std::thread([work = std::move(work)]() mutable {
        work();
        work = nullptr; // what it holds is gone too before it counts as done
        const std::lock_guard lock(pending().mutex);
        --pending().count;
        pending().changed.notify_all();
    }).detach();
}

void waitForAll()
{
    std::unique_lock lock(pending().mutex);
    pending().changed.wait(lock, [] { return pending().count == 0; });
}

} // namespace Poolscope::Background
