// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/writepipe.h"

#include <cerrno>
#include <csignal>

#include <unistd.h>

namespace Poolscope {

namespace {

/// A child that has ended is an error of the write, not the end of this program. As QProcess does it, which
/// also gives its children the signal's default back.
void ignoreBrokenPipes()
{
    [[maybe_unused]] static const auto before = std::signal(SIGPIPE, SIG_IGN);
}

} // namespace

WritePipe::WritePipe(QObject *parent) : QObject(parent) {}

bool WritePipe::open()
{
    ignoreBrokenPipes();
    if (!m_pipe.open(ChildPipe::Direction::ToChild))
        return false;
    m_notifier = std::make_unique<QSocketNotifier>(m_pipe.own(), QSocketNotifier::Write);
    m_notifier->setEnabled(false);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &WritePipe::writePending);
    return true;
}

std::size_t WritePipe::writeSome(const char *bytes, std::size_t size)
{
    for (;;) {
        const ssize_t written = ::write(m_pipe.own(), bytes, size);
        if (written >= 0)
            return std::size_t(written);
        if (errno == EAGAIN || errno == EWOULDBLOCK)
            return 0;
        if (errno != EINTR)
            return size;
    }
}

void WritePipe::write(std::string &bytes)
{
    if (m_pipe.own() < 0) {
        bytes.clear();
        return;
    }
    std::size_t written = 0;
    if (m_pending.empty())
        while (written < bytes.size()) {
            const std::size_t more = writeSome(bytes.data() + written, bytes.size() - written);
            if (more == 0)
                break;
            written += more;
        }
    if (written < bytes.size()) {
        m_pending.append(bytes, written);
        m_notifier->setEnabled(true);
    }
    bytes.clear();
}

void WritePipe::writePending()
{
    m_written += writeSome(m_pending.data() + m_written, m_pending.size() - m_written);
    if (m_written < m_pending.size())
        return;
    m_notifier->setEnabled(false);
    m_written = 0;
    // What a large chunk needed once is not kept.
    std::string().swap(m_pending);
}

} // namespace Poolscope
