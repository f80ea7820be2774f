// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/pool.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <set>
#include <typeinfo>
#include <utility>
#include <vector>

#include <signal.h>
#include <unistd.h>

/// What the tests of the pool share. They hold tasks at gates and wait for conditions: nothing here depends
/// on how fast the machine is.
namespace PoolTest {

using namespace Poolscope;
using namespace std::chrono_literals;

/// More than anything takes here on a machine that is busy elsewhere.
inline constexpr auto patience = 60s;

#define TRY_VERIFY(condition) QTRY_VERIFY_WITH_TIMEOUT(condition, 60'000)
#define TRY_COMPARE(actual, expected) QTRY_COMPARE_WITH_TIMEOUT(actual, expected, 60'000)

/// What f throws, which must be an E and not something derived from it.
template <typename E, typename F>
std::optional<E> thrown(F &&f)
{
    try {
        f();
    } catch (const E &error) {
        if (typeid(error) == typeid(E))
            return error;
        qWarning("threw a %s: %s", typeid(error).name(), error.what());
    } catch (const std::exception &error) {
        qWarning("threw a %s: %s", typeid(error).name(), error.what());
    }
    return std::nullopt;
}
#define VERIFY_THROWS(Type, ...) QVERIFY(PoolTest::thrown<Type>([&] { static_cast<void>(__VA_ARGS__); }))

/// Of the ValueError that a call throws.
inline QString messageOf(const std::function<void()> &call)
{
    const auto error = thrown<ValueError>(call);
    return error ? error->message() : QStringLiteral("no ValueError");
}

inline PoolOptions workers(int processes, std::optional<int> maxtasksperchild = {})
{
    PoolOptions options;
    options.processes = processes;
    options.maxtasksperchild = maxtasksperchild;
    return options;
}

inline PoolOptions pythonWorkers(int processes, std::optional<int> maxtasksperchild = {})
{
    PoolOptions options = workers(processes, maxtasksperchild);
    options.kind = TaskKind::Python;
    return options;
}

inline CallOptions chunks(int chunksize, OnError onError = OnError::Raise)
{
    CallOptions options;
    options.chunksize = chunksize;
    options.onError = onError;
    return options;
}

inline QString pythonFile(const char *name)
{
    return QStringLiteral(POOLSCOPE_SOURCE_DIR "/tests/pool/tasks/") + QLatin1String(name);
}

/// A function of pooltasks.py.
inline Task python(const char *function)
{
    return pythonFile("pooltasks.py:") + QLatin1String(function);
}

/// What is wrong with the records of a call that read so many items: each must be there once, with one
/// outcome (I1) and what belongs to it. Empty when nothing is wrong.
inline QString problemWith(const std::vector<ItemRecord> &records, std::size_t items)
{
    std::set<std::uint64_t> seen;
    for (const ItemRecord &record : records) {
        const QString item = QStringLiteral("item %1").arg(record.index);
        if (record.index >= items)
            return item + QStringLiteral(" was never read");
        if (!seen.insert(record.index).second)
            return item + QStringLiteral(" is there twice");
        switch (record.status) {
        case ItemStatus::Ok:
        case ItemStatus::Error:
            if (record.started < 0 || record.finished < record.started)
                return item + QStringLiteral(" ended before it began");
            if (record.pid <= 0 || record.attempt < 1)
                return item + QStringLiteral(" was run by nobody");
            break;
        case ItemStatus::Lost:
        case ItemStatus::NotRun:
        case ItemStatus::Cancelled:
            break;
        default:
            return item + QStringLiteral(" has no known status");
        }
        if (record.value.empty())
            return item + QStringLiteral(" has neither a value nor an error");
    }
    if (seen.size() != items)
        return QStringLiteral("%1 items of %2 have an outcome").arg(seen.size()).arg(items);
    return {};
}
#define VERIFY_CONSERVED(records, items) QCOMPARE(PoolTest::problemWith(records, items), QString())

/// One letter an item, in the order of the records: ok, error, lost, not run, cancelled.
inline QString statuses(const std::vector<ItemRecord> &records)
{
    QString letters;
    for (const ItemRecord &record : records)
        letters += QLatin1Char("oelnc"[std::size_t(record.status)]);
    return letters;
}

inline std::vector<ItemRecord> byIndex(std::vector<ItemRecord> records)
{
    std::sort(records.begin(), records.end(),
              [](const ItemRecord &a, const ItemRecord &b) { return a.index < b.index; });
    return records;
}

/// All records that an iterator still has.
inline std::vector<ItemRecord> takeAll(ResultIterator &results)
{
    std::vector<ItemRecord> records;
    while (std::optional<ItemRecord> record = results.nextRecord(patience))
        records.push_back(std::move(*record));
    return records;
}

template <typename T>
std::vector<T> takeValues(ResultIterator &results)
{
    std::vector<T> values;
    while (std::optional<T> value = results.next<T>(patience))
        values.push_back(*value);
    return values;
}

/// The most items that were being run at the same time (I4).
inline int mostAtOnce(const std::vector<ItemRecord> &records)
{
    std::vector<std::pair<double, int>> changes;
    for (const ItemRecord &record : records) {
        if (record.started < 0)
            continue;
        changes.emplace_back(record.started, 1);
        changes.emplace_back(record.finished, -1);
    }
    std::sort(changes.begin(), changes.end()); // an end comes before a beginning at the same time
    int now = 0;
    int most = 0;
    for (const auto &[time, change] : changes)
        most = std::max(most, now += change);
    return most;
}

inline std::vector<int> numbers(int count, int first = 0)
{
    std::vector<int> all(static_cast<std::size_t>(count));
    std::iota(all.begin(), all.end(), first);
    return all;
}

inline std::vector<int> squares(int count, int first = 0)
{
    std::vector<int> all = numbers(count, first);
    for (int &number : all)
        number *= number;
    return all;
}

template <typename Container>
Container sorted(Container values)
{
    std::sort(values.begin(), values.end());
    return values;
}

/// A folder in which Python tasks leave a trace of each run, and gates they wait at.
class Gates
{
public:
    Task task(const char *function = "gated") const { return python(function).with("folder", path()); }
    QString path() const { return m_folder.path(); }

