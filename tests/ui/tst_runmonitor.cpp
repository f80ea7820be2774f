// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/scriptedrun.h"
#include "ui/models/runfigures.h"
#include "ui/models/runhistory.h"
#include "ui/models/runmonitor.h"
#include "ui/models/runreaper.h"

#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include <semaphore>
#include <thread>

using namespace Poolscope;

namespace {

ScriptedRun::Script shortRun()
{
    ScriptedRun::Script script;
    script.items = 4;
    script.startup = 0;
    return script;
}

/// A run whose destructor blocks until it is allowed to end, as that of one whose worker will not die.
class ReluctantRun final : public RunFeed
{
public:
    ReluctantRun(std::binary_semaphore &mayEnd, std::thread::id &destroyedBy)
        : m_mayEnd(mayEnd), m_destroyedBy(destroyedBy)
    {}
    ~ReluctantRun() override
    {
        m_mayEnd.acquire();
        m_destroyedBy = std::this_thread::get_id();
    }

    const JobSpec &spec() const override { return m_spec; }
    RunSnapshot snapshot() const override { return {}; }
    bool isOver() const override { return false; }
    void pause() override {}
    void resume() override {}
    void stop() override {}
    std::vector<ItemRecord> completed(std::size_t, std::size_t) const override { return {}; }
    std::vector<ItemRecord> delivered(std::size_t, std::size_t) const override { return {}; }
    std::vector<ItemRecord> failures(std::size_t, std::size_t) const override { return {}; }
    std::vector<LogLine> log(std::size_t, std::size_t) const override { return {}; }

private:
    JobSpec m_spec;
    std::binary_semaphore &m_mayEnd;
    std::thread::id &m_destroyedBy;
};

} // namespace

class RunMonitorTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aRunIsSampledUntilItsEndAndThenKept();
    void commandsReachTheRunWhileItGoesOn();
    void aRunThatWillNotEndHoldsUpNobody();

    void seriesStayBoundedAndKeepTheirEnds_data();
    void seriesStayBoundedAndKeepTheirEnds();
    void ratesSurviveHalving();
    void aSteadyRunHasASteadyRate();
    void aPeakNeverVanishes();
    void figuresOfARun();
    void theRateFollowsTheRun();
};

void RunMonitorTest::aRunIsSampledUntilItsEndAndThenKept()
{
    RunMonitor monitor;
    QSignalSpy started(&monitor, &RunMonitor::started);
    QSignalSpy sampled(&monitor, &RunMonitor::sampled);
    QSignalSpy ended(&monitor, &RunMonitor::ended);
    QVERIFY(!monitor.isActive());

    auto owned = std::make_unique<ScriptedRun>(shortRun());
    ScriptedRun &run = *owned;
    run.showAt(1.2);
    monitor.start(std::move(owned));
    QCOMPARE(started.count(), 1);
    QVERIFY(monitor.isActive());
    QTRY_VERIFY(sampled.count() >= 3);
    QCOMPARE(monitor.snapshot().completed, 2U);
    QCOMPARE(ended.count(), 0);

    run.showAt(-1);
    QTRY_COMPARE(ended.count(), 1);
    QVERIFY(!monitor.isActive());
    QCOMPARE(monitor.snapshot().phase, RunPhase::Finished);
    QCOMPARE(monitor.snapshot().completed, 4U);
    const auto samples = sampled.count();
    // A sampler that was not stopped would fire between two ticks of a slower clock.
    QTimer clock;
    QSignalSpy ticks(&clock, &QTimer::timeout);
    clock.start(40);
    QTRY_VERIFY(ticks.count() >= 3);
    QCOMPARE(sampled.count(), samples);
    QCOMPARE(monitor.feed(), &run);
}

void RunMonitorTest::commandsReachTheRunWhileItGoesOn()
{
    RunMonitor monitor;
    monitor.pause();
    monitor.stop();
    auto owned = std::make_unique<ScriptedRun>(shortRun());
    ScriptedRun &run = *owned;
    run.showAt(0.5);
    monitor.start(std::move(owned));
    monitor.pause();
    QVERIFY(run.wasPaused());
    monitor.resume();
    QVERIFY(!run.wasPaused());
    QVERIFY(!run.wasStopped());
    monitor.stop();
    QVERIFY(run.wasStopped());
}

void RunMonitorTest::aRunThatWillNotEndHoldsUpNobody()
{
    std::binary_semaphore firstMayEnd(0);
    std::binary_semaphore secondMayEnd(0);
    std::thread::id firstThread;
    std::thread::id secondThread;
    {
        RunMonitor monitor;
        monitor.start(std::make_unique<ReluctantRun>(firstMayEnd, firstThread));
        // Both would wait for ever here if this thread had to destroy the run.
        monitor.start(std::make_unique<ReluctantRun>(secondMayEnd, secondThread));
    }
    firstMayEnd.release();
    secondMayEnd.release();
    RunReaper::waitForAll();
    QVERIFY(firstThread != std::thread::id() && firstThread != std::this_thread::get_id());
    QVERIFY(secondThread != std::thread::id() && secondThread != std::this_thread::get_id());
}

