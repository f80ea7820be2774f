// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measurement/runevent.h"
#include "core/measurement/snapshot.h"
#include "core/pool/itemrecord.h"
#include "core/pool/jobspec.h"
#include "core/wire/frame.h"
#include "core/wire/taskoutput.h"

#include <QString>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace Poolscope {

/// A line (or piece of one) that a worker's task printed, or an event of the pool.
struct LogLine
{
    double time = 0;
    std::int32_t worker = -1; ///< Slot; -1 for the pool itself.
    std::int64_t pid = 0;
    std::optional<std::uint64_t> item = {};
    OutputStream stream = OutputStream::Stdout; ///< Of a worker.
    std::string text;                           ///< UTF-8, without the line break; shown as plain text only.
};

/// Takes results as the method delivers them, in the run's consumer thread. May block: the run then stops
/// reading input as soon as buffersize chunks wait.
class ResultSink
{
public:
    virtual ~ResultSink() = default;
    /// \returns false when they cannot be taken (the disk is full): the run is then stopped
    virtual bool deliver(std::span<const ItemRecord> records) = 0;
};

/// Takes what tasks print, in a thread of its own. May block: the tasks that print then wait, too.
class OutputSink
{
public:
    virtual ~OutputSink() = default;
    /// \returns false when it cannot be taken: nothing more comes
    virtual bool print(std::span<const LogLine> lines) = 0;
};

/// A worker process that vanished unasked.
struct WorkerDeath
{
    double time = 0;          ///< Seconds since the run began.
    std::uint32_t worker = 0; ///< Slot.
    std::uint32_t generation = 0;
    std::int64_t pid = 0;
    std::optional<std::uint64_t> item; ///< The one it ran: lost, or tried again.
    std::string error;                 ///< JSON text as ItemRecord::value of a lost item.
};

struct RunOptions
{
    ResultSink *sink = nullptr;       ///< Not owned; must outlive the run.
    OutputSink *outputSink = nullptr; ///< As for sink.
    /// Bytes of the largest message between the pool and a worker.
    std::size_t maximumPayload = Wire::maximumPayload;
    /// Keep every item's record for completed(), delivered() and failures(), deaths, and what tasks print.
    bool record = false;
    /// Nothing is sent before all processes are ready, so that none has a lead, as in a pool that was made
    /// before its method was called.
    bool startTogether = false;
};

/// One job with its recording: checks the input, starts a pool, feeds it, delivers the results, ends the
/// pool.
///
/// Nothing here blocks but wait() and the destructor; all functions may be called from any thread. The
/// destructor of a run that goes on stops it and returns when no process is left, within about two seconds.
class Run
{
public:
    /// \param spec  must have passed checkJob(); what is wrong with it then ends the run as Failed
    static std::unique_ptr<Run> start(const JobSpec &spec, const RunOptions &options = {});
    ~Run();
    Run(const Run &) = delete;
    Run &operator=(const Run &) = delete;

    const JobSpec &spec() const;

    /// Stops the dispatch of chunks; what runs goes on. Without effect but when running.
    void pause();
    void resume();
    /// Adds processes, or lets some leave after what they run. Without effect but while it starts, runs or is
    /// paused, or when there is no room for so many.
    /// \param processes  1..maximumProcesses
    void resize(int processes);
    /// Lets the consumer take its time over each result, so that its work overlaps with that of the workers
    /// (imap), or holds them up. A method that hands out all results at once leaves it nothing to pace.
    /// \param seconds  a result; 0: it takes them as they come
    void setConsumerPace(double seconds);
    /// Ends the run: items that run or wait are cancelled, finished ones are delivered.
    void stop();

    /// Whether it has ended (Finished, Stopped or Failed) and no process of it is left.
    bool isOver() const;
    /// Blocks until it is over.
    void wait();
    /// Called once, from another thread, when it is over.
    void whenOver(std::function<void()> callback);

    RunSnapshot snapshot() const;

    /// Why it Failed, as for checkJob(); nothing unless it did.
    std::optional<JobProblem> failure() const;

    // Cursors into the recording: up to `most` records from position `from`, so that a reader takes a bounded
    // number at a time. Positions never change their record, except that `delivered` is filled in.
    std::vector<ItemRecord> completed(std::size_t from, std::size_t most) const; ///< in order of completion
    std::vector<ItemSpan> spans(std::size_t from, std::size_t most) const;       ///< of completed()
    std::vector<ItemRecord> delivered(std::size_t from, std::size_t most) const; ///< in order of delivery
    std::vector<ItemSpan> deliveredSpans(std::size_t from, std::size_t most) const; ///< of delivered()
    std::vector<ItemRecord> failures(std::size_t from, std::size_t most) const;     ///< completed, not ok
    std::vector<WorkerDeath> deaths(std::size_t from, std::size_t most) const;      ///< in order of time
    std::vector<LogLine> log(std::size_t from, std::size_t most) const;
    std::vector<RunEvent> events(std::size_t from, std::size_t most) const;
    std::vector<ItemSpan> attempts(std::size_t from, std::size_t most) const; ///< failed and tried again
    std::vector<TimeSpan> consumerWaits(std::size_t from,
                                        std::size_t most) const; ///< of a millisecond or more

    /// What became of an item; nothing while that is not known.
    std::optional<RecordedItem> item(std::uint64_t index) const;

private:
    class Private;
    explicit Run(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace Poolscope
