// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>
#include <stdexcept>

/// What the pool throws. Every text says what failed and what to do.
namespace Poolscope {

/// Base of all that the pool throws.
class Error : public std::runtime_error
{
public:
    explicit Error(const QString &message) : std::runtime_error(message.toStdString()) {}
    QString message() const { return QString::fromUtf8(what()); }
};

/// A call that makes no sense: an option out of range, a task that does not exist, a value that cannot travel
/// or be converted, "Pool not running" (S7.1), "not ready" (S6.3). Nothing was started or changed.
class ValueError : public Error
{
public:
    using Error::Error;
};

/// get(), next() or join() ran out of the time it was given; the result may still come (S6.1). Not to be
/// taken for a TimeoutError that the task itself raised: that is a TaskFailed whose type() says so (S6.6).
class TimeoutError : public Error
{
public:
    using Error::Error;
};

/// The job could not run at all: no worker can be started, or its initializer fails (S8.10). Jobs whose
/// workers are started in another way are not concerned.
class PoolFailed : public Error
{
public:
    using Error::Error;
};

/// terminate() came before the result (S7.5).
class Cancelled : public Error
{
public:
    using Error::Error;
};

/// The task failed an item: it raised, its result cannot travel, or the task cannot be loaded (S8.12): type()
/// is then what the loading raised, "ModuleNotFoundError" say, for each of its items.
class TaskFailed : public Error
{
public:
    TaskFailed(std::uint64_t index, const QString &type, const QString &message, const QString &traceback)
        : Error(type + QStringLiteral(": ") + message)
        , m_index(index)
        , m_type(type)
        , m_taskMessage(message)
        , m_traceback(traceback)
    {}

    std::uint64_t index() const { return m_index; }       ///< Of the item in its job, from 0.
    QString type() const { return m_type; }               ///< The class of the exception: "ValueError".
    QString taskMessage() const { return m_taskMessage; } ///< Its text, without the type.
    QString traceback() const { return m_traceback; } ///< The worker's, as it would print it; may be empty.

private:
    std::uint64_t m_index;
    QString m_type;
    QString m_taskMessage;
    QString m_traceback;
};

/// The process that ran the item vanished, or was ended because the item ran longer than its timeout, type()
/// "TimeoutError", or the process took more memory than it may, "MemoryLimitExceeded"; else "WorkerLost".
class WorkerLost : public TaskFailed
{
public:
    WorkerLost(std::uint64_t index, const QString &type, const QString &message, std::int64_t pid,
               int exitCode, const QString &signal, const QString &errorOutput, std::uint64_t peakMemory,
               const QString &input)
        : TaskFailed(index, type, message, {})
        , m_pid(pid)
        , m_exitCode(exitCode)
        , m_signal(signal)
        , m_errorOutput(errorOutput)
        , m_peakMemory(peakMemory)
        , m_input(input)
    {}

    std::int64_t pid() const { return m_pid; }
    int exitCode() const { return m_exitCode; }           ///< Meaningful while signal() is empty.
    QString signal() const { return m_signal; }           ///< "SIGSEGV"; empty when it exited.
    QString errorOutput() const { return m_errorOutput; } ///< The last it wrote to its standard error.
    /// The most resident memory it was seen to have, in bytes; 0: not known.
    std::uint64_t peakMemory() const { return m_peakMemory; }
    QString input() const { return m_input; } ///< The item: its text, else its JSON; at most 1000 characters.

private:
    std::int64_t m_pid;
    int m_exitCode;
    QString m_signal;
    QString m_errorOutput;
    std::uint64_t m_peakMemory;
    QString m_input;
};

} // namespace Poolscope
