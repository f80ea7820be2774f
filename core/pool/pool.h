// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measurement/snapshot.h"
#include "core/pool/asyncresult.h"
#include "core/pool/errors.h"
#include "core/pool/items.h"
#include "core/pool/onerror.h"
#include "core/pool/resultiterator.h"
#include "core/pool/task.h"
#include "core/pool/value.h"
#include "core/scheduling/method.h"
#include "core/scheduling/sharing.h"
#include "core/wire/taskoutput.h"

#include <QJsonArray>
#include <QString>

#include <chrono>
#include <exception>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace Poolscope {

/// A line that a task printed.
struct PrintedLine
{
    std::uint32_t worker = 0; ///< Slot.
    std::int64_t pid = 0;
    OutputStream stream = OutputStream::Stdout;
    std::string text; ///< Without the line break.
};

struct PoolOptions
{
    /// From 1 to 4096; nothing: the CPUs this process may use (S1.1).
    std::optional<int> processes = std::nullopt;
    /// Chunks (apply: calls) a process runs before it is replaced (S3.1); nothing: no limit.
    std::optional<int> maxtasksperchild = std::nullopt;

    /// Bytes of resident memory above which a process is replaced between two items; nothing: no limit.
    std::optional<std::int64_t> maxMemoryPerChild = std::nullopt;
    /// Bytes of resident memory, with the programs that it runs, above which a process is ended and its item
    /// ends with a WorkerLost; nothing: no limit.
    std::optional<std::int64_t> memoryLimit = std::nullopt;

    /// "FILE.py:FUNCTION" or "PLUGIN.so:FUNCTION": runs once in every worker process before its first task
    /// (S8.9), in processes of its own kind only. The first failure before any success is final (S8.10).
    QString initializer = {};
    QJsonArray initargs = {};

    /// imap*: chunks read ahead of the consumer (S9.3); nothing: a finite default.
    std::optional<int> buffersize = std::nullopt;
    /// Seconds an item may run, from its start; nothing: as long as it takes.
    std::optional<double> timeout = std::nullopt;
    /// Seconds a process may take to become ready (S8.11); nothing: two minutes.
    std::optional<double> startTimeout = std::nullopt;
    int retries = 0;     ///< More tries for an item that failed or was lost.
    QString python = {}; ///< Interpreter of Python tasks; empty: python3 from PATH.

    /// The kind of task the workers are started for. A worker that is wanted for tasks of another kind is
    /// replaced by a process of that kind when it has nothing to do: a few milliseconds, for Python some
    /// tens.
    TaskKind kind = TaskKind::Native;
    Sharing sharing = Sharing::Fifo; ///< How jobs that are open at the same time share the workers.

    /// Called in the callback thread with each line that tasks print.
    std::function<void(const PrintedLine &)> printed = {};
    /// Called in the callback thread with what concerns the pool as a whole: a worker that vanished, a
    /// callback that threw. Nothing: qWarning().
    std::function<void(const QString &)> report = {};
};

/// Of one call; what is not set is as the pool's options say.
struct CallOptions
{
    /// Items a chunk; nothing: map by CPython's rule (S2.1), imap 1. Not for apply.
    std::optional<int> chunksize = std::nullopt;
    OnError onError = OnError::Raise;
    std::optional<int> buffersize = std::nullopt; ///< imap* only.
    std::optional<double> timeout = std::nullopt;
    std::optional<int> retries = std::nullopt;

    /// The *Async methods: exactly one of the two is called, once, before get() and wait() return (S5.15).
    /// Callbacks run one after the other, in the order of completion, in a thread of the pool that does
    /// nothing else: a slow one delays other callbacks only. What they throw is reported, nothing more
    /// (S5.16).
    std::function<void(const Value &)> callback = {};
    std::function<void(const std::exception &)> errorCallback = {};
};

/// The arguments of one call: `{3}`, `{1, "two"}`, `CallArguments{x}.with("base", 2)`.
class CallArguments
{
public:
    CallArguments() = default;
    CallArguments(std::initializer_list<Value> positional) : m_positional(positional) {}
    explicit CallArguments(std::vector<Value> positional) : m_positional(std::move(positional)) {}

    /// Adds a keyword argument; for Python functions.
    CallArguments with(const QString &name, const Value &value) const
    {
        CallArguments more(*this);
        more.m_keywords[name] = value;
        return more;
    }

