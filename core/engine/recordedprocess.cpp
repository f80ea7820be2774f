// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/recordedprocess.h"

#include "core/engine/errortext.h"
#include "core/engine/processsampler.h"
#include "core/engine/processtree.h"

#include <QJsonDocument>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

namespace Poolscope {

using namespace std::chrono_literals;

namespace {

constexpr auto sampling = 50ms;
constexpr qsizetype errorTailBytes = 4 * 1024;

QString text(const QJsonObject &message, const char *name)
{
    return message.value(QLatin1String(name)).toString();
}

/// "exit code 1", "SIGKILL"
QString endOf(const QJsonObject &message)
{
    if (const int signal = message.value(QLatin1String("signal")).toInt(); signal != 0)
        return signalName(signal);
    return RecordedProcess::tr("exit code %1").arg(message.value(QLatin1String("exit_code")).toInt());
}

RecordedEnd::Hang hangOf(const QString &cause)
{
    using Hang = RecordedEnd::Hang;
    return cause == QLatin1String("result_handler")   ? Hang::ResultHandlerEnded
           : cause == QLatin1String("task_handler")   ? Hang::TaskHandlerEnded
           : cause == QLatin1String("worker_handler") ? Hang::WorkerHandlerEnded
           : cause == QLatin1String("standstill")     ? Hang::Standstill
                                                      : Hang::WorkerDied;
}

} // namespace

RecordedProcess::RecordedProcess(RecordedWork work, QObject *parent)
    : QObject(parent), m_work(std::move(work)), m_spool(this), m_process(this), m_sampler(this)
{
    m_sampler.setInterval(sampling);
    connect(&m_sampler, &QTimer::timeout, this, &RecordedProcess::sampleMemory);
    connect(&m_spool, &ItemSpool::filled, this, &RecordedProcess::launch);
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &RecordedProcess::readMessages);
    // What tasks print is read, as the pool reads it, and dropped.
    connect(&m_process, &QProcess::readyReadStandardError, this,
            [this] { m_errorTail = (m_errorTail + m_process.readAllStandardError()).right(errorTailBytes); });
    connect(&m_process, &QProcess::finished, this, &RecordedProcess::finish);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart)
            return;
        const bool isPython = m_work.launch.program != localWorker(TaskKind::Native, {}).program;
        refuse(isPython ? QStringLiteral("python") : QStringLiteral("task"),
               isPython
                   ? tr("The Python interpreter %1 cannot be started: %2. Install python3, or name another "
                        "interpreter.")
                         .arg(m_process.program(), m_process.errorString())
                   : tr("%1 cannot be started: %2").arg(m_process.program(), m_process.errorString()));
    });
}

RecordedProcess::~RecordedProcess()
{
    // QProcess would wait for a process that goes on.
    m_process.disconnect(this);
    killAll();
    if (m_memory)
        munmap(m_memory, m_size);
    if (m_sheetFile >= 0)
        ::close(m_sheetFile);
}

void RecordedProcess::start()
{
    m_spool.start(m_work.input, m_work.inputOptions);
}

void RecordedProcess::stop()
{
    if (!std::exchange(m_isTold, true))
        m_end.how = RecordedEnd::How::Stopped;
    m_spool.stop();
    killAll();
}

bool RecordedProcess::makeSheet()
{
    m_size = Wire::timeSheetSize(m_spool.items());
    m_sheetFile = memfd_create("poolscope-timesheet", MFD_CLOEXEC);
    if (m_sheetFile < 0 || ftruncate(m_sheetFile, off_t(m_size)) != 0)
        return false;
    void *const memory = mmap(nullptr, m_size, PROT_READ | PROT_WRITE, MAP_SHARED, m_sheetFile, 0);
    if (memory == MAP_FAILED)
        return false;
    m_memory = memory;
    Wire::TimeSheet::initialise(m_memory, m_spool.items());
    return m_sheet.attach(m_memory, m_size);
}

