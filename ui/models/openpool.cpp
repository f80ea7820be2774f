// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/openpool.h"

#include "core/tasks/taskcatalog.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QJsonDocument>

#include <algorithm>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace Poolscope {

namespace {

// A task that prints without end may not fill the memory between two samples.
constexpr std::size_t mostEventsHeld = 2000;

QString tr(const char *text)
{
    return QCoreApplication::translate("OpenPool", text);
}

/// What the pool says, from its threads to the window.
class EventBox
{
public:
    void add(PoolEvent event)
    {
        const std::lock_guard lock(m_mutex);
        if (m_events.size() < mostEventsHeld)
            m_events.push_back(std::move(event));
        else
            ++m_dropped;
    }

    std::vector<PoolEvent> take()
    {
        const std::lock_guard lock(m_mutex);
        if (m_dropped > 0)
            m_events.push_back({{}, 0, tr("%1 more lines came too fast to be shown").arg(m_dropped)});
        m_dropped = 0;
        return std::exchange(m_events, {});
    }

private:
    std::mutex m_mutex;
    std::vector<PoolEvent> m_events;
    std::size_t m_dropped = 0;
};

class AsyncCallFeed final : public CallFeed
{
public:
    explicit AsyncCallFeed(AsyncResult result) : m_result(std::move(result)) {}

    AsyncResult::State state() const override { return m_result.state(); }
    AsyncResult::Callback callback() const override { return m_result.callback(); }

    std::optional<CallOutcome> outcome() const override
    {
        if (!m_result.ready())
            return std::nullopt;
        CallOutcome outcome;
        try {
            outcome.value = m_result.get().json();
        } catch (const WorkerLost &error) {
            fail(outcome, ItemStatus::Lost, error.type(), error.taskMessage());
            outcome.details = error.errorOutput();
        } catch (const TaskFailed &error) {
            fail(outcome, ItemStatus::Error, error.type(), error.taskMessage());
            outcome.details = error.traceback();
        } catch (const Cancelled &error) {
            fail(outcome, ItemStatus::Cancelled, QStringLiteral("Cancelled"), error.message());
        } catch (const PoolFailed &error) {
            fail(outcome, ItemStatus::NotRun, QStringLiteral("PoolFailed"), error.message());
        } catch (const Error &error) {
            fail(outcome, ItemStatus::Error, QStringLiteral("Error"), error.message());
        }
        const std::vector<ItemRecord> records = m_result.records();
        if (!records.empty() && records.front().started >= 0) {
            const ItemRecord &record = records.front();
            outcome.worker = record.worker;
            outcome.pid = record.pid;
            outcome.attempt = record.attempt;
            outcome.started = record.started;
            outcome.readyAt = std::max(record.finished, record.delivered);
        }
        return outcome;
    }

private:
    static void fail(CallOutcome &outcome, ItemStatus status, const QString &type, const QString &message)
    {
        outcome.status = status;
        outcome.type = type;
        outcome.message = message;
    }

    const AsyncResult m_result;
};

Task taskOf(const PoolCall &call)
{
    Task task = call.commandTemplate.isEmpty() ? Task(call.task) : Task::command(call.commandTemplate);
    for (auto parameter = call.parameters.begin(); parameter != call.parameters.end(); ++parameter)
        task = task.with(parameter.key(), parameter.value());
    return task;
}

CallArguments argumentsOf(const TypedArguments &typed)
{
    std::vector<Value> positional;
    for (const std::string &json : typed.positional)
        positional.push_back(Value::trusted(json));
    CallArguments arguments(std::move(positional));
    for (const auto &[name, json] : typed.keywords)
        arguments = arguments.with(name, Value::trusted(json));
    return arguments;
}

CallOptions optionsOf(const PoolCall &call)
{
    CallOptions options;
    options.timeout = call.timeout;
    options.retries = call.retries;
    const auto run = [raises = call.callbacksThrow] {
        if (raises)
            throw std::runtime_error("raised by the callback");
    };
    if (call.hasCallback)
        options.callback = [run](const Value &) { run(); };
    if (call.hasErrorCallback)
        options.errorCallback = [run](const std::exception &) { run(); };
    return options;
}

PoolOptions optionsOf(const JobSpec &spec)
{
    PoolOptions options;
    options.processes = spec.processes;
    options.maxtasksperchild = spec.maxTasksPerChild;
    options.timeout = spec.timeout;
    options.startTimeout = spec.startTimeout;
    options.retries = spec.retries;
    options.maxMemoryPerChild = spec.maxMemoryPerChild;
    options.memoryLimit = spec.memoryLimit;
    options.python = spec.python;
    options.initializer = spec.initializer;
    options.initargs = QJsonDocument::fromJson(spec.initargs.toUtf8()).array();
    // Without a task yet the pool begins with native workers.
    const TaskSpec task = spec.commandTemplate.isEmpty() ? findTask(spec.task, spec.parameters).spec
                                                         : commandTask(spec.commandTemplate).spec;
    options.kind = task.kind;
    // In a job, an initializer without a file is one of the task's.
    if (!spec.initializer.isEmpty() && !spec.initializer.contains(QLatin1Char(':')) && !task.file.isEmpty())
        options.initializer = QStringLiteral("%1:%2").arg(task.file, spec.initializer);
    return options;
}

class OpenedPool final : public PoolFeed
{
public:
    explicit OpenedPool(const JobSpec &spec) : m_pool(withEvents(optionsOf(spec)))
    {
        m_clock.start();
        m_atClockStart = m_pool.snapshot().now;
    }

    PoolState state() const override { return m_pool.state(); }
    PoolSnapshot snapshot() const override { return m_pool.snapshot(); }
    // Not asked of a snapshot each time: that gives the pool work.
    double now() const override { return m_atClockStart + double(m_clock.nsecsElapsed()) * 1e-9; }

    std::unique_ptr<CallFeed> applyAsync(const PoolCall &call) override
    {
        return std::make_unique<AsyncCallFeed>(
            m_pool.applyAsync(taskOf(call), argumentsOf(call.arguments), optionsOf(call)));
    }
    void close() override { m_pool.close(); }
    void terminate() override { m_pool.terminate(); }
    bool join() override { return m_pool.join(std::chrono::nanoseconds(0)); }

    std::vector<PoolEvent> takeEvents() override { return m_events.take(); }

private:
    PoolOptions withEvents(PoolOptions options)
    {
        options.printed = [this](const PrintedLine &line) {
            m_events.add({line.worker, line.pid, QString::fromStdString(line.text)});
        };
        options.report = [this](const QString &text) { m_events.add({{}, 0, text}); };
        return options;
    }

    EventBox m_events; // before the pool, whose threads use it
    Pool m_pool;
    QElapsedTimer m_clock;
    double m_atClockStart = 0; ///< Seconds since the pool began.
};

} // namespace

std::unique_ptr<PoolFeed> openPool(const JobSpec &spec)
{
    return std::make_unique<OpenedPool>(spec);
}

} // namespace Poolscope
