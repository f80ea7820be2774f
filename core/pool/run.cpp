// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/run.h"

#include "core/measurement/eta.h"
#include "core/pool/runprivate.h"
#include "core/scheduling/chunkpolicy.h"

#include <QCoreApplication>
#include <QTimer>

#include <algorithm>

#include <pthread.h>

namespace Poolscope {

namespace {

constexpr int snapshotMillisecondsLive = 25;   // a little faster than a window samples
constexpr int snapshotMillisecondsQuiet = 200; // for a line of progress

/// How many chunks may be between the input and the consumer.
std::uint64_t windowOf(const JobSpec &spec)
{
    if (spec.method == Method::Apply)
        return 1; // a call begins when the one before has returned
    if (deliveryOf(spec.method) == Delivery::AllAtEnd)
        return mapWindow;
    return std::uint64_t(spec.buffersize.value_or(defaultBuffersize(spec.processes)));
}

} // namespace

void Run::Private::addPrinted(WorkerSlot slot, std::int64_t pid, OutputLine &&line)
{
    LogLine made{double(line.since - began) * 1e-9,
                 std::int32_t(slot.value),
                 pid,
                 line.item,
                 line.stream,
                 std::move(line.text)};
    if (options.record)
        recording.addLine(outputQueue ? LogLine(made) : std::move(made));
    if (outputQueue && outputQueue->add(std::move(made)))
        paceOutput();
}

/// Lets the tasks that print go on, or wait, as the queue can take it.
void Run::Private::paceOutput()
{
    inEngine([this](PoolEngine &e) { e.setReadsOutput(!outputQueue->isFull()); });
}

void Run::Private::fail(JobProblem::Kind kind, const QString &option, const QString &message)
{
    const std::lock_guard lock(mutex);
    if (problem)
        return;
    problem = JobProblem{kind, option, message};
    published.problem = message.toStdString();
}

void Run::Private::doWithoutJournal(const QString &why)
{
    poolEvent(QCoreApplication::translate("Poolscope::Run", "This run cannot be resumed: %1.").arg(why));
}

void Run::Private::lead()
{
    try {
        conduct();
    } catch (const NoThread &error) {
        fail(error);
    }
    finish();
}

void Run::Private::conduct()
{
    if (prepare()) {
        {
            const std::lock_guard lock(mutex);
            published.total = total;
            published.chunksize = chunksize;
            published.phase = RunPhase::Starting;
            addKept(published);
        }
        if (selection && selection->count() == 0) {
            consume();
            return;
        }
        PoolEngineOptions engineOptions;
        engineOptions.config.processes = std::uint32_t(spec.processes);
        if (spec.maxTasksPerChild)
            engineOptions.config.maxTasksPerChild = std::uint32_t(*spec.maxTasksPerChild);
        engineOptions.config.startTogether = options.startTogether;
        engineOptions.config.startTimeout = nanosecondsOf(spec.startTimeout);
        engineOptions.launches.push_back(
            {localWorker(task.kind, spec.python),
             task.kind == TaskKind::Python ? QStringLiteral("python") : QStringLiteral("task"),
             initializer,
             {task}});
        engineOptions.observer = this;
        engineOptions.maxMemoryPerChild = spec.maxMemoryPerChild;
        engineOptions.memoryLimit = spec.memoryLimit;
        engineOptions.maximumPayload = options.maximumPayload;

        if (options.outputSink)
            outputQueue = std::make_unique<OutputQueue>(*options.outputSink, [this] { paceOutput(); });
        auto newEngine = std::make_unique<EngineThread>(std::move(engineOptions));
        queue = std::make_shared<ResultQueue>([this, target = newEngine.get()] {
            // What is taken counts as delivered only when it is on the disk.
            if (waitsForDisk())
                isWakeDue = true;
            else
                target->post([this](PoolEngine &e) { e.resultsTaken(job); });
        });

        JobRequest request;
        request.config.delivery = deliveryOf(spec.method);
        request.config.stopOnError = spec.onError == OnError::Raise;
        request.config.retries = std::uint32_t(spec.retries);
        if (spec.timeout)
            request.config.timeout = nanosecondsOf(*spec.timeout);
        request.config.halt = spec.halt;
        request.config.window = windowOf(spec);
        request.chunksize = std::uint32_t(chunksize);
        request.unpack = unpacksItems(spec.method);
        request.source = std::move(source);
        request.selection = selection;
        request.pace = canBeReread(spec.input) ? InputReader::Pace::Block : InputReader::Pace::Eager;
        request.receiver = queue;
        request.keep = true;
        newEngine->call([this, &request](PoolEngine &e) {
            e.start();
            job = e.submit(std::move(request));
            auto *timer = new QTimer(&e);
            QObject::connect(timer, &QTimer::timeout, &e, [this, &e] {
                publish(e, monotonicNow());
                // Who maps waits for the last item; that must not be for nothing.
                if (waitsForDisk() && !journal->error().isEmpty() && !stopRequested.exchange(true))
                    e.terminate();
            });
            timer->start(options.record ? snapshotMillisecondsLive : snapshotMillisecondsQuiet);
        });
        {
            const std::lock_guard lock(mutex);
            engine = std::move(newEngine);
        }
        // A stop that came before the engine was there did not reach it.
        if (stopRequested)
            inEngine([](PoolEngine &e) { e.terminate(); });
        consume();
        endEngine();
        if (outputQueue)
            outputQueue->close();
        tellInputError();
        if (journal && !journal->close()) {
            if (spec.journalKeeper == JournalKeeper::User)
                fail(JobProblem::Kind::Input, QStringLiteral("journal"), journal->error());
            else
                doWithoutJournal(journal->error());
        }
    }
}

void Run::Private::terminate()
{
    if (!stopRequested.exchange(true))
        inEngine([](PoolEngine &e) { e.terminate(); });
}

/// Adds what the journal had to the figures of what was run.
void Run::Private::addKept(RunSnapshot &snapshot) const
{
    if (!selection)
        return;
    snapshot.items.read += kept.read;
    snapshot.items.ok += kept.ok;
    snapshot.items.error += kept.error;
    snapshot.items.lost += kept.lost;
    snapshot.items.notRun += kept.notRun;
    snapshot.items.cancelled += kept.cancelled;
    snapshot.completed += kept.read;
    snapshot.journaled = kept.read - kept.cancelled;
    snapshot.chunks = chunkCount(*total, chunksize);
    snapshot.waitingFor.reset(); // the engine counts what it runs only
}

void Run::Private::publish(PoolEngine &e, Time until)
{
    const std::lock_guard lock(mutex);
    e.fillSnapshot(job, began, until, published);
    const std::uint64_t ended = published.completed;
    addKept(published);
    if (published.phase == RunPhase::Starting && published.firstDispatch >= 0)
        published.phase = RunPhase::Running;
    estimate(ended, e.durations());
}

/// Under the lock. \param ended  items that this run has brought to an end
void Run::Private::estimate(std::uint64_t ended, const RunningStatistics &durations)
{
    const double time = now();
    EtaInput pace;
    pace.completed = ended;
    pace.remaining = total ? *total - std::min(*total, published.completed) : 0;
    pace.elapsed = published.firstDispatch < 0 ? 0 : time - published.firstDispatch - pausedSeconds;
    pace.processes = published.processes;
    std::optional<std::uint64_t> longest;
    std::uint32_t waiting = 0;
    for (const WorkerSnapshot &worker : published.workers) {
        waiting += worker.state == WorkerState::Waiting;
        if (worker.state != WorkerState::Running || !worker.item)
            continue;
        const double running = time - worker.itemStarted;
        pace.progress += std::clamp(running, 0.0, durations.mean());
        if (running > pace.longestRunning) {
            pace.longestRunning = running;
            longest = worker.item;
        }
    }
    // Nothing is left for them, or nothing more is read until the item is done that all results wait behind.
    const bool isBehind = published.blockedSince >= 0 && longest && longest == published.waitingFor;
    if (published.inputEnded || isBehind)
        pace.idle = waiting;
    published.eta.reset();
    published.heldUpBy.reset();
    if (!total || published.phase != RunPhase::Running)
        return;
    if (isHeldUp(pace, durations))
        published.heldUpBy = longest;
    published.eta = pace.remaining == 0 ? EtaEstimate() : estimateEta(pace, durations);
    if (published.eta)
        published.eta->seconds = std::max(
            published.eta->seconds, double(*total - std::min(*total, delivered)) * consumerPace.seconds());
}

void Run::Private::endEngine()
{
    inEngine([](PoolEngine &e) { e.close(); });
    engine->waitUntilOver();
    // The workers may have been there for a while after the last delivery.
    const Time end = lastDelivery < 0 ? monotonicNow() : began + Time(lastDelivery * 1e9);
    engine->call([this, end](PoolEngine &e) {
        publish(e, end);
        const QString &failure = e.failure(LaunchId());
        const QString &option = e.failureOption(LaunchId());
        const bool isCommand = option == QLatin1String("task") && !spec.commandTemplate.isEmpty();
        if (!failure.isEmpty())
            fail(JobProblem::Kind::Task, isCommand ? QStringLiteral("command") : option, failure);
    });
    std::unique_ptr<EngineThread> ended;
    const std::lock_guard lock(mutex);
    ended = std::move(engine);
}

void Run::Private::tellInputError()
{
    const JobEnd end = queue->end();
    if (!end.inputError || stopRequested)
        return;
    try {
        std::rethrow_exception(end.inputError);
    } catch (const NoThread &error) {
        fail(error);
    } catch (const std::exception &error) {
        fail(JobProblem::Kind::Input, QStringLiteral("input"), QString::fromUtf8(error.what()));
    }
}

void Run::Private::finish()
{
    journal.reset(); // whoever hears of the end may resume it
    std::function<void()> callback;
    {
        const std::lock_guard lock(mutex);
        published.now = now();
        published.eta.reset();
        published.heldUpBy.reset();
        published.workersBusy = 0;
        for (WorkerSnapshot &worker : published.workers) {
            worker.state = WorkerState::Gone;
            worker.chunk.reset();
            worker.item.reset();
        }
        const bool complete = published.items.cancelled == 0 && (queue || published.journaled > 0) &&
                              (!total || published.completed == *total);
        const bool wasHalted =
            !published.halted.empty() && (!total || published.items.ok + published.items.failed() < *total);
        if (problem)
            published.phase = RunPhase::Failed;
        else
            published.phase = wasHalted || kept.cancelled > 0 || (stopRequested && !complete)
                                  ? RunPhase::Stopped
                                  : RunPhase::Finished;
        over = true;
        callback = std::exchange(overCallback, {});
        overChanged.notify_all();
    }
    if (callback)
        callback();
}

Run::Run(std::unique_ptr<Private> p) : d(std::move(p)) {}

std::unique_ptr<Run> Run::start(const JobSpec &spec, const RunOptions &options)
{
    std::unique_ptr<Run> run(new Run(std::make_unique<Private>(spec, options)));
    try {
        run->d->leader = startThread([p = run->d.get()] {
            pthread_setname_np(pthread_self(), "results");
            p->lead();
        });
    } catch (const NoThread &error) {
        run->d->fail(error);
        run->d->finish();
    }
    return run;
}

Run::~Run()
{
    stop();
    if (d->leader.joinable())
        d->leader.join();
}

const JobSpec &Run::spec() const
{
    return d->spec;
}

void Run::pause()
{
    const std::lock_guard lock(d->mutex);
    if (!d->engine || (d->published.phase != RunPhase::Running && d->published.phase != RunPhase::Starting))
        return;
    d->published.phase = RunPhase::Paused;
    d->pausedAt = d->now();
    d->recording.addRunEvent({.time = d->pausedAt, .kind = RunEventKind::Paused});
    d->engine->post([](PoolEngine &e) { e.pause(); });
}

void Run::resume()
{
    const std::lock_guard lock(d->mutex);
    if (!d->engine || d->published.phase != RunPhase::Paused)
        return;
    d->published.phase = RunPhase::Starting; // Running again with the next snapshot
    d->pausedSeconds += d->now() - std::exchange(d->pausedAt, -1);
    d->recording.addRunEvent({.time = d->now(), .kind = RunEventKind::Resumed});
    d->engine->post([](PoolEngine &e) { e.resume(); });
}

void Run::resize(int processes)
{
    const auto wanted = std::uint32_t(std::clamp(processes, 1, maximumProcesses));
    const std::lock_guard lock(d->mutex);
    if (!d->engine || wanted == d->published.processes ||
        (d->published.phase != RunPhase::Running && d->published.phase != RunPhase::Starting &&
         d->published.phase != RunPhase::Paused))
        return;
    d->engine->post([p = d.get(), wanted](PoolEngine &e) {
        if (!e.resize(wanted)) {
            p->poolEvent(QCoreApplication::translate("Poolscope::Run",
                                                     "%1 processes need more open files than are allowed "
                                                     "(ulimit -n); the pool stays as it is.")
                             .arg(wanted));
            return;
        }
        p->recording.addRunEvent({.time = p->now(), .kind = RunEventKind::Resized, .count = wanted});
        const std::lock_guard resized(p->mutex);
        p->published.processes = wanted;
    });
}

void Run::setConsumerPace(double seconds)
{
    d->consumerPace.set(deliveryOf(d->spec.method) == Delivery::AllAtEnd ? 0 : seconds);
}

void Run::stop()
{
    if (d->stopRequested.exchange(true))
        return;
    d->consumerPace.end();
    const std::lock_guard lock(d->mutex);
    if (d->waitedFor)
        d->waitedFor->cancel();
    if (!d->over)
        d->published.phase = RunPhase::Stopping;
    if (d->engine)
        d->engine->post([](PoolEngine &e) { e.terminate(); });
}

bool Run::isOver() const
{
    const std::lock_guard lock(d->mutex);
    return d->over;
}

void Run::wait()
{
    std::unique_lock lock(d->mutex);
    d->overChanged.wait(lock, [this] { return d->over; });
}

void Run::whenOver(std::function<void()> callback)
{
    {
        const std::lock_guard lock(d->mutex);
        if (!d->over) {
            d->overCallback = std::move(callback);
            return;
        }
    }
    callback();
}

RunSnapshot Run::snapshot() const
{
    const std::lock_guard lock(d->mutex);
    RunSnapshot snapshot = d->published;
    snapshot.delivered = d->delivered;
    snapshot.firstResult = d->firstDelivery;
    snapshot.lastDelivery = d->lastDelivery;
    // The consumer may be ahead of the engine's last word.
    snapshot.completed = std::max(snapshot.completed, snapshot.delivered);
    snapshot.bufferedResults = snapshot.completed - snapshot.delivered;
    if (!d->over)
        snapshot.now = d->now();
    return snapshot;
}

std::optional<JobProblem> Run::failure() const
{
    const std::lock_guard lock(d->mutex);
    return d->problem;
}

std::vector<ItemRecord> Run::completed(std::size_t from, std::size_t most) const
{
    return d->recording.completed(from, most);
}

std::vector<ItemSpan> Run::deliveredSpans(std::size_t from, std::size_t most) const
{
    return d->recording.deliveredSpans(from, most);
}

std::vector<ItemSpan> Run::spans(std::size_t from, std::size_t most) const
{
    return d->recording.spans(from, most);
}

std::vector<ItemRecord> Run::delivered(std::size_t from, std::size_t most) const
{
    return d->recording.delivered(from, most);
}

std::vector<ItemRecord> Run::failures(std::size_t from, std::size_t most) const
{
    return d->recording.failures(from, most);
}

std::vector<WorkerDeath> Run::deaths(std::size_t from, std::size_t most) const
{
    return d->recording.deaths(from, most);
}

std::vector<LogLine> Run::log(std::size_t from, std::size_t most) const
{
    return d->recording.log(from, most);
}

std::vector<RunEvent> Run::events(std::size_t from, std::size_t most) const
{
    return d->recording.events(from, most);
}

std::vector<ItemSpan> Run::attempts(std::size_t from, std::size_t most) const
{
    return d->recording.attempts(from, most);
}

std::vector<TimeSpan> Run::consumerWaits(std::size_t from, std::size_t most) const
{
    return d->recording.consumerWaits(from, most);
}

std::optional<RecordedItem> Run::item(std::uint64_t index) const
{
    return d->recording.item(index);
}

} // namespace Poolscope
