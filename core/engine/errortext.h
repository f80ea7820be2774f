// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/scheduling/poolmachine.h"

#include <QByteArray>
#include <QString>

#include <cstdint>
#include <string>
#include <string_view>

/// The JSON of outcomes that the parent itself finds: the same shape as a worker's, so that whoever reads
/// records needs to know one.
namespace Poolscope {

/// How a process ended.
struct WorkerExit
{
    bool started = true;          ///< False: the program could not be run at all.
    int code = 0;                 ///< Exit code, when `signal` is 0.
    int signal = 0;               ///< The signal that ended it, or 0.
    QString reason;               ///< Set by us when we ended it or it could not start: what it did wrong.
    QByteArray errorTail;         ///< The last it wrote to its standard error.
    Time lastBegan = -1;          ///< When the last item that it began did; negative: it did not tell.
    std::uint64_t peakMemory = 0; ///< The most resident memory seen, in bytes; 0: never seen.
};

/// "SIGKILL" for 9.
QString signalName(int signal);
/// "was killed by SIGKILL", "exited with code 3".
QString describeExit(const WorkerExit &exit);

/// The type of the error of an item that is lost with a worker: "WorkerLost", "TimeoutError" ...
QString lossType(LossReason reason);
/// "was killed by SIGKILL", "was ended: its item ran out of time".
QString describeLoss(LossReason reason, const WorkerExit &exit);

std::string errorJson(const QString &type, const QString &message);
/// For a lost item: the error, and beside it "exit_code" or "signal", "stderr", "peak_rss_bytes" and "input".
/// \param item  JSON text, empty: there is none; "input" is what a text says, else that JSON, of at most 1000
/// characters
std::string lostJson(const QString &type, const QString &message, const WorkerExit &exit,
                     std::string_view item);

/// "12.5 MiB"
QString describeBytes(std::uint64_t bytes);

} // namespace Poolscope
