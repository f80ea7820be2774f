// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commandline/signals.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

namespace Poolscope {

namespace {

int wakePipe[2] = {-1, -1};

void wake(int signal)
{
    const auto byte = static_cast<unsigned char>(signal);
    // Nothing can be done about a full pipe, and nothing need be: the reader is woken already.
    [[maybe_unused]] const ssize_t written = ::write(wakePipe[1], &byte, 1);
}

} // namespace

TerminationSignals::TerminationSignals(QObject *parent) : QObject(parent)
{
    if (::pipe2(wakePipe, O_CLOEXEC | O_NONBLOCK) != 0)
        return;
    m_notifier = std::make_unique<QSocketNotifier>(wakePipe[0], QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, [this] {
        unsigned char signal = 0;
        while (::read(wakePipe[0], &signal, 1) == 1)
            Q_EMIT received(signal);
    });
    struct sigaction action = {};
    action.sa_handler = wake;
    action.sa_flags = SA_RESTART;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

TerminationSignals::~TerminationSignals()
{
    ::signal(SIGINT, SIG_DFL);
    ::signal(SIGTERM, SIG_DFL);
    m_notifier.reset();
    ::close(wakePipe[0]);
    ::close(wakePipe[1]);
}

} // namespace Poolscope
