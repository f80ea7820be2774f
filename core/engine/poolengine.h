// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/inputreader.h"
#include "core/engine/jobstate.h"
#include "core/engine/mailbox.h"
#include "core/engine/processsampler.h"
#include "core/engine/workerlaunch.h"
#include "core/engine/workerprocess.h"
#include "core/measurement/placetimes.h"
#include "core/measurement/quantiles.h"
#include "core/measurement/runevent.h"
#include "core/measurement/snapshot.h"
#include "core/measurement/statistics.h"
#include "core/scheduling/poolmachine.h"
#include "core/wire/taskoutput.h"

#include <QByteArray>
#include <QList>
#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace Poolscope {

/// Sees what a pool does, in the engine thread. Must not block.
class PoolObserver
{
public:
    virtual ~PoolObserver() = default;
    /// Items have got their outcome: those among these that have one.
    virtual void itemsEnded(JobId job, std::span<const ItemResult> results)
    {
        Q_UNUSED(job)
        Q_UNUSED(results)
    }
    /// Every item of a chunk has its outcome. `items` holds their texts, a line each.
    virtual void chunkCompleted(JobId job, std::span<const ItemResult> results, std::string_view items) = 0;
    /// What was told of by chunkCompleted() goes to the consumers now.
    virtual void resultsLeave() {}
    virtual void workerOutput(WorkerSlot slot, std::int64_t pid, const TaskOutput &output) = 0;
    /// Nothing more comes from this process.
    virtual void workerEnded(WorkerSlot slot, std::int64_t pid)
    {
        Q_UNUSED(slot)
        Q_UNUSED(pid)
    }
    /// A process vanished unasked. \param item  the one it ran, which is lost or tried again; nothing: none
    /// \param error  JSON text as of a lost item
    virtual void workerDied(WorkerSlot slot, Generation generation, std::int64_t pid,
                            std::optional<std::uint64_t> item, const std::string &error)
    {
        Q_UNUSED(slot)
        Q_UNUSED(generation)
        Q_UNUSED(pid)
        Q_UNUSED(item)
        Q_UNUSED(error)
    }
    /// Something in the life of a process.
    virtual void workerEvent(WorkerSlot slot, Generation generation, std::int64_t pid, RunEventKind kind)
    {
        Q_UNUSED(slot)
        Q_UNUSED(generation)
        Q_UNUSED(pid)
        Q_UNUSED(kind)
    }
    /// An attempt failed, and its item is tried again.
    virtual void attemptEnded(JobId job, const ItemResult &attempt)
    {
        Q_UNUSED(job)
        Q_UNUSED(attempt)
    }
    /// From then until then workers had nothing to do because the consumer of this job took nothing.
    virtual void consumerWaitEnded(JobId job, Time begin, Time end)
    {
        Q_UNUSED(job)
        Q_UNUSED(begin)
        Q_UNUSED(end)
    }
    virtual void poolEvent(const QString &text) = 0;
    /// Nothing more of this job begins: its halt policy was met.
    virtual void jobHalted(JobId job) { Q_UNUSED(job) }
};

/// Workers that are started alike.
struct LaunchOptions
{
    WorkerLaunch worker;
    QString option; ///< The option to blame when such a worker cannot be started.
    InitializerSpec initializer;
    /// Loaded before the first chunk; a worker that cannot does not become ready. The ids are 0, 1, ... over
    /// all launches.
    QList<TaskSpec> tasks;
};

struct PoolEngineOptions
{
    PoolConfig config; ///< `launches` is filled in from below.
    std::vector<LaunchOptions> launches;
    PoolObserver *observer = nullptr; ///< Not owned; may be null.
    /// Bytes of resident memory above which a worker is replaced between two items.
    std::optional<std::uint64_t> maxMemoryPerChild = {};
    /// Bytes of resident memory, with the programs that it runs, above which a worker is ended.
    std::optional<std::uint64_t> memoryLimit = {};
    /// Bytes of the largest message to or from a worker; tests have no gigabytes to spare.
    std::size_t maximumPayload = Wire::maximumPayload;
};

struct JobRequest
{
    JobConfig config;
    std::uint32_t task = 0;
    std::uint32_t chunksize = 1;
    bool unpack = false;   ///< The item is an array of positional arguments (starmap).
    bool keywords = false; ///< The item is [array of positional arguments, object of keyword arguments].
    std::string items;     ///< All of them, each ended by '\n'; used when there is no source.
    std::unique_ptr<InputSource> source;            ///< Read by a thread of its own.
    std::shared_ptr<const ItemSelection> selection; ///< The source's items to run; null: all.
    InputReader::Pace pace = InputReader::Pace::Block;
    std::shared_ptr<ResultReceiver> receiver;
    /// fillSnapshot() is asked for it when it has finished, and its waits for its consumer are told; for one
    /// job of a pool.
    bool keep = false;
};

