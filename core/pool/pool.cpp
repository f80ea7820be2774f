// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/pool.h"

#include "core/engine/clock.h"
#include "core/engine/enginethread.h"
#include "core/engine/nothread.h"
#include "core/engine/resultqueue.h"
#include "core/pool/asynccall.h"
#include "core/pool/callbackthread.h"
#include "core/pool/jobspec.h"
#include "core/pool/outputlines.h"
#include "core/pool/resultstream.h"
#include "core/scheduling/chunkpolicy.h"
#include "core/tasks/taskcatalog.h"

#include <QCoreApplication>

#include <climits>
#include <mutex>
#include <unordered_map>

namespace Poolscope {

namespace {

constexpr LaunchId nativeLaunch(0); // commands too
constexpr LaunchId pythonLaunch(1);

LaunchId launchOf(TaskKind kind)
{
    return kind == TaskKind::Python ? pythonLaunch : nativeLaunch;
}

void requireRange(const char *option, std::optional<int> value, int least, int most)
{
    if (value && (*value < least || *value > most))
        throw ValueError(QStringLiteral("%1 is %2: give a whole number from %3 to %4")
                             .arg(QLatin1String(option))
                             .arg(*value)
                             .arg(least)
                             .arg(most));
}

void requireTimeout(const char *option, std::optional<double> seconds)
{
    if (seconds && !(*seconds > 0))
        throw ValueError(QStringLiteral("%1 is %2: give a number of seconds above 0")
                             .arg(QLatin1String(option))
                             .arg(*seconds));
}

void requireMemory(const char *option, std::optional<std::int64_t> bytes)
{
    if (bytes && *bytes < 1)
        throw ValueError(QStringLiteral("%1 is %2: give a number of bytes, at least 1")
                             .arg(QLatin1String(option))
                             .arg(*bytes));
}

constexpr int mostRetries = 1000;

void check(const PoolOptions &options)
{
    requireRange("processes", options.processes, 1, maximumProcesses);      // S1.3
    requireRange("maxtasksperchild", options.maxtasksperchild, 1, INT_MAX); // S1.5
    requireRange("buffersize", options.buffersize, 1, INT_MAX);
    requireRange("retries", options.retries, 0, mostRetries);
    requireTimeout("timeout", options.timeout);
    requireTimeout("startTimeout", options.startTimeout);
    requireMemory("maxMemoryPerChild", options.maxMemoryPerChild);
    requireMemory("memoryLimit", options.memoryLimit);
}

InitializerSpec initializerOf(const PoolOptions &options, TaskKind *kind)
{
    if (options.initializer.isEmpty())
        return {};
    const QString file = options.initializer.section(QLatin1Char(':'), 0, -2);
    if (file.isEmpty())
        throw ValueError(QStringLiteral("initializer is \"%1\": a pool has no task of its own whose file it "
                                        "could stand in; write FILE:FUNCTION")
                             .arg(options.initializer));
    TaskSpec ofItsKind;
    ofItsKind.kind = file.endsWith(QLatin1String(".so")) ? TaskKind::Native : TaskKind::Python;
    *kind = ofItsKind.kind;
    QString error;
    InitializerSpec initializer = findInitializer(options.initializer, options.initargs, ofItsKind, &error);
    if (!error.isEmpty())
        throw ValueError(error);
    return initializer;
}

/// The options of a call that waits: whoever waits needs no callback.
CallOptions waiting(CallOptions options)
{
    options.callback = {};
    options.errorCallback = {};
    return options;
}

/// An input that may hold what its caller gave, such as the pool itself, which cannot be destroyed in its own
/// engine thread: the callback thread lets go of it.
class GivenInput final : public InputSource
{
public:
    GivenInput(std::unique_ptr<InputSource> source, std::weak_ptr<CallbackThread> callbacks)
        : m_source(std::move(source)), m_callbacks(std::move(callbacks))
    {}
    ~GivenInput() override
    {
        if (const auto callbacks = m_callbacks.lock())
            callbacks->post([source = std::move(m_source)] {});
    }

