// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "machinetest.h"
#endif

using namespace MachineTest;

/// Items that take longer than they may.
class TimeoutsTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void anItemThatTakesTooLongIsLostAndItsChunkGoesOn()
    {
        VirtualPool::Plan plan;
        plan.item = [](std::uint64_t item, std::uint32_t) {
            return std::pair(item == 3 ? Time{60'000} * ms : 10 * ms, Outcome::Ok);
        };
        VirtualPool virtualPool(pool(2), plan);
        JobConfig config = job(Delivery::Ordered);
        config.timeout = 100 * ms;
        virtualPool.submit(config, 10, 5);
        virtualPool.run();
        QVERIFY(virtualPool.finished);
        QCOMPARE(virtualPool.outcomes[3], std::string("timeout"));
        QCOMPARE(count(virtualPool, "ok"), 9u);
        QVERIFY(virtualPool.endedAt[3] < 200 * ms);
    }

    void aTimeoutCountsFromTheStartOfTheItemNotOfItsChunk()
    {
        VirtualPool virtualPool(pool(1), durations({80 * ms}));
        JobConfig config = job(Delivery::Ordered);
        config.timeout = 100 * ms;
        virtualPool.submit(config, 20, 20);
        virtualPool.run();
        QCOMPARE(count(virtualPool, "ok"), 20u);
    }

    /// The machine heard of the start of a chunk of 5 at 0; the timeout is 100.
    void aTimeoutIsThatOfTheItemThatRuns_data()
    {
        QTest::addColumn<int>("ahead");
        QTest::addColumn<int>("since");
        QTest::addColumn<bool>("isToBeEnded");
        QTest::addColumn<int>("nextLook");
        QTest::newRow("the first one, all the time") << 1 << 0 << true << -1;
        QTest::newRow("a later one, for long enough") << 4 << 10 << true << -1;
        QTest::newRow("a later one, not for so long") << 4 << 60 << false << 160;
        QTest::newRow("all have ended") << 0 << 60 << false << 210;
        QTest::newRow("one it was not sent") << 6 << 0 << false << 210;
    }
    void aTimeoutIsThatOfTheItemThatRuns()
    {
        QFETCH(int, ahead);
        QFETCH(int, since);
        QFETCH(bool, isToBeEnded);
        QFETCH(int, nextLook);
        PoolMachine machine(pool(1));
        machine.start(0);
        machine.takeCommands(0);
        machine.workerReady(WorkerSlot(0), 1, 0);
        JobConfig config = job(Delivery::Ordered);
        config.timeout = 100;
        const JobId id = machine.submit(config, 0);
        machine.takeCommands(0);
        machine.chunkRead(id, 5, 0);
        machine.takeCommands(0);
        const PieceId piece = machine.workers()[0].pieces.front();

        machine.tick(110);
        QCOMPARE(machine.workers()[0].loss, LossReason::Timeout);
        QCOMPARE(machine.checkTimeout(WorkerSlot(0), 1, std::uint64_t(ahead), since, 110), isToBeEnded);
        QCOMPARE(machine.workers()[0].loss == LossReason::Timeout, isToBeEnded);
        if (!isToBeEnded) {
            QCOMPARE(machine.nextDeadline(), std::optional<Time>(nextLook));
            return;
        }
        // What had ended before it arrives with the end of its process, and stands.
        machine.itemsDone(WorkerSlot(0), 1, piece, std::uint32_t(ahead) - 1, 0, 120);
        machine.workerGone(WorkerSlot(0), 1, true, 120);
        const auto commands = machine.takeCommands(120);
        const auto lost = std::find_if(commands.begin(), commands.end(), [](const PoolCommand &command) {
            return std::holds_alternative<LoseItem>(command);
        });
        QVERIFY(lost != commands.end());
        const auto &item = std::get<LoseItem>(*lost);
        QCOMPARE(item.offset, std::uint32_t(ahead) - 1);
        QCOMPARE(item.reason, LossReason::Timeout);
        QCOMPARE(item.since, Time{since});
        QCOMPARE(machine.queuedPieces(), std::uint64_t(ahead < 5 ? 1 : 0));
    }

    void aRecallDoesNotPutATimeoutOff()
    {
        VirtualPool::Plan plan;
        plan.item = [](std::uint64_t item, std::uint32_t) {
            return std::pair(item == 500 ? Time{60'000} * ms : Time{100'000}, Outcome::Ok);
        };
        VirtualPool virtualPool(pool(2), plan);
        JobConfig config = job(Delivery::Unordered);
        config.timeout = 1000 * ms;
        virtualPool.submit(config, 40'000, 1);
        virtualPool.run();
        QCOMPARE(virtualPool.outcomes[500], std::string("timeout"));
        QVERIFY2(virtualPool.endedAt[500] < 1200 * ms,
                 qPrintable(QString::number(virtualPool.endedAt[500] / ms)));
    }
};

QTEST_APPLESS_MAIN(TimeoutsTest)
#include "tst_timeouts.moc"
