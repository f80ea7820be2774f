// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/generatedrun.h"
#include "tests/ui/scriptedrun.h"
#include "ui/models/runlog.h"

#include <QTest>

using namespace Poolscope;

namespace {

constexpr auto always = [] { return true; };
constexpr auto ignore = [](std::uint64_t) {};

RunLog read(const RunFeed &feed)
{
    RunLog log;
    log.setNow(feed.snapshot());
    while (log.readOn(feed, always, ignore)) {
    }
    return log;
}

RunEvent happened(double time, RunEventKind kind, std::uint32_t generation = 1, std::uint32_t worker = 0)
{
    return {.time = time, .kind = kind, .worker = worker, .generation = generation, .pid = 4711 + generation};
}

QString phases(const std::vector<WorkerLives::Stretch> &stretches)
{
    const QString letters = QStringLiteral("-SWupsBE");
    QString text;
    for (const WorkerLives::Stretch &stretch : stretches)
        text += QStringLiteral("%1 %2-%3 ")
                    .arg(letters.at(int(stretch.phase)))
                    .arg(stretch.begin)
                    .arg(stretch.end);
    return text.trimmed();
}

} // namespace

class RunLogTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void spansAreFoundByTime();
    void theLoadOfAStretchIsExact();
    void spansThatOverlapAreCut();
    void spansThatComeLateFindTheirPlace();
    void resultsOnTheirWayAreCountedWhereNothingRuns();
    void theWorstEndOfAStretchIsTold();
    void aNewProcessIsMarkedWhereItBegins();
    void theNextSpanIsFoundFromAnyPlaceBeforeIt();

    void idleTimeHasAName_data();
    void idleTimeHasAName();
    void waitsCloseTogetherAreOne();
    void deathsAndRetriesAreMarked();
    void theTimeOfAWorkerIsSplit();
    void withoutLivesTheRestIsWaiting();
    void aChunkThatRunsIsTimeWellSpent_data();
    void aChunkThatRunsIsTimeWellSpent();
    void unpackingAndPackingAreTimesOfTheirOwn();

    void aStretchIsMeasured();
    void itemsAreFoundByTheirRecords();
    void aMillionItemsTakeLittleMemoryAndAreReadInTurns();

    void barsAreAlikeOrWiden_data();
    void barsAreAlikeOrWiden();
    void everyItemIsInABar();
    void quantilesAreNear();
};

void RunLogTest::spansAreFoundByTime()
{
    SpanStore spans;
    QCOMPARE(spans.firstEndingAfter(3, 1), 0U);
    spans.add(1, 1, {1, 2, 10, SpanEnd::Ok});
    spans.add(1, 1, {2, 4, 11, SpanEnd::Error, true});
    spans.add(1, 1, {6, 7, 12, SpanEnd::Ok});
    QCOMPARE(spans.laneCount(), 2U);
    QCOMPARE(spans.size(0), 0U);
    QCOMPARE(spans.size(1), 3U);
    QCOMPARE(spans.firstEndingAfter(1, 0), 0U);
    QCOMPARE(spans.firstEndingAfter(1, 3), 1U);
    QCOMPARE(spans.firstEndingAfter(1, 5), 2U);
    QCOMPARE(spans.firstEndingAfter(1, 7), 3U);
    QCOMPARE(spans.firstBeginningFrom(1, 2), 1U);
    const SpanStore::Span span = spans.at(1, 1);
    QCOMPARE(span.begin, 2.0);
    QCOMPARE(span.end, 4.0);
    QCOMPARE(span.item, 11U);
    QCOMPARE(span.how, SpanEnd::Error);
    QVERIFY(span.isRetry);
    QVERIFY(!spans.at(1, 2).isRetry);
}

void RunLogTest::unpackingAndPackingAreTimesOfTheirOwn()
{
    Conversions conversions;
    QCOMPARE(conversions.unpackingBetween(3, 0, 10), 0.0);
    conversions.add(1, 1, 2, LanePhase::Unpacking);
    conversions.add(1, 6, 6.5, LanePhase::Packing);
    conversions.add(1, 4, 4, LanePhase::Packing);    // took no time
    conversions.add(1, 3, 3.25, LanePhase::Packing); // known late
    QCOMPARE(conversions.unpackingBetween(1, 0, 10), 1.0);
    QCOMPARE(conversions.unpackingBetween(1, 1.25, 1.75), 0.5);
    QCOMPARE(conversions.packingBetween(1, 0, 10), 0.75);
    QCOMPARE(conversions.packingBetween(1, 3.125, 6.25), 0.375);
    QCOMPARE(conversions.packingBetween(0, 0, 10), 0.0);
    const auto between = conversions.between(1, 1.5, 3.1);
    QCOMPARE(between.size(), 2U);
    QCOMPARE(between[0].phase, LanePhase::Unpacking);
    QCOMPARE(between[1].begin, 3.0);
}

