// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/channel.h"

#include "app/worker/clock.h"
#include "app/worker/descriptors.h"

#include <algorithm>
#include <cerrno>

#include <poll.h>
#include <unistd.h>

namespace Poolscope::Worker {

namespace {

/// About 900 small results: a system call is then a few nanoseconds an item.
constexpr std::size_t batchBytes = std::size_t{64} << 10;

/// What a finished result may wait for others to be sent with it.
constexpr std::int64_t longestWait = millisecond;

/// \returns bytes written; 0 when the channel is full
std::size_t writeSome(int descriptor, std::string_view bytes)
{
    for (;;) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written >= 0)
            return std::size_t(written);
        if (errno == EAGAIN || errno == EWOULDBLOCK)
            return 0;
        if (errno == EBADF)
            endBroken("the task closed the channel to the pool: it may close only descriptors it opened");
        if (errno != EINTR)
            endWithoutParent();
    }
}

void waitUntilWritable(int descriptor)
{
    pollfd entry{descriptor, POLLOUT, 0};
    ::poll(&entry, 1, -1);
}

} // namespace

Channel::Channel(int out, int wake) : m_out(out), m_wake(wake) {}

bool Channel::attachRecorder(void *memory, std::size_t size)
{
    if (!m_recorder.attach(memory, size))
        return false;
    m_capacity = m_recorder.space();
    return true;
}

void Channel::append(std::string_view frames, std::int64_t time)
{
    const std::lock_guard lock(m_mutex);
    if (!m_recorder.isAttached()) {
        sendAll(frames);
        return;
    }
    if (frames.size() > m_recorder.space())
        flushLocked(time);
    if (frames.size() > m_capacity) {
        sendAll(frames);
        m_recorder.skip(frames.size());
        return;
    }
    if (unsentBytes() == 0)
        m_oldestUnsent = time;
    m_recorder.append(frames);
    if (unsentBytes() >= batchBytes || time - m_lastFlush >= longestWait) {
        flushLocked(time);
    } else if (m_guardSleeps) {
        m_guardSleeps = false;
        const std::uint64_t one = 1;
        [[maybe_unused]] const ssize_t written = ::write(m_wake, &one, sizeof one);
    }
}

void Channel::flush()
{
    const std::lock_guard lock(m_mutex);
    if (m_recorder.isAttached() && unsentBytes() > 0)
        flushLocked(now());
}

std::optional<std::int64_t> Channel::flushOverdue()
{
    const std::unique_lock lock(m_mutex, std::try_to_lock);
    if (!lock)
        return longestWait; // The other thread is sending.
    if (!m_recorder.isAttached() || unsentBytes() == 0) {
        m_guardSleeps = true;
        return std::nullopt;
    }
    const std::int64_t time = now();
    if (time - m_oldestUnsent < longestWait)
        return longestWait - (time - m_oldestUnsent);
    while (unsentBytes() > 0) {
        const std::size_t written = writeSome(m_out, m_recorder.unsent());
        if (written == 0)
            break;
        m_recorder.sent(written);
    }
    m_lastFlush = time;
    // Once more before it sleeps: while items are short, waking the guard for every batch would cost a system
    // call each, looking again every millisecond does not.
    return longestWait;
}

void Channel::sendAll(std::string_view bytes)
{
    while (!bytes.empty()) {
        const std::size_t written = writeSome(m_out, bytes);
        bytes.remove_prefix(written);
        if (written == 0)
            waitUntilWritable(m_out);
    }
}

void Channel::flushLocked(std::int64_t time)
{
    while (unsentBytes() > 0) {
        const std::size_t written = writeSome(m_out, m_recorder.unsent());
        m_recorder.sent(written);
        if (written == 0)
            waitUntilWritable(m_out);
    }
    m_lastFlush = time;
}

} // namespace Poolscope::Worker