void RecordedProcess::launch()
{
    if (m_isTold) {
        Q_EMIT ended();
        return;
    }
    if (m_spool.error()) {
        refuse(QStringLiteral("input"), *m_spool.error());
        return;
    }
    if (!makeSheet()) {
        refuse(QStringLiteral("input"), tr("There is no memory for the times of %1 items: %2")
                                            .arg(m_spool.items())
                                            .arg(qt_error_string(errno)));
        return;
    }
    m_process.setProgram(m_work.launch.program);
    m_process.setArguments(m_work.launch.arguments +
                           QStringList{QStringLiteral("--items-fd"), QString::number(m_spool.descriptor()),
                                       QStringLiteral("--sheet-fd"), QString::number(m_sheetFile)});
    // Runs between fork and exec: only async-signal-safe calls.
    m_process.setChildProcessModifier([items = m_spool.descriptor(), sheet = m_sheetFile] {
        setpgid(0, 0);
        fcntl(items, F_SETFD, 0);
        fcntl(sheet, F_SETFD, 0);
    });
    m_process.start();
    m_pid = m_process.processId();
    if (m_pid == 0)
        return;
    // Its input stays open: when it ends, so does the process.
    m_process.write(QJsonDocument(m_work.setup).toJson(QJsonDocument::Compact) + '\n');
    m_sampler.start();
}

void RecordedProcess::readMessages()
{
    while (m_process.canReadLine())
        take(QJsonDocument::fromJson(m_process.readLine()).object());
}

void RecordedProcess::take(const QJsonObject &message)
{
    if (std::exchange(m_isTold, true))
        return;
    const QString event = text(message, "event");
    m_end.processes = std::uint64_t(message.value(QLatin1String("processes")).toInteger());
    const QString error = QStringLiteral("%1: %2").arg(text(message, "type"), text(message, "message"));
    if (event == QLatin1String("done")) {
        m_end.how = RecordedEnd::How::Done;
    } else if (event == QLatin1String("hung")) {
        m_end.how = RecordedEnd::How::Hung;
        m_end.hang = hangOf(text(message, "cause"));
        if (m_end.hang == RecordedEnd::Hang::WorkerDied)
            m_end.message = endOf(message);
        else if (message.contains(QLatin1String("type")))
            m_end.message = error;
    } else if (event == QLatin1String("raised")) {
        m_end.how = RecordedEnd::How::Raised;
        m_end.message = error;
    } else {
        m_end.how = RecordedEnd::How::Refused;
        m_end.option = text(message, "stage");
        m_end.message = error;
        if (m_end.option == QLatin1String("initializer"))
            m_end.message = tr("The initializer failed: %1").arg(error);
        else if (m_end.option == QLatin1String("input"))
            m_end.message = tr("The items cannot be read: %1").arg(error);
        else if (m_end.option == QLatin1String("task"))
            m_end.message = tr("The task cannot be loaded: %1").arg(error);
    }
    m_sampler.stop();
    sampleMemory();
    killAll();
}

void RecordedProcess::sampleMemory()
{
    std::uint64_t bytes = 0;
    if (m_work.memoryOf == RecordedWork::MemoryOf::Process)
        bytes += residentMemory(m_pid);
    for (const std::int64_t pid : descendants(m_pid))
        bytes += residentMemory(pid);
    m_end.peakMemory = std::max(m_end.peakMemory, bytes);
}

void RecordedProcess::finish(int code, QProcess::ExitStatus status)
{
    m_sampler.stop();
    readMessages();
    // What its tasks and its pool started and left behind ends with it.
    killAll();
    m_pid = 0;
    m_errorTail = (m_errorTail + m_process.readAllStandardError()).right(errorTailBytes);
    if (!m_isTold) {
        m_isTold = true;
        WorkerExit exit;
        (status == QProcess::CrashExit ? exit.signal : exit.code) = code;
        m_end.how = RecordedEnd::How::Died;
        m_end.processes = 1;
        m_end.message = describeExit(exit);
        if (const QString tail = QString::fromUtf8(m_errorTail).trimmed(); !tail.isEmpty())
            m_end.message += QStringLiteral(": ") + tail.section(QLatin1Char('\n'), -1);
        // It did not even come to its items.
        if (m_sheet.began() == 0) {
            m_end.how = RecordedEnd::How::Refused;
            m_end.option = QStringLiteral("task");
            m_end.message = tr("The process that was to run the task %1").arg(m_end.message);
        }
    }
    Q_EMIT ended();
}

void RecordedProcess::refuse(const QString &option, const QString &message)
{
    m_isTold = true;
    m_end.how = RecordedEnd::How::Refused;
    m_end.option = option;
    m_end.message = message;
    Q_EMIT ended();
}

void RecordedProcess::killAll() const
{
    // The child makes its group itself; until it has, the signal goes to the process.
    if (m_pid > 0 && ::kill(-pid_t(m_pid), SIGKILL) != 0 && m_process.state() != QProcess::NotRunning)
        ::kill(pid_t(m_pid), SIGKILL);
}

} // namespace Poolscope
