// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/itemspool.h"
#include "core/engine/workerlaunch.h"
#include "core/wire/timesheet.h"

#include <QJsonObject>
#include <QProcess>
#include <QTimer>

#include <cstdint>

namespace Poolscope {

/// Work for a process that does all of it by itself, in a way of its own.
struct RecordedWork
{
    /// Which of its processes are looked at for their memory.
    enum class MemoryOf
    {
        Process,
        Children, ///< those that run the items, where the process itself only hands them out
    };

    WorkerLaunch launch;
    QJsonObject setup; ///< What app/worker/bareloop.h and resources/python/_poolscope_worker/ways.py read.
    QString input;     ///< One that can be read again.
    InputOptions inputOptions;
    MemoryOf memoryOf = MemoryOf::Process;
};

/// What came of it.
struct RecordedEnd
{
    enum class How
    {
        Done,    ///< all results were handed out
        Hung,    ///< it waits for what will never come; `hang` says why
        Raised,  ///< the method itself raised
        Died,    ///< its process did
        Refused, ///< nothing was run; `option` says what is wrong
        Stopped,
    };
    enum class Hang
    {
        WorkerDied, ///< `message` says how
        // A thread of the pool has ended; `message` says what it raised, if anything.
        ResultHandlerEnded,
        TaskHandlerEnded,
        WorkerHandlerEnded,
        Standstill, ///< nothing has ended, and nothing runs
    };
    How how = How::Stopped;
    Hang hang = Hang::WorkerDied;
    QString option;  ///< "input", "task", "initializer", "python" or "compare".
    QString message; ///< For people; empty when Done, Stopped or at a Standstill.
    std::uint64_t processes = 0;
    std::uint64_t peakMemory = 0; ///< Bytes, of all its processes together; 0: never seen.
};

/// Runs all items of an input in a process without the pool, and reads along in its time sheet.
///
/// For a thread with an event loop, which it never blocks. Destroyed while it runs, it kills the process with
/// all that it has started.
class RecordedProcess final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RecordedProcess)
public:
    explicit RecordedProcess(RecordedWork work, QObject *parent = nullptr);
    ~RecordedProcess() override;

    /// ended() follows.
    void start();
    /// ended() follows.
    void stop();

    /// Null while its items are not counted.
    const Wire::TimeSheet *sheet() const { return m_memory ? &m_sheet : nullptr; }
    /// Complete with ended().
    const RecordedEnd &end() const { return m_end; }

Q_SIGNALS:
    void ended();

private:
    void launch();
    bool makeSheet();
    void readMessages();
    void take(const QJsonObject &message);
    void sampleMemory();
    void finish(int code, QProcess::ExitStatus status);
    void refuse(const QString &option, const QString &message);
    void killAll() const;

    const RecordedWork m_work;
    ItemSpool m_spool;
    Wire::TimeSheet m_sheet;
    void *m_memory = nullptr;
    std::size_t m_size = 0;
    int m_sheetFile = -1;
    QProcess m_process;
    qint64 m_pid = 0;
    QTimer m_sampler;
    QByteArray m_errorTail;
    bool m_isTold = false; ///< m_end says how it ended.
    RecordedEnd m_end;
};

} // namespace Poolscope
