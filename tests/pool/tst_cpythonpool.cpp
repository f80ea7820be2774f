// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "pooltest.h"

#include <ranges>
#endif

#include <QElapsedTimer>

#include <limits>

using namespace PoolTest;

// A counterpart of each case that CPython's own suite has for its process pool (_TestPool,
// _TestPoolWorkerErrors, _TestPoolWorkerLifetime), so that whoever knows the one finds the other. Without
// one:
//
// test_release_task_refs    nothing is kept of items but their text; there is no collector to look for them
// test_resource_warning     a Pool that goes out of scope ends: it cannot be forgotten
// test_worker_finalization_via_atexit_handler_of_multiprocessing    the same
// test_pool_maxtasksperchild_invalid for 0.5 and "12", test_make_pool for anything but integers    not C++
// test_enter's second `with`    a scope is entered once; what a pool that is over says stands in its place
// the manager's and the threads' variants    there is one kind of pool

namespace {

class SayWhen final : public std::runtime_error
{
public:
    SayWhen() : std::runtime_error("somebody said when") {}
};

/// Counts up and throws where it is told to.
Items countAndThrow(int total, int when)
{
    return Items::generate([total, when, next = 0]() mutable -> std::optional<Value> {
        if (when < 0 || next == when)
            throw SayWhen();
        if (next == total)
            return std::nullopt;
        return Value(next++);
    });
}

std::vector<std::pair<int, int>> pairs(int count)
{
    std::vector<std::pair<int, int>> all;
    for (int number = 0; number < count; ++number)
        all.emplace_back(number, count - 1 - number);
    return all;
}

std::vector<int> products(int count)
{
    std::vector<int> all;
    for (const auto &[a, b] : pairs(count))
        all.push_back(a * b);
    return all;
}

} // namespace

class CPythonPoolTest final : public QObject
{
    Q_OBJECT

    std::unique_ptr<Pool> m_pool;

private Q_SLOTS:
    void initTestCase() { m_pool = std::make_unique<Pool>(pythonWorkers(4)); }

    void cleanupTestCase()
    {
        m_pool->terminate();
        m_pool->join();
        QCOMPARE(m_pool->state(), PoolState::Over);
    }

    void apply() // test_apply
    {
        QCOMPARE(m_pool->apply<int>(python("square"), {5}), 25);
        QCOMPARE(m_pool->apply<int>(python("square"), CallArguments().with("x", 3)), 9);
    }

    void map() // test_map
    {
        QCOMPARE(m_pool->map<int>(python("square"), numbers(10)), squares(10));
        QCOMPARE(m_pool->map<int>(python("square"), numbers(100), chunks(20)), squares(100));
    }

    void starmap() // test_starmap
    {
        QCOMPARE(m_pool->starmap<int>(python("multiply"), pairs(10)), products(10));
        QCOMPARE(m_pool->starmap<int>(python("multiply"), pairs(100), chunks(20)), products(100));
    }

    void starmapAsync() // test_starmap_async
    {
        const AsyncResult result = m_pool->starmapAsync(python("multiply"), pairs(100));
        QCOMPARE(result.get<std::vector<int>>(), products(100));
        VERIFY_CONSERVED(result.records(), 100);
    }

    void mapAsync() // test_map_async
    {
        const AsyncResult result = m_pool->mapAsync(python("square"), numbers(10));
        QCOMPARE(result.get<std::vector<int>>(), squares(10));
        VERIFY_CONSERVED(result.records(), 10);
    }

    void mapAsyncCallbacks() // test_map_async_callbacks
    {
        std::vector<Value> values;
        QStringList errors;
        CallOptions options;
        options.callback = [&values](const Value &value) { values.push_back(value); };
        options.errorCallback = [&errors](const std::exception &error) {
            errors << dynamic_cast<const TaskFailed &>(error).type();
        };
        QVERIFY(m_pool->mapAsync(python("to_integer"), {"1"}, options).wait(patience));
        QCOMPARE(values.size(), std::size_t(1));
        QCOMPARE(values[0].to<std::vector<int>>(), std::vector<int>{1});
        QVERIFY(errors.isEmpty());

        QVERIFY(m_pool->mapAsync(python("to_integer"), {"a"}, options).wait(patience));
        QCOMPARE(values.size(), std::size_t(1));
        QCOMPARE(errors, QStringList{"ValueError"});
    }