    void open(int item) { touch(QStringLiteral("gate%1").arg(item)); }
    void openAll() { touch(QStringLiteral("all")); }

    /// What was traced, in the order of the runs.
    QStringList traces() const
    {
        QFile file(m_folder.filePath(QStringLiteral("runs")));
        if (!file.open(QIODevice::ReadOnly))
            return {};
        return QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    }
    std::vector<int> runs() const
    {
        std::vector<int> items;
        for (const QString &trace : traces())
            items.push_back(trace.toInt());
        return items;
    }
    bool began(int item) const { return traces().contains(QString::number(item)); }

private:
    void touch(const QString &name) { QFile(m_folder.filePath(name)).open(QIODevice::WriteOnly); }

    QTemporaryDir m_folder;
};

/// 'R', 'S', 'Z' and so on, and the parent; nothing when there is no such process.
inline std::optional<std::pair<char, pid_t>> processState(pid_t pid)
{
    QFile file(QStringLiteral("/proc/%1/stat").arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    const QByteArray text = file.readAll();
    const QList<QByteArray> fields = text.mid(text.lastIndexOf(')') + 2).split(' ');
    if (fields.size() < 2)
        return std::nullopt;
    return std::pair(fields[0].at(0), pid_t(fields[1].toInt()));
}

/// An ended process that nobody asks about (a grandchild) may stay a zombie: that is gone too.
inline bool isGone(std::int64_t pid)
{
    const auto state = processState(pid_t(pid));
    return !state || state->first == 'Z';
}

/// All children of this process, zombies included.
inline std::set<pid_t> childProcesses()
{
    std::set<pid_t> found;
    for (const QString &name : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
        bool isPid = false;
        const pid_t pid = name.toInt(&isPid);
        if (!isPid)
            continue;
        const auto state = processState(pid);
        if (state && state->second == getpid())
            found.insert(pid);
    }
    return found;
}

inline int openDescriptors()
{
    return int(QDir(QStringLiteral("/proc/self/fd"))
                   .entryList(QDir::NoDotAndDotDot | QDir::AllEntries | QDir::System)
                   .size());
}

/// Collects lines from any thread. A handle: what holds one may outlive the test that made it.
class Log
{
public:
    void add(const QString &line) const
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->lines << line;
    }
    QStringList lines() const
    {
        const std::lock_guard lock(m_state->mutex);
        return m_state->lines;
    }

private:
    struct State
    {
        std::mutex mutex;
        QStringList lines;
    };
    std::shared_ptr<State> m_state = std::make_shared<State>();
};

/// A snapshot of now: pids() waits for the pool, which has then made the one that was asked for.
inline PoolSnapshot snapshotOf(const Pool &pool)
{
    static_cast<void>(pool.snapshot());
    static_cast<void>(pool.pids());
    return pool.snapshot();
}

/// Items whose results the pool has received.
inline std::uint64_t itemsDone(const Pool &pool)
{
    std::uint64_t items = 0;
    for (const WorkerSnapshot &worker : snapshotOf(pool).workers)
        items += worker.itemsDone;
    return items;
}

/// Whether no worker is starting any more.
inline bool allReady(const Pool &pool)
{
    const PoolSnapshot snapshot = snapshotOf(pool);
    return !snapshot.workers.empty() &&
           std::all_of(snapshot.workers.begin(), snapshot.workers.end(), [](const WorkerSnapshot &worker) {
               return worker.state == WorkerState::Waiting || worker.state == WorkerState::Running;
           });
}

} // namespace PoolTest
