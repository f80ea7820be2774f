// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scheduling/halt.h"

#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "machinetest.h"
#endif

using namespace MachineTest;
using When = HaltPolicy::When;
using Why = HaltPolicy::Why;

namespace {

/// Items of 10 ms, of which those from `firstBad` on fail.
VirtualPool::Plan failingFrom(std::uint64_t firstBad)
{
    VirtualPool::Plan plan;
    plan.item = [firstBad](std::uint64_t item, std::uint32_t) {
        return std::pair(10 * ms, item >= firstBad ? Outcome::Error : Outcome::Ok);
    };
    return plan;
}

JobConfig halting(const char *policy, Delivery delivery = Delivery::Unordered)
{
    JobConfig config;
    config.delivery = delivery;
    config.halt = haltPolicyFromText(policy);
    return config;
}

void verifySound(const VirtualPool &virtualPool)
{
    QVERIFY(virtualPool.finished);
    for (const std::string &violation : virtualPool.violations)
        QFAIL(violation.c_str());
    QCOMPARE(virtualPool.delivered.size(), virtualPool.outcomes.size());
    QCOMPARE(virtualPool.begunAfterHalt, 0u);
}

} // namespace

class HaltTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void policiesAreReadAndWritten_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("good");
        for (const char *text :
             {"soon,fail=1", "now,fail=3", "soon,success=100000000", "now,success=1%", "soon,fail=100%"})
            QTest::addRow("%s", text) << QByteArray(text) << true;
        for (const char *text : {"",
                                 "never",
                                 "soon",
                                 "soon,fail",
                                 "soon,fail=",
                                 "soon,fail=0",
                                 "now,fail=0%",
                                 "now,fail=101%",
                                 "now,fail=-1",
                                 "now,fail=+1",
                                 "now, fail=1",
                                 "now,fail= 1",
                                 "now,fail=1 ",
                                 "now,fail=1%%",
                                 "now,fail=1.5%",
                                 "later,fail=1",
                                 "now,done=1",
                                 "Now,fail=1",
                                 "now,fail=100000001",
                                 "now,fail=99999999999",
                                 "fail=1,now",
                                 "now,fail=1,success=1",
                                 "now,fail=%"})
            QTest::addRow("bad '%s'", text) << QByteArray(text) << false;
    }
    void policiesAreReadAndWritten()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, good);
        const auto policy = haltPolicyFromText(text.toStdString());
        QCOMPARE(policy.has_value(), good);
        if (policy)
            QCOMPARE(QByteArray::fromStdString(toText(*policy)), text);
    }

    void outcomesAreCounted_data()
    {
        QTest::addColumn<QByteArray>("policy");
        QTest::addColumn<QByteArray>("outcomes"); // + ok, - not
        QTest::addColumn<int>("dueAfter");        // 0: never
        QTest::addRow("the first failure") << QByteArray("soon,fail=1") << QByteArray("++-+") << 3;
        QTest::addRow("the second failure") << QByteArray("soon,fail=2") << QByteArray("-++-+-") << 4;
        QTest::addRow("too few") << QByteArray("soon,fail=3") << QByteArray("-+-++") << 0;
        QTest::addRow("the first success") << QByteArray("now,success=1") << QByteArray("--+-") << 3;
        QTest::addRow("not for less than three") << QByteArray("now,fail=1%") << QByteArray("--+++") << 0;
        QTest::addRow("the third") << QByteArray("now,fail=1%") << QByteArray("--+++-") << 6;
        QTest::addRow("half") << QByteArray("now,fail=50%") << QByteArray("+++++----+--") << 12;
        QTest::addRow("just under half") << QByteArray("now,fail=50%") << QByteArray("+++++----+") << 0;
        QTest::addRow("all") << QByteArray("now,fail=100%") << QByteArray("---") << 3;
        QTest::addRow("successes") << QByteArray("soon,success=75%") << QByteArray("-+++") << 4;
    }
    void outcomesAreCounted()
    {
        QFETCH(QByteArray, policy);
        QFETCH(QByteArray, outcomes);
        HaltDecision decision(*haltPolicyFromText(policy.toStdString()));
        int dueAfter = 0;
        for (int i = 0; i < outcomes.size(); ++i) {
            decision.itemEnded(outcomes[i] == '+');
            if (decision.isDue() && dueAfter == 0)
                dueAfter = i + 1;
        }
        QTEST(dueAfter, "dueAfter");
        if (dueAfter > 0)
            QCOMPARE(int(decision.ended()), dueAfter); // what comes later is not its reason
    }

    void oneWorkerStopsAtTheCount_data()
    {
        QTest::addColumn<QByteArray>("policy");
        QTest::addColumn<quint32>("chunksize");
        for (const char *policy : {"soon,fail=3", "now,fail=3", "now,fail=10%"})
            for (const quint32 chunksize : {1u, 7u, 100u})
                QTest::addRow("%s in chunks of %u", policy, chunksize) << QByteArray(policy) << chunksize;
    }
    void oneWorkerStopsAtTheCount()
    {
        QFETCH(QByteArray, policy);
        QFETCH(quint32, chunksize);
        VirtualPool virtualPool(pool(1), failingFrom(20));
        virtualPool.submit(halting(policy), 100, chunksize);
        virtualPool.run();
        verifySound(virtualPool);
        QCOMPARE(count(virtualPool, "ok"), 20u);
        QCOMPARE(count(virtualPool, "error"), 3u);
        QCOMPARE(count(virtualPool, "not_run"), 77u);
        QCOMPARE(count(virtualPool, "cancelled"), 0u);
    }

    void soonLetsFinishWhatNowCancels_data()
    {
        QTest::addColumn<QByteArray>("policy");
        QTest::addColumn<quint32>("chunksize");
        QTest::addColumn<bool>("cancels");
        QTest::addRow("soon") << QByteArray("soon,fail=1") << 1u << false;
        QTest::addRow("soon, in chunks") << QByteArray("soon,fail=1") << 5u << false;
        QTest::addRow("now") << QByteArray("now,fail=1") << 1u << true;
        QTest::addRow("now, in chunks") << QByteArray("now,fail=1") << 5u << true;
    }
    void soonLetsFinishWhatNowCancels()
    {
        QFETCH(QByteArray, policy);
        QFETCH(quint32, chunksize);
        QFETCH(bool, cancels);
        VirtualPool::Plan plan;
        plan.item = [](std::uint64_t item, std::uint32_t) { // item 0 fails while the others run for an hour
            return item == 0 ? std::pair(10 * ms, Outcome::Error)
                             : std::pair(Time{3600} * 1000 * ms, Outcome::Ok);
        };
        VirtualPool virtualPool(pool(3), plan);
        virtualPool.submit(halting(policy), 50, chunksize);
        virtualPool.run(cancels ? 1000 * ms : Time{2} * 3600 * 1000 * ms);
        verifySound(virtualPool);
        QCOMPARE(count(virtualPool, "error"), 1u);
        QCOMPARE(count(virtualPool, cancels ? "cancelled" : "ok"), 2u);
        QCOMPARE(count(virtualPool, "not_run"), 47u);
    }

    void whatIsHeldInAdvanceIsTakenBack()
    {
        VirtualPool::Plan plan;
        plan.item = [](std::uint64_t item, std::uint32_t) {
            return std::pair(Time{2000}, item == 500 ? Outcome::Error : Outcome::Ok);
        };
        VirtualPool virtualPool(pool(2), plan);
        virtualPool.submit(halting("soon,fail=1"), 100'000, 1);
        virtualPool.run();
        verifySound(virtualPool);
        QVERIFY(count(virtualPool, "ok") < 5000);
        QCOMPARE(virtualPool.outcomes.size(), count(virtualPool, "ok") + 1 + count(virtualPool, "not_run"));
        QVERIFY2(virtualPool.outcomes.size() < 10'000, "input was read that nobody wants");
    }

    void aLostItemIsAFailure()
    {
        VirtualPool::Plan plan;
        plan.item = [](std::uint64_t item, std::uint32_t) {
            return std::pair(10 * ms, item == 4 ? Outcome::Death : Outcome::Ok);
        };
        VirtualPool virtualPool(pool(1), plan);
        virtualPool.submit(halting("soon,fail=1"), 20, 3);
        virtualPool.run();
        verifySound(virtualPool);
        QCOMPARE(count(virtualPool, "ok"), 4u);
        QCOMPARE(count(virtualPool, "lost"), 1u);
        QCOMPARE(count(virtualPool, "not_run"), 15u);
    }

    void onlyTheLastTryCounts()
    {
        VirtualPool::Plan plan;
        plan.item = [](std::uint64_t, std::uint32_t attempt) {
            return std::pair(10 * ms, attempt < 3 ? Outcome::Error : Outcome::Ok);
        };
        VirtualPool virtualPool(pool(1), plan);
        JobConfig config = halting("now,fail=1");
        config.retries = 2;
        virtualPool.submit(config, 10, 1);
        virtualPool.run();
        verifySound(virtualPool);
        QCOMPARE(count(virtualPool, "ok"), 10u);
    }

    void successesHaltToo()
    {
        VirtualPool virtualPool(pool(1), failingFrom(1000));
        virtualPool.submit(halting("now,success=5", Delivery::AllAtEnd), 100, 1);
        virtualPool.run();
        verifySound(virtualPool);
        QCOMPARE(count(virtualPool, "ok"), 5u);
        QCOMPARE(count(virtualPool, "not_run"), 95u);
    }

    void nothingIsLeftToHaltAtTheLastItem()
    {
        VirtualPool virtualPool(pool(1), failingFrom(0));
        const JobId job = virtualPool.submit(halting("now,fail=4"), 4, 1);
        virtualPool.run();
        verifySound(virtualPool);
        QCOMPARE(count(virtualPool, "error"), 4u);
        QVERIFY(!virtualPool.machine.haltJob(job, When::Now, virtualPool.now));
    }

    /// Other jobs of the pool lose nothing, and its workers are there again afterwards.
    void otherJobsGoOn_data()
    {
        QTest::addColumn<QByteArray>("policy");
        QTest::addColumn<int>("sharing");
        for (const char *policy : {"soon,fail=1", "now,fail=1"})
            for (const Sharing sharing : {Sharing::Fifo, Sharing::RoundRobin})
                QTest::addRow("%s, %d", policy, int(sharing)) << QByteArray(policy) << int(sharing);
    }
    void otherJobsGoOn()
    {
        QFETCH(QByteArray, policy);
        QFETCH(int, sharing);
        VirtualPool::Plan plan;
        plan.item = [](std::uint64_t item, std::uint32_t) {
            return std::pair(Time(1000 + item % 7 * 100'000), item == 100 ? Outcome::Error : Outcome::Ok);
        };
        PoolConfig config = pool(3);
        config.sharing = Sharing(sharing);
        VirtualPool virtualPool(config, plan);
        virtualPool.submit(halting(policy), 300, 4);
        virtualPool.submit(JobConfig{}, 500, 3);
        virtualPool.run();
        verifySound(virtualPool);
        for (std::uint64_t item = 300; item < 800; ++item)
            QCOMPARE(virtualPool.outcomes.at(item), std::string("ok"));
        for (const auto &[item, times] : virtualPool.executions)
            QCOMPARE(times, 1);
        QVERIFY(count(virtualPool, "not_run") > 0);
        for (const PoolMachine::Worker &worker : virtualPool.machine.workers())
            QVERIFY(worker.phase == PoolMachine::WorkerPhase::Ready && !worker.held);
    }

    void aClosedPoolReplacesNoWorkerForIt()
    {
        VirtualPool::Plan plan;
        plan.item = [](std::uint64_t item, std::uint32_t) {
            return std::pair(item == 0 ? 10 * ms : 500 * ms, item == 0 ? Outcome::Error : Outcome::Ok);
        };
        VirtualPool virtualPool(pool(2), plan);
        virtualPool.submit(halting("soon,fail=1"), 40, 10);
        virtualPool.machine.close(virtualPool.now);
        virtualPool.run();
        verifySound(virtualPool);
        QVERIFY(virtualPool.machine.isOver());
        QCOMPARE(virtualPool.started, 2u);
    }
};

QTEST_APPLESS_MAIN(HaltTest)
#include "tst_halt.moc"
