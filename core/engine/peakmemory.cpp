// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/peakmemory.h"

#include "core/engine/processsampler.h"

#include <QEvent>
#include <QProcess>
#include <QSocketNotifier>

#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace Poolscope {

void PeakMemory::watch()
{
    // It may have grown a little between the fork and now, or shrunk.
    constexpr std::uint64_t margin = std::uint64_t{1} << 20;
    m_ofCopy = residentMemory(getpid()) + margin;
    // QProcess reaps a dead process when one of its notifiers tells it to, and that is before anyone is told.
    const auto notifiers = m_process.findChildren<QSocketNotifier *>();
    for (QSocketNotifier *notifier : notifiers)
        notifier->installEventFilter(this);
}

bool PeakMemory::eventFilter(QObject *, QEvent *event)
{
    if (event->type() != QEvent::SockAct || m_atDeath > 0)
        return false;
    rusage usage{};
    siginfo_t info{};
    // What glibc calls waitid() leaves out the last argument.
    const long result =
        syscall(SYS_waitid, P_PID, m_process.processId(), &info, WEXITED | WNOWAIT | WNOHANG, &usage);
    if (result == 0 && info.si_pid != 0)
        m_atDeath = std::uint64_t(usage.ru_maxrss) * 1024;
    return false;
}

} // namespace Poolscope
