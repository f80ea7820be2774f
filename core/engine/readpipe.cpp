// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/readpipe.h"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace Poolscope {

namespace {

constexpr std::size_t readBytes = std::size_t{64} << 10;

} // namespace

ReadPipe::ReadPipe(QObject *parent) : QObject(parent) {}

ReadPipe::~ReadPipe()
{
    m_notifier.reset();
    if (m_end >= 0)
        ::close(m_end);
    closeChildEnd();
}

bool ReadPipe::open()
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    m_end = ends[0];
    m_childEnd = ends[1];
    // Not the child's end: what a task prints must wait for room.
    fcntl(m_end, F_SETFL, O_NONBLOCK);
    m_buffer = std::make_unique<char[]>(readBytes);
    m_notifier = std::make_unique<QSocketNotifier>(m_end, QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &ReadPipe::readable);
    return true;
}

void ReadPipe::closeChildEnd()
{
    if (m_childEnd >= 0)
        ::close(std::exchange(m_childEnd, -1));
}

void ReadPipe::setWatched(bool isWatched)
{
    if (m_notifier && !m_hasEnded)
        m_notifier->setEnabled(isWatched);
}

std::optional<std::string_view> ReadPipe::read()
{
    if (m_end < 0)
        return std::string_view();
    for (;;) {
        const ssize_t size = ::read(m_end, m_buffer.get(), readBytes);
        if (size > 0)
            return std::string_view(m_buffer.get(), std::size_t(size));
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return std::nullopt;
        m_hasEnded = true;
        m_notifier->setEnabled(false);
        return std::string_view();
    }
}

} // namespace Poolscope
