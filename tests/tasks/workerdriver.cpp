// SPDX-License-Identifier: GPL-3.0-or-later
#include "workerdriver.h"

#include "core/tasks/installation.h"
#include "core/tasks/taskcatalog.h"
#include "core/wire/bytes.h"
#include "core/wire/recorder.h"

#include <QJsonDocument>
#include <QTest>

#include <csignal>

#include <sys/mman.h>
#include <unistd.h>

namespace Poolscope {

namespace {

QString field(const QByteArray &error, const char *name)
{
    return QJsonDocument::fromJson(error).object().value(QLatin1String(name)).toString();
}

QJsonObject object(std::string_view payload)
{
    return QJsonDocument::fromJson(QByteArray(payload.data(), qsizetype(payload.size()))).object();
}

} // namespace

QString WorkerDriver::Item::type() const
{
    return field(value, "type");
}

QString WorkerDriver::Item::message() const
{
    return field(value, "message");
}

QString WorkerDriver::Item::traceback() const
{
    return field(value, "traceback");
}

WorkerDriver::WorkerDriver(Recorder recorder)
{
    QStringList arguments;
    if (recorder == Recorder::Shared) {
        m_descriptor = memfd_create("recorder", 0);
        if (ftruncate(m_descriptor, Wire::recorderSize) != 0)
            qFatal("no memory for a recorder");
        m_memory = mmap(nullptr, Wire::recorderSize, PROT_READ | PROT_WRITE, MAP_SHARED, m_descriptor, 0);
        Wire::initialiseRecorder(m_memory);
        arguments << QStringLiteral("--recorder-fd") << QString::number(m_descriptor);
    }
    m_process.setChildProcessModifier([] { setpgid(0, 0); });
    m_process.start(Installation::workerProgram(), arguments);
}

WorkerDriver::~WorkerDriver()
{
    if (isRunning()) {
        // The group, so that a program it started goes too.
        ::kill(pid_t(-m_process.processId()), SIGKILL);
        if (!QTest::qWaitFor([this] { return !isRunning(); }))
            qWarning("a worker does not end");
    }
    if (m_memory)
        munmap(m_memory, Wire::recorderSize);
    if (m_descriptor >= 0)
        close(m_descriptor);
}

TaskSpec WorkerDriver::task(const QString &name, const QJsonObject &parameters)
{
    const TaskLookup lookup = findTask(name, parameters);
    if (!lookup.error.isEmpty())
        qFatal("%s", qUtf8Printable(lookup.error));
    return lookup.spec;
}

void WorkerDriver::setUp(const QList<TaskSpec> &tasks, const InitializerSpec &initializer)
{
    QJsonArray list;
    for (qsizetype i = 0; i < tasks.size(); ++i)
        list.append(taskToJson(quint32(i), tasks[i]));
    QJsonObject setup{
        {QStringLiteral("slot"), 0}, {QStringLiteral("generation"), 1}, {QStringLiteral("tasks"), list}};
    if (!initializer.function.isEmpty())
        setup.insert(QStringLiteral("initializer"), initializerToJson(initializer));
    std::string frame;
    Wire::appendFrame(frame, Wire::FrameType::Setup,
                      QJsonDocument(setup).toJson(QJsonDocument::Compact).toStdString());
    sendBytes(frame);
}

void WorkerDriver::addTask(std::uint32_t id, const TaskSpec &task)
{
    std::string frame;
    const std::size_t begin = Wire::beginFrame(frame, Wire::FrameType::Task);
    Wire::appendRaw(frame, id);
    frame += QJsonDocument(taskToJson(id, task)).toJson(QJsonDocument::Compact).toStdString();
    Wire::finishFrame(frame, begin);
    sendBytes(frame);
}

void WorkerDriver::sendChunk(std::uint64_t chunk, std::uint64_t firstIndex, const QList<QByteArray> &list,
                             std::uint32_t task, std::uint32_t flags)
{
    Wire::ChunkHeader header;
    header.chunk = chunk;
    header.firstIndex = firstIndex;
    header.task = task;
    header.count = std::uint32_t(list.size());
    header.flags = flags;
    std::string lines;
    for (const QByteArray &item : list)
        lines += item.toStdString() + '\n';
    std::string frame;
    Wire::appendChunk(frame, header, lines);
    sendBytes(frame);
}

void WorkerDriver::recall(const std::vector<std::uint64_t> &chunks)
{
    std::string frame;
    Wire::appendFrame(frame, Wire::FrameType::Recall, Wire::encodeChunkIds(chunks));
    sendBytes(frame);
}

void WorkerDriver::quit()
{
    std::string frame;
    Wire::appendFrame(frame, Wire::FrameType::Quit, {});
    sendBytes(frame);
}

void WorkerDriver::sendBytes(const std::string &bytes)
{
    m_process.write(bytes.data(), qint64(bytes.size()));
}

WorkerDriver &WorkerDriver::poll()
{
    const QByteArray bytes = m_process.readAllStandardOutput();
    m_received += std::uint64_t(bytes.size());
    takeBytes({bytes.constData(), std::size_t(bytes.size())});
    prints += m_process.readAllStandardError();
    return *this;
}

std::uint64_t WorkerDriver::recover()
{
    poll();
    std::optional<std::uint64_t> count;
    takeBytes(Wire::recoverStream(m_memory, Wire::recorderSize, m_received, &count));
    return count.value_or(0);
}

std::uint64_t WorkerDriver::begun() const
{
    std::optional<std::uint64_t> count;
    Wire::recoverStream(m_memory, Wire::recorderSize, 0, &count);
    return count.value_or(0);
}

QList<QByteArray> WorkerDriver::values() const
{
    QList<QByteArray> list;
    for (const Item &item : items)
        list.append(item.value);
    return list;
}

void WorkerDriver::takeBytes(std::string_view bytes)
{
    m_decoder.feed(bytes);
    while (const std::optional<Wire::Frame> frame = m_decoder.next())
        take(*frame);
    error = m_decoder.error();
}

void WorkerDriver::take(const Wire::Frame &frame)
{
    std::string_view payload = frame.payload;
    switch (frame.type) {
    case Wire::FrameType::Hello:
        hello = object(payload);
        return;
    case Wire::FrameType::Ready:
        isReady = true;
        return;
    case Wire::FrameType::Failed:
        failed = object(payload);
        return;
    case Wire::FrameType::Recalled:
        Wire::parseChunkIds(payload, recalled.emplace_back());
        return;
    case Wire::FrameType::Results: {
        Wire::ResultsHeader header;
        Wire::takeResultsHeader(payload, header);
        Wire::ResultHeader result;
        std::string_view value;
        for (std::uint32_t i = 0; i < header.count && Wire::takeResult(payload, result, value); ++i)
            items.append({header.chunk, header.firstIndex + i, result.status,
                          QByteArray(value.data(), qsizetype(value.size())), result.finished - result.started,
                          result.cpu});
        return;
    }
    default:
        error = "a frame that workers do not send";
    }
}

} // namespace Poolscope
