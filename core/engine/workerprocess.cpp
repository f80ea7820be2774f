// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/workerprocess.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

namespace Poolscope {

namespace {

constexpr int recorderDescriptor = 3;
constexpr qsizetype errorTailBytes = 8 * 1024;
constexpr int graceMilliseconds = 500;

} // namespace

WorkerProcess::WorkerProcess(WorkerSlot slot, Generation generation, WorkerListener &listener,
                             QObject *parent)
    : QObject(parent), m_slot(slot), m_generation(generation), m_listener(listener)
{
    m_grace.setSingleShot(true);
    connect(&m_grace, &QTimer::timeout, this, [this] { signalGroup(SIGKILL); });
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &WorkerProcess::read);
    connect(&m_process, &QProcess::readyReadStandardError, this, &WorkerProcess::readOutput);
    connect(&m_process, &QProcess::finished, this, &WorkerProcess::finished);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            failedToStart();
    });
}

WorkerProcess::~WorkerProcess()
{
    // The engine waits for workerEnded() before it lets go, so nothing runs here but after a failed start.
    m_process.disconnect(this);
    if (!m_ended)
        signalGroup(SIGKILL);
    if (m_recorder)
        munmap(m_recorder, Wire::recorderSize);
    if (m_recorderFile >= 0)
        ::close(m_recorderFile);
}

void WorkerProcess::createRecorder()
{
    m_recorderFile = memfd_create("poolscope-recorder", MFD_CLOEXEC);
    if (m_recorderFile < 0)
        return;
    void *memory = MAP_FAILED;
    if (ftruncate(m_recorderFile, off_t(Wire::recorderSize)) == 0)
        memory = mmap(nullptr, Wire::recorderSize, PROT_READ | PROT_WRITE, MAP_SHARED, m_recorderFile, 0);
    if (memory == MAP_FAILED) {
        ::close(m_recorderFile);
        m_recorderFile = -1;
        return;
    }
    m_recorder = memory;
    Wire::initialiseRecorder(m_recorder);
}

void WorkerProcess::start(const WorkerLaunch &how)
{
    createRecorder();
    QStringList arguments = how.arguments;
    if (m_recorder)
        arguments << QStringLiteral("--recorder-fd") << QString::number(recorderDescriptor);
    m_process.setProgram(how.program);
    m_process.setArguments(arguments);
    // Runs between fork and exec: only async-signal-safe calls.
    m_process.setChildProcessModifier([file = m_recorderFile] {
        setpgid(0, 0);
        if (file == recorderDescriptor)
            fcntl(file, F_SETFD, 0);
        else if (file >= 0)
            dup2(file, recorderDescriptor);
    });
    m_process.start();
    m_pid = m_process.processId();
    if (m_recorderFile >= 0) {
        ::close(m_recorderFile);
        m_recorderFile = -1;
    }
}

void WorkerProcess::flush()
{
    if (m_outgoing.empty())
        return;
    if (m_process.state() != QProcess::NotRunning)
        m_process.write(m_outgoing.data(), qint64(m_outgoing.size()));
    m_outgoing.clear();
}

void WorkerProcess::end(End how, const QString &reason)
{
    if (m_ended)
        return;
    if (m_reason.isEmpty())
        m_reason = reason;
    if (how == End::Kill) {
        signalGroup(SIGKILL);
    } else {
        signalGroup(SIGTERM);
        m_grace.start(graceMilliseconds);
    }
}

std::optional<Wire::BegunItems> WorkerProcess::holdItems()
{
    if (!m_recorder)
        return std::nullopt;
    Wire::holdItems(m_recorder, true);
    return Wire::begunItems(m_recorder);
}

void WorkerProcess::releaseItems()
{
    if (m_recorder)
        Wire::holdItems(m_recorder, false);
}

void WorkerProcess::signalGroup(int signal) const
{
    // The child makes its group itself; until it has, the signal goes to the process.
    if (m_pid > 0 && ::kill(-pid_t(m_pid), signal) != 0)
        ::kill(pid_t(m_pid), signal);
}

void WorkerProcess::read()
{
    const QByteArray bytes = m_process.readAllStandardOutput();
    m_bytesReceived += std::uint64_t(bytes.size());
    m_decoder.feed({bytes.constData(), std::size_t(bytes.size())});
    deliverFrames();
    m_listener.framesDrained();
}

void WorkerProcess::deliverFrames()
{
    while (const auto frame = m_decoder.next())
        m_listener.frameReceived(*this, *frame);
    if (!m_decoder.error().empty() && m_reason.isEmpty())
        end(End::Kill,
            QStringLiteral("it broke the protocol: %1").arg(QString::fromStdString(m_decoder.error())));
}

void WorkerProcess::readOutput()
{
    const QByteArray bytes = m_process.readAllStandardError();
    if (bytes.isEmpty())
        return;
    m_errorTail = (m_errorTail + bytes).right(errorTailBytes);
    m_listener.outputReceived(*this, bytes);
}

void WorkerProcess::finished(int code, QProcess::ExitStatus status)
{
    if (m_ended)
        return;
    read();
    readOutput();
    m_ended = true;
    m_grace.stop();
    // What its tasks started and left behind ends with it.
    ::kill(-pid_t(m_pid), SIGKILL);

    std::optional<std::uint64_t> begun;
    if (m_recorder) {
        std::uint64_t received = m_bytesReceived;
        if (!m_decoder.error().empty()) {
            // A task wrote into the channel. The recorder holds what the worker itself sent.
            received = m_decoder.framesEnd();
            m_decoder = {};
        }
        m_decoder.feed(Wire::recoverStream(m_recorder, Wire::recorderSize, received, &begun));
        deliverFrames();
    }
    WorkerExit exit;
    // QProcess reports the signal of a crashed child as its exit code.
    if (status == QProcess::CrashExit)
        exit.signal = code;
    else
        exit.code = code;
    exit.reason = m_reason;
    exit.errorTail = m_errorTail;
    m_listener.workerEnded(*this, exit, begun);
}

void WorkerProcess::failedToStart()
{
    if (m_ended)
        return;
    m_ended = true;
    WorkerExit exit;
    exit.started = false;
    exit.reason =
        QStringLiteral("%1 cannot be started: %2").arg(m_process.program(), m_process.errorString());
    m_listener.workerEnded(*this, exit, 0);
}

} // namespace Poolscope
