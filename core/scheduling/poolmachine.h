// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/scheduling/halt.h"
#include "core/scheduling/ids.h"
#include "core/scheduling/method.h"
#include "core/scheduling/piecequeue.h"
#include "core/scheduling/resultsequencer.h"
#include "core/scheduling/sharing.h"
#include "core/scheduling/slidingmap.h"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace Poolscope {

struct PoolConfig
{
    std::uint32_t processes = 1;
    std::optional<std::uint32_t> maxTasksPerChild; ///< Chunks a process runs before it is replaced (S3.1).
    Sharing sharing = Sharing::Fifo;

    /// Ways to start a worker, each for tasks of its own: a worker of one never gets a chunk of another.
    std::uint32_t launches = 1;
    LaunchId firstLaunch; ///< How the first workers are started.

    /// A worker that waited a round trip for each tiny chunk would spend its time waiting, so it may hold
    /// some in advance: about this much work, at most so many. Whoever is at one chunk for longer holds none.
    Time creditWork = 2'000'000;
    std::uint32_t maximumCredit = 1024;

    /// Starts that may fail in a row once a worker of that launch has been ready; then no more are tried, and
    /// those that are left go on. Before that a single one is final (S8.10).
    std::uint32_t maximumStartFailures = 3;

    std::optional<Time> startTimeout; ///< For a process to become ready (S8.11).
    /// Nothing is sent before all of the first processes are ready: none has a lead over the others.
    bool startTogether = false;

    /// Workers that may vanish right before they begin the same item: one whose very text ends a worker must
    /// not be sent for ever.
    std::uint32_t maximumBounces = 5;
};

struct JobConfig
{
    LaunchId launch; ///< The workers that can run it.
    Delivery delivery = Delivery::Ordered;
    bool stopOnError = false;       ///< on-error raise: the rest of a failed item's chunk is not run (S5.4).
    std::uint32_t retries = 0;      ///< More tries for an item that failed or was lost.
    std::optional<Time> timeout;    ///< Per item, from its start.
    std::optional<HaltPolicy> halt; ///< Whoever counts outcomes calls haltJob() when it is due.
    std::uint64_t window = 2048;    ///< Chunks that may be read ahead of the consumer (buffersize, S9.3).
};

// What the machine wants done.
struct StartWorker
{
    WorkerSlot slot;
    Generation generation;
    LaunchId launch;
};
struct SendPiece
{
    WorkerSlot slot;
    PieceId piece;
};
struct RecallPieces
{
    WorkerSlot slot;
    std::vector<PieceId> pieces;
};
struct QuitWorker
{
    WorkerSlot slot;
    Generation generation;
}; ///< It exits after what it was sent.
/// It must begin no more items; answered with workerIdle() once none runs. No answer where that cannot be
/// told: it then goes through with what it was sent.
struct HoldWorker
{
    WorkerSlot slot;
    Generation generation;
};
enum class KillReason
{
    Timeout, ///< of the item it runs
    Memory,  ///< it is above the limit in the middle of an item
    Start,   ///< it does not become ready
    Held,    ///< its job was halted, or it is replaced; it must begin no more items from now on
    Shutdown
};
struct KillWorker
{
    WorkerSlot slot;
    Generation generation;
    KillReason reason;
};
enum class LossReason
{
    Death,
    Timeout, ///< its worker was ended for it
    Memory,  ///< likewise
};
/// An item that was being run by a worker that vanished.
struct LostItem
{
    ChunkId chunk;
    std::uint32_t offset;
    WorkerSlot slot;
    Generation generation;
    std::uint32_t attempt;
    LossReason reason;
    Time since; ///< When it began, as far as can be told from here.
};
/// That is its outcome.
struct LoseItem : LostItem
{
};
/// That was one attempt, and it will be tried again.
struct RetryItem : LostItem
{
};
enum class SkipReason
{
    NotRun,
    Cancelled,
    Halted,  ///< not run, because the job was halted
    CutShort ///< cancelled while it ran, because the job was halted
};
/// The items of this stretch that have no outcome get this one.
struct SkipItems
{
    ChunkId chunk;
    std::uint32_t offset;
    std::uint32_t count;
    SkipReason reason;
};
/// Every item of the chunk has its outcome. Comes before the release of the chunk.
struct CompleteChunk
{
    ChunkId chunk;
};
/// So many results may go to the consumer: those of the oldest chunks, or, unordered, of those that have been
/// complete for longest.
struct ReleaseResults
{
    JobId job;
    std::uint64_t chunks;
    std::uint64_t items;
};
struct ReadInput
{
    JobId job;
    std::uint64_t chunks;
};
struct StopInput
{
    JobId job;
}; ///< No more is wanted; inputEnded() is still expected.
struct FinishJob
{
    JobId job;
};
/// Workers of this launch cannot be started; every item of its jobs without an outcome was skipped as NotRun.
struct FailLaunch
{
    LaunchId launch;
};