    void mapUnpicklable() // test_map_unplicklable
    {
        const std::vector<double> cannotTravel(10, std::numeric_limits<double>::quiet_NaN());
        VERIFY_THROWS(ValueError, m_pool->map(python("square"), cannotTravel));
        QCOMPARE(m_pool->map<int>(python("square"), {2}), std::vector<int>{4});
    }

    void mapChunksize() // test_map_chunksize
    {
        const AsyncResult result = m_pool->mapAsync(python("square"), std::vector<int>(), chunks(1));
        QVERIFY(result.get(patience).elements().empty());
    }

    void mapHandleIterableException() // test_map_handle_iterable_exception
    {
        for (const int when : {-1, -1, 3})
            VERIFY_THROWS(SayWhen, m_pool->map(python("square"), countAndThrow(10, when), chunks(1)));
        // An input that knows its length and fails all the same.
        const auto throws = [](int number) { return number < 0 ? number : throw SayWhen(); };
        for (int round = 0; round < 2; ++round)
            VERIFY_THROWS(SayWhen,
                          m_pool->map(python("square"),
                                      std::views::iota(0, 1) | std::views::transform(throws), chunks(1)));
        QCOMPARE(m_pool->map<int>(python("square"), {2}), std::vector<int>{4});
    }

    void async() // test_async
    {
        const AsyncResult result = m_pool->applyAsync(Task("slow_square").with("seconds", 0.2), {7});
        QCOMPARE(result.get<int>(), 49);
        const std::vector<ItemRecord> records = result.records();
        VERIFY_CONSERVED(records, 1);
        QVERIFY(records[0].finished - records[0].started >= 0.2);
    }

    void asyncTimeout() // test_async_timeout
    {
        Gates gates;
        Pool pool(pythonWorkers(3));
        const AsyncResult result = pool.applyAsync(gates.task(), {6});
        QElapsedTimer timer;
        timer.start();
        VERIFY_THROWS(TimeoutError, result.get(200ms));
        QVERIFY(timer.elapsed() >= 200);
        pool.terminate();
        pool.join();
    }

    void imap() // test_imap
    {
        ResultIterator all = m_pool->imap(python("square"), numbers(10));
        QCOMPARE(takeValues<int>(all), squares(10));

        for (const auto &[count, chunksize] : {std::pair(10, 1), std::pair(1000, 100)}) {
            ResultIterator results = m_pool->imap(python("square"), numbers(count), chunks(chunksize));
            for (int number = 0; number < count; ++number)
                QCOMPARE(results.next<int>(), number * number);
            QVERIFY(!results.next());
        }
    }

    void imapHandleIterableException_data() // test_imap_handle_iterable_exception
    {
        QTest::addColumn<int>("total");
        QTest::addColumn<int>("when");
        QTest::addColumn<int>("chunksize");
        QTest::addColumn<int>("before");
        QTest::addRow("at once") << 1 << -1 << 1 << 0;
        QTest::addRow("at once again") << 1 << -1 << 1 << 0;
        QTest::addRow("in the middle") << 10 << 3 << 1 << 3;
        QTest::addRow("in a chunk of two") << 20 << 7 << 2 << 6;
        QTest::addRow("in a chunk of four") << 20 << 7 << 4 << 4;
    }
    void imapHandleIterableException()
    {
        QFETCH(int, total);
        QFETCH(int, when);
        QFETCH(int, chunksize);
        QFETCH(int, before);
        ResultIterator results =
            m_pool->imap(python("square"), countAndThrow(total, when), chunks(chunksize));
        for (int number = 0; number < before; ++number)
            QCOMPARE(results.next<int>(), number * number);
        VERIFY_THROWS(SayWhen, results.next());
        QVERIFY(!results.next());
    }

