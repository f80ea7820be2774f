// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "machinetest.h"
#endif

#include <numeric>

using namespace MachineTest;

/// Jobs and launches that share the workers of a pool.
class SharingTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void chunksOfSeveralJobsBegin_data() // S4.5, S9.4
    {
        QTest::addColumn<int>("sharing");
        QTest::addColumn<bool>("inTurn");
        QTest::addRow("in the order of submission") << int(Sharing::Fifo) << false;
        QTest::addRow("in turn") << int(Sharing::RoundRobin) << true;
    }
    void chunksOfSeveralJobsBegin()
    {
        QFETCH(int, sharing);
        QFETCH(bool, inTurn);
        PoolConfig config = pool(1);
        config.sharing = Sharing(sharing);
        VirtualPool virtualPool(config, durations({10 * ms}));
        virtualPool.submit(job(Delivery::AllAtEnd), 20, 1);
        virtualPool.submit(job(Delivery::AllAtEnd), 20, 1);
        virtualPool.submit(job(Delivery::Ordered), 1, 1);
        virtualPool.run();
        QVERIFY(virtualPool.finished);
        QVERIFY(virtualPool.violations.empty());
        std::vector<std::uint64_t> expected(41);
        if (inTurn)
            for (std::uint64_t i = 0; i < 41; ++i)
                expected[i] = i < 3 ? i * 20 : i % 2 != 0 ? i / 2 : 20 + i / 2 - 1;
        else
            std::iota(expected.begin(), expected.end(), 0);
        QCOMPARE(virtualPool.itemsOfProcess[0], expected);
    }

    void aJobWithAnEndlessInputDoesNotKeepOthersFromRunning() // S9.4
    {
        VirtualPool virtualPool(pool(2), durations({ms}));
        JobConfig config = job(Delivery::Ordered);
        config.window = 4;
        virtualPool.submit(config, 100'000, 1);
        virtualPool.at(50 * ms, [&] { virtualPool.submit(job(Delivery::Ordered), 1, 1); });
        virtualPool.run(70 * ms);
        QVERIFY(virtualPool.endedAt.contains(100'000));
    }

    void aThousandFinishedJobsAreForgotten()
    {
        VirtualPool virtualPool(pool(2), {});
        for (int i = 0; i < 1000; ++i)
            virtualPool.submit(job(Delivery::Ordered), 1, 1);
        QCOMPARE(virtualPool.machine.openJobs(), 1000u);
        virtualPool.run();
        QCOMPARE(virtualPool.machine.openJobs(), 0u);
        QCOMPARE(count(virtualPool, "ok"), 1000u);
    }

    void workersTurnToTheLaunchThatHasWork_data()
    {
        QTest::addColumn<quint32>("processes");
        QTest::addRow("one worker for two launches") << 1u;
        QTest::addRow("two") << 2u;
        QTest::addRow("five") << 5u;
    }
    void workersTurnToTheLaunchThatHasWork() // I4
    {
        QFETCH(quint32, processes);
        PoolConfig config = pool(processes);
        config.launches = 2;
        VirtualPool virtualPool(config, durations({2 * ms, 30 * ms, ms}));
        JobConfig other = job(Delivery::Ordered);
        other.launch = LaunchId(1);
        virtualPool.submit(job(Delivery::AllAtEnd), 200, 1);
        virtualPool.submit(other, 50, 3);
        virtualPool.at(500 * ms, [&] { virtualPool.submit(job(Delivery::Unordered), 20, 1); });
        virtualPool.at(600 * ms, [&] { virtualPool.submit(other, 1, 1); });
        virtualPool.run();
        QVERIFY(virtualPool.finished);
        QVERIFY(virtualPool.violations.empty());
        QCOMPARE(count(virtualPool, "ok"), 271u);
        QVERIFY(virtualPool.mostBusy <= processes);
        // Switching costs a start: as often as the work changes, not with every chunk.
        QVERIFY2(virtualPool.started <= 5 * processes, qPrintable(QString::number(virtualPool.started)));
    }

    void aLaunchThatHasNoWorkerGetsOneWhenItsTurnComes_data()
    {
        QTest::addColumn<std::optional<quint32>>("maxTasksPerChild");
        QTest::addRow("no limit") << std::optional<quint32>();
        QTest::addRow("a chunk a process") << std::optional(1u);
        QTest::addRow("two") << std::optional(2u);
    }
    void aLaunchThatHasNoWorkerGetsOneWhenItsTurnComes() // S4.5, I2
    {
        QFETCH(std::optional<quint32>, maxTasksPerChild);
        PoolConfig config = pool(2);
        config.launches = 2;
        config.maxTasksPerChild = maxTasksPerChild;
        VirtualPool virtualPool(config, durations({10 * ms}));
        JobConfig other = job(Delivery::Ordered);
        other.launch = LaunchId(1);
        JobConfig endless = job(Delivery::Ordered);
        endless.window = 8;
        virtualPool.submit(endless, 100'000, 1);
        virtualPool.at(100 * ms, [&] { virtualPool.submit(other, 1, 1); });
        virtualPool.run(250 * ms);
        QVERIFY(virtualPool.endedAt.contains(100'000));
        QVERIFY(virtualPool.violations.empty());
    }

    void aLaunchThatCannotStartFailsItsOwnJobsOnly() // I5, S8.12
    {
        PoolConfig config = pool(2);
        config.launches = 2;
        VirtualPool::Plan plan;
        plan.launchFails = [](LaunchId launch) { return launch == LaunchId(1); };
        VirtualPool virtualPool(config, plan);
        JobConfig other = job(Delivery::Ordered);
        other.launch = LaunchId(1);
        virtualPool.submit(job(Delivery::Ordered), 30, 1);
        const JobId broken = virtualPool.submit(other, 10, 1);
        virtualPool.run();
        QVERIFY(virtualPool.failed);
        QVERIFY(virtualPool.finished);
        QVERIFY(virtualPool.endedJobs.contains(broken));
        QCOMPARE(count(virtualPool, "ok"), 30u);
        const std::uint64_t tried = virtualPool.started;
        virtualPool.submit(other, 10, 1);
        virtualPool.submit(job(Delivery::Ordered), 30, 1);
        virtualPool.run();
        QVERIFY(virtualPool.finished);
        QCOMPARE(count(virtualPool, "ok"), 60u);
        QVERIFY(virtualPool.started <= tried + 1); // bounded
    }
};

QTEST_APPLESS_MAIN(SharingTest)
#include "tst_sharing.moc"
