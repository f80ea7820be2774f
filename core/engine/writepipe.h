// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/childpipe.h"

#include <QObject>
#include <QSocketNotifier>

#include <memory>
#include <string>

namespace Poolscope {

/// A pipe to a child process, written to at once: QProcess writes when its thread waits for events the next
/// time, which a call that waits for its answer would pay for with another turn of the event loop.
class WritePipe final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WritePipe)
public:
    explicit WritePipe(QObject *parent);

    /// \returns false when there are no descriptors left, see errno
    bool open();
    /// For the child to read from; closed here once it has its own.
    int childEnd() const { return m_pipe.child(); }
    void closeChildEnd() { m_pipe.closeChild(); }

    /// Sends all of it, what the pipe has no room for as soon as it has, and leaves the string empty. What
    /// nobody will read any more is dropped.
    void write(std::string &bytes);

private:
    void writePending();
    /// \returns how many bytes need not be written again
    std::size_t writeSome(const char *bytes, std::size_t size);

    ChildPipe m_pipe;
    std::string m_pending;
    std::size_t m_written = 0; ///< Of m_pending.
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace Poolscope
