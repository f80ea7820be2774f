// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "machinetest.h"
#endif

using namespace MachineTest;

/// What a job reads of its input: as far ahead of who takes its results as it may.
class ReadAheadTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readAheadIsBoundedByTheConsumer() // S9.3
    {
        VirtualPool::Plan plan;
        plan.consumes = false;
        VirtualPool virtualPool(pool(2), plan);
        JobConfig config = job(Delivery::Ordered);
        config.window = 10;
        virtualPool.submit(config, 1000, 3);
        virtualPool.run();
        QVERIFY(!virtualPool.finished);
        QCOMPARE(virtualPool.outcomes.size(), std::size_t(30));
    }

    void withoutItsConsumerAJobReadsAsFastAsItRuns_data() // S9.3
    {
        QTest::addColumn<Delivery>("delivery");
        QTest::addRow("imap") << Delivery::Ordered;
        QTest::addRow("imap_unordered") << Delivery::Unordered;
        QTest::addRow("map") << Delivery::AllAtEnd;
    }
    void withoutItsConsumerAJobReadsAsFastAsItRuns()
    {
        QFETCH(Delivery, delivery);
        VirtualPool::Plan plan;
        plan.consumes = false;
        VirtualPool virtualPool(pool(2), plan);
        JobConfig config = job(delivery);
        config.window = 10;
        const JobId id = virtualPool.submit(config, 1000, 3);
        virtualPool.at(100 * ms, [&] {
            virtualPool.machine.liftWindow(id);
            virtualPool.machine.liftWindow(id);
        });
        std::uint64_t mostQueued = 0;
        for (Time time = 101 * ms; time < 400 * ms; time += ms)
            virtualPool.at(time,
                           [&] { mostQueued = std::max(mostQueued, virtualPool.machine.queuedPieces()); });
        virtualPool.run();
        QVERIFY(virtualPool.finished);
        QCOMPARE(count(virtualPool, "ok"), 1000u);
        QVERIFY2(mostQueued <= config.window, qPrintable(QString::number(mostQueued)));
    }

    void mapReadsOnWhileItHoldsItsResults() // S4.1
    {
        JobConfig config = job(Delivery::AllAtEnd);
        config.window = 4;
        VirtualPool::Plan plan;
        plan.consumes = false;
        VirtualPool virtualPool(pool(2), plan);
        virtualPool.submit(config, 100, 1);
        virtualPool.run();
        QVERIFY(virtualPool.finished);
        QCOMPARE(virtualPool.delivered.size(), std::size_t(100));
    }

    void anEmptyInputIsDoneAtOnce_data() // S2.6
    {
        QTest::addColumn<int>("delivery");
        QTest::addRow("map") << int(Delivery::AllAtEnd);
        QTest::addRow("imap") << int(Delivery::Ordered);
        QTest::addRow("imap_unordered") << int(Delivery::Unordered);
    }
    void anEmptyInputIsDoneAtOnce()
    {
        QFETCH(int, delivery);
        VirtualPool virtualPool(pool(2), {});
        virtualPool.submit(job(Delivery(delivery)), 0, 1);
        QVERIFY(virtualPool.finished);
    }
};

QTEST_APPLESS_MAIN(ReadAheadTest)
#include "tst_readahead.moc"
