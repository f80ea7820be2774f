// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/channelguard.h"

#include <csignal>
#include <cstdint>
#include <iterator>
#include <optional>

#include <poll.h>
#include <unistd.h>

namespace Poolscope::Worker {

namespace {

/// Empties an eventfd or a timerfd.
void acknowledge(int descriptor)
{
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t taken = ::read(descriptor, &count, sizeof count);
}

} // namespace

ChannelGuard::ChannelGuard(const Descriptors &descriptors, int wake, int timer, Channel &channel,
                           Inbox &inbox)
    : m_descriptors(descriptors), m_wake(wake), m_timer(timer), m_channel(channel), m_inbox(inbox)
{
    // Signals that a task uses (alarms, say) belong to the thread that runs it.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    m_thread = std::thread([this] { watch(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

ChannelGuard::~ChannelGuard()
{
    m_isStopped = true;
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(m_wake, &one, sizeof one);
    m_thread.join();
}

void ChannelGuard::watch()
{
    while (!m_isStopped) {
        timespec timeout{};
        const std::optional<std::int64_t> wait = m_channel.flushOverdue();
        if (wait)
            timeout.tv_nsec = *wait;
        // Output is asked for nothing but reports, unasked, that its reader is gone.
        pollfd entries[] = {{m_inbox.guardedDescriptor(), POLLIN, 0},
                            {m_wake, POLLIN, 0},
                            {m_timer, POLLIN, 0},
                            {m_descriptors.out, 0, 0}};
        if (::ppoll(entries, std::size(entries), wait ? &timeout : nullptr, nullptr) <= 0)
            continue;
        for (const pollfd &entry : entries)
            checkChannel(entry);
        if ((entries[3].revents & (POLLERR | POLLHUP)) != 0)
            endWithoutParent();
        if (entries[1].revents != 0)
            acknowledge(m_wake);
        if (entries[2].revents != 0) {
            acknowledge(m_timer);
            m_inbox.takeOver();
        }
        if (entries[0].revents != 0)
            m_inbox.readAsGuard();
    }
}

} // namespace Poolscope::Worker