void RunMonitorTest::seriesStayBoundedAndKeepTheirEnds_data()
{
    QTest::addColumn<int>("count");
    for (const int count : {1, 63, 64, 65, 1000, 100'000})
        QTest::addRow("%d points", count) << count;
}

void RunMonitorTest::seriesStayBoundedAndKeepTheirEnds()
{
    QFETCH(const int, count);
    TimeSeries series(TimeSeries::Merge::Last, 64);
    for (int i = 0; i < count; ++i)
        series.add(i * 0.033, i);
    const auto &points = series.points();
    QVERIFY(points.size() <= 64);
    QVERIFY(points.size() >= std::min<std::size_t>(std::size_t(count), 24));
    QCOMPARE(points.front().value, 0.0);
    QCOMPARE(points.back().value, double(count - 1));
    for (std::size_t i = 1; i < points.size(); ++i)
        QVERIFY(points[i].time > points[i - 1].time);
    series.add(-1, 5);
    QCOMPARE(series.points().back().value, double(count - 1));
}

void RunMonitorTest::ratesSurviveHalving()
{
    TimeSeries series(TimeSeries::Merge::Last, 64);
    for (int i = 0; i < 10'000; ++i)
        series.add(i * 0.01, i * 0.01 * 250);
    const auto rates = ratesOf(series, 1.0);
    QVERIFY(!rates.empty());
    for (const TimeSeries::Point &rate : rates)
        QVERIFY2(std::abs(rate.value - 250) < 1e-6, qPrintable(QString::number(rate.value)));
}

void RunMonitorTest::aSteadyRunHasASteadyRate()
{
    // Two workers finish an item each in every second, seen thirty times a second.
    TimeSeries series(TimeSeries::Merge::Last);
    for (int i = 0; i < 1000; ++i)
        series.add(i * 0.033, 2 * std::floor(i * 0.033));
    for (const TimeSeries::Point &rate : ratesOf(series, 4.0))
        if (rate.time > 4)
            QVERIFY2(std::abs(rate.value - 2) < 0.05, qPrintable(QString::number(rate.value)));
    // And one that stands still has none.
    for (int i = 1000; i < 1300; ++i)
        series.add(i * 0.033, 64);
    QCOMPARE(ratesOf(series, 4.0).back().value, 0.0);
}

void RunMonitorTest::aPeakNeverVanishes()
{
    TimeSeries series(TimeSeries::Merge::Peak, 64);
    for (int i = 0; i < 10'000; ++i)
        series.add(i, i == 4321 ? 77 : 1);
    const auto &points = series.points();
    QCOMPARE(
        std::max_element(points.begin(), points.end(), [](auto &a, auto &b) { return a.value < b.value; })
            ->value,
        77.0);
}

void RunMonitorTest::figuresOfARun()
{
    RunSnapshot snapshot;
    QCOMPARE(figuresOf(snapshot), RunFigures());
    snapshot.phase = RunPhase::Finished;
    snapshot.now = 99;
    snapshot.firstDispatch = 2;
    snapshot.firstResult = 3;
    snapshot.lastDelivery = 12;
    snapshot.delivered = 50;
    snapshot.processes = 2;
    snapshot.busySeconds = 15;
    snapshot.placeSeconds = 30; // 4 workers, of which 2 left half way
    RunFigures figures = figuresOf(snapshot);
    QCOMPARE(*figures.elapsed, 10.0);
    QCOMPARE(*figures.firstResult, 1.0);
    QCOMPARE(*figures.throughput, 5.0);
    QCOMPARE(*figures.utilisation, 0.5);
    snapshot.phase = RunPhase::Running;
    QCOMPARE(*figuresOf(snapshot).elapsed, 97.0);
}

void RunMonitorTest::theRateFollowsTheRun()
{
    RunHistory history;
    QCOMPARE(history.currentRate(), 0.0);
    RunSnapshot snapshot;
    snapshot.firstDispatch = 0.1;
    for (int i = 0; i <= 3000; ++i) {
        snapshot.now = 0.1 + i * 0.01;
        // A hundred a second at first, ten later.
        snapshot.completed = std::uint64_t(i < 1000 ? i : 1000 + (i - 1000) / 10);
        history.add(snapshot);
        if (i == 900)
            QVERIFY(std::abs(history.currentRate() - 100) < 2);
    }
    QVERIFY(std::abs(history.currentRate() - 10) < 1);
    history.clear();
    QCOMPARE(history.currentRate(), 0.0);
}

QTEST_GUILESS_MAIN(RunMonitorTest)
#include "tst_runmonitor.moc"
