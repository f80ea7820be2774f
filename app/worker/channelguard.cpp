// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/channelguard.h"

#include "app/worker/clock.h"
#include "core/wire/bytes.h"
#include "core/wire/message.h"

#include <cerrno>
#include <csignal>
#include <utility>

#include <poll.h>
#include <unistd.h>

namespace Poolscope::Worker {

namespace {

constexpr std::size_t readSize = std::size_t{64} << 10;

} // namespace

ChannelGuard::ChannelGuard(const Descriptors &descriptors, int wake, Channel &channel, WorkQueue &queue)
    : m_descriptors(descriptors), m_wake(wake), m_channel(channel), m_queue(queue), m_buffer(readSize)
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
        pollfd entries[] = {
            {m_isOpen ? m_descriptors.in : -1, POLLIN, 0}, {m_wake, POLLIN, 0}, {m_descriptors.out, 0, 0}};
        if (::ppoll(entries, std::size(entries), wait ? &timeout : nullptr, nullptr) <= 0)
            continue;
        if (((entries[0].revents | entries[2].revents) & POLLNVAL) != 0)
            endBroken("the task closed the channel to the pool: it may close only descriptors it opened");
        if ((entries[2].revents & (POLLERR | POLLHUP)) != 0)
            endWithoutParent();
        if (entries[1].revents != 0) {
            std::uint64_t count = 0;
            [[maybe_unused]] const ssize_t taken = ::read(m_wake, &count, sizeof count);
        }
        if (entries[0].revents != 0)
            readFrames();
    }
}

void ChannelGuard::readFrames()
{
    const ssize_t size = ::read(m_descriptors.in, m_buffer.data(), m_buffer.size());
    if (size < 0 && (errno == EINTR || errno == EAGAIN))
        return;
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

void ChannelGuard::handle(const Wire::Frame &frame)
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

void ChannelGuard::recall(std::string_view payload)
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