/// Carries out what a PoolMachine commands, with real processes. Lives in the engine thread, and all but the
/// constructor is called there; nothing in it waits.
class PoolEngine final : public QObject, private WorkerListener
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PoolEngine)
public:
    explicit PoolEngine(PoolEngineOptions options);
    ~PoolEngine() override;

    void start();
    /// A task that jobs may ask for from now on; a worker loads it when it first needs it. If it cannot, that
    /// fails the items, not the worker (S8.12).
    std::uint32_t addTask(LaunchId launch, const TaskSpec &task);
    JobId submit(JobRequest request);
    void pause();
    void resume();
    /// \returns false when so many processes cannot be had; the pool stays as it is
    bool resize(std::uint32_t processes);
    void close();
    void terminate();

    /// Whether what tasks print is read. If not, those that print much wait.
    void setReadsOutput(bool reads);

    /// The job's reader or consumer has news.
    void inputReady(JobId job);
    void resultsTaken(JobId job);
    /// Reads on for all jobs though nobody takes their results.
    void liftWindows();

    /// Fills in what the engine knows of a job that is open or was to be kept; times are relative to `began`.
    /// \param until  what the share of the time in which workers ran items is measured up to
    void fillSnapshot(JobId job, Time began, Time until, RunSnapshot &snapshot);
    /// The workers, by slot. \param busySeconds  set to the sum of the time they ran items
    void fillWorkers(Time began, std::vector<WorkerSnapshot> &workers, double *busySeconds);
    /// For other threads: the only way in.
    Mailbox &mailbox() { return m_mailbox; }
    std::uint64_t openJobs() const { return m_machine.openJobs(); }
    std::uint64_t workersStarted() const { return m_workersStarted; }
    std::uint64_t workersLost() const { return m_workersLost; }
    std::vector<std::int64_t> alivePids() const; ///< By slot; 0 where there is none.

    /// Seconds the items took, over all jobs.
    const RunningStatistics &durations() const;
    /// Why no worker of a launch could be started; empty while they can.
    const QString &failure(LaunchId launch) const { return m_launches[launch.value].failure; }
    /// The option that has to do with it: task, initializer, processes or python.
    const QString &failureOption(LaunchId launch) const { return m_launches[launch.value].failureOption; }

Q_SIGNALS:
    /// Every process is gone and none will be started.
    void over();