void RunLogTest::theLoadOfAStretchIsExact()
{
    SpanStore spans;
    for (int i = 0; i < 1000; ++i)
        spans.add(0, 1, {i * 1.0, i + 0.25, std::uint64_t(i), SpanEnd::Ok});
    QCOMPARE(spans.busyBetween(0, 0, 1000), 250.0);
    QCOMPARE(spans.busyBetween(0, 10.125, 11.125), 0.25);
    QCOMPARE(spans.busyBetween(0, 10, 10.125), 0.125);
    QCOMPARE(spans.busyBetween(0, 10.25, 11), 0.0);
    QCOMPARE(spans.busyBetween(0, 11, 10), 0.0);
    QCOMPARE(spans.busyBetween(5, 0, 10), 0.0);
}

void RunLogTest::spansThatOverlapAreCut()
{
    SpanStore spans;
    spans.add(0, 1, {1, 3, 0, SpanEnd::Ok});
    spans.add(0, 1, {2, 4, 1, SpanEnd::Ok});
    spans.add(0, 1, {3, 3.5, 2, SpanEnd::Ok});
    spans.settle();
    QCOMPARE(spans.at(0, 1).begin, 3.0);
    QCOMPARE(spans.at(0, 1).end, 4.0);
    QCOMPARE(spans.at(0, 2).begin, 4.0);
    QCOMPARE(spans.at(0, 2).end, 4.0);
    QCOMPARE(spans.busyBetween(0, 0, 10), 3.0);
}

void RunLogTest::spansThatComeLateFindTheirPlace()
{
    SpanStore spans;
    SpanStore inOrder;
    std::vector<SpanStore::Span> all;
    for (int i = 0; i < 50; ++i)
        all.push_back({i * 2.0, i * 2.0 + 1, std::uint64_t(i), i % 7 == 3 ? SpanEnd::Lost : SpanEnd::Ok,
                       i % 5 == 0, i * 2.0 + 1.25});
    for (const SpanStore::Span &span : all)
        inOrder.add(0, 1, span);
    // What a chunk ran before one of its items was lost is heard of when that item has its outcome.
    for (int i = 0; i < 50; ++i)
        if (i < 10 || i >= 20)
            spans.add(0, 1, all[std::size_t(i)]);
    for (int i = 10; i < 20; ++i)
        spans.add(0, 1, all[std::size_t(i)]);
    spans.settle();
    QCOMPARE(spans.size(0), inOrder.size(0));
    for (std::size_t i = 0; i < spans.size(0); ++i) {
        QCOMPARE(spans.at(0, i).item, inOrder.at(0, i).item);
        QCOMPARE(spans.at(0, i).begin, inOrder.at(0, i).begin);
        QCOMPARE(spans.at(0, i).end, inOrder.at(0, i).end);
        QCOMPARE(spans.at(0, i).how, inOrder.at(0, i).how);
        QCOMPARE(spans.at(0, i).isRetry, inOrder.at(0, i).isRetry);
        QCOMPARE(spans.sentAt(0, i), inOrder.sentAt(0, i));
    }
    QCOMPARE(spans.failures(0), inOrder.failures(0));
    QCOMPARE(spans.busyBetween(0, 15, 45), inOrder.busyBetween(0, 15, 45));
}

void RunLogTest::resultsOnTheirWayAreCountedWhereNothingRuns()
{
    SpanStore spans;
    spans.add(0, 1, {0, 1, 0, SpanEnd::Ok, false, 1.5});
    spans.add(0, 1, {2, 3, 1, SpanEnd::Ok, false, 9}); // the next one runs meanwhile
    spans.add(0, 1, {3.5, 4, 2, SpanEnd::Ok, false, 4.25});
    QCOMPARE(spans.sentAt(0, 0), 1.5);
    QCOMPARE(spans.sentAt(0, 1), 3.5);
    QCOMPARE(spans.sentAt(0, 2), 4.25);
    QCOMPARE(spans.sendingBetween(0, 0, 10), 0.5 + 0.5 + 0.25);
    QCOMPARE(spans.sendingBetween(0, 1.25, 3.25), 0.25 + 0.25);
    QCOMPARE(spans.sendingBetween(0, 2, 3), 0.0);
}

