// SPDX-License-Identifier: GPL-3.0-or-later
// Workers that are replaced, or ended, because they have grown too large.
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "machinetest.h"
#endif

using namespace MachineTest;
using When = HaltPolicy::When;

namespace {

/// Calls `what` for each slot in turn, every so often.
void every(VirtualPool &virtualPool, Time interval, Time until, void (VirtualPool::*what)(std::uint32_t))
{
    const auto workers = std::uint32_t(virtualPool.machine.workers().size());
    std::uint32_t slot = 0;
    for (Time time = interval; time < until; time += interval, slot = (slot + 1) % workers)
        virtualPool.at(time, [&virtualPool, what, slot] { (virtualPool.*what)(slot); });
}

void verifySound(const VirtualPool &virtualPool)
{
    QVERIFY(virtualPool.finished);
    for (const std::string &violation : virtualPool.violations)
        QFAIL(violation.c_str());
    QCOMPARE(virtualPool.delivered.size(), virtualPool.outcomes.size());
    for (const auto &[item, times] : virtualPool.executions)
        QCOMPARE(times, 1);
}

} // namespace

class MemoryTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void recyclingLosesNothing_data()
    {
        QTest::addColumn<quint32>("chunksize");
        QTest::addColumn<qint64>("duration");
        QTest::addColumn<quint32>("maxTasks"); // 0: no limit
        for (const quint32 chunksize : {1u, 4u, 50u})
            for (const qint64 duration : {2'000, 700'000, 30'000'000})
                for (const quint32 maxTasks : {0u, 1u, 3u})
                    QTest::addRow("chunks of %u, items of %lld us, %u chunks a process", chunksize,
                                  static_cast<long long>(duration / 1000), maxTasks)
                        << chunksize << duration << maxTasks;
    }
    void recyclingLosesNothing()
    {
        QFETCH(quint32, chunksize);
        QFETCH(qint64, duration);
        QFETCH(quint32, maxTasks);
        PoolConfig config = pool(3);
        if (maxTasks > 0)
            config.maxTasksPerChild = maxTasks;
        VirtualPool virtualPool(config, durations({duration}));
        virtualPool.submit(JobConfig{}, 300, chunksize);
        every(virtualPool, duration < ms ? ms / 10 : 11 * ms, duration < ms ? 120 * ms : 4000 * ms,
              &VirtualPool::recycle);
        virtualPool.run();
        verifySound(virtualPool);
        QCOMPARE(count(virtualPool, "ok"), 300u);
        QVERIFY(virtualPool.started > 3);
    }

    /// However often it happens to the same chunk: it is not the one that ends its processes.
    void aChunkSurvivesAnyNumberOfReplacements()
    {
        PoolConfig config = pool(1);
        config.maximumBounces = 2;
        PoolMachine machine(config);
        machine.start(0);
        const JobId job = machine.submit(JobConfig{}, 0);
        const WorkerSlot slot(0);
        for (Generation generation = 1; generation < 6; ++generation) {
            machine.takeCommands(0);
            machine.workerReady(slot, generation, 0);
            machine.takeCommands(0);
            if (generation == 1)
                machine.chunkRead(job, 3, 0);
            machine.takeCommands(0);
            QCOMPARE(machine.workers()[0].pieces.size(), 1u);
            machine.recycleWorker(slot, generation, 0);
            machine.workerIdle(slot, generation, 0);
            machine.workerGone(slot, generation, false, 0);
            for (const PoolCommand &command : machine.takeCommands(0))
                QVERIFY(!std::holds_alternative<LoseItem>(command));
            QCOMPARE(machine.queuedPieces(), 1u);
        }
    }

    void everyProcessRunsAnItem()
    {
        VirtualPool virtualPool(pool(1), durations({10 * ms}));
        virtualPool.submit(JobConfig{}, 40, 40);
        every(virtualPool, ms, 2000 * ms, &VirtualPool::recycle);
        virtualPool.run();
        verifySound(virtualPool);
        QCOMPARE(count(virtualPool, "ok"), 40u);
        for (const auto &items : virtualPool.itemsOfProcess)
            QVERIFY(items.size() <= 2);
    }

    /// Others need not wait for the item that its process is still at.
    void whatWaitsBehindALongItemIsTakenBack()
    {
        VirtualPool::Plan plan;
        plan.item = [](std::uint64_t item, std::uint32_t) {
            return std::pair(item == 200 ? 1000 * ms : Time{20'000}, Outcome::Ok);
        };
        VirtualPool virtualPool(pool(2), plan);
        virtualPool.submit(JobConfig{}, 2000, 1);
        for (const Time time : {10 * ms, 11 * ms, 12 * ms, 30 * ms})
            for (const std::uint32_t slot : {0u, 1u})
                virtualPool.at(time, [&virtualPool, slot] { virtualPool.recycle(slot); });
        virtualPool.run();
        verifySound(virtualPool);
        for (const auto &[item, time] : virtualPool.endedAt)
            if (item != 200)
                QVERIFY2(time < 500 * ms, qPrintable(QString::number(item)));
    }

    void anIdleWorkerIsReplacedToo()
    {
        VirtualPool virtualPool(pool(1), durations({ms}));
        virtualPool.submit(JobConfig{}, 3, 1);
        virtualPool.at(100 * ms, [&virtualPool] { virtualPool.recycle(0); });
        virtualPool.run();
        verifySound(virtualPool);
        QCOMPARE(virtualPool.started, 2u);
        QCOMPARE(virtualPool.machine.workers()[0].phase, PoolMachine::WorkerPhase::Ready);
    }

    void aClosedPoolEndsAllTheSame()
    {
        VirtualPool virtualPool(pool(2), durations({10 * ms}));
        virtualPool.submit(JobConfig{}, 40, 5);
        virtualPool.machine.close(virtualPool.now);
        every(virtualPool, 7 * ms, 2000 * ms, &VirtualPool::recycle);
        virtualPool.run();
        verifySound(virtualPool);
        QVERIFY(virtualPool.machine.isOver());
    }

    void aDeathIsALossAlsoOfWhoIsAboutToBeReplaced()
    {
        VirtualPool::Plan plan;
        plan.item = [](std::uint64_t item, std::uint32_t) {
            return std::pair(20 * ms, item == 3 ? Outcome::Death : Outcome::Ok);
        };
        VirtualPool virtualPool(pool(1), plan);
        virtualPool.submit(JobConfig{}, 8, 8);
        virtualPool.at(75 * ms, [&virtualPool] { virtualPool.recycle(0); });
        virtualPool.run();
        verifySound(virtualPool);
        QCOMPARE(virtualPool.outcomes.at(3), std::string("lost"));
        QCOMPARE(count(virtualPool, "ok"), 7u);
    }

    void aTimeoutEndsAlsoWhoIsAboutToBeReplaced()
    {
        VirtualPool virtualPool(pool(1), durations({Time{3600} * 1000 * ms}));
        JobConfig config;
        config.timeout = 100 * ms;
        virtualPool.submit(config, 2, 2);
        virtualPool.at(50 * ms, [&virtualPool] { virtualPool.recycle(0); });
        virtualPool.run();
        verifySound(virtualPool);
        QCOMPARE(count(virtualPool, "timeout"), 2u);
    }

    void aHaltCancelsAlsoWhoIsAboutToBeReplaced()
    {
        for (const When when : {When::Now, When::Soon}) {
            VirtualPool virtualPool(pool(1), durations({Time{100} * ms}));
            const JobId job = virtualPool.submit(JobConfig{}, 4, 2);
            virtualPool.at(50 * ms, [&virtualPool] { virtualPool.recycle(0); });
            virtualPool.at(60 * ms, [&virtualPool, job, when] { virtualPool.halt(job, when); });
            virtualPool.run();
            verifySound(virtualPool);
            QCOMPARE(virtualPool.outcomes.at(0), std::string(when == When::Now ? "cancelled" : "ok"));
            QCOMPARE(count(virtualPool, "not_run"), 3u);
        }
    }

    void aboveTheLimitTheItemIsLostAndItsChunkMatesAreNot_data()
    {
        QTest::addColumn<quint32>("chunksize");
        QTest::addColumn<bool>("stopOnError");
        QTest::addRow("one an item") << 1u << false;
        QTest::addRow("chunks") << 5u << false;
        QTest::addRow("one chunk") << 20u << false;
        QTest::addRow("raise") << 5u << true;
    }
    void aboveTheLimitTheItemIsLostAndItsChunkMatesAreNot()
    {
        QFETCH(quint32, chunksize);
        QFETCH(bool, stopOnError);
        VirtualPool::Plan plan;
        plan.item = [](std::uint64_t item, std::uint32_t) {
            return std::pair(item == 6 ? Time{3600} * 1000 * ms : 10 * ms, Outcome::Ok);
        };
        VirtualPool virtualPool(pool(1), plan);
        JobConfig config;
        config.stopOnError = stopOnError;
        virtualPool.submit(config, 20, chunksize);
        virtualPool.at(500 * ms, [&virtualPool] { virtualPool.exceedMemory(0); });
        virtualPool.run();
        verifySound(virtualPool);
        QCOMPARE(virtualPool.outcomes.at(6), std::string("memory"));
        QCOMPARE(count(virtualPool, "not_run"), stopOnError ? 3u : 0u);
        QCOMPARE(count(virtualPool, "ok"), stopOnError ? 16u : 19u);
        QCOMPARE(virtualPool.started, 2u);
    }

    void anItemAboveTheLimitIsTriedAgainWhenAsked()
    {
        VirtualPool::Plan plan;
        plan.item = [](std::uint64_t, std::uint32_t attempt) {
            return std::pair(attempt == 1 ? Time{3600} * 1000 * ms : 10 * ms, Outcome::Ok);
        };
        VirtualPool virtualPool(pool(1), plan);
        JobConfig config;
        config.retries = 1;
        virtualPool.submit(config, 1, 1);
        virtualPool.at(500 * ms, [&virtualPool] { virtualPool.exceedMemory(0); });
        virtualPool.run();
        QVERIFY(virtualPool.finished);
        QCOMPARE(virtualPool.outcomes.at(0), std::string("ok"));
        QCOMPARE(virtualPool.executions.at(0), 2);
    }
};

QTEST_APPLESS_MAIN(MemoryTest)
#include "tst_memory.moc"
