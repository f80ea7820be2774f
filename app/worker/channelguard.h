// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/worker/channel.h"
#include "app/worker/descriptors.h"
#include "app/worker/workqueue.h"
#include "core/wire/frame.h"

#include <thread>
#include <vector>

namespace Poolscope::Worker {

/// A thread that reads what the parent sends, ends a busy worker whose parent is gone, and sends results that
/// wait behind a long item.
class ChannelGuard
{
public:
    ChannelGuard(const Descriptors &descriptors, int wake, Channel &channel, WorkQueue &queue);
    ~ChannelGuard();
    ChannelGuard(const ChannelGuard &) = delete;
    ChannelGuard &operator=(const ChannelGuard &) = delete;

private:
    void watch();
    void readFrames();
    void handle(const Wire::Frame &frame);
    void recall(std::string_view payload);

    const Descriptors m_descriptors;
    const int m_wake;
    Channel &m_channel;
    WorkQueue &m_queue;
    Wire::FrameDecoder m_decoder;
    std::vector<Work> m_arrived;
    std::vector<char> m_buffer;
    /// Whether the parent said that it will send no more.
    bool m_hasQuit = false;
    /// Whether there may be more to read.
    bool m_isOpen = true;
    std::atomic<bool> m_isStopped = false;
    std::thread m_thread;
};

} // namespace Poolscope::Worker
