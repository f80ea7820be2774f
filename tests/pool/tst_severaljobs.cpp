// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "pooltest.h"
#endif

#include <atomic>
#include <thread>

using namespace PoolTest;

/// Many jobs on one pool: in which order they begin, and that each has what is its own.
class SeveralJobsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void jobsBeginInTheOrderOfTheirCalls() // S4.5
    {
        Gates gates;
        Pool pool(pythonWorkers(1));
        const AsyncResult first = pool.mapAsync(gates.task(), numbers(6), chunks(1));
        ResultIterator second = pool.imap(gates.task(), numbers(3, 10));
        const AsyncResult third = pool.applyAsync(gates.task(), {20});
        TRY_VERIFY(gates.began(0));
        gates.openAll();
        QCOMPARE(third.get<int>(patience), 20);
        QVERIFY(first.wait(patience));
        QCOMPARE(takeValues<int>(second), numbers(3, 10));
        const std::vector<int> runs = gates.runs();
        QCOMPARE(runs.size(), std::size_t(10));
        QCOMPARE(std::vector<int>(runs.begin(), runs.begin() + 6), numbers(6));
        // An imap's items are read while the map runs; what counts is that they come after it, in order.
        std::vector<int> rest(runs.begin() + 6, runs.end());
        QCOMPARE(std::erase(rest, 20), std::size_t(1));
        QCOMPARE(rest, numbers(3, 10));
    }

    void aCallAfterAMapIsAnsweredAfterIt() // S4.5
    {
        Gates gates;
        Pool pool(pythonWorkers(2));
        const AsyncResult map = pool.mapAsync(gates.task(), numbers(6), chunks(1));
        const AsyncResult call = pool.applyAsync(gates.task(), {20});
        for (const int item : numbers(5)) {
            TRY_VERIFY(gates.began(item));
            QVERIFY(!gates.began(20));
            gates.open(item);
        }
        // One worker is at the last item of the map, the other takes what came after the map.
        TRY_VERIFY(gates.began(20));
        TRY_VERIFY(gates.began(5));
        gates.openAll();
        QCOMPARE(call.get<int>(patience), 20);
        QCOMPARE(map.get<std::vector<int>>(patience), numbers(6));
    }

    void roundRobinLetsALateCallThroughSoon() // S9.4
    {
        Gates gates;
        PoolOptions options = pythonWorkers(1);
        options.sharing = Sharing::RoundRobin;
        Pool pool(options);
        const AsyncResult map = pool.mapAsync(gates.task(), numbers(50), chunks(1));
        TRY_VERIFY(gates.began(0));
        const AsyncResult call = pool.applyAsync(gates.task(), {100});
        gates.openAll();
        QCOMPARE(call.get<int>(patience), 100);
        QVERIFY(map.wait(patience));
        const std::vector<int> runs = gates.runs();
        const auto place = std::ranges::find(runs, 100) - runs.begin();
        QVERIFY2(place <= 3, qPrintable(QString::number(place)));
        QCOMPARE(runs.size(), std::size_t(51));
    }

    void roundRobinTakesTurns() // S9.4
    {
        Gates gates;
        PoolOptions options = pythonWorkers(1);
        options.sharing = Sharing::RoundRobin;
        Pool pool(options);
        const AsyncResult blocker = pool.applyAsync(gates.task(), {-1000});
        TRY_VERIFY(gates.began(-1000));
        const AsyncResult first = pool.mapAsync(gates.task("logged"), numbers(100), chunks(1));
        const AsyncResult second = pool.mapAsync(gates.task("logged"), numbers(100, 100), chunks(1));
        gates.openAll();
        QCOMPARE(first.get<std::vector<int>>(patience), numbers(100));
        QCOMPARE(second.get<std::vector<int>>(patience), numbers(100, 100));
        std::vector<int> runs = gates.runs();
        runs.erase(runs.begin());
        int ahead = 0;
        for (const int item : runs) {
            ahead += item < 100 ? 1 : -1;
            QVERIFY2(std::abs(ahead) <= 1, qPrintable(QString::number(item)));
        }
        QVERIFY(blocker.wait(patience));
    }

    void manyJobsAtOnce() // S4.5, I1, I4
    {
        Pool pool(workers(3));
        std::vector<AsyncResult> maps;
        std::vector<AsyncResult> calls;
        std::vector<ResultIterator> iterators;
        for (int number = 0; number < 40; ++number) {
            maps.push_back(pool.mapAsync("square", numbers(30, number)));
            calls.push_back(pool.applyAsync("cube", {number}));
            iterators.push_back(pool.imap("square", numbers(30, number), chunks(1 + number % 5)));
        }
        std::vector<ItemRecord> all;
        for (int number = 0; number < 40; ++number) {
            const auto at = std::size_t(number);
            QCOMPARE(calls[at].get<int>(patience), number * number * number);
            QCOMPARE(maps[at].get<std::vector<int>>(patience), squares(30, number));
            const std::vector<ItemRecord> records = takeAll(iterators[at]);
            for (const auto &some : {maps[at].records(), calls[at].records(), records}) {
                VERIFY_CONSERVED(some, some.size() == 1 ? 1 : 30);
                QCOMPARE(std::ranges::count(some, ItemStatus::Ok, &ItemRecord::status),
                         std::ptrdiff_t(some.size()));
                all.insert(all.end(), some.begin(), some.end());
            }
        }
        QCOMPARE(all.size(), std::size_t(40 * 61));
        QVERIFY(mostAtOnce(all) <= 3);
        TRY_COMPARE(snapshotOf(pool).openJobs, 0u);
        QCOMPARE(snapshotOf(pool).workersStarted, 3u);
    }

    void callsFromManyThreads() // I1, I2
    {
        Pool pool(workers(3));
        std::atomic<int> right = 0;
        std::vector<std::thread> threads;
        for (int thread = 0; thread < 20; ++thread)
            threads.emplace_back([&pool, &right, thread] {
                for (int call = 0; call < 50; ++call) {
                    const int number = thread * 50 + call;
                    switch (call % 4) {
                    case 0:
                        right += pool.apply<int>("square", {number}) == number * number;
                        break;
                    case 1:
                        right += pool.map<int>("square", numbers(5, number)) == squares(5, number);
                        break;
                    case 2: {
                        const AsyncResult result = pool.starmapAsync("add", {{number, 1}, {number, 2}});
                        right += result.get<std::vector<int>>() == std::vector<int>{number + 1, number + 2};
                        break;
                    }
                    default: {
                        ResultIterator results = pool.imap("square", numbers(5, number));
                        right += takeValues<int>(results) == squares(5, number);
                        break;
                    }
                    }
                }
            });
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(right, 1000);
    }
};

QTEST_GUILESS_MAIN(SeveralJobsTest)
#include "tst_severaljobs.moc"