    std::uint32_t read(std::string &out, std::uint32_t most) override { return m_source->read(out, most); }
    void cancel() override { m_source->cancel(); }

private:
    std::shared_ptr<InputSource> m_source;
    const std::weak_ptr<CallbackThread> m_callbacks;
};

std::vector<Value> valuesOf(AsyncCall &call)
{
    call.wait(std::nullopt);
    if (const std::exception_ptr failure = call.failure())
        std::rethrow_exception(failure);
    return call.takeValues();
}

} // namespace

class Pool::Private final : public PoolObserver
{
public:
    explicit Private(const PoolOptions &poolOptions);

    struct Loaded
    {
        Task task;
        LaunchId launch;
        std::uint32_t id;
    };

    void requireOpen() const;
    JobRequest request(const Task &task, Method method, const CallOptions &call);
    void post(JobRequest request);
    std::shared_ptr<AsyncCall> submit(JobRequest job, Method method, Items items, const CallOptions &call);
    std::shared_ptr<AsyncCall> submitCall(const Task &task, const CallArguments &arguments,
                                          const CallOptions &call);
    std::shared_ptr<AsyncCall> submitMap(const Task &task, Method method, Items items,
                                         const CallOptions &call);
    ResultIterator submitStream(const Task &task, Method method, Items items, const CallOptions &call);
    bool join(std::optional<std::chrono::nanoseconds> timeout);
    void publish(PoolEngine &e);
    void printLine(WorkerSlot slot, std::int64_t pid, OutputLine &&line);

    // PoolObserver, in the engine thread
    void chunkCompleted(JobId, std::span<const ItemResult>, std::string_view) override {}
    void workerOutput(WorkerSlot slot, std::int64_t pid, const TaskOutput &printed) override
    {
        if (!options.printed)
            return;
        output.add(pid, printed, monotonicNow(),
                   [&](OutputLine &&line) { printLine(slot, pid, std::move(line)); });
    }
    void workerEnded(WorkerSlot slot, std::int64_t pid) override
    {
        output.finish(pid, [&](OutputLine &&line) { printLine(slot, pid, std::move(line)); });
    }
    void poolEvent(const QString &text) override
    {
        callbacks->post([report = report, text] { report(text); });
    }

    const PoolOptions options;
    const std::function<void(const QString &)> report;
    const int processes;
    const Time began = monotonicNow();
    OutputLines output; // engine thread
    std::shared_ptr<CallbackThread> callbacks;

    mutable std::mutex mutex; // guards all below but the engine
    PoolState state = PoolState::Open;
    std::vector<Loaded> tasks;
    mutable PoolSnapshot published;
    mutable bool snapshotAsked = false;

