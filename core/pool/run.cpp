// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/run.h"

#include "core/engine/clock.h"
#include "core/engine/enginethread.h"
#include "core/engine/errortext.h"
#include "core/engine/nothread.h"
#include "core/engine/resultqueue.h"
#include "core/measurement/eta.h"
#include "core/pool/jobsettings.h"
#include "core/pool/journal.h"
#include "core/pool/memorysource.h"
#include "core/pool/outputlines.h"
#include "core/pool/outputqueue.h"
#include "core/pool/recording.h"
#include "core/scheduling/chunkpolicy.h"
#include "core/tasks/taskcatalog.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTimer>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <pthread.h>

namespace Poolscope {

namespace {

constexpr int snapshotMillisecondsLive = 25;   // a little faster than a window samples
constexpr int snapshotMillisecondsQuiet = 200; // for a line of progress
constexpr std::size_t deliveredAtOnce = 4096;

/// How many chunks may be between the input and the consumer.
std::uint64_t windowOf(const JobSpec &spec)
{
    if (spec.method == Method::Apply)
        return 1; // a call begins when the one before has returned
    if (deliveryOf(spec.method) == Delivery::AllAtEnd)
        return mapWindow;
    return std::uint64_t(spec.buffersize.value_or(defaultBuffersize(spec.processes)));
}

/// What there is to say of an item that was neither run before nor is now.
ItemResult missing(std::uint64_t index)
{
    ItemResult result;
    result.index = index;
    result.status = ItemStatus::Cancelled;
    result.payload =
        errorJson(QStringLiteral("Cancelled"), QStringLiteral("the run was stopped before it ran"));
    result.hasOutcome = true;
    return result;
}

} // namespace

/// Three threads meet here: the one that calls the public functions, the engine's, and the consumer's, which
/// leads the run from the first check of the input to the last process gone.
class Run::Private final : public PoolObserver
{
public:
    Private(const JobSpec &jobSpec, const RunOptions &runOptions)
        : spec(jobSpec), options(runOptions), began(monotonicNow()), recording(began, runOptions.record)
    {
        published.processes = std::uint32_t(std::max(0, spec.processes));
    }

    void lead();
    void conduct();
    bool prepare();
    bool readAhead();
    void openJournal();
    void selectItems();
    void consume();
    bool deliver(std::vector<ItemRecord> &records, Time at);
    bool appendKept(std::vector<ItemRecord> &records, std::uint64_t end);
    void terminate();
    void addKept(RunSnapshot &snapshot) const;
    void publish(PoolEngine &e);
    void endEngine();
    void tellInputError();
    void finish();

    void setPhase(RunPhase phase)
    {
        const std::lock_guard lock(mutex);
        published.phase = phase;
    }
    void fail(JobProblem::Kind kind, const QString &option, const QString &message);
    void fail(const NoThread &error)
    {
        fail(JobProblem::Kind::Task, QStringLiteral("processes"), QString::fromUtf8(error.what()));
    }
    double now() const { return double(monotonicNow() - began) * 1e-9; }
    /// Whether a journal that cannot be used ends the run.
    bool needsJournal() const { return spec.resume || spec.journalKeeper == JournalKeeper::User; }
    bool waitsForDisk() const { return journal && spec.journalKeeper == JournalKeeper::User; }
    void doWithoutJournal(const QString &why);

    template <typename F>
    void inEngine(F f)
    {
        const std::lock_guard lock(mutex);
        if (engine)
            engine->post(std::move(f));
    }

