// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "virtualpool.h"
#endif

#include <QtTest>

#include <algorithm>
#include <limits>
#include <numeric>
#include <random>

using namespace Poolscope;
using Outcome = VirtualPool::Outcome;

namespace {

constexpr Time ms = 1'000'000;

PoolConfig pool(std::uint32_t processes, std::optional<std::uint32_t> maxTasksPerChild = {})
{
    PoolConfig config;
    config.processes = processes;
    config.maxTasksPerChild = maxTasksPerChild;
    return config;
}

JobConfig job(Delivery delivery)
{
    JobConfig config;
    config.delivery = delivery;
    return config;
}

VirtualPool::Plan durations(std::vector<Time> each)
{
    VirtualPool::Plan plan;
    plan.item = [each](std::uint64_t item, std::uint32_t) {
        return std::pair(each[item % each.size()], Outcome::Ok);
    };
    return plan;
}

std::uint64_t count(const VirtualPool &virtualPool, const std::string &outcome)
{
    return std::uint64_t(std::count_if(virtualPool.outcomes.begin(), virtualPool.outcomes.end(),
                                       [&outcome](const auto &entry) { return entry.second == outcome; }));
}

/// How many items have begun before the one that was longest in coming, beside those before it in the input.
std::uint64_t placesLate(const VirtualPool &virtualPool)
{
    std::uint64_t most = 0;
    for (std::uint64_t place = 0; place < virtualPool.beginnings.size(); ++place)
        most = std::max(most, place - std::min(place, virtualPool.beginnings[place].first));
    return most;
}

/// For how long an item waited, at most, after one behind it in the input had begun.
Time timeLate(const VirtualPool &virtualPool)
{
    std::map<std::uint64_t, Time> begunAt(virtualPool.beginnings.begin(), virtualPool.beginnings.end());
    Time most = 0;
    Time earliest = std::numeric_limits<Time>::max();
    for (auto item = begunAt.rbegin(); item != begunAt.rend(); ++item) {
        most = std::max(most, item->second - std::min(item->second, earliest));
        earliest = std::min(earliest, item->second);
    }
    return most;
}

} // namespace

