// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/jobspec.h"
#include "core/pool/pool.h"
#include "ui/models/callarguments.h"

#include <QJsonObject>
#include <QString>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace Poolscope {

/// One call as a person asks for it.
struct PoolCall
{
    QString task;            ///< As --task takes it; empty when commandTemplate is used.
    QString commandTemplate; ///< As --command takes it.
    QJsonObject parameters;
    TypedArguments arguments;
    std::optional<double> timeout; ///< Seconds it may run.
    int retries = 0;
    bool hasCallback = false;
    bool hasErrorCallback = false;
    bool callbacksThrow = false;

    /// The task without its file, the program of a command: "square".
    QString function() const;
    /// square(3)
    QString text() const;
};

/// What came of a call.
struct CallOutcome
{
    ItemStatus status = ItemStatus::Ok;
    std::string value; ///< JSON text, when ok.
    QString type;      ///< Else: the class of what get() throws, and its text.
    QString message;
    QString details; ///< Traceback, the last words of a process that vanished.
    std::optional<std::uint32_t> worker;
    std::int64_t pid = 0;
    std::uint32_t attempt = 1;
    double started = -1; ///< On the clock of PoolFeed::now(); negative when it does not apply.
    double readyAt = -1;
};

/// What the window reads of one call: an AsyncResult in the program, a scripted one in tests. It outlives its
/// pool. Nothing here waits.
class CallFeed
{
public:
    virtual ~CallFeed() = default;
    CallFeed(const CallFeed &) = delete;
    CallFeed &operator=(const CallFeed &) = delete;

    virtual AsyncResult::State state() const = 0;
    virtual AsyncResult::Callback callback() const = 0;
    /// Nothing as long as get() would wait.
    virtual std::optional<CallOutcome> outcome() const = 0;

protected:
    CallFeed() = default;
};

/// Something the pool has to say: a line that a task printed, or what concerns the pool as a whole.
struct PoolEvent
{
    std::optional<std::uint32_t> worker; ///< Nothing: the pool itself.
    std::int64_t pid = 0;
    QString text;
};

/// What the window needs of a live pool. Nothing here waits but the destructor.
class PoolFeed
{
public:
    virtual ~PoolFeed() = default;
    PoolFeed(const PoolFeed &) = delete;
    PoolFeed &operator=(const PoolFeed &) = delete;

    virtual PoolState state() const = 0;
    virtual PoolSnapshot snapshot() const = 0;
    /// Seconds since the pool began: the clock of snapshot() and of outcomes.
    virtual double now() const = 0;

    /// \throws ValueError when the call makes no sense, or the pool takes none any more
    virtual std::unique_ptr<CallFeed> applyAsync(const PoolCall &call) = 0;
    virtual void close() = 0;
    virtual void terminate() = 0;
    /// \returns whether join() would return at once
    /// \throws ValueError before close() or terminate()
    virtual bool join() = 0;

    /// What was said since it was asked last.
    virtual std::vector<PoolEvent> takeEvents() = 0;

protected:
    PoolFeed() = default;
};

/// Pool(4, maxtasksperchild=2): what openPool() makes of a job, as Python would write it.
QString poolText(const JobSpec &spec);

} // namespace Poolscope
