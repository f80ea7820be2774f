// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measurement/quantiles.h"
#include "core/measurement/watchdog.h"

#include <QtTest>

#include <functional>

using namespace Poolscope;

Q_DECLARE_METATYPE(std::function<void(RunSnapshot &)>)

namespace {

using Change = std::function<void(RunSnapshot &)>;

/// Two workers that wait, of a run that has nothing left to do.
RunSnapshot quiet()
{
    RunSnapshot snapshot;
    snapshot.phase = RunPhase::Running;
    snapshot.items.read = snapshot.items.ok = snapshot.completed = snapshot.released = snapshot.delivered =
        100;
    snapshot.inputEnded = true;
    snapshot.workersStarted = 2;
    for (std::uint32_t slot = 0; slot < 2; ++slot) {
        WorkerSnapshot worker;
        worker.slot = slot;
        worker.generation = 1;
        worker.state = WorkerState::Waiting;
        snapshot.workers.push_back(worker);
    }
    return snapshot;
}

void busy(RunSnapshot &snapshot, std::uint32_t slot, std::uint64_t item, double since)
{
    snapshot.workers[slot].state = WorkerState::Running;
    snapshot.workers[slot].item = item;
    snapshot.workers[slot].itemStarted = since;
    snapshot.items.read = snapshot.completed + 1;
}

const Change finds = [](RunSnapshot &) {};

} // namespace

class WatchdogTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// The same situation for a while: named when it has lasted, not a second earlier.
    void silencesAreNamed_data()
    {
        QTest::addColumn<Change>("situation");
        QTest::addColumn<int>("kind"); // -1: none, ever
        QTest::addColumn<int>("after");

        QTest::addRow("nothing left to do") << Change(finds) << -1 << 0;
        QTest::addRow("a worker starts")
            << Change([](RunSnapshot &s) { s.workers[1].state = WorkerState::Starting; })
            << int(SilenceKind::WorkerStarting) << 20;
        QTest::addRow("an item is slow") << Change([](RunSnapshot &s) {
            busy(s, 1, 7, 0);
            s.percentile95 = 0.1;
        }) << int(SilenceKind::ItemBusy) << 10;
        QTest::addRow("an item is slow among slow ones") << Change([](RunSnapshot &s) {
            busy(s, 1, 7, 0);
            s.percentile95 = 8;
        }) << int(SilenceKind::ItemBusy) << 40;
        QTest::addRow("an item nobody knows about")
            << Change([](RunSnapshot &s) { busy(s, 0, 7, 0); }) << int(SilenceKind::ItemBusy) << 60;
        QTest::addRow("an item among long ones") << Change([](RunSnapshot &s) {
            busy(s, 0, 7, 0);
            s.percentile95 = 1000;
        }) << -1 << 0;
        QTest::addRow("nobody takes results")
            << Change([](RunSnapshot &s) { s.delivered = 40; }) << int(SilenceKind::ConsumerBlocked) << 10;
        QTest::addRow("results wait for one before them")
            << Change([](RunSnapshot &s) { s.delivered = s.released = 40; }) << -1 << 0;
        QTest::addRow("the input waits")
            << Change([](RunSnapshot &s) { s.inputEnded = false; }) << int(SilenceKind::InputWaiting) << 10;
        QTest::addRow("the input waits while it is read through") << Change([](RunSnapshot &s) {
            s = {};
            s.phase = RunPhase::Checking;
        }) << int(SilenceKind::InputWaiting) << 10;
        QTest::addRow("input is wanted, and a worker works") << Change([](RunSnapshot &s) {
            s.inputEnded = false;
            busy(s, 0, 101, 1e9);
        }) << -1 << 0;
        QTest::addRow("idle workers beside work")
            << Change([](RunSnapshot &s) { s.items.read = 110; }) << int(SilenceKind::NothingMoves) << 10;
        QTest::addRow("no worker is left") << Change([](RunSnapshot &s) {
            s.items.read = 110;
            s.workers[0].state = WorkerState::Ending;
            s.workers[1].state = WorkerState::Gone;
        }) << int(SilenceKind::NothingMoves)
                                           << 10;
        QTest::addRow("no worker is left to read for") << Change([](RunSnapshot &s) {
            s.inputEnded = false;
            s.workers[0].state = s.workers[1].state = WorkerState::Gone;
        }) << int(SilenceKind::NothingMoves) << 10;
        for (const RunPhase phase :
             {RunPhase::Paused, RunPhase::Stopping, RunPhase::Finished, RunPhase::Stopped, RunPhase::Failed})
            QTest::addRow("phase %d", int(phase)) << Change([phase](RunSnapshot &s) {
                busy(s, 0, 7, 0);
                s.workers[1].state = WorkerState::Starting;
                s.delivered = 40;
                s.phase = phase;
            }) << -1 << 0;
    }
    void silencesAreNamed()
    {
        QFETCH(Change, situation);
        QFETCH(int, kind);
        QFETCH(int, after);
        Watchdog watchdog;
        RunSnapshot snapshot = quiet();
        situation(snapshot);
        bool wasNamed = false;
        for (int second = 0; second <= 200; ++second) {
            snapshot.now = second;
            const std::vector<Silence> silences = watchdog.observe(snapshot);
            QCOMPARE(silences.size(), std::size_t(kind >= 0 && second >= after ? 1 : 0));
            if (silences.empty())
                continue;
            QCOMPARE(int(silences[0].kind), kind);
            QCOMPARE(silences[0].since, 0.0);
            QCOMPARE(silences[0].lasted, double(second));
            QCOMPARE(silences[0].isNew, !wasNamed); // once
            wasNamed = true;
        }
    }

    /// Whatever changes every few seconds is no silence.
    void whatMovesIsNotNamed_data()
    {
        QTest::addColumn<Change>("situation");
        QTest::addColumn<Change>("change");
        QTest::addRow("workers start one after the other")
            << Change([](RunSnapshot &s) { s.workers[0].state = WorkerState::Starting; })
            << Change([](RunSnapshot &s) { ++s.workers[0].generation; });
        QTest::addRow("items") << Change([](RunSnapshot &s) {
            s.percentile95 = 0.1;
            busy(s, 0, 7, 0);
        }) << Change([](RunSnapshot &s) { busy(s, 0, *s.workers[0].item + 1, s.now); });
        QTest::addRow("results are taken") << Change([](RunSnapshot &s) { s.delivered = 1; })
                                           << Change([](RunSnapshot &s) { ++s.delivered; });
        QTest::addRow("input comes") << Change([](RunSnapshot &s) {
            s.inputEnded = false;
        }) << Change([](RunSnapshot &s) { s.completed = s.released = s.delivered = ++s.items.read; });
        QTest::addRow("input is counted") << Change([](RunSnapshot &s) { s.phase = RunPhase::Checking; })
                                          << Change([](RunSnapshot &s) { ++s.scanned; });
        QTest::addRow("workers come and go") << Change([](RunSnapshot &s) { s.items.read = 110; })
                                             << Change([](RunSnapshot &s) { ++s.workersStarted; });
    }
    void whatMovesIsNotNamed()
    {
        QFETCH(Change, situation);
        QFETCH(Change, change);
        Watchdog watchdog;
        RunSnapshot snapshot = quiet();
        situation(snapshot);
        for (int second = 0; second <= 90; ++second) {
            snapshot.now = second;
            if (second % 9 == 8)
                change(snapshot);
            QVERIFY(watchdog.observe(snapshot).empty());
        }
        // And when it stops, it is.
        snapshot.now = 200;
        QCOMPARE(watchdog.observe(snapshot).size(), std::size_t(1));
    }

    void aSecondSilenceIsNewAgain()
    {
        Watchdog watchdog;
        RunSnapshot snapshot = quiet();
        snapshot.percentile95 = 0.1;
        busy(snapshot, 0, 7, 0);
        snapshot.now = 11;
        QVERIFY(watchdog.observe(snapshot).at(0).isNew);
        busy(snapshot, 1, 8, 5);
        snapshot.now = 16;
        const auto both = watchdog.observe(snapshot);
        QCOMPARE(both.size(), std::size_t(2));
        QCOMPARE(both[0].item, std::optional<std::uint64_t>(7));
        QCOMPARE(both[0].worker, std::optional<std::uint32_t>(0));
        QCOMPARE(both[0].usual, std::optional(0.1));
        QVERIFY(!both[0].isNew);
        QCOMPARE(both[1].item, std::optional<std::uint64_t>(8));
        QVERIFY(both[1].isNew);
    }

    void aPauseIsNobodysSilence()
    {
        Watchdog watchdog;
        RunSnapshot snapshot = quiet();
        snapshot.delivered = 40;
        QVERIFY(watchdog.observe(snapshot).empty());
        snapshot.phase = RunPhase::Paused;
        snapshot.now = 60;
        QVERIFY(watchdog.observe(snapshot).empty());
        snapshot.phase = RunPhase::Running;
        snapshot.now = 61;
        QVERIFY(watchdog.observe(snapshot).empty());
        snapshot.now = 71;
        QCOMPARE(watchdog.observe(snapshot).size(), std::size_t(1));
    }

    void limitsAreTheCallers()
    {
        Watchdog watchdog({.consumer = 2});
        RunSnapshot snapshot = quiet();
        snapshot.delivered = 40;
        QVERIFY(watchdog.observe(snapshot).empty());
        snapshot.now = 2;
        QCOMPARE(watchdog.observe(snapshot).at(0).waiting, std::uint64_t(60));
    }

    void quantilesOfDurations()
    {
        DurationQuantiles quantiles;
        QVERIFY(!quantiles.quantile(0.95));
        for (int i = 1; i <= 1000; ++i)
            quantiles.add(i * 0.001);
        QCOMPARE(quantiles.count(), 1000u);
        for (const double share : {0.05, 0.5, 0.95, 1.0})
            QVERIFY2(std::abs(*quantiles.quantile(share) / share - 1) < 0.06,
                     qPrintable(QString::number(*quantiles.quantile(share))));
    }
    void quantilesOfDurationsBeyondAllMeasure()
    {
        DurationQuantiles quantiles;
        for (const double seconds : {0.0, -1.0, 1e-12, std::nan("")})
            quantiles.add(seconds);
        QVERIFY(*quantiles.quantile(1) < 2e-6);
        for (int i = 0; i < 10; ++i)
            quantiles.add(1e12);
        QVERIFY(*quantiles.quantile(1) > 3600);
    }
};

QTEST_APPLESS_MAIN(WatchdogTest)
#include "tst_watchdog.moc"
