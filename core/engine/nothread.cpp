// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/nothread.h"

#include <QCoreApplication>

namespace Poolscope {

NoThread::NoThread(const char *reason)
    : std::runtime_error(QCoreApplication::translate(
                             "Poolscope::Engine",
                             "No thread can be started (%1): too many processes and threads are "
                             "running. End some, ask for fewer processes, or raise the limit (ulimit -u).")
                             .arg(QString::fromLocal8Bit(reason))
                             .toStdString())
{}

} // namespace Poolscope