class PoolMachineTest final : public QObject
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

    void noItemBeginsFarBehindItsTurn_data()
    {
        QTest::addColumn<quint32>("workers");
        QTest::addColumn<std::function<bool(std::uint64_t)>>("isQuick");
        QTest::addColumn<quint32>("places");
        const auto add = [](quint32 workers, const char *what, std::function<bool(std::uint64_t)> isQuick,
                            quint32 places = 1) {
            QTest::addRow("%s, %u workers", what, workers) << workers << std::move(isQuick) << places;
        };
        for (const quint32 workers : {4U, 16U, 64U}) {
            for (const std::uint64_t quick :
                 {0U, 1U, workers / 2, workers - 1, workers, workers + 7, 10 * workers + 3, 1500U, 1999U})
                QTest::addRow("item %u, %u workers", unsigned(quick), workers)
                    << workers << std::function([quick](std::uint64_t item) { return item == quick; }) << 1U;
            add(workers, "every other", [](std::uint64_t item) { return item % 2 == 0; });
            add(workers, "every tenth", [](std::uint64_t item) { return item % 10 == 3; });
            // What is held behind the first slow ones is passed by until they are seen to be slow.
            add(
                workers, "nine of ten", [](std::uint64_t item) { return item % 10 != 3; }, 10);
            add(workers, "three of the first", [](std::uint64_t item) { return item < 3; });
            add(workers, "the first of each", [workers](std::uint64_t item) { return item < workers; });
            add(workers, "ten of each", [workers](std::uint64_t item) { return item < 10 * workers; });
            add(workers, "blocks", [workers](std::uint64_t item) { return item / (5 * workers) % 2 == 0; });
            add(workers, "by chance",
                [](std::uint64_t item) { return std::mt19937(std::uint32_t(item))() % 3 == 0; });
        }
    }
    /// Among items that take about 100 ms those are quick. \a places  for each worker
    void noItemBeginsFarBehindItsTurn()
    {
        QFETCH(quint32, workers);
        QFETCH(std::function<bool(std::uint64_t)>, isQuick);
        QFETCH(quint32, places);
        VirtualPool::Plan plan;
        plan.item = [isQuick](std::uint64_t item, std::uint32_t) {
            return std::pair(isQuick(item) ? Time{30'000} : Time(80 + item * 7919 % 41) * ms, Outcome::Ok);
        };
        VirtualPool virtualPool(pool(workers), plan);
        virtualPool.submit(job(Delivery::Ordered), 2000, 1);
        virtualPool.run();
        QVERIFY(virtualPool.finished);
        QCOMPARE(virtualPool.beginnings.size(), std::size_t(2000));
        const std::uint64_t late = placesLate(virtualPool);
        QVERIFY2(late <= places * workers, qPrintable(QString::number(late)));
    }

    /// Until it is seen to be slow, and they are given back, many quick ones can pass by, but not for longer.
    void nobodyWaitsForLongBehindASlowOneAmongQuickOnes_data()
    {
        QTest::addColumn<quint32>("workers");
        for (const quint32 workers : {2U, 4U, 16U, 64U})
            QTest::addRow("%u workers", workers) << workers;
    }
    void nobodyWaitsForLongBehindASlowOneAmongQuickOnes()
    {
        QFETCH(quint32, workers);
        VirtualPool::Plan plan;
        plan.item = [](std::uint64_t item, std::uint32_t) {
            return std::pair(item == 5000 ? 100 * ms : Time{5000}, Outcome::Ok);
        };
        VirtualPool virtualPool(pool(workers), plan);
        virtualPool.submit(job(Delivery::Unordered), 20'000, 1);
        virtualPool.run();
        QVERIFY(virtualPool.finished);
        QVERIFY(virtualPool.recalls > 0);
        QVERIFY2(timeLate(virtualPool) <= 5 * ms, qPrintable(QString::number(timeLate(virtualPool))));
    }

    void nobodyHoldsMoreThanTheirShare_data()
    {
        QTest::addColumn<quint32>("workers");
        for (const quint32 workers : {2U, 5U, 16U, 64U})
            QTest::addRow("%u workers", workers) << workers;
    }
    void nobodyHoldsMoreThanTheirShare()
    {
        QFETCH(quint32, workers);
        VirtualPool::Plan plan;
        plan.item = [](std::uint64_t, std::uint32_t) { return std::pair(Time{1000}, Outcome::Ok); };
        VirtualPool virtualPool(pool(workers), plan);
        JobConfig config = job(Delivery::Ordered);
        config.window = 1000;
        virtualPool.submit(config, 20'000, 1);
        std::size_t most = 0;
        for (Time time = 0; time < 100 * ms; time += 20'000)
            virtualPool.at(time, [&] {
                for (const PoolMachine::Worker &worker : virtualPool.machine.workers())
                    most = std::max(most, worker.pieces.size());
            });
        virtualPool.run();
        QVERIFY(virtualPool.finished);
        QVERIFY2(most > 4 && most <= 1 + config.window / workers, qPrintable(QString::number(most)));
    }

    void aNewWorkerIsNotTakenForAQuickOne()
    {
        VirtualPool::Plan plan;
        plan.item = [](std::uint64_t item, std::uint32_t) {
            return std::pair(item % 5 == 3 ? Time{30'000} : Time(80 + item * 7919 % 41) * ms, Outcome::Ok);
        };
        VirtualPool virtualPool(pool(4, 6), plan);
        virtualPool.submit(job(Delivery::Ordered), 400, 1);
        std::size_t most = 0;
        for (Time time = 0; time < 10'000 * ms; time += ms / 2)
            virtualPool.at(time, [&] {
                for (const PoolMachine::Worker &worker : virtualPool.machine.workers())
                    most = std::max(most, worker.pieces.size());
            });
        virtualPool.run();
        QVERIFY(virtualPool.finished);
        QCOMPARE(most, std::size_t(1));
    }

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

    void closeLetsTheQueuedWorkEnd() // S7.2
    {
        VirtualPool virtualPool(pool(2), {});
        virtualPool.submit(job(Delivery::Ordered), 30, 1);
        virtualPool.at(8 * ms, [&] { virtualPool.machine.close(virtualPool.now); });
        virtualPool.run();
        QCOMPARE(count(virtualPool, "ok"), 30u);
        QVERIFY(virtualPool.machine.isOver());
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

    /// Every promise at once, over pools, jobs and accidents of all kinds.
    void conservationHoldsWhateverHappens_data()
    {
        QTest::addColumn<quint32>("seed");
        for (quint32 seed = 1; seed <= 400; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }
    void conservationHoldsWhateverHappens()
    {
        QFETCH(quint32, seed);
        std::mt19937 random(seed);
        const auto pick = [&random](std::uint32_t least, std::uint32_t most) {
            return least + random() % (most - least + 1);
        };
        const std::uint32_t deadly = pick(0, 8);
        const std::uint32_t faulty = pick(0, 8);
        const std::uint32_t salt = random();
        VirtualPool::Plan plan;
        plan.startTime = pick(1, 30) * ms;
        plan.latency = pick(1, 100) * 1000;
        plan.item = [=](std::uint64_t item, std::uint32_t attempt) {
            std::mt19937 own(std::uint32_t(item * 31 + attempt * 7 + salt));
            const Time duration = own() % 50 == 0 ? 30 * ms : Time(1000 + own() % 200'000);
            const std::uint32_t luck = own() % 100;
            const Outcome outcome = luck < deadly            ? Outcome::Death
                                    : luck < deadly + faulty ? Outcome::Error
                                                             : Outcome::Ok;
            return std::pair(duration, outcome);
        };
        const std::uint32_t processes = pick(1, 8);
        PoolConfig config = pool(processes, pick(0, 1) ? std::optional(pick(1, 20)) : std::nullopt);
        config.launches = pick(1, 3);
        config.sharing = pick(0, 1) ? Sharing::RoundRobin : Sharing::Fifo;
        VirtualPool virtualPool(config, plan);
        JobConfig shared;
        shared.stopOnError = pick(0, 1);
        shared.retries = pick(0, 2);
        if (pick(0, 2) == 0)
            shared.timeout = pick(5, 40) * ms;
        std::uint64_t items = 0;
        for (std::uint32_t jobs = pick(1, 4); jobs > 0; --jobs) {
            JobConfig one = shared;
            one.delivery = std::array{Delivery::AllAtEnd, Delivery::Ordered, Delivery::Unordered}[pick(0, 2)];
            one.window = pick(1, 100);
            one.launch = LaunchId(pick(0, config.launches - 1));
            const std::uint32_t count = pick(0, 700);
            const std::uint32_t chunksize = pick(0, 2) ? pick(1, 10) : pick(1, 300);
            if (pick(0, 2) == 0)
                one.halt = HaltPolicy{.when = HaltPolicy::When(pick(0, 1)),
                                      .why = HaltPolicy::Why(pick(0, 1)),
                                      .amount = std::uint32_t(pick(1, 40)),
                                      .isPercent = pick(0, 2) == 0};
            items += count;
            virtualPool.at(pick(0, 200) * ms, [&virtualPool, one, count, chunksize] {
                virtualPool.submit(one, count, chunksize);
            });
        }
        if (pick(0, 5) == 0)
            virtualPool.at(pick(1, 300) * ms, [&] { virtualPool.machine.terminate(virtualPool.now); });
        if (pick(0, 1) == 0) // as soon as all is submitted, or when all is done
            virtualPool.at(201 * ms, [&] { virtualPool.machine.close(virtualPool.now); });
        virtualPool.run();
        virtualPool.at(virtualPool.now, [&] { virtualPool.machine.close(virtualPool.now); });
        virtualPool.run();

        QVERIFY(virtualPool.finished); // I2
        QVERIFY(virtualPool.machine.isOver());
        for (const std::string &violation : virtualPool.violations)
            QFAIL(violation.c_str());
        QVERIFY(virtualPool.outcomes.size() <= items); // I1
        QCOMPARE(virtualPool.delivered.size(), virtualPool.outcomes.size());
        std::vector<std::uint64_t> once = virtualPool.delivered;
        std::sort(once.begin(), once.end());
        QVERIFY(std::adjacent_find(once.begin(), once.end()) == once.end());
        for (const auto &[item, times] : virtualPool.executions)
            QVERIFY(times <= int(shared.retries) + 1 || shared.stopOnError); // I3
        QVERIFY(virtualPool.mostBusy <= processes);                          // I4
        QCOMPARE(virtualPool.begunAfterHalt, 0u);
    }

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

QTEST_APPLESS_MAIN(PoolMachineTest)
#include "tst_poolmachine.moc"
