// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "machinetest.h"
#endif

#include <map>
#include <numeric>

using namespace MachineTest;

/// Items that fail or are lost with their worker: which they are, and when they are tried again.
class RetriesTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void onlyTheItemOfADeadWorkerIsLost_data() // S8.1, S8.3
    {
        QTest::addColumn<quint32>("chunksize");
        for (const quint32 chunksize : {1u, 3u, 12u})
            QTest::addRow("chunks of %u", chunksize) << chunksize;
    }
    void onlyTheItemOfADeadWorkerIsLost()
    {
        QFETCH(quint32, chunksize);
        VirtualPool::Plan plan;
        plan.item = [](std::uint64_t item, std::uint32_t) {
            return std::pair(ms, item == 4 ? Outcome::Death : Outcome::Ok);
        };
        VirtualPool virtualPool(pool(2), plan);
        virtualPool.submit(job(Delivery::Ordered), 12, chunksize);
        virtualPool.run();
        QVERIFY(virtualPool.finished);
        QCOMPARE(virtualPool.outcomes[4], std::string("lost"));
        QCOMPARE(count(virtualPool, "ok"), 11u);
        QCOMPARE(virtualPool.started, 3u); // S8.2
        QCOMPARE(virtualPool.delivered.size(), std::size_t(12));
        for (const auto &[item, times] : virtualPool.executions)
            QCOMPARE(times, 1); // I3
    }

    void anIdleWorkerThatDiesIsReplacedWithoutATrace() // S8.4
    {
        VirtualPool virtualPool(pool(2), {});
        virtualPool.run(20 * ms);
        virtualPool.machine.workerGone(WorkerSlot(0), 1, false, virtualPool.now);
        virtualPool.submit(job(Delivery::Ordered), 10, 1);
        virtualPool.run();
        QCOMPARE(count(virtualPool, "ok"), 10u);
        QCOMPARE(virtualPool.started, 3u);
    }

    void anItemThatEndsWorkersBeforeItBeginsIsGivenUp()
    {
        PoolMachine machine(pool(1));
        machine.start(0);
        const JobId id = machine.submit(job(Delivery::Ordered), 0);
        machine.chunkRead(id, 1, 0);
        machine.inputEnded(id, 0);
        for (Generation generation = 1; generation < 100 && !machine.isFinished(id); ++generation) {
            machine.workerReady(WorkerSlot(0), generation, generation);
            machine.takeCommands(generation);
            machine.workerGone(WorkerSlot(0), generation, false, generation);
            machine.takeCommands(generation);
        }
        QVERIFY(machine.isFinished(id));
    }

    void aFailedOrLostItemIsTriedAgainOnlyWhenAsked_data()
    {
        QTest::addColumn<int>("outcome");
        QTest::addColumn<quint32>("retries");
        QTest::addColumn<QString>("ends");
        QTest::addColumn<int>("executions");
        for (const Outcome outcome : {Outcome::Error, Outcome::Death}) {
            const char *name = outcome == Outcome::Error ? "error" : "lost";
            QTest::addRow("%s, no retry", name) << int(outcome) << 0u << QString::fromLatin1(name) << 1;
            QTest::addRow("%s, one retry", name) << int(outcome) << 1u << QString::fromLatin1(name) << 2;
            QTest::addRow("%s, enough retries", name) << int(outcome) << 5u << QStringLiteral("ok") << 3;
        }
    }
    void aFailedOrLostItemIsTriedAgainOnlyWhenAsked()
    {
        QFETCH(int, outcome);
        QFETCH(quint32, retries);
        QFETCH(QString, ends);
        for (const bool stopOnError : {false, true}) {
            VirtualPool::Plan plan;
            plan.item = [outcome](std::uint64_t item, std::uint32_t attempt) {
                return std::pair(ms, item == 5 && attempt < 3 ? Outcome(outcome) : Outcome::Ok);
            };
            VirtualPool virtualPool(pool(2), plan);
            JobConfig config = job(Delivery::Ordered);
            config.retries = retries;
            config.stopOnError = stopOnError;
            virtualPool.submit(config, 12, 4);
            virtualPool.run();
            QVERIFY(virtualPool.finished);
            QCOMPARE(QString::fromStdString(virtualPool.outcomes[5]), ends);
            QTEST(virtualPool.executions[5], "executions");
            std::vector<std::uint32_t> lost(outcome == int(Outcome::Death) ? std::min(retries, 2U) : 0);
            std::iota(lost.begin(), lost.end(), 1U);
            QVERIFY(virtualPool.lostAttempts[5] == lost);
            QCOMPARE(virtualPool.outcomes.size(), std::size_t(12));
            const std::uint64_t notRun = stopOnError && ends != QLatin1String("ok") ? 2 : 0; // S5.4
            QCOMPARE(count(virtualPool, "not_run"), notRun);
            QVERIFY(virtualPool.violations.empty());
        }
    }

    void whatAWorkerHadStoppedIsNotRunThoughItDiesBeforeItSaysSo_data()
    {
        QTest::addColumn<quint32>("retries");
        QTest::addRow("no retry") << 0u;
        QTest::addRow("one retry") << 1u;
    }
    void whatAWorkerHadStoppedIsNotRunThoughItDiesBeforeItSaysSo() // S5.4, I3
    {
        QFETCH(quint32, retries);
        PoolMachine machine(pool(1));
        machine.start(0);
        JobConfig config = job(Delivery::Ordered);
        config.stopOnError = true;
        config.retries = retries;
        const JobId id = machine.submit(config, 0);
        machine.workerReady(WorkerSlot(0), 1, 1);
        const ChunkId chunk = machine.chunkRead(id, 10, 1);
        machine.inputEnded(id, 1);
        machine.takeCommands(1);
        const PieceId piece = machine.workers()[0].pieces.front();
        QCOMPARE(machine.itemFailed(piece, 0, 9, 2), retries > 0);
        machine.itemsDone(WorkerSlot(0), 1, piece, 1, 1, 2);
        machine.workerGone(WorkerSlot(0), 1, false, 3);
        std::uint32_t skipped = 0;
        for (const PoolCommand &command : machine.takeCommands(3))
            if (const auto *skip = std::get_if<SkipItems>(&command))
                skipped += skip->count;
        if (retries == 0) {
            QCOMPARE(skipped, 9u);
            QVERIFY(machine.isFinished(id));
            return;
        }
        QCOMPARE(skipped, 0u);
        QCOMPARE(machine.queuedPieces(), 1u);
        QCOMPARE(machine.chunk(chunk)->open, 10u);
        machine.workerReady(WorkerSlot(0), 2, 4);
        machine.takeCommands(4);
        const PieceId again = machine.workers()[0].pieces.front();
        QCOMPARE(machine.piece(again)->count, 10u);
        QCOMPARE(machine.piece(again)->attempt, 2u);
        machine.itemsDone(WorkerSlot(0), 2, again, 10, 1, 5);
        QVERIFY(machine.isFinished(id));
    }

    void itemsBehindARetriedOneHaveTheirOwnRetries()
    {
        VirtualPool::Plan plan;
        std::map<std::uint64_t, int> tries;
        plan.item = [&tries](std::uint64_t item, std::uint32_t) {
            return std::pair(ms, ++tries[item] == 1 ? Outcome::Error : Outcome::Ok);
        };
        VirtualPool virtualPool(pool(1), plan);
        JobConfig config = job(Delivery::Ordered);
        config.stopOnError = true;
        config.retries = 1;
        virtualPool.submit(config, 3, 3);
        virtualPool.run();
        QCOMPARE(count(virtualPool, "ok"), 3u);
    }
};

QTEST_APPLESS_MAIN(RetriesTest)
#include "tst_retries.moc"
