// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <algorithm>
#include <cstdint>

class QProcess;

namespace Poolscope {

/// The most resident memory that a process ever had, known also of one that lived for no more than an
/// instant: the kernel tells it of a process that is dead and not yet reaped.
///
/// There is one thing in the way: until its exec() a new process is a copy of this one, and the kernel counts
/// that. A peak below the size of this process is therefore known only as far as it was seen() alive.
class PeakMemory final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PeakMemory)
public:
    /// \param process  outlives this
    explicit PeakMemory(QProcess &process) : m_process(process) {}

    /// Called when the process was just started.
    void watch();
    /// It was seen to have so much.
    void seen(std::uint64_t bytes) { m_seen = std::max(m_seen, bytes); }
    /// 0 when never seen.
    std::uint64_t bytes() const { return std::max(m_seen, m_atDeath > m_ofCopy ? m_atDeath : 0); }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QProcess &m_process;
    std::uint64_t m_seen = 0;
    std::uint64_t m_atDeath = 0;
    std::uint64_t m_ofCopy = 0; ///< Of the copy of this process, at most.
};

} // namespace Poolscope
