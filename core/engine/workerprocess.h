// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/errortext.h"
#include "core/engine/peakmemory.h"
#include "core/engine/readpipe.h"
#include "core/engine/workerlaunch.h"
#include "core/engine/writepipe.h"
#include "core/scheduling/ids.h"
#include "core/wire/frame.h"
#include "core/wire/outputmark.h"
#include "core/wire/recorder.h"
#include "core/wire/taskoutput.h"

#include <QByteArray>
#include <QObject>
#include <QProcess>
#include <QTimer>

#include <optional>
#include <string>
#include <vector>

namespace Poolscope {

class WorkerProcess;

/// Told what a worker process does, in the engine thread. Plain calls instead of signals: at a million
/// results a second each indirection counts.
class WorkerListener
{
public:
    virtual ~WorkerListener() = default;
    /// Frames follow, until framesTaken().
    virtual void framesArrived() = 0;
    virtual void frameReceived(WorkerProcess &worker, const Wire::Frame &frame) = 0;
    virtual void framesTaken() = 0;
    /// After a read: the next call comes when there is news.
    virtual void framesDrained() = 0;
    /// The task printed something. \param part   where its item is known
    /// \param begun  how many items it had begun right before that was read, if that can be told
    virtual void outputReceived(WorkerProcess &worker, OutputStream stream,
                                const Wire::OutputSplitter::Part &part,
                                std::optional<std::uint64_t> begun) = 0;
    /// How many items it had begun with this one, which has a mark; nothing when that cannot be told.
    virtual std::optional<std::uint64_t> begunWith(const WorkerProcess &worker, std::uint64_t item) const = 0;
    /// The last call about this worker, after all that it ever sent was handed over.
    /// \param begun  items it had begun; nothing when that cannot be told
    virtual void workerEnded(WorkerProcess &worker, const WorkerExit &exit,
                             std::optional<std::uint64_t> begun) = 0;
};

/// One generation of a worker: a process that is sent frames and sends frames.
///
/// Its standard output is the channel of the frames; it moves that away from its task, whose standard output
/// goes where --stdout-fd says. What its tasks print is read as it comes, however much of it: a task that
/// prints faster waits for room in the pipe.
///
/// It leads a process group, so that what its tasks started ends with it. Its send buffer lies in memory
/// shared with this process (see core/wire/recorder.h), so that no finished result is lost with it.
class WorkerProcess final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WorkerProcess)
public:
    WorkerProcess(WorkerSlot slot, Generation generation, WorkerListener &listener, QObject *parent);
    ~WorkerProcess() override;

    void start(const WorkerLaunch &how);

    /// Frames to send are appended here and leave with the next flush(), in one write.
    std::string &outgoing() { return m_outgoing; }
    void flush();

    /// Whether what its task prints is read as it comes. If not, the task waits once there is much of it.
    void setReadsOutput(bool reads);

    enum class End
    {
        Terminate, ///< SIGTERM, after a grace time SIGKILL
        Kill,      ///< SIGKILL
    };
    /// Ends the process and all that it started. \param reason  becomes WorkerExit::reason
    void end(End how, const QString &reason = {});

    /// Takes what it has finished and not sent yet: it may be ended now.
    void collect();

    /// It begins no more items. \returns those it had begun; nothing when that cannot be told
    std::optional<Wire::BegunItems> holdItems();
    void releaseItems();

    WorkerSlot slot() const { return m_slot; }
    Generation generation() const { return m_generation; }
    std::int64_t pid() const { return m_pid; }
    /// For the marks in what it prints, see core/wire/outputmark.h.
    const std::string &markToken() const { return m_markToken; }
    PeakMemory &peakMemory() { return m_peakMemory; }

    // Kept here for whoever uses it.
    LaunchId launch;
    std::vector<bool> loadedTasks;          ///< By task id.
    std::uint64_t resultsReceived = 0;      ///< Items.
    std::optional<std::uint64_t> lastItem;  ///< The one of the last of these results.
    std::optional<std::uint64_t> heldAfter; ///< Held for good: items it had begun by then.
    std::uint64_t timedOutItem = 0;         ///< The item it is ended for, counted from 1 as it began them.
    bool hasGreeted = false;                ///< Until then its memory may be a copy of this process's.
    QString memoryUsed;                     ///< For people, when it is ended for that.
    Time clockOffset = 0;                   ///< Added to the worker's times to get this host's.

private:
    /// What one of its two streams is read from.
    struct Output
    {
        ReadPipe pipe;
        Wire::OutputSplitter splitter;
        std::uint64_t ended =
            0; ///< Items begun up to the last one with a mark: what follows is of a later one.
    };

    bool openPipes();
    void read();
    void feed(std::string_view bytes);
    void readRest();
    void deliverFrames();
    /// \returns whether there may be more
    bool readOutput(OutputStream stream);
    void finishOutput(OutputStream stream);
    void handOn(OutputStream stream, const Wire::OutputSplitter::Part &part,
                std::optional<std::uint64_t> begun);
    std::optional<std::uint64_t> begunItems() const;
    Output &output(OutputStream stream) { return stream == OutputStream::Stdout ? m_stdout : m_stderr; }
    void finished(int code, QProcess::ExitStatus status);
    void failedToStart(const QString &why);
    void signalGroup(int signal) const;
    void createRecorder();

    const WorkerSlot m_slot;
    const Generation m_generation;
    WorkerListener &m_listener;
    const std::string m_markToken;
    QProcess m_process;
    WritePipe m_input;
    ReadPipe m_frames;
    Output m_stdout;
    Output m_stderr;
    PeakMemory m_peakMemory{m_process};
    QTimer m_grace;
    Wire::FrameDecoder m_decoder;
    std::string m_outgoing;
    std::uint64_t m_bytesReceived = 0;
    std::uint64_t m_bytesAhead = 0; ///< Taken by collect(), and still to come through the pipe.
    std::int64_t m_pid = 0;
    QString m_reason;
    QByteArray m_errorTail;
    int m_recorderFile = -1;
    void *m_recorder = nullptr;
    bool m_ended = false;
};

} // namespace Poolscope
