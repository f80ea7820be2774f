// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/worker/channel.h"
#include "app/worker/descriptors.h"
#include "app/worker/inbox.h"

#include <atomic>
#include <thread>

namespace Poolscope::Worker {

/// A thread that ends a busy worker whose parent is gone, reads what the parent sends while an item runs, and
/// sends results that wait behind a long item.
class ChannelGuard
{
public:
    ChannelGuard(const Descriptors &descriptors, int wake, int timer, Channel &channel, Inbox &inbox);
    ~ChannelGuard();
    ChannelGuard(const ChannelGuard &) = delete;
    ChannelGuard &operator=(const ChannelGuard &) = delete;

private:
    void watch();

    const Descriptors m_descriptors;
    const int m_wake;
    const int m_timer;
    Channel &m_channel;
    Inbox &m_inbox;
    std::atomic<bool> m_isStopped = false;
    std::thread m_thread;
};

} // namespace Poolscope::Worker
