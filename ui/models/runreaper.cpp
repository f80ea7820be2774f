// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/runreaper.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace Poolscope::RunReaper {

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

void take(std::unique_ptr<RunFeed> feed)
{
    if (!feed)
        return;
    feed->stop();
    {
        const std::lock_guard lock(pending().mutex);
        ++pending().count;
    }
    std::thread([owned = std::move(feed)]() mutable {
        owned.reset();
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

} // namespace Poolscope::RunReaper