using PoolCommand = std::variant<StartWorker, SendPiece, RecallPieces, QuitWorker, HoldWorker, KillWorker,
                                 LoseItem, RetryItem, SkipItems, CompleteChunk, ReleaseResults, ReadInput,
                                 StopInput, FinishJob, FailLaunch>;

/// The heart: is told what happened and when, and answers with commands. It never sleeps, reads no clock and
/// holds no payload, only ids and sizes. The engine with its real processes, the tests and a simulation in
/// virtual time drive the same machine.
///
/// Every event takes the time it happened, in nanoseconds that never run backwards. Events about a process
/// name its generation, and those of a generation that was replaced are ignored.
class PoolMachine
{
public:
    enum class WorkerPhase
    {
        Gone,
        Starting,
        Ready,
        Quitting,
        Killed
    };

    struct Piece
    {
        ChunkId chunk;
        std::uint32_t offset = 0; ///< Of its first item in the chunk.
        std::uint32_t count = 0;
        std::uint32_t done = 0;    ///< Items reported.
        std::uint32_t attempt = 1; ///< Of its first item; those behind it have not been tried before.
        bool stopped = false;      ///< An item failed and the rest of the piece will not run (stopOnError).
        bool retried = false;      ///< With `stopped`: that item and the rest are queued again.
        std::uint32_t bounced = 0; ///< Workers that vanished before they began it.
        Time work = 0;             ///< Nanoseconds its items took in the worker.
        Time sent = 0;             ///< When its worker was last sent it.
    };
    /// Items of a chunk that are one behind the other.
    struct Stretch
    {
        std::uint32_t offset = 0;
        std::uint32_t count = 0;
    };
    struct Chunk
    {
        JobId job;
        std::uint64_t number = 0; ///< In its job, from 0.
        std::uint32_t count = 0;
        std::uint32_t open = 0; ///< Items without an outcome.
        /// With stopOnError: those that run when the one before has gone well, the next one last.
        std::vector<Stretch> later = {};
    };
    struct Worker
    {
        WorkerPhase phase = WorkerPhase::Gone;
        Generation generation = 0;
        LaunchId launch;
        std::optional<LaunchId> turnTo; ///< It gets nothing more and makes room for a process of this launch.
        std::deque<PieceId> pieces;     ///< Sent and not finished; the first one is running.
        std::uint32_t taken = 0;        ///< Pieces finished or held by this generation.
        /// When the item it runs began, as far as can be told from here; before it is ready, when it was
        /// started.
        Time since = -1;
        Time pieceSince = -1;  ///< Likewise of the piece it runs.
        double pieceTime = 0;  ///< Recent nanoseconds a piece.
        bool measured = false; ///< pieceTime tells something.
        bool recalling = false;
        bool held = false;    ///< It begins no more items, and is replaced when none runs.
        bool surplus = false; ///< The pool has become smaller: it gets nothing more and is not replaced.
        LossReason loss = LossReason::Death;     ///< Why the item it runs is lost, should it vanish now.
        WorkerPhase before = WorkerPhase::Ready; ///< With a timeout: its phase until then.
    };

    explicit PoolMachine(const PoolConfig &config);

    /// Starts all workers (S1.2).
    void start(Time now);

    JobId submit(const JobConfig &config, Time now);
    /// The next items of a job's input were read; answers a ReadInput.
    ChunkId chunkRead(JobId job, std::uint32_t items, Time now);
    /// Of a chunk that cannot be sent as a whole: its stretches, in order, are. What is in none of them has
    /// an outcome already.
    ChunkId chunkRead(JobId job, std::uint32_t items, const std::vector<Stretch> &stretches, Time now);
    void inputEnded(JobId job, Time now);
    /// The consumer took the results of so many chunks.
    void chunksTaken(JobId job, std::uint64_t chunks, Time now);
    /// The consumer may never come for the results: read on without it, as fast as the workers run.
    void liftWindow(JobId job);