    void imapUnordered() // test_imap_unordered
    {
        for (const auto &[count, chunksize] : {std::pair(10, 1), std::pair(1000, 100)}) {
            ResultIterator results =
                m_pool->imapUnordered(python("square"), numbers(count), chunks(chunksize));
            QCOMPARE(sorted(takeValues<int>(results)), squares(count));
        }
    }

    void imapUnorderedHandleIterableException_data() // test_imap_unordered_handle_iterable_exception
    {
        imapHandleIterableException_data();
    }
    void imapUnorderedHandleIterableException()
    {
        QFETCH(int, total);
        QFETCH(int, when);
        QFETCH(int, chunksize);
        QFETCH(int, before);
        ResultIterator results =
            m_pool->imapUnordered(python("square"), countAndThrow(total, when), chunks(chunksize));
        std::vector<int> values;
        VERIFY_THROWS(SayWhen, [&] {
            for (const Value &value : results)
                values.push_back(value.to<int>());
        }());
        QCOMPARE(sorted(values), squares(before));
        QVERIFY(!results.next());
    }

    void makePool() // test_make_pool
    {
        VERIFY_THROWS(ValueError, Pool(workers(-1)));
        VERIFY_THROWS(ValueError, Pool(workers(0)));
        Pool pool(workers(3));
        QCOMPARE(pool.pids().size(), std::size_t(3));
        pool.close();
        pool.join();
    }

