// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/inbox.h"

#include "app/worker/clock.h"
#include "core/wire/bytes.h"
#include "core/wire/message.h"

#include <cerrno>
#include <iterator>
#include <utility>

#include <poll.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace Poolscope::Worker {

namespace {

constexpr std::size_t readSize = std::size_t{64} << 10;
constexpr long takeOverAfter = millisecond;

} // namespace

void checkChannel(const pollfd &entry)
{
    if ((entry.revents & POLLNVAL) != 0)
        endBroken("the task closed the channel to the pool: it may close only descriptors it opened");
}

Inbox::Inbox(const Descriptors &descriptors, int timer, Channel &channel)
    : m_descriptors(descriptors), m_timer(timer), m_channel(channel), m_buffer(readSize)
{}

std::optional<Work> Inbox::tryTake()
{
    if (std::optional<Work> work = m_queue.tryTake())
        return work;
    {
        const std::lock_guard lock(m_reading);
        read();
    }
    std::optional<Work> work = m_queue.tryTake();
    if (work && !m_isArmed)
        armTimer();
    return work;
}

std::optional<Work> Inbox::take()
{
    {
        // What the guard is reading comes first.
        const std::lock_guard lock(m_reading);
        m_reader = Reader::Runner;
    }
    m_isArmed = false;
    std::optional<Work> work = m_queue.tryTake();
    while (!work && !m_queue.isClosed()) {
        waitForFrames();
        {
            const std::lock_guard lock(m_reading);
            read();
        }
        work = m_queue.tryTake();
    }
    m_reader = Reader::Nobody;
    if (work)
        armTimer();
    return work;
}

void Inbox::waitForFrames() const
{
    pollfd entries[] = {{m_descriptors.in, POLLIN, 0}, {m_descriptors.out, 0, 0}};
    if (::poll(entries, std::size(entries), -1) <= 0)
        return;
    for (const pollfd &entry : entries)
        checkChannel(entry);
    if ((entries[1].revents & (POLLERR | POLLHUP)) != 0)
        endWithoutParent();
}

/// Left to run out when this thread waits again before: that costs the guard a look a millisecond at most,
/// and disarming it would cost a system call every time.
void Inbox::armTimer()
{
    m_isArmed = true;
    const itimerspec once{{0, 0}, {0, takeOverAfter}};
    timerfd_settime(m_timer, 0, &once, nullptr);
}

void Inbox::takeOver()
{
    Reader nobody = Reader::Nobody;
    m_reader.compare_exchange_strong(nobody, Reader::Guard);
}

void Inbox::readAsGuard()
{
    const std::lock_guard lock(m_reading);
    if (m_reader == Reader::Guard)
        read();
}

void Inbox::read()
{
    if (!m_isOpen)
        return;
    const ssize_t size = ::read(m_descriptors.in, m_buffer.data(), m_buffer.size());
    if (size < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (size < 0 && errno == EBADF)
        endBroken("the task closed the channel to the pool: it may close only descriptors it opened");
    if (size <= 0) {
        if (!m_hasQuit)
            endWithoutParent();
        m_isOpen = false;
        return;
    }
    m_decoder.feed({m_buffer.data(), std::size_t(size)});
    while (const std::optional<Wire::Frame> frame = m_decoder.next())
        handle(*frame);
    if (!m_decoder.error().empty())
        endBroken(("the pool sent something that makes no sense: " + m_decoder.error()).c_str());
    m_queue.push(m_arrived);
    if (m_hasQuit)
        m_queue.close();
}

void Inbox::handle(const Wire::Frame &frame)
{
    Work work;
    switch (frame.type) {
    case Wire::FrameType::Chunk: {
        Wire::ChunkMessage message;
        if (!Wire::parseChunk(frame.payload, message))
            endBroken("the pool sent a chunk that does not hold as many items as it says");
        work.kind = Work::Kind::Chunk;
        work.header = message.header;
        work.bytes = message.items;
        m_arrived.push_back(std::move(work));
        return;
    }
    case Wire::FrameType::Setup:
        work.kind = Work::Kind::Setup;
        work.bytes = frame.payload;
        m_arrived.push_back(std::move(work));
        return;
    case Wire::FrameType::Task: {
        std::string_view payload = frame.payload;
        if (!Wire::takeRaw(payload, work.task))
            endBroken("the pool sent a task without a number");
        work.kind = Work::Kind::Task;
        work.bytes = payload;
        m_arrived.push_back(std::move(work));
        return;
    }
    case Wire::FrameType::Recall:
        recall(frame.payload);
        return;
    case Wire::FrameType::Quit:
        m_hasQuit = true;
        return;
    case Wire::FrameType::Hello:
    case Wire::FrameType::Ready:
    case Wire::FrameType::Failed:
    case Wire::FrameType::Results:
    case Wire::FrameType::Recalled:
        break;
    }
    endBroken("the pool sent a frame that only workers send");
}

void Inbox::recall(std::string_view payload)
{
    std::vector<std::uint64_t> chunks;
    if (!Wire::parseChunkIds(payload, chunks))
        endBroken("the pool sent a recall that is cut off");
    // What came before the recall may be what it wants back.
    m_queue.push(m_arrived);
    std::string frame;
    Wire::appendFrame(frame, Wire::FrameType::Recalled, Wire::encodeChunkIds(m_queue.recall(chunks)));
    m_channel.append(frame, now());
    // Another worker waits for these chunks.
    m_channel.flush();
}

} // namespace Poolscope::Worker