void RunLogTest::theWorstEndOfAStretchIsTold()
{
    SpanStore spans;
    for (int i = 0; i < 100; ++i)
        spans.add(0, 1,
                  {i * 1.0, i + 1.0, std::uint64_t(i),
                   i == 50   ? SpanEnd::Error
                   : i == 60 ? SpanEnd::Lost
                             : SpanEnd::Ok});
    QCOMPARE(spans.worstOf(0, 0, 50), SpanEnd::Ok);
    QCOMPARE(spans.worstOf(0, 0, 51), SpanEnd::Error);
    QCOMPARE(spans.worstOf(0, 40, 70), SpanEnd::Lost);
    QCOMPARE(spans.worstOf(0, 61, 100), SpanEnd::Ok);
}

void RunLogTest::aNewProcessIsMarkedWhereItBegins()
{
    SpanStore spans;
    spans.add(0, 1, {0, 1, 0, SpanEnd::Ok});
    spans.add(0, 1, {1, 2, 1, SpanEnd::Ok});
    spans.add(0, 2, {3, 4, 2, SpanEnd::Ok});
    QCOMPARE(spans.recycledAt(0), std::vector<double>{3});
    QVERIFY(spans.recycledAt(7).empty());
}

void RunLogTest::theNextSpanIsFoundFromAnyPlaceBeforeIt()
{
    SpanStore spans;
    for (int i = 0; i < 300; ++i)
        spans.add(0, 1, {i * 1.0, i + 0.5, std::uint64_t(i), SpanEnd::Ok});
    for (const double time : {0.0, 0.5, 1.0, 17.25, 128.0, 299.0, 400.0})
        for (std::size_t from = 0; from <= spans.firstBeginningFrom(0, time); from += 7)
            QCOMPARE(spans.firstBeginningFrom(0, time, from), spans.firstBeginningFrom(0, time));
}

void RunLogTest::idleTimeHasAName_data()
{
    using K = RunEventKind;
    QTest::addColumn<QList<RunEvent>>("events");
    QTest::addColumn<QList<double>>("waits");
    QTest::addColumn<QString>("named");
    const QList<RunEvent> started = {happened(1, K::WorkerStarted), happened(3, K::WorkerReady)};
    QTest::newRow("nothing known") << QList<RunEvent>{} << QList<double>{} << "";
    QTest::newRow("starting, then waiting") << started << QList<double>{} << "S 1-3 W 3-10";
    QTest::newRow("told to leave") << started + QList<RunEvent>{happened(6, K::WorkerLeaving)}
                                   << QList<double>{} << "S 1-3 W 3-6 E 6-10";
    QTest::newRow("gone") << started +
                                 QList<RunEvent>{happened(6, K::WorkerLeaving), happened(7, K::WorkerEnded)}
                          << QList<double>{} << "S 1-3 W 3-6 E 6-7";
    QTest::newRow("replaced before it is gone")
        << started + QList<RunEvent>{happened(6, K::WorkerLeaving), happened(6.5, K::WorkerStarted, 2),
                                     happened(7, K::WorkerEnded), happened(8, K::WorkerReady, 2)}
        << QList<double>{} << "S 1-3 W 3-6 E 6-6.5 S 6.5-8 W 8-10";
    QTest::newRow("the consumer takes nothing")
        << started << QList<double>{4, 5} << "S 1-3 W 3-4 B 4-5 W 5-10";
    QTest::newRow("a wait before it is ready") << started << QList<double>{2, 4} << "S 1-3 B 3-4 W 4-10";
    QTest::newRow("dies while it starts")
        << QList<RunEvent>{happened(1, K::WorkerStarted), happened(2, K::WorkerDied)} << QList<double>{}
        << "S 1-2";
}

void RunLogTest::idleTimeHasAName()
{
    QFETCH(const QList<RunEvent>, events);
    QFETCH(const QList<double>, waits);
    QFETCH(const QString, named);
    WorkerLives lives;
    for (const RunEvent &each : events)
        lives.add(each);
    for (qsizetype i = 0; i + 1 < waits.size(); i += 2)
        lives.addWait({waits[i], waits[i + 1]});
    QCOMPARE(phases(lives.idleStretches(0, 0, 10, 10)), named);
}

void RunLogTest::waitsCloseTogetherAreOne()
{
    WorkerLives lives;
    lives.addWait({1, 2});
    lives.addWait({2.0005, 3});
    lives.addWait({4, 5});
    QCOMPARE(lives.waitsBetween(0, 10).size(), 2U);
    QCOMPARE(lives.waitsBetween(1.5, 4.5).front().begin, 1.5);
    QCOMPARE(lives.waitsBetween(1.5, 4.5).back().end, 4.5);
    lives.setOpenWait(6, 8);
    QCOMPARE(lives.waitsBetween(0, 10).size(), 3U);
    lives.setOpenWait(-1, 8);
    QCOMPARE(lives.waitsBetween(0, 10).size(), 2U);
}