    const std::vector<Value> &positional() const { return m_positional; }
    const std::map<QString, Value> &keywords() const { return m_keywords; }

private:
    std::vector<Value> m_positional;
    std::map<QString, Value> m_keywords;
};

enum class PoolState
{
    Open,
    Closed,     ///< close() was called: no new calls, what was submitted goes on
    Terminated, ///< terminate() was called
    Over,       ///< every process is gone
};

struct PoolSnapshot
{
    PoolState state = PoolState::Open;
    double now = 0;             ///< Seconds since the pool began.
    std::uint64_t openJobs = 0; ///< Calls that have no result yet.
    std::uint64_t workersStarted = 0;
    std::uint64_t workersLost = 0;
    std::vector<WorkerSnapshot> workers; ///< By slot; times as `now`.
};

/// A pool of worker processes, with the methods of Python's multiprocessing.Pool.
///
/// Any number of calls may be open at the same time, with tasks of any kinds. All functions may be called
/// from any thread; those that wait block the caller only. Needs a QCoreApplication, which need not run its
/// event loop.
class Pool
{
public:
    /// Starts all workers (S1.2) and does not wait until they are ready.
    /// \throws ValueError  an option makes no sense; named with its value
    /// \throws PoolFailed  there are not enough file descriptors (S1.10), or no QCoreApplication
    explicit Pool(const PoolOptions &options = {});
    /// terminate() and join(): within about two seconds nothing of it is left.
    ~Pool();
    Pool(const Pool &) = delete;
    Pool &operator=(const Pool &) = delete;

    // All that follow throw ValueError("Pool not running") after close() or terminate() (S7.1), and for a
    // task that does not exist or options that make no sense; nothing is run then. The blocking ones throw
    // what AsyncResult::get() throws.

    /// Calls the task once and waits.
    Value apply(const Task &task, const CallArguments &arguments = {}, const CallOptions &options = {});
    template <typename T>
    T apply(const Task &task, const CallArguments &arguments = {}, const CallOptions &options = {})
    {
        return apply(task, arguments, options).template to<T>();
    }
    AsyncResult applyAsync(const Task &task, const CallArguments &arguments = {},
                           const CallOptions &options = {});

    /// Calls the task with each item and waits for all; the values in the order of the items.
    std::vector<Value> map(const Task &task, Items items, const CallOptions &options = {});
    template <typename T>
    std::vector<T> map(const Task &task, Items items, const CallOptions &options = {})
    {
        return converted<T>(map(task, std::move(items), options));
    }
    AsyncResult mapAsync(const Task &task, Items items, const CallOptions &options = {});

    /// As map, but each item is an array whose elements are the positional arguments (S2.8).
    std::vector<Value> starmap(const Task &task, Items rows, const CallOptions &options = {});
    template <typename T>
    std::vector<T> starmap(const Task &task, Items rows, const CallOptions &options = {})
    {
        return converted<T>(starmap(task, std::move(rows), options));
    }
    AsyncResult starmapAsync(const Task &task, Items rows, const CallOptions &options = {});

    /// Results in the order of the items, each as soon as it and all before it are there (S4.2).
    ResultIterator imap(const Task &task, Items items, const CallOptions &options = {});
    /// Results as their chunks are done (S4.3).
    ResultIterator imapUnordered(const Task &task, Items items, const CallOptions &options = {});

    /// No new calls; what was submitted goes on, then the workers end (S7.2).
    void close();
    /// Ends the workers at once; what has no result is cancelled (S7.3, S7.5). Does not wait.
    void terminate();
    /// Waits until every process is gone and every callback has returned. Results that nobody took are kept.
    /// \throws ValueError  before close() or terminate() (S7.1), and in a callback, which it would wait for
    void join();
    /// \returns whether it came to that within `timeout`
    bool join(std::chrono::nanoseconds timeout);

    PoolState state() const;
    /// Of a moment ago: each call asks the pool for a new one and returns the one that was asked for before,
    /// so it never waits. There is one from the start.
    PoolSnapshot snapshot() const;
    /// PIDs of the workers that are alive now, by slot; 0 where there is none.
    std::vector<std::int64_t> pids() const;
    const PoolOptions &options() const;

private:
    template <typename T>
    static std::vector<T> converted(const std::vector<Value> &values)
    {
        std::vector<T> all;
        all.reserve(values.size());
        for (const Value &value : values)
            all.push_back(value.to<T>());
        return all;
    }

    class Private;
    std::unique_ptr<Private> d;
};

} // namespace Poolscope