    // PoolObserver, in the engine thread
    void itemsEnded(JobId, std::span<const ItemResult> results) override
    {
        if (journal)
            journal->append(results);
    }
    void chunkCompleted(JobId, std::span<const ItemResult> results, std::string_view items) override
    {
        recording.addCompleted(results, items);
    }
    void resultsLeave() override { recording.publishCompleted(); }
    void workerOutput(WorkerSlot slot, std::int64_t pid, const TaskOutput &output) override
    {
        if (options.record || outputQueue)
            printed.add(pid, output, monotonicNow(),
                        [&](OutputLine &&line) { addPrinted(slot, pid, std::move(line)); });
    }
    void workerEnded(WorkerSlot slot, std::int64_t pid) override
    {
        printed.finish(pid, [&](OutputLine &&line) { addPrinted(slot, pid, std::move(line)); });
    }
    void workerDied(WorkerSlot slot, Generation generation, std::int64_t pid,
                    std::optional<std::uint64_t> item, const std::string &error) override
    {
        recording.addDeath({now(), slot.value, generation, pid, item, error});
    }
    void jobHalted(JobId) override
    {
        inEngine([](PoolEngine &e) { e.close(); }); // nobody needs another worker
    }
    void poolEvent(const QString &text) override { recording.addEvent(text.toStdString(), monotonicNow()); }

    void addPrinted(WorkerSlot slot, std::int64_t pid, OutputLine &&line);
    void paceOutput();

    const JobSpec spec;
    const RunOptions options;
    const Time began;
    Recording recording;
    OutputLines printed; ///< Engine thread.
    std::unique_ptr<OutputQueue> outputQueue;

    // Set by prepare(), then only read.
    TaskSpec task;
    InitializerSpec initializer;
    std::optional<std::uint64_t> total;
    std::optional<InputDigest> digest; ///< With a journal.
    std::unique_ptr<InputSource> source;
    std::uint64_t chunksize = 1;
    std::unique_ptr<Journal> journal;
    std::shared_ptr<const ItemSelection> selection; ///< What is left to run of a resumed job; null: all.
    ItemCounts kept;                                ///< What the journal had.

    std::uint64_t nextKept = 0; ///< Consumer: kept outcomes before this item are delivered.
    bool isWakeDue = false;     ///< Consumer: the engine is to hear that results were taken.

    std::shared_ptr<ResultQueue> queue;
    JobId job;

    std::atomic<bool> stopRequested = false;

    mutable std::mutex mutex; // guards all below
    std::condition_variable overChanged;
    InputSource *waitedFor = nullptr; ///< What prepare() reads and stop() has to cancel; not owned.
    RunSnapshot published;
    std::optional<JobProblem> problem;
    std::function<void()> overCallback;
    std::unique_ptr<EngineThread> engine; ///< Null before and after.
    std::uint64_t delivered = 0;
    double firstDelivery = -1;
    double lastDelivery = -1;
    double pausedAt = -1;
    double pausedSeconds = 0;
    bool over = false;