void RunLogTest::deathsAndRetriesAreMarked()
{
    using K = RunEventKind;
    WorkerLives lives;
    lives.add(happened(0, K::WorkerStarted));
    lives.add(happened(1, K::WorkerTimedOut));
    RunEvent retried = happened(1, K::ItemRetried);
    retried.count = 12;
    lives.add(retried);
    lives.add(happened(2, K::WorkerStarted, 2));
    lives.add(happened(3, K::WorkerEnded, 2));
    lives.add({.time = 4, .kind = K::Resized, .count = 5});
    QCOMPARE(lives.marks(0).size(), 2U);
    QCOMPARE(lives.marks(0)[1].item, 12U);
    QCOMPARE(lives.lifeAt(0, 2.5)->generation, 2U);
    QCOMPARE(lives.lifeAt(0, 0.5)->end, K::WorkerTimedOut);
    QCOMPARE(lives.poolMarks().size(), 1U);
}

void RunLogTest::theTimeOfAWorkerIsSplit()
{
    using K = RunEventKind;
    ScriptedRun::Script script;
    script.workers = 1;
    script.items = 4;
    script.startup = 2; // runs from 2 to 6
    ScriptedRun run(script);
    run.runEvents() = {happened(0, K::WorkerStarted), happened(1, K::WorkerReady),
                       happened(6, K::WorkerLeaving), happened(6.5, K::WorkerEnded)};
    RunLog log = read(run);
    RunSnapshot later = run.snapshot();
    later.now = 7;
    log.setNow(later);
    const RunLog::Split whole = log.splitBetween(0, 0, 7);
    QCOMPARE(whole.starting, 1.0);
    QCOMPARE(whole.waiting, 1.0);
    QCOMPARE(whole.running, 4.0);
    QCOMPARE(whole.ending, 0.5);
    QCOMPARE(whole.sum(), 6.5);
    QCOMPARE(log.measure(0, 7).idle, 2.5 / 6.5); // of the time that there was a worker
    const RunLog::Split part = log.splitBetween(0, 0.5, 3);
    QCOMPARE(part.starting, 0.5);
    QCOMPARE(part.waiting, 1.0);
    QCOMPARE(part.running, 1.0);
    QCOMPARE(part.ending, 0.0);
}

void RunLogTest::withoutLivesTheRestIsWaiting()
{
    ScriptedRun::Script script;
    script.workers = 1;
    script.items = 4;
    script.startup = 2;
    const ScriptedRun run(script);
    const RunLog log = read(run);
    const RunLog::Split split = log.splitBetween(0, 0, 6);
    QCOMPARE(split.running, 4.0);
    QCOMPARE(split.waiting, 2.0);
}

void RunLogTest::aChunkThatRunsIsTimeWellSpent_data()
{
    QTest::addColumn<bool>("recordsChunks");
    QTest::addColumn<double>("now");
    for (const bool recordsChunks : {false, true})
        for (const double now : {2.5, 5.5, 6.5, 9.0, -1.0})
            QTest::addRow("%s, at %g s", recordsChunks ? "by chunks" : "by items", now)
                << recordsChunks << now;
}

/// What is told of a worker and the picture of its time say the same, whenever items are recorded.
void RunLogTest::aChunkThatRunsIsTimeWellSpent()
{
    QFETCH(const bool, recordsChunks);
    QFETCH(const double, now);
    ScriptedRun::Script script;
    script.method = Method::Map;
    script.items = 20;
    script.chunksize = 5;
    script.startup = 1;
    script.recordsChunks = recordsChunks;
    ScriptedRun run(script);
    run.showAt(now);
    const RunLog log = read(run);
    const RunSnapshot snapshot = run.snapshot();
    for (const WorkerSnapshot &worker : snapshot.workers) {
        const RunLog::Split split = log.splitBetween(worker.slot, 0, snapshot.now);
        QCOMPARE(split.running / split.sum(), worker.busy);
        QCOMPARE(split.waiting, 1.0);
    }
}

void RunLogTest::aStretchIsMeasured()
{
    ScriptedRun::Script script;
    script.workers = 2;
    script.items = 8;
    script.startup = 0; // two items each second, until 4
    const ScriptedRun run(script);
    const RunLog log = read(run);
    const RunLog::Measure measure = log.measure(0.5, 2.5);
    QCOMPARE(measure.items, 4U);
    QCOMPARE(measure.rate, 2.0);
    QCOMPARE(measure.idle, 0.0);
    QCOMPARE(log.measure(3, 3).items, 0U);
    QCOMPARE(log.durationsBetween(0.5, 2.5).count(), 4U);
}