    std::shared_ptr<EngineThread> engine; // last: it uses all of the above
};

Pool::Private::Private(const PoolOptions &poolOptions)
    : options(poolOptions)
    , report(options.report ? options.report
                            : [](const QString &text) { qWarning("poolscope: %s", qUtf8Printable(text)); })
    , processes(poolOptions.processes.value_or(JobSpec::usableCpus()))
{
    check(options);
    if (!QCoreApplication::instance())
        throw PoolFailed(QStringLiteral("a pool needs a QCoreApplication: begin main() with "
                                        "QCoreApplication application(argc, argv);"));
    TaskKind initializerKind = options.kind;
    const InitializerSpec initializer = initializerOf(options, &initializerKind);

    PoolEngineOptions engineOptions;
    engineOptions.config.processes = std::uint32_t(processes);
    if (options.maxtasksperchild)
        engineOptions.config.maxTasksPerChild = std::uint32_t(*options.maxtasksperchild);
    engineOptions.config.startTimeout = nanosecondsOf(options.startTimeout.value_or(defaultStartTimeout));
    engineOptions.config.sharing = options.sharing;
    engineOptions.config.firstLaunch = launchOf(options.kind);
    engineOptions.observer = this;
    engineOptions.maxMemoryPerChild = options.maxMemoryPerChild;
    engineOptions.memoryLimit = options.memoryLimit;
    for (const TaskKind kind : {TaskKind::Native, TaskKind::Python}) {
        LaunchOptions launch;
        launch.worker = localWorker(kind, options.python);
        launch.option = QStringLiteral("python");
        if (launchOf(initializerKind) == launchOf(kind))
            launch.initializer = initializer;
        engineOptions.launches.push_back(std::move(launch));
    }
    try {
        callbacks = std::make_shared<CallbackThread>();
        engine = std::make_shared<EngineThread>(std::move(engineOptions));
    } catch (const NoThread &error) {
        throw PoolFailed(QString::fromUtf8(error.what()));
    }
    QString failure;
    engine->call([this, &failure](PoolEngine &e) {
        e.start();
        failure = e.failure(nativeLaunch);
        publish(e);
    });
    if (!failure.isEmpty())
        throw PoolFailed(failure);
}

void Pool::Private::requireOpen() const
{
    const std::lock_guard lock(mutex);
    if (state != PoolState::Open)
        throw ValueError(QStringLiteral("Pool not running"));
}

JobRequest Pool::Private::request(const Task &task, Method method, const CallOptions &call)
{
    requireOpen();
    if (call.chunksize && callsPerItem(method))
        throw ValueError(QStringLiteral("a single call has no chunk size: use map or imap"));
    if (call.chunksize && *call.chunksize < 1)
        throw ValueError(QStringLiteral("Chunksize must be 1+, not %1").arg(*call.chunksize)); // S1.7, S1.8
    requireRange("buffersize", call.buffersize, 1, INT_MAX);
    requireRange("retries", call.retries, 0, mostRetries);
    requireTimeout("timeout", call.timeout);

    JobRequest request;
    request.config.delivery = deliveryOf(method);
    request.config.stopOnError = call.onError == OnError::Raise;
    request.config.retries = std::uint32_t(call.retries.value_or(options.retries));
    if (const auto timeout = call.timeout ? call.timeout : options.timeout)
        request.config.timeout = nanosecondsOf(*timeout);
    request.unpack = unpacksItems(method);

    const std::lock_guard lock(mutex);
    const auto known = std::find_if(tasks.begin(), tasks.end(),
                                    [&task](const Loaded &loaded) { return loaded.task == task; });
    if (known != tasks.end()) {
        request.config.launch = known->launch;
        request.task = known->id;
        return request;
    }
    const TaskSpec spec = task.resolve();
    request.config.launch = launchOf(spec.kind);
    request.task = std::uint32_t(tasks.size());
    tasks.push_back({task, request.config.launch, request.task});
    // The engine counts them in the same order.
    engine->post([launch = request.config.launch, spec](PoolEngine &e) { e.addTask(launch, spec); });
    return request;
}

void Pool::Private::post(JobRequest request)
{
    const std::lock_guard lock(mutex);
    // close() may have come in between, and what is behind it in the engine's line would never be run.
    if (state != PoolState::Open)
        throw ValueError(QStringLiteral("Pool not running"));
    engine->post([request = std::move(request)](PoolEngine &e) mutable { e.submit(std::move(request)); });
}

std::shared_ptr<AsyncCall> Pool::Private::submit(JobRequest job, Method method, Items items,
                                                 const CallOptions &call)
{
    AsyncCall::Options result;
    result.isMap = !callsPerItem(method);
    result.items = items.m_count;
    result.chunksize = effectiveChunksize(
        method, call.chunksize ? std::optional(std::uint64_t(*call.chunksize)) : std::nullopt, items.m_count,
        std::uint32_t(processes));
    result.began = began;
    result.report = report;
    result.callbacks = callbacks;
    job.chunksize = std::uint32_t(std::min<std::uint64_t>(result.chunksize, UINT32_MAX));
    job.config.window = mapWindow;
    job.items = std::move(items.m_lines);
    const auto async = std::make_shared<AsyncCall>(std::move(result),
                                                   AsyncCall::Functions{call.callback, call.errorCallback});
    job.receiver = async;
    if (items.m_count == 0)
        async->finish({}); // S2.6, S2.7
    else
        post(std::move(job));
    return async;
}

std::shared_ptr<AsyncCall> Pool::Private::submitCall(const Task &task, const CallArguments &arguments,
                                                     const CallOptions &call)
{
    JobRequest job = request(task, Method::ApplyAsync, call);
    const std::vector<Value> &positional = arguments.positional();
    job.keywords = !arguments.keywords().empty();
    job.unpack = !job.keywords && positional.size() != 1;
    Items items;
    if (job.keywords)
        items.m_lines = Value(std::pair(positional, arguments.keywords())).json();
    else
        items.m_lines = job.unpack ? Value(positional).json() : positional.front().json();
    items.endItem();
    return submit(std::move(job), Method::ApplyAsync, std::move(items), call);
}

std::shared_ptr<AsyncCall> Pool::Private::submitMap(const Task &task, Method method, Items items,
                                                    const CallOptions &call)
{
    JobRequest job = request(task, method, call);
    items.readAll();
    return submit(std::move(job), method, std::move(items), call);
}

ResultIterator Pool::Private::submitStream(const Task &task, Method method, Items items,
                                           const CallOptions &call)
{
    JobRequest job = request(task, method, call);
    struct Where
    {
        std::weak_ptr<EngineThread> engine;
        JobId job; ///< Engine thread.
    };
    const auto where = std::make_shared<Where>(Where{engine, {}});
    const auto queue = std::make_shared<ResultQueue>([where] {
        if (const auto pool = where->engine.lock())
            pool->post([where](PoolEngine &e) { e.resultsTaken(where->job); });
    });
    job.chunksize = std::uint32_t(call.chunksize.value_or(1));
    job.config.window =
        std::uint64_t(call.buffersize.value_or(options.buffersize.value_or(defaultBuffersize(processes))));
    job.items = std::move(items.m_lines);
    if (items.m_source)
        job.source = std::make_unique<GivenInput>(std::move(items.m_source), callbacks);
    job.pace = items.m_mayWait ? InputReader::Pace::Eager : InputReader::Pace::Block;
    job.receiver = queue;
    const std::uint64_t chunksize = job.chunksize;
    const std::lock_guard lock(mutex);
    if (state != PoolState::Open)
        throw ValueError(QStringLiteral("Pool not running"));
    engine->post(
        [where, job = std::move(job)](PoolEngine &e) mutable { where->job = e.submit(std::move(job)); });
    return ResultIterator(std::make_unique<ResultStream>(queue, began, chunksize));
}

void Pool::Private::printLine(WorkerSlot slot, std::int64_t pid, OutputLine &&line)
{
    if (options.printed)
        callbacks->post(
            [printed = options.printed,
             line = PrintedLine{slot.value, pid, line.stream, std::move(line.text)}] { printed(line); });
}

bool Pool::Private::join(std::optional<std::chrono::nanoseconds> timeout)
{
    if (callbacks->isCurrent())
        throw ValueError(QStringLiteral("join() waits for the callbacks, so it cannot be called in one"));
    {
        const std::lock_guard lock(mutex);
        if (state == PoolState::Open)
            throw ValueError(QStringLiteral("Pool is still running"));
    }
    // Whoever joins may be the one who would have taken the results (S9.3).
    engine->post([](PoolEngine &e) { e.liftWindows(); });
    if (!timeout) {
        engine->waitUntilOver();
        return callbacks->drain();
    }
    const auto until = deadlineAfter(*timeout);
    return engine->waitUntilOver(until) && callbacks->drain(until);
}

void Pool::Private::publish(PoolEngine &e)
{
    PoolSnapshot snapshot;
    double busySeconds = 0;
    e.fillWorkers(began, snapshot.workers, &busySeconds);
    snapshot.openJobs = e.openJobs();
    snapshot.workersStarted = e.workersStarted();
    snapshot.workersLost = e.workersLost();
    const std::lock_guard lock(mutex);
    published = std::move(snapshot);
    snapshotAsked = false;
}

Pool::Pool(const PoolOptions &options) : d(std::make_unique<Private>(options)) {}

Pool::~Pool()
{
    terminate();
    d->engine->waitUntilOver();
    if (!d->callbacks->isCurrent())
        d->callbacks->drain(); // they may still call this pool
}

Value Pool::apply(const Task &task, const CallArguments &arguments, const CallOptions &options)
{
    return applyAsync(task, arguments, waiting(options)).get();
}

AsyncResult Pool::applyAsync(const Task &task, const CallArguments &arguments, const CallOptions &options)
{
    return AsyncResult(d->submitCall(task, arguments, options));
}

std::vector<Value> Pool::map(const Task &task, Items items, const CallOptions &options)
{
    return valuesOf(*d->submitMap(task, Method::Map, std::move(items), waiting(options)));
}

AsyncResult Pool::mapAsync(const Task &task, Items items, const CallOptions &options)
{
    return AsyncResult(d->submitMap(task, Method::MapAsync, std::move(items), options));
}

std::vector<Value> Pool::starmap(const Task &task, Items rows, const CallOptions &options)
{
    return valuesOf(*d->submitMap(task, Method::Starmap, std::move(rows), waiting(options)));
}

AsyncResult Pool::starmapAsync(const Task &task, Items rows, const CallOptions &options)
{
    return AsyncResult(d->submitMap(task, Method::StarmapAsync, std::move(rows), options));
}

ResultIterator Pool::imap(const Task &task, Items items, const CallOptions &options)
{
    return d->submitStream(task, Method::Imap, std::move(items), options);
}

ResultIterator Pool::imapUnordered(const Task &task, Items items, const CallOptions &options)
{
    return d->submitStream(task, Method::ImapUnordered, std::move(items), options);
}

void Pool::close()
{
    const std::lock_guard lock(d->mutex);
    if (d->state != PoolState::Open)
        return;
    d->state = PoolState::Closed;
    d->engine->post([](PoolEngine &engine) { engine.close(); });
}

void Pool::terminate()
{
    const std::lock_guard lock(d->mutex);
    if (d->state == PoolState::Terminated)
        return;
    d->state = PoolState::Terminated;
    d->engine->post([](PoolEngine &engine) { engine.terminate(); });
}

void Pool::join()
{
    d->join(std::nullopt);
}

bool Pool::join(std::chrono::nanoseconds timeout)
{
    return d->join(timeout);
}

PoolState Pool::state() const
{
    if (d->engine->isOver())
        return PoolState::Over;
    const std::lock_guard lock(d->mutex);
    return d->state;
}

PoolSnapshot Pool::snapshot() const
{
    const PoolState now = state();
    const std::lock_guard lock(d->mutex);
    if (!std::exchange(d->snapshotAsked, true))
        d->engine->post([d = d.get()](PoolEngine &engine) { d->publish(engine); });
    PoolSnapshot snapshot = d->published;
    snapshot.state = now;
    snapshot.now = double(monotonicNow() - d->began) * 1e-9;
    if (now == PoolState::Over)
        for (WorkerSnapshot &worker : snapshot.workers) {
            worker.state = WorkerState::Gone;
            worker.chunk.reset();
            worker.item.reset();
        }
    return snapshot;
}

std::vector<std::int64_t> Pool::pids() const
{
    std::vector<std::int64_t> pids;
    d->engine->call([&pids](PoolEngine &engine) { pids = engine.alivePids(); });
    return pids;
}

const PoolOptions &Pool::options() const
{
    return d->options;
}

} // namespace Poolscope