    std::thread leader; // last: it uses all of the above
};

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

/// Checks the task and reads the input through. False: nothing is started.
bool Run::Private::prepare()
{
    const QList<JobProblem> problems = checkJob(spec);
    if (!problems.isEmpty()) {
        fail(problems.first().kind, problems.first().option, problems.first().message);
        return false;
    }
    task = (spec.commandTemplate.isEmpty() ? findTask(spec.task, spec.parameters)
                                           : commandTask(spec.commandTemplate))
               .spec;
    if (!spec.initializer.isEmpty()) {
        QString error;
        initializer = findInitializer(spec.initializer,
                                      QJsonDocument::fromJson(spec.initargs.toUtf8()).array(), task, &error);
    }

    const InputOptions inputOptions{spec.itemType, unpacksItems(spec.method)};
    const auto goOn = [this](std::uint64_t count) {
        const std::lock_guard lock(mutex);
        published.scanned = count;
        return !stopRequested;
    };
    try {
        if (!spec.journal.isEmpty())
            openJournal();
        if (journal) {
            digest = digestInput(spec.input, inputOptions, goOn);
            if (!digest)
                return false;
            total = digest->items;
            source = openInput(spec.input, inputOptions);
        } else if (canBeReread(spec.input)) {
            total = scanInput(spec.input, inputOptions, goOn);
            if (stopRequested)
                return false;
            source = openInput(spec.input, inputOptions);
        } else {
            source = openInput(spec.input, inputOptions);
            if (chunksByLength(spec.method) && !readAhead())
                return false;
        }
    } catch (const InputError &error) {
        fail(error.kind() == InputError::Kind::Usage ? JobProblem::Kind::Usage : JobProblem::Kind::Input,
             QStringLiteral("input"), error.message());
        return false;
    } catch (const JournalError &error) {
        fail(error.problem().kind, error.problem().option, error.problem().message);
        return false;
    }
    chunksize = effectiveChunksize(spec.method, spec.chunksize, total, std::uint32_t(spec.processes));
    try {
        if (journal)
            selectItems();
    } catch (const JournalError &error) {
        fail(error.problem().kind, error.problem().option, error.problem().message);
        return false;
    }
    recording.setChunksize(chunksize);
    return true;
}

/// Opens the journal, and refuses one of another job before the input is read.
void Run::Private::openJournal()
{
    try {
        journal = std::make_unique<Journal>(spec.journal, spec.resume, spec.journalKeeper);
    } catch (const JournalError &error) {
        if (needsJournal())
            throw;
        doWithoutJournal(error.problem().message);
        return;
    }
    journal->setBegan(began);
    // Calls that send one item each have no other chunk size, whatever the journal's.
    const std::optional<int> asked = callsPerItem(spec.method) ? std::optional(1) : spec.chunksize;
    journal->requireJob(journaledJob(spec, task, initializer), asked);
}

/// Makes a new journal that of this job, or finds out from an old one what is left to run.
void Run::Private::selectItems()
{
    if (!journal->header()) {
        try {
            journal->begin({journaledJob(spec, task, initializer), chunksize, *digest, jobToJson(spec)});
        } catch (const JournalError &error) {
            if (needsJournal())
                throw;
            doWithoutJournal(error.problem().message);
            journal.reset();
        }
        return;
    }
    journal->requireInput(*digest);
    journal->readOutcomes();
    chunksize = journal->header()->chunksize;
    selection = std::make_shared<ItemSelection>(itemsToRun(*journal, spec, *total, chunksize));
    for (std::uint64_t index = 0; index < *total; ++index) {
        if (selection->contains(index))
            continue;
        ++kept.read;
        switch (journal->statusOf(index).value_or(ItemStatus::Cancelled)) {
        case ItemStatus::Ok:
            ++kept.ok;
            break;
        case ItemStatus::Error:
            ++kept.error;
            break;
        case ItemStatus::NotRun:
            ++kept.notRun;
            break;
        case ItemStatus::Lost:
            ++kept.lost;
            break;
        case ItemStatus::Cancelled:
            ++kept.cancelled;
            break;
        }
    }
}

/// Takes in the whole of an input that can be read only once. False when stopped meanwhile.
bool Run::Private::readAhead()
{
    constexpr std::uint32_t step = 1024;
    const auto waitFor = [this](InputSource *waited) {
        const std::lock_guard lock(mutex);
        waitedFor = waited;
        published.scanned = total.value_or(0);
        return !stopRequested;
    };
    std::string lines;
    total = 0;
    try {
        for (std::uint32_t items = step; items == step;) {
            if (!waitFor(source.get()))
                break;
            items = source->read(lines, step);
            *total += items;
        }
    } catch (...) {
        waitFor(nullptr);
        throw;
    }
    const bool complete = waitFor(nullptr);
    source = std::make_unique<MemorySource>(std::move(lines));
    return complete;
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
                publish(e);
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

/// Hands records to the sink and empties them. False when it takes no more.
bool Run::Private::deliver(std::vector<ItemRecord> &records, Time time)
{
    if (records.empty())
        return true;
    const double at = double(time - began) * 1e-9;
    for (ItemRecord &record : records)
        record.delivered = at;
    recording.addDelivered(records);
    const bool goOn = !options.sink || options.sink->deliver(records);
    const std::lock_guard lock(mutex);
    delivered += records.size();
    lastDelivery = at;
    if (firstDelivery < 0)
        firstDelivery = at;
    records.clear();
    return goOn;
}

/// Adds the outcomes from the journal of the items before `end` that were not delivered yet; delivers when
/// these become many.
bool Run::Private::appendKept(std::vector<ItemRecord> &records, std::uint64_t end)
{
    bool goOn = true;
    try {
        for (; nextKept < end && goOn; ++nextKept) {
            if (selection->contains(nextKept))
                continue;
            ItemResult result =
                journal->statusOf(nextKept) ? journal->outcomeOf(nextKept) : missing(nextKept);
            recording.addKept(result);
            records.push_back(recording.record(std::move(result)));
            if (records.size() >= deliveredAtOnce)
                goOn = deliver(records, monotonicNow());
        }
    } catch (const JournalError &error) {
        fail(error.problem().kind, error.problem().option, error.problem().message);
        goOn = false;
    }
    return goOn;
}

void Run::Private::consume()
{
    std::vector<ItemResult> results;
    std::vector<ItemRecord> records;
    Time taken = 0;
    const Delivery order = deliveryOf(spec.method);
    // How far the outcomes of the journal can be delivered before the engine gives another.
    const auto keptFrom = [&](std::uint64_t index) {
        const ItemSelection::Stretch stretch = selection->next(index);
        return stretch.items == 0 || order == Delivery::Unordered ? *total : stretch.first;
    };
    bool goOn = true;
    if (selection && order != Delivery::AllAtEnd)
        goOn = appendKept(records, keptFrom(0)) && deliver(records, monotonicNow());
    while (queue &&
           queue->take(results, deliveredAtOnce, std::nullopt, &taken) == ResultQueue::Outcome::Results) {
        if (waitsForDisk() && goOn) {
            goOn = journal->sync();
            if (!goOn)
                fail(JobProblem::Kind::Input, QStringLiteral("journal"), journal->error());
            taken = monotonicNow();
        }
        for (auto result = results.begin(); result != results.end() && goOn; ++result) {
            const std::uint64_t index = result->index;
            if (selection && order != Delivery::Unordered)
                goOn = appendKept(records, index);
            if (!goOn)
                break;
            records.push_back(recording.record(std::move(*result)));
            if (selection && order == Delivery::Ordered)
                goOn = appendKept(records, keptFrom(index + 1));
        }
        results.clear();
        goOn = goOn && deliver(records, taken);
        if (!goOn)
            terminate();
        if (std::exchange(isWakeDue, false))
            inEngine([this](PoolEngine &e) { e.resultsTaken(job); });
    }
    if (selection && goOn && appendKept(records, *total))
        deliver(records, monotonicNow());
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

void Run::Private::publish(PoolEngine &e)
{
    const std::lock_guard lock(mutex);
    e.fillSnapshot(job, began, published);
    const std::uint64_t ended = published.completed;
    addKept(published);
    if (published.phase == RunPhase::Starting && published.firstDispatch >= 0)
        published.phase = RunPhase::Running;
    EtaInput pace;
    pace.completed = ended;
    pace.remaining = total ? *total - std::min(*total, published.completed) : 0;
    pace.elapsed = published.firstDispatch < 0 ? 0 : now() - published.firstDispatch - pausedSeconds;
    pace.processes = published.processes;
    published.eta.reset();
    if (total && published.phase == RunPhase::Running)
        published.eta = estimateEta(pace, e.durations());
}

void Run::Private::endEngine()
{
    inEngine([](PoolEngine &e) { e.close(); });
    engine->waitUntilOver();
    engine->call([this](PoolEngine &e) {
        publish(e);
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
    d->engine->post([](PoolEngine &e) { e.pause(); });
}

void Run::resume()
{
    const std::lock_guard lock(d->mutex);
    if (!d->engine || d->published.phase != RunPhase::Paused)
        return;
    d->published.phase = RunPhase::Starting; // Running again with the next snapshot
    d->pausedSeconds += d->now() - std::exchange(d->pausedAt, -1);
    d->engine->post([](PoolEngine &e) { e.resume(); });
}

void Run::stop()
{
    if (d->stopRequested.exchange(true))
        return;
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

} // namespace Poolscope