    void workerReady(WorkerSlot slot, Generation generation, Time now);
    /// Outcomes of the next `items` items of a piece arrived. Failed ones were told by itemFailed() before.
    /// \param work  nanoseconds the items took in the worker
    void itemsDone(WorkerSlot slot, Generation generation, PieceId piece, std::uint32_t items, Time work,
                   Time now);
    /// An item raised; told before itemsDone(). True: it will be tried again and this outcome does not count.
    /// With stopOnError a retry takes the not-run rest of its piece with it; `rest` says how many items that
    /// are.
    bool itemFailed(PieceId piece, std::uint32_t offset, std::uint32_t rest, Time now);
    void piecesRecalled(WorkerSlot slot, Generation generation, const std::vector<PieceId> &pieces, Time now);
    /// What is known, at the moment that a KillWorker for a timeout is carried out, of a worker that tells
    /// what it begins. False: the worker is not to be ended, the item it is at has not run out of time.
    /// \param ahead  items it has begun of which no outcome was told; the last of them may be running
    /// \param since  when that one began
    bool checkTimeout(WorkerSlot slot, Generation generation, std::uint64_t ahead, Time since, Time now);
    /// The process could not set up: its task cannot be loaded, its initializer failed.
    void workerFailed(WorkerSlot slot, Generation generation, Time now);
    /// The process is gone; all that it sent was told before.
    /// \param running  whether it was in the middle of an item; nothing: not known, assume so if it had work
    void workerGone(WorkerSlot slot, Generation generation, std::optional<bool> running, Time now);

    /// Of this job nothing more begins: its input is stopped, and what has not begun was not run. What runs
    /// goes on to its end, or is cancelled. \returns false when the job is over already
    bool haltJob(JobId job, HaltPolicy::When when, Time now);
    /// The process has grown too large to be kept: it is replaced between two items. It must have run one, or
    /// its successors would be replaced for ever. What it had not begun runs elsewhere.
    void recycleWorker(WorkerSlot slot, Generation generation, Time now);
    /// The process has grown too large in the middle of an item: it is ended, and the item lost.
    void memoryExceeded(WorkerSlot slot, Generation generation, Time now);
    /// A held worker runs no item.
    void workerIdle(WorkerSlot slot, Generation generation, Time now);

    void pause();
    void resume(Time now);
    /// From now on the pool has so many processes, at least one. Workers that are too many finish what they
    /// run and leave; what they hold besides runs elsewhere.
    void resize(std::uint32_t processes, Time now);
    /// No new jobs; workers end when all is done (S7.2).
    void close(Time now);
    /// Cancels all that has no outcome and ends the workers (S7.3).
    void terminate(Time now);

    /// No worker can be started: what has no outcome was not run.
    void fail();

    /// Time passed: timeouts and recalls that are due.
    void tick(Time now);
    /// When tick() should be called next; nothing while only events matter.
    std::optional<Time> nextDeadline() const;

    /// Hands out work, then gives the commands since the last call, in the order to carry them out. Meant to
    /// be called once after all the events of one wake-up.
    std::vector<PoolCommand> takeCommands(Time now);

    const Piece *piece(PieceId id) const { return m_pieces.find(id.value); }
    const Chunk *chunk(ChunkId id) const { return m_chunks.find(id.value); }
    const std::vector<Worker> &workers() const { return m_workers; }
    std::uint32_t processes() const { return m_config.processes; }
    std::uint64_t queuedPieces() const;
    /// Whether a job that was submitted has every outcome. A finished job is forgotten: it costs nothing.
    bool isFinished(JobId job) const { return !m_jobs.contains(job); }
    std::uint64_t openJobs() const { return m_jobs.size(); }
    /// Whether no process is left, and none will be started.
    bool isOver() const;
    /// Whether a worker of this job has nothing to do only because no more may be read before the consumer
    /// has taken something.
    bool waitsForConsumer(JobId job) const;

private:
    enum class Phase
    {
        Open,
        Closed,
        Ended
    };
    struct Job
    {
        JobConfig config;
        ResultSequencer sequencer;
        std::optional<ChunkId> turn = {}; ///< Its place in the line while nothing can be read for it.
        std::uint64_t chunks = 0;
        double pieceTime = 0;                    ///< Recent nanoseconds a piece, at all workers.
        std::uint64_t piecesDone = 0;            ///< At all workers.
        std::uint64_t toRead = 0;                ///< Chunks to ask for with the next commands.
        ResultSequencer::Release toRelease = {}; ///< What may go to the consumer with the next commands.
        std::uint64_t taken = 0;                 ///< Chunks the consumer took.
        /// Chunks make room for others when they are complete, not when the consumer took them.
        bool readsOn = false;
        bool inputEnded = false;
        std::optional<SkipReason> abandoned = {}; ///< What becomes of items that are read from now on.
        std::optional<HaltPolicy::When> halted = {};
    };
    struct Launch
    {
        PieceQueue queue;
        bool everReady = false;
        bool failed = false;
        std::uint32_t startFailures = 0; ///< In a row.
    };

