// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "pooltest.h"
#endif

#include <atomic>
#include <thread>

using namespace PoolTest;
using State = AsyncResult::State;

namespace {

/// Every method that takes a job, by name.
struct Submitter
{
    const char *name;
    std::function<void(Pool &, const CallOptions &)> submit;
};

const std::vector<Submitter> &submitters()
{
    static const std::vector<Submitter> all = {
        {"apply", [](Pool &pool, const CallOptions &) { pool.apply("square", {1}); }},
        {"applyAsync", [](Pool &pool, const CallOptions &) { pool.applyAsync("square", {1}); }},
        {"map", [](Pool &pool, const CallOptions &options) { pool.map("square", {1}, options); }},
        {"mapAsync", [](Pool &pool, const CallOptions &options) { pool.mapAsync("square", {1}, options); }},
        {"starmap",
         [](Pool &pool, const CallOptions &options) {
             pool.starmap("add", {{1, 2}}, options);
         }},
        {"starmapAsync",
         [](Pool &pool, const CallOptions &options) {
             pool.starmapAsync("add", {{1, 2}}, options);
         }},
        {"imap", [](Pool &pool, const CallOptions &options) { pool.imap("square", {1}, options); }},
        {"imapUnordered",
         [](Pool &pool, const CallOptions &options) { pool.imapUnordered("square", {1}, options); }},
    };
    return all;
}

} // namespace

