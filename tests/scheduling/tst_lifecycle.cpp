// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "machinetest.h"
#endif

using namespace MachineTest;

/// A pool from the start of its workers, which may fail, to its end.
class LifecycleTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void allWorkersStartBeforeThereIsWork() // S1.2
    {
        VirtualPool virtualPool(pool(3), {});
        QCOMPARE(virtualPool.started, 3u);
    }

    void nobodyHasALeadWhenTheyStartTogether_data()
    {
        QTest::addColumn<bool>("startTogether");
        QTest::addColumn<qulonglong>("ofTheFirst");
        // The first is ready 30 ms before the last, of the 40 items it can do most until then.
        QTest::addRow("together") << true << 10ULL;
        QTest::addRow("as they come") << false << 15ULL;
    }
    void nobodyHasALeadWhenTheyStartTogether()
    {
        QFETCH(bool, startTogether);
        QFETCH(qulonglong, ofTheFirst);
        PoolConfig config = pool(4);
        config.startTogether = startTogether;
        VirtualPool::Plan plan;
        plan.startsApart = 10 * ms;
        VirtualPool virtualPool(config, plan);
        virtualPool.submit({}, 40, 1);
        virtualPool.run();
        QVERIFY(virtualPool.finished);
        QCOMPARE(count(virtualPool, "ok"), 40U);
        const auto done = qulonglong(virtualPool.itemsOfProcess.front().size());
        if (startTogether)
            QVERIFY2(done <= ofTheFirst + 1, qPrintable(QString::number(done)));
        else
            QVERIFY2(done >= ofTheFirst, qPrintable(QString::number(done)));
    }

    void aPoolWhoseWorkersCannotSetUpFailsAtOnce() // S8.10
    {
        VirtualPool::Plan plan;
        plan.setupFails = [](Generation) { return true; };
        VirtualPool virtualPool(pool(2), plan);
        virtualPool.submit(job(Delivery::Ordered), 10, 1);
        virtualPool.run();
        QVERIFY(virtualPool.failed);
        QVERIFY(virtualPool.finished);
        virtualPool.machine.close(virtualPool.now);
        QVERIFY(virtualPool.machine.isOver());
        QCOMPARE(virtualPool.started, 2u);
        QVERIFY(virtualPool.executions.empty());
        QVERIFY(virtualPool.outcomes.empty()); // nothing is read for a pool that cannot start
    }

    void replacementsThatCannotSetUpEndThePoolAfterAFew() // S8.10
    {
        VirtualPool::Plan plan;
        plan.setupFails = [](Generation generation) { return generation > 1; };
        VirtualPool virtualPool(pool(2, 1), plan);
        virtualPool.submit(job(Delivery::Ordered), 50, 1);
        virtualPool.run();
        QVERIFY(virtualPool.failed);
        QVERIFY(virtualPool.finished);
        QVERIFY2(virtualPool.started <= 6, qPrintable(QString::number(virtualPool.started)));
        QCOMPARE(count(virtualPool, "ok"), 2u);
        QCOMPARE(count(virtualPool, "not_run"), 48u);
    }

    void workersThatAreLeftGoOnWhenReplacementsCannotSetUp() // S8.10, I5
    {
        VirtualPool::Plan plan;
        plan.setupFails = [](Generation generation) { return generation > 1; };
        plan.item = [](std::uint64_t item, std::uint32_t) {
            return std::pair(ms, item == 3 ? Outcome::Death : Outcome::Ok);
        };
        VirtualPool virtualPool(pool(2), plan);
        virtualPool.submit(job(Delivery::Ordered), 50, 1);
        virtualPool.run();
        QVERIFY(virtualPool.finished);
        QVERIFY(!virtualPool.failed);
        QCOMPARE(count(virtualPool, "ok"), 49u);
        QCOMPARE(count(virtualPool, "lost"), 1u);
        QCOMPARE(virtualPool.started, 5u); // two, and three that were tried for the one that died
    }

    void closeLetsTheQueuedWorkEnd() // S7.2
    {
        VirtualPool virtualPool(pool(2), {});
        virtualPool.submit(job(Delivery::Ordered), 30, 1);
        virtualPool.at(8 * ms, [&] { virtualPool.machine.close(virtualPool.now); });
        virtualPool.run();
        QCOMPARE(count(virtualPool, "ok"), 30u);
        QVERIFY(virtualPool.machine.isOver());
    }

    void terminateCancelsWhatHasNotEnded() // S7.3
    {
        VirtualPool virtualPool(pool(2), durations({10 * ms}));
        virtualPool.submit(job(Delivery::AllAtEnd), 100, 4);
        virtualPool.at(100 * ms, [&] { virtualPool.machine.terminate(virtualPool.now); });
        virtualPool.run();
        QVERIFY(virtualPool.finished);
        QVERIFY(virtualPool.machine.isOver());
        QVERIFY(count(virtualPool, "ok") > 10);
        QVERIFY(count(virtualPool, "cancelled") > 10);
        QCOMPARE(virtualPool.outcomes.size(), std::size_t(100));
        QCOMPARE(virtualPool.delivered.size(), std::size_t(100));
        QVERIFY(virtualPool.now < 120 * ms);
    }

    void aJobForAPoolThatHasEndedIsOverAtOnce()
    {
        for (const bool failed : {false, true}) {
            VirtualPool virtualPool(pool(2), {});
            if (failed)
                virtualPool.machine.fail();
            else
                virtualPool.machine.terminate(0);
            virtualPool.submit(job(Delivery::Ordered), 10, 1);
            virtualPool.run();
            QVERIFY(virtualPool.finished); // I2
            virtualPool.machine.close(virtualPool.now);
            QVERIFY(virtualPool.machine.isOver());
            QVERIFY(virtualPool.executions.empty());
        }
    }
};

QTEST_APPLESS_MAIN(LifecycleTest)
#include "tst_lifecycle.moc"
