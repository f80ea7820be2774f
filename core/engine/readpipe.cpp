// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/readpipe.h"

#include <cerrno>

#include <unistd.h>

namespace Poolscope {

namespace {

constexpr std::size_t readBytes = std::size_t{64} << 10;

} // namespace

ReadPipe::ReadPipe(QObject *parent) : QObject(parent) {}

bool ReadPipe::open()
{
    if (!m_pipe.open(ChildPipe::Direction::FromChild))
        return false;
    m_buffer = std::make_unique<char[]>(readBytes);
    m_notifier = std::make_unique<QSocketNotifier>(m_pipe.own(), QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &ReadPipe::readable);
    return true;
}

void ReadPipe::setWatched(bool isWatched)
{
    if (m_notifier && !m_hasEnded)
        m_notifier->setEnabled(isWatched);
}

std::optional<std::string_view> ReadPipe::read()
{
    if (m_pipe.own() < 0)
        return std::string_view();
    for (;;) {
        const ssize_t size = ::read(m_pipe.own(), m_buffer.get(), readBytes);
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