/// close(), terminate() and join(): what becomes of the work, of who waits, and of the processes.
class PoolEndTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingIsTakenAfterTheEnd_data() // S7.1
    {
        QTest::addColumn<QString>("end");
        for (const char *end : {"close", "terminate", "close and join", "terminate and join"})
            QTest::addRow("%s", end) << QString::fromLatin1(end);
    }
    void nothingIsTakenAfterTheEnd()
    {
        QFETCH(QString, end);
        Pool pool(workers(1));
        if (end.startsWith(QLatin1String("close")))
            pool.close();
        else
            pool.terminate();
        if (end.endsWith(QLatin1String("join")))
            pool.join();
        for (const Submitter &submitter : submitters()) {
            // The state is asked about before the chunk size.
            for (const CallOptions &options : {CallOptions(), chunks(0)})
                QVERIFY2(messageOf([&] { submitter.submit(pool, options); }).contains("Pool not running"),
                         submitter.name);
        }
    }

    void joinWantsAnEndFirst() // S7.1
    {
        Pool pool(workers(1));
        QVERIFY(messageOf([&pool] { pool.join(); }).contains("Pool is still running"));
        QVERIFY(messageOf([&pool] { pool.join(1s); }).contains("Pool is still running"));
        QCOMPARE(pool.apply<int>("square", {3}), 9);
    }

    void endingMayBeRepeatedInAnyOrder_data() // S7.1
    {
        QTest::addColumn<QString>("calls");
        for (const char *calls : {"ccjj", "ctj", "tcj", "ttjj", "cjtcj", "tjtcj", "ctctjjct"})
            QTest::addRow("%s", calls) << QString::fromLatin1(calls);
    }
    void endingMayBeRepeatedInAnyOrder()
    {
        QFETCH(QString, calls);
        Pool pool(workers(2));
        const AsyncResult result = pool.applyAsync("square", {3});
        QCOMPARE(result.get<int>(patience), 9);
        for (const QChar call : calls) {
            if (call == QLatin1Char('c'))
                pool.close();
            else if (call == QLatin1Char('t'))
                pool.terminate();
            else
                QVERIFY(pool.join(patience));
        }
        QVERIFY(pool.join(0s));
        QCOMPARE(pool.state(), PoolState::Over);
        QVERIFY(childProcesses().empty());
        QCOMPARE(result.get<int>(0s), 9);
    }

    void theStateSaysHowFarItIs()
    {
        Pool pool(workers(1));
        QCOMPARE(pool.state(), PoolState::Open);
        const AsyncResult result = pool.applyAsync("sleep_for", {3600});
        TRY_COMPARE(result.state(), State::Running);
        pool.close();
        QCOMPARE(pool.state(), PoolState::Closed);
        QVERIFY(!pool.join(1ms));
        QVERIFY(!pool.join(-1s));
        pool.terminate();
        QVERIFY(pool.state() == PoolState::Terminated || pool.state() == PoolState::Over);
        pool.join();
        QCOMPARE(pool.state(), PoolState::Over);
        QCOMPARE(pool.pids(), std::vector<std::int64_t>{0});
        QCOMPARE(snapshotOf(pool).openJobs, 0u);
    }

    void aPoolShowsItsWorkersFromTheStartToTheEnd()
    {
        Pool pool(workers(2));
        QCOMPARE(pool.snapshot().workers.size(), std::size_t(2));
        pool.terminate();
        pool.join();
        const PoolSnapshot snapshot = pool.snapshot();
        QCOMPARE(snapshot.state, PoolState::Over);
        for (const WorkerSnapshot &worker : snapshot.workers)
            QCOMPARE(worker.state, WorkerState::Gone);
    }

    void closeLetsAllFinish() // S7.2
    {
        Gates gates;
        Pool pool(pythonWorkers(2));
        const AsyncResult map = pool.mapAsync(gates.task(), numbers(20), chunks(3));
        ResultIterator results = pool.imap(python("square"), numbers(20));
        const AsyncResult call = pool.applyAsync(python("square"), {5});
        TRY_VERIFY(!gates.runs().empty());
        pool.close();
        QVERIFY(!pool.join(10ms));
        gates.openAll();
        QVERIFY(pool.join(patience));
        QVERIFY(childProcesses().empty());
        QCOMPARE(map.get<std::vector<int>>(0s), numbers(20));
        QCOMPARE(takeValues<int>(results), squares(20));
        QCOMPARE(call.get<int>(0s), 25);
        VERIFY_CONSERVED(map.records(), 20);
        QCOMPARE(sorted(gates.runs()), numbers(20));
    }

    void terminateCancelsWhatHasNoResult() // S7.3, S7.5
    {
        Gates gates;
        Pool pool(pythonWorkers(1));
        const AsyncResult done = pool.applyAsync(python("square"), {5});
        const AsyncResult running = pool.mapAsync(gates.task(), numbers(10), chunks(2));
        const AsyncResult queued = pool.mapAsync(python("square"), numbers(10));
        const AsyncResult empty = pool.mapAsync(python("square"), std::vector<int>());
        gates.open(0);
        TRY_VERIFY(itemsDone(pool) == 2 && gates.began(1));
        pool.terminate();
        QCOMPARE(done.get<int>(patience), 25);
        VERIFY_THROWS(Cancelled, running.get(patience));
        VERIFY_THROWS(Cancelled, queued.get(patience));
        VERIFY_THROWS(Cancelled, queued.get());
        QVERIFY(!running.successful());
        QVERIFY(empty.get(patience).elements().empty());
        pool.join();
        VERIFY_CONSERVED(running.records(), 10);
        QCOMPARE(statuses(running.records()), QStringLiteral("occccccccc"));
        VERIFY_CONSERVED(queued.records(), 10);
        QCOMPARE(statuses(queued.records()), QStringLiteral("cccccccccc"));
        QCOMPARE(gates.runs(), (std::vector<int>{0, 1}));
    }

    void whoWaitsIsWokenByTerminate() // S7.5, I2
    {
        Pool pool(workers(1));
        std::atomic<int> cancelled = 0;
        std::vector<std::thread> threads;
        threads.emplace_back([&] {
            cancelled += thrown<Cancelled>([&pool] { pool.map("sleep_for", {3600, 3600}); }).has_value();
        });
        threads.emplace_back([&] {
            cancelled += thrown<Cancelled>([&pool] { pool.apply("sleep_for", {3600}); }).has_value();
        });
        threads.emplace_back([&] {
            cancelled += thrown<Cancelled>([&pool] {
                             const AsyncResult result = pool.applyAsync("sleep_for", {3600});
                             result.wait();
                             result.get();
                         }).has_value();
        });
        TRY_VERIFY(snapshotOf(pool).openJobs == 3);
        pool.terminate();
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(cancelled, 3);
    }

    void whoJoinsIsWokenAtTheEnd() // I2
    {
        Pool pool(workers(1));
        const AsyncResult result = pool.applyAsync("sleep_for", {3600});
        pool.close();
        std::atomic<int> joined = 0;
        std::vector<std::thread> threads;
        for (int number = 0; number < 3; ++number)
            threads.emplace_back([&] {
                pool.join();
                ++joined;
            });
        TRY_COMPARE(result.state(), State::Running);
        QCOMPARE(joined, 0);
        pool.terminate();
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(joined, 3);
    }

    void aWorkerThatIgnoresTheSignalAndItsChildrenAreEnded_data() // S7.6, S7.7
    {
        QTest::addColumn<bool>("destroyed");
        QTest::addRow("terminate") << false;
        QTest::addRow("destructor") << true;
    }
    void aWorkerThatIgnoresTheSignalAndItsChildrenAreEnded()
    {
        QFETCH(bool, destroyed);
        Gates gates;
        std::optional<Pool> pool(pythonWorkers(2));
        const AsyncResult result = pool->mapAsync(gates.task("deaf"), numbers(2), chunks(1));
        TRY_VERIFY(gates.traces().size() == 2);
        if (destroyed) {
            pool.reset();
        } else {
            pool->terminate();
            QVERIFY(pool->join(patience));
        }
        for (const QString &trace : gates.traces())
            for (const QString &pid : trace.split(' '))
                TRY_VERIFY(isGone(pid.toLongLong()));
        VERIFY_CONSERVED(result.records(), 2);
        QCOMPARE(statuses(result.records()), QStringLiteral("cc"));
    }

    void childrenThatATaskLeftBehindEndWithThePool() // S7.7
    {
        std::vector<std::int64_t> stayed;
        {
            Pool pool(pythonWorkers(2));
            stayed = pool.map<std::int64_t>(python("child_that_stays"), numbers(4));
            QVERIFY(std::ranges::none_of(stayed, isGone));
            pool.close();
            pool.join();
        }
        for (const std::int64_t pid : stayed)
            TRY_VERIFY(isGone(pid));
    }
};

QTEST_GUILESS_MAIN(PoolEndTest)
#include "tst_poolend.moc"