void RunLogTest::itemsAreFoundByTheirRecords()
{
    const ScriptedRun run({});
    const RunLog log = read(run);
    for (const ItemRecord &record : run.completed(0, 100)) {
        const auto place = log.placeOf(record);
        QVERIFY(place);
        QCOMPARE(log.spans().at(place->lane, place->position).item, record.index);
        const auto at = log.placeAt(record.worker, (record.started + record.finished) / 2);
        QVERIFY(at);
        QCOMPARE(log.spans().at(at->lane, at->position).item, record.index);
    }
    QVERIFY(!log.placeAt(0, -1));
}

void RunLogTest::aMillionItemsTakeLittleMemoryAndAreReadInTurns()
{
    const GeneratedRun run({});
    RunLog log;
    log.setNow(run.snapshot());
    int turns = 0;
    std::uint64_t told = 0;
    bool more = true;
    while (more) {
        int asked = 0;
        more = log.readOn(
            run, [&] { return ++asked <= 20; }, [&](std::uint64_t) { ++told; });
        ++turns;
    }
    QCOMPARE(told, 1'000'000U);
    QVERIFY(turns >= 100);
    std::size_t kept = 0;
    for (std::size_t lane = 0; lane < log.laneCount(); ++lane)
        kept += log.spans().size(lane);
    QCOMPARE(kept, std::size_t(1'000'000));
    QCOMPARE(log.durations().count(), 1'000'000U);
}

void RunLogTest::barsAreAlikeOrWiden_data()
{
    QTest::addColumn<QList<double>>("durations");
    QTest::addColumn<bool>("widens");
    QTest::newRow("all alike") << QList<double>{1, 1, 1} << false;
    QTest::newRow("near each other") << QList<double>{0.9, 1, 1.1, 1.3, 2} << false;
    QTest::newRow("one far off") << QList<double>{0.005, 0.006, 0.007, 1} << true;
    QTest::newRow("over many sizes") << QList<double>{1e-6, 1e-4, 1e-2, 1} << true;
    QTest::newRow("no time at all") << QList<double>{0, 0} << false;
}

void RunLogTest::barsAreAlikeOrWiden()
{
    QFETCH(const QList<double>, durations);
    QFETCH(const bool, widens);
    DurationHistogram histogram;
    for (const double duration : durations)
        histogram.add(duration);
    const DurationHistogram::Bars bars = histogram.bars(20);
    QCOMPARE(bars.scale == DurationHistogram::Scale::Logarithmic, widens);
    QVERIFY2(bars.bars.size() >= 1 && bars.bars.size() <= 42, qPrintable(QString::number(bars.bars.size())));
    double sum = 0;
    for (std::size_t i = 0; i < bars.bars.size(); ++i) {
        QVERIFY(bars.bars[i].to > bars.bars[i].from);
        if (i > 0)
            QCOMPARE(bars.bars[i].from, bars.bars[i - 1].to);
        sum += bars.bars[i].count;
    }
    QVERIFY(std::abs(sum - double(durations.size())) < 1e-6);
}

void RunLogTest::everyItemIsInABar()
{
    DurationHistogram histogram;
    for (int i = 0; i < 1000; ++i)
        histogram.add(0.010 + i * 1e-5); // 10 to 20 ms, evenly
    const DurationHistogram::Bars bars = histogram.bars(12);
    QCOMPARE(bars.scale, DurationHistogram::Scale::Linear);
    // Each full bar of a millisecond holds about 100.
    for (std::size_t i = 1; i + 1 < bars.bars.size(); ++i)
        QVERIFY2(std::abs(bars.bars[i].count - 100 * (bars.bars[i].to - bars.bars[i].from) * 1000) < 12,
                 qPrintable(QString::number(bars.bars[i].count)));
}

void RunLogTest::quantilesAreNear()
{
    DurationHistogram histogram;
    for (int i = 1; i <= 1000; ++i)
        histogram.add(i * 1e-3);
    QVERIFY(std::abs(histogram.quantile(0.5) - 0.5) < 0.02);
    QVERIFY(std::abs(histogram.quantile(0.95) - 0.95) < 0.03);
    QCOMPARE(histogram.quantile(1), 1.0);
}

QTEST_GUILESS_MAIN(RunLogTest)
#include "tst_runlog.moc"
