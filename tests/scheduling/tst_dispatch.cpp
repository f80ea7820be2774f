// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "machinetest.h"
#endif

using namespace MachineTest;

/// Which worker runs which chunk, and when.
class DispatchTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void processesCountChunks_data() // S3.1, S3.4
    {
        QTest::addColumn<quint32>("processes");
        QTest::addColumn<quint32>("maxTasksPerChild");
        QTest::addColumn<quint64>("chunks");
        QTest::addColumn<quint64>("started");
        QTest::addRow("one, two each, six chunks") << 1u << 2u << quint64(6) << quint64(4);
        QTest::addRow("one, two each, seven chunks") << 1u << 2u << quint64(7) << quint64(4);
        QTest::addRow("two, two each, twelve chunks") << 2u << 2u << quint64(12) << quint64(8);
        QTest::addRow("three, one each, nine chunks") << 3u << 1u << quint64(9) << quint64(12);
    }
    void processesCountChunks()
    {
        QFETCH(quint32, processes);
        QFETCH(quint32, maxTasksPerChild);
        QFETCH(quint64, chunks);
        VirtualPool virtualPool(pool(processes, maxTasksPerChild), {});
        virtualPool.submit(job(Delivery::Ordered), chunks * 3, 3);
        virtualPool.run();
        QVERIFY(virtualPool.finished);
        QTEST(quint64(virtualPool.started), "started");
        for (const auto &items : virtualPool.itemsOfProcess)
            QVERIFY(items.size() <= maxTasksPerChild * 3);
    }

    void oneProcessTakesItsChunksInOrder() // S3.1: P=1, k=2
    {
        VirtualPool virtualPool(pool(1, 2), {});
        virtualPool.submit(job(Delivery::Ordered), 7, 3);
        virtualPool.run();
        QCOMPARE(virtualPool.itemsOfProcess,
                 (std::vector<std::vector<std::uint64_t>>{{0, 1, 2, 3, 4, 5}, {6}}));
    }

    void aFreeWorkerTakesTheNextChunk() // S4.5, durations .8 .2 .2 .2 .2 .2 on two workers
    {
        VirtualPool virtualPool(pool(2),
                                durations({800 * ms, 200 * ms, 200 * ms, 200 * ms, 200 * ms, 200 * ms}));
        virtualPool.submit(job(Delivery::Unordered), 6, 1);
        virtualPool.run();
        QCOMPARE(virtualPool.itemsOfProcess[0].front(), 0u);
        QCOMPARE(virtualPool.itemsOfProcess[1].front(), 1u);
        // 0.8 s for the long one, then one of the two last each.
        QVERIFY(virtualPool.endedAt[5] < 1010 * ms);
    }

    void tinyChunksAreHeldInAdvance()
    {
        VirtualPool::Plan plan;
        plan.item = [](std::uint64_t, std::uint32_t) { return std::pair(Time{1000}, Outcome::Ok); };
        plan.latency = 50'000;
        VirtualPool virtualPool(pool(2), plan);
        virtualPool.submit(job(Delivery::Unordered), 20'000, 1);
        virtualPool.run();
        QVERIFY(virtualPool.finished);
        // A round trip an item would make it 20,000 * 0.1 ms / 2 = 1 s.
        QVERIFY2(virtualPool.now < 100 * ms, qPrintable(QString::number(virtualPool.now)));
    }

    void chunksHeldBehindALongOneRunElsewhere()
    {
        VirtualPool::Plan plan;
        plan.item = [](std::uint64_t item, std::uint32_t) {
            return std::pair(item == 5000 ? 2000 * ms : Time{20'000}, Outcome::Ok);
        };
        VirtualPool virtualPool(pool(2), plan);
        virtualPool.submit(job(Delivery::Unordered), 10'000, 1);
        virtualPool.run();
        QVERIFY(virtualPool.recalls > 0);
        for (const auto &[item, time] : virtualPool.endedAt)
            QVERIFY2(item == 5000 || time < 400 * ms, qPrintable(QString::number(item)));
        QVERIFY(virtualPool.now < 2300 * ms);
        for (const auto &[item, times] : virtualPool.executions)
            QCOMPARE(times, 1);
    }

    void aRecallThatComesTooLateDoesNotKeepAReplacementBack_data()
    {
        QTest::addColumn<bool>("isClosed");
        QTest::newRow("the pool is open") << false;
        QTest::newRow("the pool is closed") << true;
    }
    void aRecallThatComesTooLateDoesNotKeepAReplacementBack() // S3.4, I2
    {
        QFETCH(bool, isClosed);
        PoolMachine machine(pool(2, 3));
        machine.start(0);
        const JobId id = machine.submit(job(Delivery::Unordered), 0);
        machine.workerReady(WorkerSlot(0), 1, 0);
        machine.workerReady(WorkerSlot(1), 1, 0);
        for (int chunk = 0; chunk < 6; ++chunk)
            machine.chunkRead(id, 1, 0);
        machine.inputEnded(id, 0);
        if (isClosed)
            machine.close(0);
        machine.takeCommands(0);
        const auto finishFirst = [&machine](std::uint32_t slot, Time now) {
            machine.itemsDone(WorkerSlot(slot), 1, machine.workers()[slot].pieces.front(), 1, 1000, now);
        };
        finishFirst(0, 1);
        finishFirst(1, 1);
        machine.takeCommands(1);
        QCOMPARE(machine.workers()[0].pieces.size(), std::size_t(2)); // its last two
        finishFirst(1, 2);
        finishFirst(1, 2);
        machine.workerReady(WorkerSlot(1), 2, 2);
        machine.takeCommands(10 * ms);
        QVERIFY(machine.workers()[0].recalling);
        finishFirst(0, 10 * ms);
        finishFirst(0, 10 * ms);
        QVERIFY(machine.isFinished(id));
        const auto starts = [&machine](Time now) {
            const auto commands = machine.takeCommands(now);
            return std::count_if(commands.begin(), commands.end(), [](const PoolCommand &command) {
                return std::holds_alternative<StartWorker>(command);
            });
        };
        QCOMPARE(starts(10 * ms), std::ptrdiff_t{1});
        // Its answer is that of a process that has been replaced.
        machine.piecesRecalled(WorkerSlot(0), 1, {}, 11 * ms);
        QCOMPARE(starts(11 * ms), std::ptrdiff_t{0});
    }

    void pauseStopsTheDispatchOnly()
    {
        VirtualPool virtualPool(pool(2), durations({10 * ms}));
        virtualPool.submit(job(Delivery::Ordered), 20, 1);
        virtualPool.at(22 * ms, [&] { virtualPool.machine.pause(); });
        virtualPool.run(1000 * ms);
        const std::size_t ended = virtualPool.outcomes.size();
        QVERIFY(ended > 0 && ended < 8);
        virtualPool.at(1001 * ms, [&] { virtualPool.machine.resume(virtualPool.now); });
        virtualPool.run();
        QCOMPARE(count(virtualPool, "ok"), 20u);
    }
};

QTEST_APPLESS_MAIN(DispatchTest)
#include "tst_dispatch.moc"
