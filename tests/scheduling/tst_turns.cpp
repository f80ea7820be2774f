// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "machinetest.h"
#endif

#include <functional>
#include <limits>
#include <map>
#include <random>

using namespace MachineTest;

namespace {

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

/// Runs it. \returns the most chunks that a worker had, looked at every `step` until `end`
std::size_t mostHeld(VirtualPool &virtualPool, Time end, Time step)
{
    std::size_t most = 0;
    for (Time time = 0; time < end; time += step)
        virtualPool.at(time, [&] {
            for (const PoolMachine::Worker &worker : virtualPool.machine.workers())
                most = std::max(most, worker.pieces.size());
        });
    virtualPool.run();
    return most;
}

} // namespace

/// Items begin nearly in the order of the input, however uneven they are and whatever workers hold in
/// advance.
class TurnsTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
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
        const std::size_t most = mostHeld(virtualPool, 100 * ms, 20'000);
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
        const std::size_t most = mostHeld(virtualPool, 10'000 * ms, ms / 2);
        QVERIFY(virtualPool.finished);
        QCOMPARE(most, std::size_t(1));
    }
};

QTEST_APPLESS_MAIN(TurnsTest)
#include "tst_turns.moc"
