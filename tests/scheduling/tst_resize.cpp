// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "machinetest.h"
#endif

#include <algorithm>
#include <random>

using namespace MachineTest;

namespace {

JobConfig ordered()
{
    JobConfig config;
    config.delivery = Delivery::Ordered;
    return config;
}

std::uint32_t alive(const VirtualPool &pool)
{
    const auto &workers = pool.machine.workers();
    return std::uint32_t(std::count_if(workers.begin(), workers.end(), [](const PoolMachine::Worker &worker) {
        return worker.phase == PoolMachine::WorkerPhase::Starting ||
               worker.phase == PoolMachine::WorkerPhase::Ready;
    }));
}

} // namespace

class ResizeTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whatAPoolCanDoFollowsItsSize_data()
    {
        QTest::addColumn<quint32>("before");
        QTest::addColumn<quint32>("after");
        QTest::addColumn<quint64>("started");
        QTest::addRow("larger") << 2U << 5U << quint64(5);
        QTest::addRow("smaller") << 5U << 2U << quint64(5);
        QTest::addRow("down to one") << 4U << 1U << quint64(4);
        QTest::addRow("none is one") << 2U << 0U << quint64(2);
        QTest::addRow("the same") << 3U << 3U << quint64(3);
    }
    void whatAPoolCanDoFollowsItsSize()
    {
        QFETCH(quint32, before);
        QFETCH(quint32, after);
        PoolConfig config;
        config.processes = before;
        VirtualPool pool(config, durations({10 * ms}));
        pool.submit(ordered(), 400, 1);
        pool.at(205 * ms, [&] { pool.machine.resize(after, pool.now); });
        std::uint32_t seen = 0;
        pool.at(500 * ms, [&] { seen = alive(pool); });
        pool.run();
        QVERIFY(pool.finished);
        QVERIFY2(pool.violations.empty(), pool.violations.empty() ? "" : pool.violations.front().c_str());
        QCOMPARE(pool.outcomes.size(), std::size_t(400));
        QCOMPARE(seen, std::max(after, 1U));
        QTEST(quint64(pool.started), "started");
        for (const auto &[item, times] : pool.executions)
            QCOMPARE(times, 1);
    }

    void whatASurplusWorkerHoldsRunsElsewhere()
    {
        PoolConfig config;
        config.processes = 2;
        // Tiny ones: many are held in advance. Then one that is long, behind which they would wait.
        VirtualPool::Plan plan;
        plan.item = [](std::uint64_t item, std::uint32_t) {
            return std::pair(item == 4000 || item == 4001 ? 900 * ms : Time{20'000}, Outcome::Ok);
        };
        VirtualPool pool(config, plan);
        pool.submit(ordered(), 8000, 1);
        pool.at(60 * ms, [&] { pool.machine.resize(1, pool.now); });
        pool.run();
        QVERIFY(pool.finished);
        QVERIFY(pool.violations.empty());
        for (const auto &[item, times] : pool.executions)
            QCOMPARE(times, 1);
    }

    void aPlaceThatWasGivenUpIsTakenAgain()
    {
        PoolConfig config;
        config.processes = 3;
        VirtualPool pool(config, durations({10 * ms}));
        pool.submit(ordered(), 300, 1);
        pool.at(100 * ms, [&] { pool.machine.resize(1, pool.now); });
        pool.at(101 * ms, [&] { pool.machine.resize(3, pool.now); }); // while they are leaving
        pool.at(300 * ms, [&] { pool.machine.resize(1, pool.now); });
        pool.at(500 * ms, [&] { pool.machine.resize(3, pool.now); }); // when they are gone
        std::uint32_t seen = 0;
        pool.at(600 * ms, [&] { seen = alive(pool); });
        pool.run();
        QVERIFY(pool.finished);
        QVERIFY(pool.violations.empty());
        QCOMPARE(seen, 3U);
    }

    void aSurplusWorkerIsNotReplacedWhenItDies()
    {
        PoolConfig config;
        config.processes = 2;
        config.maxTasksPerChild = 3;
        VirtualPool::Plan plan;
        plan.item = [](std::uint64_t item, std::uint32_t) {
            return std::pair(10 * ms, item % 7 == 3 ? Outcome::Death : Outcome::Ok);
        };
        VirtualPool pool(config, plan);
        pool.submit(ordered(), 200, 1);
        pool.at(50 * ms, [&] { pool.machine.resize(1, pool.now); });
        bool grew = false;
        for (Time time = 200 * ms; time < 1500 * ms; time += 10 * ms)
            pool.at(time, [&] { grew = grew || alive(pool) > 1; });
        pool.run();
        QVERIFY(pool.finished);
        QVERIFY(!grew);
        QCOMPARE(pool.outcomes.size(), std::size_t(200));
    }

    void anEndedPoolStaysAsItIs()
    {
        PoolConfig config;
        config.processes = 2;
        VirtualPool pool(config, durations({10 * ms}));
        pool.submit(ordered(), 100, 1);
        pool.at(50 * ms, [&] { pool.machine.terminate(pool.now); });
        pool.at(60 * ms, [&] { pool.machine.resize(6, pool.now); });
        pool.run();
        QCOMPARE(pool.started, std::uint64_t(2));
        QVERIFY(pool.machine.isOver());
    }

    void sizesThatChangeAllTheTimeLoseNothing_data()
    {
        QTest::addColumn<int>("seed");
        for (int seed = 0; seed < 40; ++seed)
            QTest::addRow("%d", seed) << seed;
    }
    void sizesThatChangeAllTheTimeLoseNothing()
    {
        QFETCH(int, seed);
        std::mt19937 random(std::uint32_t(seed) + 1U);
        const auto below = [&random](std::uint32_t most) { return std::uint32_t(random() % most); };
        PoolConfig config;
        config.processes = 1 + below(6);
        if (below(2) == 0)
            config.maxTasksPerChild = 1 + below(20);
        VirtualPool::Plan plan;
        const bool deaths = below(2) == 0;
        plan.item = [&random, deaths](std::uint64_t, std::uint32_t) {
            const Time time = random() % 20 == 0 ? 8 * ms : Time(random() % 200'000);
            return std::pair(time, deaths && random() % 40 == 0 ? Outcome::Death : Outcome::Ok);
        };
        VirtualPool pool(config, plan);
        JobConfig job = ordered();
        job.retries = below(2);
        pool.submit(job, 600, 1 + below(5));
        Time time = 0;
        for (int i = 0; i < 30; ++i) {
            time += Time(random() % 4'000'000);
            const std::uint32_t size = 1 + below(8);
            pool.at(time, [&pool, size] { pool.machine.resize(size, pool.now); });
        }
        pool.run();
        QVERIFY(pool.finished);
        QVERIFY2(pool.violations.empty(), pool.violations.empty() ? "" : pool.violations.front().c_str());
        QCOMPARE(pool.outcomes.size(), std::size_t(600));
    }

    void aJobWaitsForItsConsumerWhenItsWindowIsFull()
    {
        PoolConfig config;
        config.processes = 2;
        VirtualPool::Plan plan = durations({10 * ms});
        plan.consumes = false;
        VirtualPool pool(config, plan);
        JobConfig job = ordered();
        job.window = 6;
        const JobId id = pool.submit(job, 100, 1);
        bool early = true;
        bool late = false;
        pool.at(15 * ms, [&] { early = pool.machine.waitsForConsumer(id); });
        pool.at(400 * ms, [&] { late = pool.machine.waitsForConsumer(id); });
        pool.run();
        QVERIFY(!early);
        QVERIFY(late);
    }
};

QTEST_APPLESS_MAIN(ResizeTest)
#include "tst_resize.moc"
