// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/worker/channel.h"
#include "app/worker/descriptors.h"
#include "app/worker/workqueue.h"
#include "core/wire/frame.h"

#include <atomic>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

struct pollfd;

namespace Poolscope::Worker {

/// What the parent sends. The thread that runs items reads it itself whenever it has nothing to do: a thread
/// in between would cost every call one more switch. When it has been busy for a millisecond the guard reads,
/// so that a recall is answered while an item runs.
class Inbox
{
public:
    /// \param timer  a timerfd, which tells the guard of that millisecond
    Inbox(const Descriptors &descriptors, int timer, Channel &channel);
    Inbox(const Inbox &) = delete;
    Inbox &operator=(const Inbox &) = delete;

    // The thread that runs items.

    /// The next piece of work, if it is there already.
    std::optional<Work> tryTake();
    /// Blocks until there is one; nothing when the parent has said that no more will come.
    std::optional<Work> take();

    // The guard.

    /// The timer has run out.
    void takeOver();
    /// What the guard must wait for; -1 while it is not the one who reads.
    int guardedDescriptor() const { return m_reader == Reader::Guard && m_isOpen ? m_descriptors.in : -1; }
    /// Reads what is there.
    void readAsGuard();

private:
    enum class Reader
    {
        Runner,
        Nobody, ///< An item runs, or several short ones.
        Guard
    };

    void waitForFrames() const;
    void armTimer();
    void read(); ///< Under the lock.
    void handle(const Wire::Frame &frame);
    void recall(std::string_view payload);

    const Descriptors m_descriptors;
    const int m_timer;
    Channel &m_channel;
    WorkQueue m_queue;
    std::atomic<Reader> m_reader = Reader::Nobody;
    bool m_isArmed = false; ///< Since the runner waited last; its own.
    /// Whether there may be more to read.
    std::atomic<bool> m_isOpen = true;

    std::mutex m_reading; // guards all below
    Wire::FrameDecoder m_decoder;
    std::vector<Work> m_arrived;
    std::vector<char> m_buffer;
    bool m_hasQuit = false; ///< The parent said that it will send no more.
};

/// Ends this process where a poll() says that its channel is gone.
void checkChannel(const pollfd &entry);

} // namespace Poolscope::Worker
