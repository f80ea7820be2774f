// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/childpipe.h"

#include <QObject>
#include <QSocketNotifier>

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace Poolscope {

/// A pipe from a child process. QProcess has no more than two of them, and cannot tell when one has ended
/// before its process has.
class ReadPipe final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ReadPipe)
public:
    explicit ReadPipe(QObject *parent);

    /// \returns false when there are no descriptors left, see errno
    bool open();
    /// For the child to write to; closed here once it has its own.
    int childEnd() const { return m_pipe.child(); }
    void closeChildEnd() { m_pipe.closeChild(); }

    /// Whether readable() is told; while it is not, the child waits once the pipe is full.
    void setWatched(bool isWatched);

    /// What is there, at most 64 KiB, valid until the next call; empty when the pipe has ended, nothing while
    /// there is nothing.
    std::optional<std::string_view> read();

Q_SIGNALS:
    /// There is something, or the end.
    void readable();

private:
    ChildPipe m_pipe;
    bool m_hasEnded = false;
    std::unique_ptr<char[]> m_buffer;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace Poolscope