    Worker *current(WorkerSlot slot, Generation generation);
    std::optional<Time> timeoutAhead(const Worker &worker, std::uint64_t items) const;
    Job &jobOf(ChunkId chunk) { return m_jobs.find(m_chunks.find(chunk.value)->job)->second; }
    const Job &jobOf(ChunkId chunk) const { return m_jobs.find(m_chunks.find(chunk.value)->job)->second; }
    Launch &launchOf(const Worker &worker) { return m_launches[worker.launch.value]; }
    void wantRead(JobId id, Job &job, std::uint64_t chunks);
    void startWorker(std::uint32_t slot, LaunchId launch);
    void replaceWorker(std::uint32_t slot);
    bool mayStart(LaunchId launch) const;
    bool hasWorker(LaunchId launch) const;
    void dispatch(Time now);
    std::uint32_t creditOf(LaunchId launch) const;
    std::uint32_t roomOf(const Worker &worker, std::uint32_t credit, Time now) const;
    void send(std::uint32_t slot, Time now);
    void quitIfSpent(std::uint32_t slot);
    bool isAtLongPiece(const Worker &worker, Time now) const;
    bool holdsForOthers(const Worker &worker) const;
    void recallFromLongPieces(Time now);
    void recallHeld(std::uint32_t slot);
    void placeReaders();
    bool canSpare(const Worker &worker) const;
    void turnWorkers();
    bool turnOneTo(LaunchId launch, std::optional<ChunkId> oldest);
    std::uint64_t demandFor(LaunchId launch, std::optional<ChunkId> *oldest) const;
    PieceQueue &queueOf(JobId job) { return m_launches[m_jobs.at(job).config.launch.value].queue; }
    void putBack(PieceId piece);
    void queuePart(ChunkId chunk, std::uint32_t offset, std::uint32_t count, std::uint32_t attempt);
    void giveBack(Worker &worker, bool firstWasRunning, WorkerSlot slot);
    void stretchEnded(ChunkId chunk, bool failed);
    void skipLater(ChunkId chunk, SkipReason reason);
    void closeItems(ChunkId chunk, std::uint32_t items);
    void addRelease(JobId id, Job &job, const ResultSequencer::Release &release);
    void releaseNow(JobId id, Job &job);
    bool isHalted(PieceId piece) const;
    void skipHalted(PieceId piece);
    void haltWorker(std::uint32_t slot);
    void killHeld(std::uint32_t slot);
    void retire(std::uint32_t slot);
    void finishIfDone(JobId job);
    void startFailed(LaunchId launch);
    bool isLateToStart(const Worker &worker, Time now) const;
    void failLaunch(LaunchId launch);
    void failStrandedLaunches();
    void abandon(std::optional<LaunchId> launch, SkipReason reason);
    void endWorkers();
    bool hasIdleWorker(LaunchId launch) const;
    void dismiss(std::uint32_t slot);

    PoolConfig m_config;
    Phase m_phase = Phase::Open;
    bool m_paused = false;
    bool m_isGathering; ///< The first processes, before anything is sent.
    std::vector<Worker> m_workers;
    // Of a dispatch; kept, for it happens with every wake-up:
    std::vector<std::uint32_t> m_credits;                        ///< By launch.
    std::vector<std::pair<std::uint32_t, std::uint32_t>> m_open; ///< Slot and room.
    std::vector<Launch> m_launches;
    std::map<JobId, Job> m_jobs; ///< Those that are not finished.
    std::uint32_t m_nextJob = 0;
    std::vector<JobId> m_readers;    ///< Jobs with `toRead`, in the order they asked.
    std::vector<JobId> m_delivering; ///< Jobs with `toRelease`.
    ChunkId m_nextChunk;
    SlidingMap<Chunk> m_chunks;
    SlidingMap<Piece> m_pieces;
    std::vector<PoolCommand> m_commands;
};

} // namespace Poolscope
