// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/clock.h"
#include "core/engine/enginethread.h"
#include "core/engine/itemselection.h"
#include "core/engine/nothread.h"
#include "core/engine/resultqueue.h"
#include "core/pool/consumerpace.h"
#include "core/pool/journal.h"
#include "core/pool/outputlines.h"
#include "core/pool/outputqueue.h"
#include "core/pool/recording.h"
#include "core/pool/run.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace Poolscope {

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
    void publish(PoolEngine &e, Time until);
    void estimate(std::uint64_t ended, const RunningStatistics &durations);
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
    void workerEvent(WorkerSlot slot, Generation generation, std::int64_t pid, RunEventKind kind) override
    {
        if (options.record)
            recording.addRunEvent({now(), kind, slot.value, generation, pid});
    }
    void attemptEnded(JobId, const ItemResult &attempt) override
    {
        recording.addAttempt(attempt);
        recording.addRunEvent({double(attempt.finished - began) * 1e-9, RunEventKind::ItemRetried,
                               attempt.slot, attempt.generation, attempt.pid, attempt.index});
    }
    void consumerWaitEnded(JobId, Time begin, Time end) override { recording.addConsumerWait(begin, end); }
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

    ConsumerPace consumerPace;
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

} // namespace Poolscope
