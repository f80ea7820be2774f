// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "pooltest.h"
#endif

#include <QSemaphore>

#include <atomic>
#include <thread>
#include <type_traits>

using namespace PoolTest;
using State = AsyncResult::State;

static_assert(!std::is_copy_constructible_v<Pool>, "S7.13: a pool cannot be passed on");

/// Pools that are destroyed, and that live beside each other: none leaves anything behind.
class PoolDestructionTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aPoolLeavesNothingBehind_data()
    {
        QTest::addColumn<QString>("work");
        for (const char *work : {"idle", "done", "running", "closed", "python", "half read"})
            QTest::addRow("%s", work) << QString::fromLatin1(work);
    }
    void aPoolLeavesNothingBehind() // S7.7, I2
    {
        QFETCH(QString, work);
        const auto once = [&work] {
            Pool pool(work == QLatin1String("python") ? pythonWorkers(2) : workers(3));
            if (work == QLatin1String("done"))
                pool.map("square", numbers(20));
            if (work == QLatin1String("running"))
                pool.mapAsync("sleep_for", std::vector<int>(20, 3600));
            if (work == QLatin1String("python"))
                pool.mapAsync(python("hang_negative"), {1, -1, -1, -1}, chunks(1));
            if (work == QLatin1String("half read"))
                pool.imap("square", numbers(1000)).next();
            if (work == QLatin1String("closed")) {
                pool.mapAsync("square", numbers(20));
                pool.close();
            }
        };
        once(); // what is opened once and kept
        const int before = openDescriptors();
        for (int round = 0; round < 30; ++round)
            once();
        QVERIFY2(childProcesses().empty(), qPrintable(QString::number(childProcesses().size())));
        QCOMPARE(openDescriptors(), before);
    }

    void aPoolMayLiveAndDieInAnyThread()
    {
        const int before = openDescriptors();
        std::atomic<int> sum = 0;
        std::thread([&sum] {
            Pool pool(workers(2));
            sum += int(pool.map<int>("square", {1, 2, 3}).size());
            pool.mapAsync("sleep_for", {3600, 3600});
        }).join();
        std::unique_ptr<Pool> elsewhere;
        std::thread([&] { elsewhere = std::make_unique<Pool>(workers(2)); }).join();
        sum += elsewhere->apply<int>("square", {3});
        std::thread([&] { elsewhere.reset(); }).join();
        QCOMPARE(sum, 12);
        QVERIFY(childProcesses().empty());
        QCOMPARE(openDescriptors(), before);
    }

    void aPoolMayBeDestroyedInItsOwnCallback() // S5.16, I2
    {
        auto pool = std::make_unique<Pool>(workers(2));
        QSemaphore submitted;
        QSemaphore destroyed;
        CallOptions options;
        options.callback = [&](const Value &) {
            submitted.acquire();
            pool.reset();
            destroyed.release();
        };
        const AsyncResult result = pool->applyAsync("square", {3}, options);
        submitted.release();
        destroyed.acquire();
        QCOMPARE(result.get<int>(patience), 9);
        QVERIFY(childProcesses().empty());
    }

    void poolsDoNotConcernEachOther() // I5
    {
        Pool first(workers(1));
        const AsyncResult endless = first.applyAsync("sleep_for", {3600});
        {
            Pool second(workers(1));
            QCOMPARE(second.apply<int>("square", {3}), 9);
            second.terminate();
        }
        TRY_COMPARE(endless.state(), State::Running);
        QCOMPARE(childProcesses().size(), std::size_t(1));
        first.terminate();
        VERIFY_THROWS(Cancelled, endless.get(patience));
    }

    void manyPoolsAtOnce() // I2
    {
        std::vector<std::unique_ptr<Pool>> pools;
        std::vector<AsyncResult> results;
        for (int number = 0; number < 8; ++number) {
            pools.push_back(std::make_unique<Pool>(workers(2)));
            results.push_back(pools.back()->mapAsync("square", numbers(50)));
        }
        for (const AsyncResult &result : results) {
            QCOMPARE(result.get<std::vector<int>>(patience), squares(50));
            VERIFY_CONSERVED(result.records(), 50);
        }
        pools.clear();
        QVERIFY(childProcesses().empty());
    }

    void resultsOutliveTheirPool() // S7.2
    {
        std::vector<AsyncResult> results;
        {
            Pool pool(workers(2));
            results.push_back(pool.mapAsync("square", numbers(10)));
            results[0].wait();
            results.push_back(pool.applyAsync("sleep_for", {3600}));
        }
        QCOMPARE(results[0].get<std::vector<int>>(), squares(10));
        QCOMPARE(results[0].records().size(), std::size_t(10));
        VERIFY_THROWS(Cancelled, results[1].get());
        QCOMPARE(results[1].state(), State::Ready);
        QVERIFY(!results[1].successful());
        VERIFY_CONSERVED(results[1].records(), 1);
    }
};

QTEST_GUILESS_MAIN(PoolDestructionTest)
#include "tst_pooldestruction.moc"
