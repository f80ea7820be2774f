// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/jobspec.h"

#include <QList>
#include <QString>

#include <optional>

namespace Poolscope {

/// What does the work.
enum class Way
{
    Pool,       ///< this pool, by one of its methods
    PythonPool, ///< the real multiprocessing.Pool of the job's Python interpreter, by one of its methods
    PlainLoop,  ///< one process, one item after another, nothing between them
    /// A new process for every item, so many at a time. For Python functions it is multiprocessing.Process,
    /// for others a worker of this pool that is replaced after each item.
    ProcessPerItem,
    Threads, ///< threads of one process
};

/// "pool", "multiprocessing", "loop", "process_per_item", "threads": as files and recording processes have
/// it.
QString wayName(Way way);

/// Whether a contestant of this way runs on this pool, and can do what only this pool can.
constexpr bool isOnPool(Way way, TaskKind kind)
{
    return way == Way::Pool || (way == Way::ProcessPerItem && kind != TaskKind::Python);
}

/// Whether it is by a Method.
constexpr bool hasMethod(Way way)
{
    return way == Way::Pool || way == Way::PythonPool;
}

/// Items per chunk, as a contestant has them.
struct ChunkChoice
{
    enum class Kind
    {
        OfJob, ///< the contestant has none of its own
        Auto,  ///< by the method's rule
        All,   ///< the whole input is one chunk
        Items,
    };
    Kind kind = Kind::OfJob;
    int items = 0; ///< Of Kind::Items.

    /// "4", "auto", "all"; empty for OfJob.
    QString text() const;
    /// Nothing when the text makes no sense.
    static std::optional<ChunkChoice> fromText(const QString &text);

    bool operator==(const ChunkChoice &) const = default;
};

/// One way to do the work that is compared, and what it has of its own.
struct Contestant
{
    Way way = Way::Pool;
    Method method = Method::Map; ///< Meaningful where hasMethod().
    ChunkChoice chunksize = {};
    std::optional<int> processes = {}; ///< Or threads. Nothing: those of the job.

    /// "imap", "map, chunksize 4", "multiprocessing.imap", "thread pool": what tells it from the others.
    QString name() const;
    /// What parseContestants() reads: "map:chunksize=4".
    QString text() const;
    /// Whether it may have a chunk size of its own.
    bool hasChunks() const;
    /// Whether it may have processes, or threads, of its own.
    bool hasProcesses() const { return way != Way::PlainLoop; }
    /// The job, done this way: by this pool where isOnPool().
    JobSpec appliedTo(JobSpec job) const;

    bool operator==(const Contestant &) const = default;
};

/// All there are, with nothing of their own: by this pool, without a pool, by the real one.
QList<Contestant> knownContestants();

/// The job with a method that takes its items as those do that are compared: where all of them unpack an item
/// into arguments, so do the ways that have no method.
JobSpec sharedJob(JobSpec job, const QList<Contestant> &contestants);

/// Reads
/// "map,imap:chunksize=4,imap_unordered:processes=2,multiprocessing.imap,loop,process_per_item,threads".
/// \param problem  set when it makes no sense: what is wrong and what to write instead
QList<Contestant> parseContestants(const QString &text, QString *problem);
/// The reverse.
QString textOf(const QList<Contestant> &contestants);

} // namespace Poolscope