private:
    /// What is counted per slot, over all its generations.
    struct SlotFigures
    {
        Time busy = 0;
        std::uint64_t itemsDone = 0;
        std::uint64_t itemsFailed = 0;
        std::string lastError;
        std::int64_t pid = 0; ///< Of the last process.
        ProcessSampler sampler;
    };

    struct LaunchState
    {
        QString failure;
        QString startFailure; ///< Of the last process that could not set up; empty once one is ready.
        QString failureOption = QStringLiteral("task");
    };
    /// Results that came one behind the other, of one piece: what has to be told of them is told once.
    struct Arrived
    {
        WorkerProcess *worker = nullptr; ///< Null: there are none.
        PieceId piece;
        ChunkRecord *chunk = nullptr;
        std::uint32_t first = 0; ///< Offset in the chunk.
        std::uint32_t count = 0;
        std::uint32_t left = 0; ///< Items of the piece that are still to come.
        Time work = 0;
    };
    struct LoadedTask
    {
        LaunchId launch;
        TaskSpec spec;
        bool isInSetup;
    };

    void framesArrived() override;
    void frameReceived(WorkerProcess &worker, const Wire::Frame &frame) override;
    void framesTaken() override;
    void framesDrained() override;
    void outputReceived(WorkerProcess &worker, OutputStream stream, const Wire::OutputSplitter::Part &part,
                        std::optional<std::uint64_t> begun) override;
    void workerEnded(WorkerProcess &worker, const WorkerExit &exit,
                     std::optional<std::uint64_t> begun) override;

    void helloReceived(WorkerProcess &worker, std::string_view payload);
    void failureReceived(WorkerProcess &worker, std::string_view payload);
    /// False when the frame makes no sense.
    bool resultsReceived(WorkerProcess &worker, std::string_view payload);
    void settleArrived();
    static bool isOfTimedOut(WorkerProcess &worker, std::string_view results);
    void store(WorkerProcess &worker, ItemResult &result, const Wire::ResultHeader &header,
               std::string_view value, std::uint32_t attempt, Time sent);
    void countItem(const ItemResult &outcome);
    void fillLost(ItemResult &result, const ChunkRecord &chunk, const LostItem &lost);

    void runCommands();
    void carryOut(const StartWorker &command);
    void carryOut(const SendPiece &command);
    void carryOut(const RecallPieces &command);
    void carryOut(const QuitWorker &command);
    void carryOut(const HoldWorker &command);
    void carryOut(const KillWorker &command);
    void carryOut(const LoseItem &command);
    void carryOut(const RetryItem &command);
    void carryOut(const SkipItems &command);
    void carryOut(const CompleteChunk &command);
    void carryOut(const ReleaseResults &command);
    void carryOut(const ReadInput &command);
    void carryOut(const StopInput &command);
    void carryOut(const FinishJob &command);
    void carryOut(const FailLaunch &command);

    JobState *jobState(JobId id) const;
    void reuse(std::unique_ptr<ChunkRecord> chunk);
    void absorb(JobState &job);
    void haltIfDue(JobState &job);
    bool hasTimedOut(WorkerProcess &worker);
    void loadTask(WorkerProcess &worker, std::uint32_t task);
    void noteBegun(WorkerSlot slot);
    static void expectEnd(WorkerProcess &worker);
    std::optional<std::uint64_t> currentItem(WorkerSlot slot) const;
    std::optional<std::uint64_t> begunWith(const WorkerProcess &worker, std::uint64_t item) const override;
    std::optional<std::uint64_t> itemBegun(const WorkerProcess &worker, std::uint64_t begun) const;
    void tellOf(const WorkerProcess &worker, RunEventKind kind);
    void notePlace(std::uint32_t slot);
    void noteConsumer();
    void tellDeath(const WorkerProcess &worker, const WorkerExit &exit, std::optional<std::uint64_t> item);
    QString descriptorsMissing(std::uint32_t processes) const;
    bool refuseToStart(WorkerProcess &worker);
    void watchMemory();
    void endForMemory(WorkerProcess &worker, std::uint64_t bytes);
    std::vector<PoolMachine::Stretch> stretchesOf(ChunkRecord &chunk);
    void refuseItem(ChunkRecord &chunk, std::uint32_t offset, std::size_t bytes);
    void scheduleTick();
    void checkOver();

    const PoolEngineOptions m_options;
    Mailbox m_mailbox{this};
    PoolMachine m_machine;
    std::vector<std::unique_ptr<WorkerProcess>> m_processes; ///< Also those that were replaced and still end.
    std::vector<WorkerProcess *> m_current;                  ///< By slot; not owned.
    std::vector<SlotFigures> m_figures;
    PlaceTimes m_places; ///< Seconds of the monotonic clock.
    std::vector<LaunchState> m_launches;
    std::vector<LoadedTask> m_tasks;
    std::unordered_map<std::uint32_t, std::unique_ptr<JobState>> m_jobs;
    std::unordered_map<std::uint32_t, std::unique_ptr<ItemSupply>>
        m_retiredSupplies;                  ///< Told to stop, by job.
    std::vector<JobState *> m_withOutgoing; ///< Those whose results leave with the end of this wake-up.
    std::uint64_t m_notBegun = 0;           ///< Jobs of which no item has begun.
    SlidingMap<std::unique_ptr<ChunkRecord>> m_chunks;
    std::vector<std::unique_ptr<ChunkRecord>> m_spare; ///< Their memory is used again: no allocation a chunk.
    std::set<PieceId> m_retried;                       ///< stopOnError: pieces whose not-run rest runs again.
    RunningStatistics m_durations;
    DurationQuantiles m_quantiles;
    WorkerExit m_lastExit;
    std::int64_t m_lastPid = 0;
    std::uint64_t m_workersStarted = 0;
    std::uint64_t m_workersLost = 0;
    QTimer m_tick;
    Time m_tickAt = 0; ///< The deadline that m_tick, while it is active, runs for.
    QTimer m_memoryWatch;
    Time m_lastSample = 0;
    std::uint64_t m_memoryBytes = 0;   ///< Of this process, at the last sample.
    JobState *m_observedJob = nullptr; ///< The one whose waits for its consumer are told; not owned.
    Time m_arrival =
        0; ///< Of the frames that are being taken: reading the clock for each took 12 % of the time.
    Arrived m_arrived;
    bool m_readsOutput = true;
    bool m_runningCommands = false;
    bool m_over = false;
};

} // namespace Poolscope
