// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/runner.h"

#include "app/worker/clock.h"
#include "app/worker/forkedcopy.h"
#include "core/wire/bytes.h"
#include "core/wire/frame.h"
#include "core/wire/message.h"

#include <QJsonDocument>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

#include <unistd.h>

namespace Poolscope::Worker {

namespace {

/// Reading the thread's CPU clock is a system call of about 300 ns, as much as a trivial item takes as a
/// whole. Items below this count as CPU from end to end, which they are unless they were preempted.
constexpr std::int64_t shortItem = 20 * microsecond;

/// How old a reading may be before a new one is made, so that what short items and the worker itself used
/// since then is known well enough; costs 0.3 %.
constexpr std::int64_t markAge = 100 * microsecond;

QJsonObject parseObject(const std::string &json)
{
    return QJsonDocument::fromJson(QByteArray::fromRawData(json.data(), qsizetype(json.size()))).object();
}

std::string frameOf(Wire::FrameType type, std::string_view payload)
{
    std::string frame;
    Wire::appendFrame(frame, type, payload);
    return frame;
}

std::string compact(const QJsonObject &json)
{
    return QJsonDocument(json).toJson(QJsonDocument::Compact).toStdString();
}

} // namespace

Runner::Runner(Channel &channel, Inbox &inbox, TaskOutput &output)
    : m_channel(channel)
    , m_inbox(inbox)
    , m_output(output)
    , m_unknownTask(std::make_unique<BrokenTask>(
          Failure{"LookupError", "the pool named a task that this worker was not given", {}}))
{}

int Runner::run()
{
    greet();
    for (;;) {
        std::optional<Work> work = m_inbox.tryTake();
        if (!work) {
            std::fflush(stdout);
            m_channel.flush();
            work = m_inbox.take();
            // Waiting used no CPU; the next item must not be charged the difference.
            markCpu(now());
        }
        if (!work)
            break;
        switch (work->kind) {
        case Work::Kind::Setup:
            if (!setUp(work->bytes))
                return 1;
            break;
        case Work::Kind::Task:
            addTask(work->task, work->bytes);
            break;
        case Work::Kind::Chunk:
            runChunk(*work);
            break;
        }
    }
    m_channel.flush();
    return 0;
}

void Runner::greet()
{
    char host[256] = {};
    gethostname(host, sizeof host - 1);
    const QJsonObject hello{
        {QStringLiteral("protocol"), int(Wire::protocolVersion)},
        {QStringLiteral("host"), QString::fromLocal8Bit(host)},
        {QStringLiteral("pid"), qint64(getpid())},
        {QStringLiteral("clock"), qint64(now())},
        {QStringLiteral("kind"), QStringLiteral("native")},
        {QStringLiteral("version"), QStringLiteral(POOLSCOPE_VERSION)},
    };
    m_channel.append(frameOf(Wire::FrameType::Hello, compact(hello)), now());
    m_channel.flush();
}

bool Runner::setUp(const std::string &json)
{
    const QJsonObject setup = parseObject(json);
    m_output.setMarkToken(setup.value(QLatin1String("mark")).toString().toStdString());
    const auto maximum =
        setup.value(QLatin1String("maximum_payload")).toInteger(qint64(Wire::maximumPayload));
    m_largestValue = std::size_t(maximum) - sizeof(Wire::ResultsHeader) - sizeof(Wire::ResultHeader);
    const QJsonArray tasks = setup.value(QLatin1String("tasks")).toArray();
    for (const QJsonValue &value : tasks) {
        const TaskSpec spec = taskFromJson(value.toObject());
        try {
            const auto id = std::uint32_t(value[QLatin1String("id")].toInteger());
            m_tasks.insert_or_assign(id, m_loader.load(spec));
        } catch (...) {
            sendFailed("task", spec.name);
            return false;
        }
    }
    const QJsonObject initializer = setup.value(QLatin1String("initializer")).toObject();
    try {
        m_loader.initialize(initializer,
                            tasks.isEmpty() ? QString() : taskFromJson(tasks.at(0).toObject()).file);
    } catch (...) {
        sendFailed("initializer", initializer.value(QLatin1String("function")).toString());
        return false;
    }
    m_output.itemEnded(std::nullopt, TaskOutput::Look::Always);
    m_channel.append(frameOf(Wire::FrameType::Ready, {}), now());
    m_channel.flush();
    return true;
}

void Runner::sendFailed(const char *stage, const QString &task)
{
    const Failure failure = currentFailure();
    const QJsonObject json{
        {QStringLiteral("stage"), QLatin1String(stage)},
        {QStringLiteral("task"), task},
        {QStringLiteral("type"), QString::fromStdString(failure.type)},
        {QStringLiteral("message"), QString::fromStdString(failure.message)},
        {QStringLiteral("traceback"), QString::fromStdString(failure.traceback)},
    };
    m_channel.append(frameOf(Wire::FrameType::Failed, compact(json)), now());
    m_channel.flush();
}

void Runner::addTask(std::uint32_t id, const std::string &json)
{
    try {
        m_tasks.insert_or_assign(id, m_loader.load(taskFromJson(parseObject(json))));
    } catch (...) {
        // The pool goes on with its other tasks; each item of this one says what is wrong.
        m_tasks.insert_or_assign(id, std::make_unique<BrokenTask>(currentFailure()));
    }
}

Task &Runner::task(std::uint32_t id)
{
    const auto found = m_tasks.find(id);
    return found == m_tasks.end() ? *m_unknownTask : *found->second;
}

void Runner::runChunk(const Work &work)
{
    const Wire::ChunkHeader &header = work.header;
    if (m_stopped && (m_stopped->chunk != header.chunk || m_stopped->attempt != header.attempt))
        m_stopped.reset();

    Task &function = task(header.task);
    Call call;
    call.unpack = (header.flags & std::uint32_t(Wire::ChunkFlag::Unpack)) != 0;
    call.keywords = (header.flags & std::uint32_t(Wire::ChunkFlag::Keywords)) != 0;
    call.index = header.firstIndex;
    const bool stopOnError = (header.flags & std::uint32_t(Wire::ChunkFlag::StopOnError)) != 0;

    std::string_view lines = work.bytes;
    for (std::uint32_t i = 0; i < header.count; ++i, ++call.index) {
        const std::size_t end = lines.find('\n');
        call.item = lines.substr(0, end);
        lines.remove_prefix(end + 1);
        if (m_stopped) {
            Wire::ResultHeader notRun;
            notRun.status = Wire::ItemStatus::NotRun;
            report(header, call.index, notRun, {}, now());
        } else if (!runItem(header, function, call) && stopOnError) {
            m_stopped = header;
        }
    }
}

bool Runner::runItem(const Wire::ChunkHeader &chunk, Task &function, const Call &call)
{
    Wire::ResultHeader result;
    m_outcome.failure.reset();
    m_outcome.childCpu = 0;
    m_outcome.unpacked = 0;
    m_outcome.returned = 0;
    result.started = now();
    while (!m_channel.itemBegins(result.started)) {
        m_channel.flush();
        std::this_thread::sleep_for(std::chrono::nanoseconds(millisecond));
        result.started = now();
    }
    if (result.started - m_markTime > markAge)
        markCpu(result.started);

    function.run(call, m_outcome);
    if (isForkedCopy())
        endForkedCopy(m_outcome.failure ? 1 : 0);

    const std::int64_t ended = now();
    result.finished = ended;
    if (m_outcome.unpacked != 0) {
        result.unpack = Wire::microseconds(m_outcome.unpacked - result.started);
        result.started = m_outcome.unpacked;
    }
    if (m_outcome.returned != 0 && !m_outcome.failure && m_outcome.value.size() >= Wire::measuredTextSize) {
        result.pack = Wire::microseconds(ended - m_outcome.returned);
        result.finished = m_outcome.returned;
    }
    m_output.itemEnded(call.index, result.finished - result.started >= shortItem ? TaskOutput::Look::Always
                                   : m_channel.hasPrinted() ? TaskOutput::Look::WhilePrinting
                                                            : TaskOutput::Look::IfBuffered);
    result.cpu = cpuOf(result.started, result.finished, ended) + m_outcome.childCpu;
    if (!m_outcome.failure && m_outcome.value.size() > m_largestValue)
        m_outcome.failure =
            Failure{"OverflowError",
                    "the result is " + std::to_string(m_outcome.value.size()) +
                        " bytes long, the most that can be sent is " + std::to_string(m_largestValue),
                    {}};
    if (!m_outcome.failure) {
        report(chunk, call.index, result, m_outcome.value, ended);
        return true;
    }
    result.status = Wire::ItemStatus::Error;
    encodeFailure(*m_outcome.failure, m_failureText);
    if (m_failureText.size() > m_largestValue) {
        shortenFailure(*m_outcome.failure);
        encodeFailure(*m_outcome.failure, m_failureText);
    }
    report(chunk, call.index, result, m_failureText, ended);
    return false;
}

void Runner::report(const Wire::ChunkHeader &chunk, std::uint64_t index, Wire::ResultHeader result,
                    std::string_view payload, std::int64_t time)
{
    result.length = std::uint32_t(payload.size());
    m_frame.clear();
    const std::size_t begin = Wire::beginFrame(m_frame, Wire::FrameType::Results);
    Wire::appendRaw(m_frame, Wire::ResultsHeader{chunk.chunk, index, 1, 0});
    Wire::appendResult(m_frame, result, payload);
    Wire::finishFrame(m_frame, begin);
    m_channel.append(m_frame, time);
}

/// \param ended  when the value had been packed, too: just now
std::int64_t Runner::cpuOf(std::int64_t started, std::int64_t finished, std::int64_t ended)
{
    const std::int64_t elapsed = finished - started;
    if (elapsed < shortItem)
        return elapsed;
    const std::int64_t cpu = threadCpu();
    // Since the last reading the thread ran short items and its own code up to here, and packed the value.
    const std::int64_t used = cpu - m_markCpu - (started - m_markTime) - (ended - finished);
    m_markCpu = cpu;
    m_markTime = ended;
    return std::clamp<std::int64_t>(used, 0, elapsed);
}

void Runner::markCpu(std::int64_t time)
{
    m_markCpu = threadCpu();
    m_markTime = time;
}

} // namespace Poolscope::Worker
