// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "machinetest.h"
#endif

using namespace MachineTest;

class DividedChunksTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// A chunk that is too large for one message, of which item 2 has an outcome already.
    void aDividedChunkIsOneChunkAllTheSame_data()
    {
        QTest::addColumn<bool>("stopOnError");
        QTest::addColumn<QByteArray>("fates"); // of its items: + ok, - error, x death, as for the plan
        QTest::addColumn<int>("retries");
        QTest::addColumn<QByteArray>("expected"); // and . not run; the outcome that it has: =
        QTest::addRow("all well") << false << QByteArray("++++++") << 0 << QByteArray("++=+++");
        QTest::addRow("failures") << false << QByteArray("-+++x+") << 0 << QByteArray("-+=+x+");
        QTest::addRow("raise, all well") << true << QByteArray("++++++") << 0 << QByteArray("++=+++");
        QTest::addRow("raise, early") << true << QByteArray("-+++++") << 0 << QByteArray("-.=...");
        QTest::addRow("raise, in the middle") << true << QByteArray("+++-++") << 0 << QByteArray("++=-..");
        QTest::addRow("raise, a death") << true << QByteArray("+x++++") << 0 << QByteArray("+x=...");
        QTest::addRow("raise, retried") << true << QByteArray("-x++++") << 1 << QByteArray("++=+++");
        QTest::addRow("raise, retried in vain") << true << QByteArray("+X++++") << 1 << QByteArray("+x=...");
    }
    void aDividedChunkIsOneChunkAllTheSame()
    {
        QFETCH(bool, stopOnError);
        QFETCH(QByteArray, fates);
        QFETCH(int, retries);
        VirtualPool::Plan plan;
        plan.item = [fates](std::uint64_t item, std::uint32_t attempt) {
            const char fate = fates[qsizetype(item)];
            const bool isWell = fate == '+' || (attempt > 1 && fate != 'X');
            return std::pair(ms, isWell ? Outcome::Ok : fate == '-' ? Outcome::Error : Outcome::Death);
        };
        VirtualPool virtualPool(pool(2), plan);
        virtualPool.stretches = {{0, 1}, {1, 1}, {3, 2}, {5, 1}};
        virtualPool.outcomes.emplace(2, "=");
        JobConfig config = job(Delivery::Ordered);
        config.stopOnError = stopOnError;
        config.retries = std::uint32_t(retries);
        virtualPool.submit(config, 6, 6);
        virtualPool.run();
        QVERIFY(virtualPool.finished);
        QVERIFY(virtualPool.violations.empty());
        QByteArray outcomes;
        for (const auto &[item, outcome] : virtualPool.outcomes)
            outcomes += outcome == "ok"      ? '+'
                        : outcome == "error" ? '-'
                        : outcome == "lost"  ? 'x'
                        : outcome == "="     ? '='
                                             : '.';
        QTEST(outcomes, "expected");
        QCOMPARE(virtualPool.delivered.size(), 6u);
    }

    void aHaltTakesWhatIsLeftOfADividedChunk()
    {
        VirtualPool virtualPool(pool(1), VirtualPool::Plan{});
        virtualPool.stretches = {{0, 2}, {2, 2}, {4, 2}};
        JobConfig config = job(Delivery::Ordered);
        config.stopOnError = true;
        const JobId id = virtualPool.submit(config, 6, 6);
        virtualPool.at(5'500'000, [&virtualPool, id] { virtualPool.halt(id, HaltPolicy::When::Soon); });
        virtualPool.run();
        QVERIFY(virtualPool.finished);
        QVERIFY(virtualPool.violations.empty());
        QCOMPARE(virtualPool.outcomes.at(0), std::string("ok"));
        for (std::uint64_t item = 1; item < 6; ++item)
            QCOMPARE(virtualPool.outcomes.at(item), std::string("not_run"));
    }
};

QTEST_APPLESS_MAIN(DividedChunksTest)
#include "tst_dividedchunks.moc"