    void terminate() // test_terminate
    {
        Pool pool(workers(3));
        const AsyncResult result = pool.mapAsync("sleep_for", std::vector<int>(10'000, 3600), chunks(1));
        TRY_COMPARE(result.state(), AsyncResult::State::Running);
        pool.terminate();
        pool.join();
        VERIFY_THROWS(Cancelled, result.get());
        VERIFY_CONSERVED(result.records(), 10'000);
    }

    void emptyIterable() // test_empty_iterable
    {
        Pool pool(workers(1));
        const std::vector<int> nothing;
        QVERIFY(pool.map("square", nothing).empty());
        QVERIFY(!pool.imap("square", nothing).next());
        QVERIFY(!pool.imapUnordered("square", nothing).next());
        QVERIFY(pool.mapAsync("square", nothing).values().empty());
        pool.close();
        pool.join();
    }

    void context() // test_context
    {
        std::optional<AsyncResult> result;
        {
            Pool pool(workers(2));
            result = pool.mapAsync("square", numbers(10));
            QCOMPARE(result->get<std::vector<int>>(), squares(10));
        }
        QCOMPARE(result->get<std::vector<int>>(), squares(10));
        QVERIFY(childProcesses().size() <= 4); // those of m_pool
    }

    void traceback() // test_traceback
    {
        const auto error = thrown<TaskFailed>([this] { m_pool->apply(python("raise_runtime_error")); });
        QVERIFY(error);
        QCOMPARE(error->type(), QStringLiteral("RuntimeError"));
        QCOMPARE(error->taskMessage(), QStringLiteral("123"));
        QVERIFY2(error->traceback().contains("raise RuntimeError(123)  # said by the worker"),
                 qPrintable(error->traceback()));
        // What the input throws is no error of a task.
        VERIFY_THROWS(SayWhen, m_pool->map(python("square"), countAndThrow(1, -1)));
    }

    void wrappedException() // test_wrapped_exception
    {
        VERIFY_THROWS(TaskFailed, Pool(pythonWorkers(1)).apply(python("raise_runtime_error")));
    }

    void mapNoFailfast() // test_map_no_failfast
    {
        Gates gates;
        Pool pool(pythonWorkers(2));
        const AsyncResult result = pool.mapAsync(gates.task("gated_large_error"), {0, 1});
        gates.open(0);
        const AsyncResult later = pool.applyAsync(python("same"), {1});
        QCOMPARE(later.get<int>(patience), 1); // by the worker that had raised
        QVERIFY(!result.ready());
        gates.open(1);
        const auto error = thrown<TaskFailed>([&result] { result.get(patience); });
        QVERIFY(error);
        QCOMPARE(error->index(), 0u);
        QCOMPARE(error->taskMessage().size(), 1'000'000);
        pool.close();
        pool.join();
        VERIFY_CONSERVED(result.records(), 2);
        QCOMPARE(statuses(result.records()), QStringLiteral("ee"));
    }

    void enter() // test_enter
    {
        Pool pool(workers(1));
        pool.terminate();
        VERIFY_THROWS(ValueError, pool.apply("square", {1}));
        pool.join();
        VERIFY_THROWS(ValueError, pool.apply("square", {1}));
    }

    void asyncErrorCallback() // test_async_error_callback
    {
        Pool pool(pythonWorkers(2));
        std::optional<TaskFailed> told;
        CallOptions options;
        options.errorCallback = [&told](const std::exception &error) {
            told = dynamic_cast<const TaskFailed &>(error);
        };
        const AsyncResult result = pool.applyAsync(python("raise_key_error"), {}, options);
        VERIFY_THROWS(TaskFailed, result.get());
        QVERIFY(told);
        QCOMPARE(told->type(), QStringLiteral("KeyError"));
        pool.close();
        pool.join();
    }

    void unpickleableResult() // test_unpickleable_result
    {
        Pool pool(pythonWorkers(2));
        TRY_VERIFY(allReady(pool));
        const std::vector<std::int64_t> before = pool.pids();
        for (int round = 0; round < 20; ++round) {
            std::optional<TaskFailed> told;
            CallOptions options;
            options.errorCallback = [&told](const std::exception &error) {
                told = dynamic_cast<const TaskFailed &>(error);
            };
            const AsyncResult result = pool.applyAsync(python("unencodable"), {-1}, options);
            const auto error = thrown<TaskFailed>([&result] { result.get(); });
            QVERIFY(error && told);
            QCOMPARE(told->message(), error->message());
            QVERIFY2(error->taskMessage().contains("function"), qPrintable(error->message())); // what it was
        }
        QCOMPARE(pool.pids(), before);
        pool.close();
        pool.join();
    }

    void poolWorkerLifetime() // test_pool_worker_lifetime
    {
        Pool pool(pythonWorkers(3, 10));
        TRY_VERIFY(allReady(pool));
        const std::vector<std::int64_t> before = pool.pids();
        QCOMPARE(std::set(before.begin(), before.end()).size(), std::size_t(3));
        std::vector<AsyncResult> results;
        for (int number = 0; number < 100; ++number)
            results.push_back(pool.applyAsync(python("square"), {number}));
        for (int number = 0; number < 100; ++number)
            QCOMPARE(results[std::size_t(number)].get<int>(), number * number);
        TRY_VERIFY(std::ranges::count(pool.pids(), 0) == 0);
        QVERIFY(sorted(pool.pids()) != sorted(before));
        pool.close();
        pool.join();
    }

    void poolWorkerLifetimeEarlyClose() // test_pool_worker_lifetime_early_close
    {
        Pool pool(workers(3, 1));
        std::vector<AsyncResult> results;
        for (int number = 0; number < 6; ++number)
            results.push_back(pool.applyAsync(Task("slow_square").with("seconds", 0.1), {number}));
        pool.close();
        pool.join();
        for (int number = 0; number < 6; ++number)
            QCOMPARE(results[std::size_t(number)].get<int>(0s), number * number);
    }

    void poolMaxtasksperchildInvalid() // test_pool_maxtasksperchild_invalid
    {
        for (const int value : {0, -1})
            VERIFY_THROWS(ValueError, Pool(workers(3, value)));
    }
};

QTEST_GUILESS_MAIN(CPythonPoolTest)
#include "tst_cpythonpool.moc"
