// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/workerprocess.h"

#include <QRandomGenerator>

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

namespace Poolscope {

namespace {

// The worker's.
constexpr int recorderDescriptor = 3;
constexpr int stdoutDescriptor = 4;

constexpr qsizetype errorTailBytes = 8 * 1024;
constexpr int graceMilliseconds = 500;

/// A process whose channel has ended is given this long to end, too, so that its own exit status tells why.
constexpr int lastMilliseconds = 500;

/// What is read of a pipe after its process has ended: as much as one can hold. What others still write to it
/// is not waited for.
constexpr int lastReads = 16;

std::string makeToken()
{
    std::string token;
    for (int i = 0; i < 4; ++i)
        token += QString::asprintf("%08x", QRandomGenerator::system()->generate()).toStdString();
    return token;
}

} // namespace

WorkerProcess::WorkerProcess(WorkerSlot slot, Generation generation, WorkerListener &listener,
                             QObject *parent)
    : QObject(parent)
    , m_slot(slot)
    , m_generation(generation)
    , m_listener(listener)
    , m_markToken(makeToken())
    , m_input(this)
    , m_frames(this)
    , m_stdout{ReadPipe(this), Wire::OutputSplitter(m_markToken)}
    , m_stderr{ReadPipe(this), Wire::OutputSplitter(m_markToken)}
{
    // All of these are taken over by the pipes of this object.
    m_process.setProcessChannelMode(QProcess::ForwardedChannels);
    m_process.setInputChannelMode(QProcess::ForwardedInputChannel);
    m_grace.setSingleShot(true);
    connect(&m_grace, &QTimer::timeout, this, [this] { signalGroup(SIGKILL); });
    connect(&m_frames, &ReadPipe::readable, this, &WorkerProcess::read);
    for (const OutputStream stream : {OutputStream::Stdout, OutputStream::Stderr})
        connect(&output(stream).pipe, &ReadPipe::readable, this, [this, stream] { readOutput(stream); });
    connect(&m_process, &QProcess::finished, this, &WorkerProcess::finished);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart)
            return;
        QString why = m_process.errorString();
        // There was not even a process in which the program could have been run.
        if (m_pid == 0)
            why += QStringLiteral(". End some processes, ask for fewer, or raise the limit (ulimit -u).");
        failedToStart(why);
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

bool WorkerProcess::openPipes()
{
    return m_input.open() && m_frames.open() && m_stdout.pipe.open() && m_stderr.pipe.open();
}

void WorkerProcess::start(const WorkerLaunch &how)
{
    m_process.setProgram(how.program);
    if (!openPipes()) {
        failedToStart(qt_error_string(errno));
        return;
    }
    createRecorder();
    QStringList arguments = how.arguments;
    if (m_recorder)
        arguments << QStringLiteral("--recorder-fd") << QString::number(recorderDescriptor);
    arguments << QStringLiteral("--stdout-fd") << QString::number(stdoutDescriptor);
    m_process.setArguments(arguments);
    // Runs between fork and exec: only async-signal-safe calls.
    m_process.setChildProcessModifier([recorder = m_recorderFile, input = m_input.childEnd(),
                                       frames = m_frames.childEnd(), out = m_stdout.pipe.childEnd(),
                                       err = m_stderr.pipe.childEnd()] {
        setpgid(0, 0);
        // First out of the way of what they are to become.
        constexpr int aside = 16;
        const int mine[] = {fcntl(frames, F_DUPFD_CLOEXEC, aside), fcntl(err, F_DUPFD_CLOEXEC, aside),
                            fcntl(out, F_DUPFD_CLOEXEC, aside), fcntl(recorder, F_DUPFD_CLOEXEC, aside),
                            fcntl(input, F_DUPFD_CLOEXEC, aside)};
        dup2(mine[0], STDOUT_FILENO);
        dup2(mine[1], STDERR_FILENO);
        dup2(mine[2], stdoutDescriptor);
        dup2(mine[3], recorderDescriptor);
        dup2(mine[4], STDIN_FILENO);
    });
    m_process.start();
    m_pid = m_process.processId();
    m_input.closeChildEnd();
    for (ReadPipe *pipe : {&m_frames, &m_stdout.pipe, &m_stderr.pipe})
        pipe->closeChildEnd();
    m_peakMemory.watch();
    if (m_recorderFile >= 0) {
        ::close(m_recorderFile);
        m_recorderFile = -1;
    }
}

void WorkerProcess::flush()
{
    if (!m_outgoing.empty())
        m_input.write(m_outgoing);
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

void WorkerProcess::setReadsOutput(bool reads)
{
    m_stdout.pipe.setWatched(reads);
    m_stderr.pipe.setWatched(reads);
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
    const auto bytes = m_frames.read();
    if (!bytes)
        return;
    if (bytes->empty()) {
        // No answer can come any more, though the process may live on: as another program, for example.
        QTimer::singleShot(lastMilliseconds, this, [this] {
            end(End::Kill, QStringLiteral("it closed its channel to the pool and went on"));
        });
        return;
    }
    feed(*bytes);
    m_listener.framesDrained();
}

void WorkerProcess::feed(std::string_view bytes)
{
    m_bytesReceived += bytes.size();
    const std::size_t known = std::size_t(std::min<std::uint64_t>(m_bytesAhead, bytes.size()));
    m_bytesAhead -= known;
    m_decoder.feed(bytes.substr(known));
    deliverFrames();
}

void WorkerProcess::readRest()
{
    for (int reads = 0; reads < lastReads; ++reads) {
        const auto bytes = m_frames.read();
        if (!bytes || bytes->empty())
            break;
        feed(*bytes);
    }
}

void WorkerProcess::collect()
{
    holdItems();
    readRest();
    if (!m_recorder || !m_decoder.error().empty() || m_bytesAhead > 0)
        return;
    std::optional<std::uint64_t> begun;
    const std::string rest = Wire::recoverStream(m_recorder, Wire::recorderSize, m_bytesReceived, &begun);
    m_bytesAhead = rest.size();
    m_decoder.feed(rest);
    deliverFrames();
}

void WorkerProcess::deliverFrames()
{
    m_listener.framesArrived();
    while (const auto frame = m_decoder.next())
        m_listener.frameReceived(*this, *frame);
    m_listener.framesTaken();
    if (!m_decoder.error().empty() && m_reason.isEmpty())
        end(End::Kill,
            QStringLiteral("it broke the protocol: %1").arg(QString::fromStdString(m_decoder.error())));
}

bool WorkerProcess::readOutput(OutputStream stream)
{
    // Before it is read: what an item leaves unread when it ends, it marks.
    const auto begun = begunItems();
    const auto bytes = output(stream).pipe.read();
    if (!bytes || bytes->empty())
        return false;
    if (m_recorder)
        Wire::notePrinted(m_recorder);
    output(stream).splitter.feed(
        *bytes, [&](const Wire::OutputSplitter::Part &part) { handOn(stream, part, begun); });
    return true;
}

void WorkerProcess::finishOutput(OutputStream stream)
{
    for (int reads = 0; reads < lastReads && readOutput(stream); ++reads)
        ;
    output(stream).splitter.finish(
        [&](const Wire::OutputSplitter::Part &part) { handOn(stream, part, begunItems()); });
}

void WorkerProcess::handOn(OutputStream stream, const Wire::OutputSplitter::Part &part,
                           std::optional<std::uint64_t> begun)
{
    if (stream == OutputStream::Stderr)
        m_errorTail =
            (m_errorTail + QByteArray(part.text.data(), qsizetype(part.text.size()))).right(errorTailBytes);
    std::uint64_t &ended = output(stream).ended;
    if (!part.isMarked && begun && *begun <= ended) {
        // What was known before the read is behind what was read.
        const auto now = begunItems();
        begun = now && *now > ended ? std::optional(ended + 1) : std::nullopt;
    }
    if (part.isMarked && part.item)
        ended = std::max(ended, m_listener.begunWith(*this, *part.item).value_or(0));
    m_listener.outputReceived(*this, stream, part, begun);
}

std::optional<std::uint64_t> WorkerProcess::begunItems() const
{
    const auto begun = m_recorder ? Wire::begunItems(m_recorder) : std::nullopt;
    return begun ? std::optional(begun->count) : std::nullopt;
}

void WorkerProcess::finished(int code, QProcess::ExitStatus status)
{
    if (m_ended)
        return;
    m_ended = true;
    m_grace.stop();
    // What its tasks started and left behind ends with it.
    ::kill(-pid_t(m_pid), SIGKILL);
    readRest();

    std::optional<std::uint64_t> begun;
    if (m_recorder) {
        std::uint64_t received = m_bytesReceived + m_bytesAhead;
        if (!m_decoder.error().empty()) {
            // A task wrote into the channel. The recorder holds what the worker itself sent.
            received = m_decoder.framesEnd();
            m_decoder = {};
        }
        m_decoder.feed(Wire::recoverStream(m_recorder, Wire::recorderSize, received, &begun));
        deliverFrames();
    }
    finishOutput(OutputStream::Stdout);
    finishOutput(OutputStream::Stderr);
    WorkerExit exit;
    // QProcess reports the signal of a crashed child as its exit code.
    if (status == QProcess::CrashExit)
        exit.signal = code;
    else
        exit.code = code;
    exit.reason = m_reason;
    exit.errorTail = m_errorTail;
    exit.peakMemory = m_peakMemory.bytes();
    if (const auto last = m_recorder ? Wire::begunItems(m_recorder) : std::nullopt; last && last->count > 0)
        exit.lastBegan = last->since + clockOffset;
    m_listener.workerEnded(*this, exit, begun);
}

void WorkerProcess::failedToStart(const QString &why)
{
    if (m_ended)
        return;
    m_ended = true;
    WorkerExit exit;
    exit.started = false;
    exit.reason = QStringLiteral("%1 cannot be started: %2").arg(m_process.program(), why);
    m_listener.workerEnded(*this, exit, 0);
}

} // namespace Poolscope
