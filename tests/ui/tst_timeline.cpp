// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/scriptedrun.h"
#include "ui/theme/theme.h"
#include "ui/timeline/timeline.h"

#include <QTest>

using namespace Poolscope;

class TimelineTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void timesAndPixelsAreEachOthersReverse();
    void ticksLieOnRoundMoments_data();
    void ticksLieOnRoundMoments();
    void theFollowedRangeGrowsInStepsThenMoves_data();
    void theFollowedRangeGrowsInStepsThenMoves();

    void spansAreFoundByTime();
    void theLoadOfAStretchIsExact();
    void spansThatOverlapAreCutNotReordered();
    void theWorstEndOfAStretchIsTold();
    void aNewProcessIsMarkedWhereItBegins();

    void aMillionItemsTakeNoMoreThanARectangleAColumn();
    void barsShowTheColoursOfTheirItems();
    void anEmptyTimelineSaysWhatWillBeThere();
};

void TimelineTest::timesAndPixelsAreEachOthersReverse()
{
    const TimelineCoordinates coordinates{2, 12, 100, 500};
    QCOMPARE(coordinates.xAt(2), 100.0);
    QCOMPARE(coordinates.xAt(12), 600.0);
    QCOMPARE(coordinates.secondsPerPixel(), 0.02);
    for (const double time : {2.0, 3.7, 11.99, 20.0, -4.0})
        QCOMPARE(coordinates.timeAt(coordinates.xAt(time)), time);
}

void TimelineTest::ticksLieOnRoundMoments_data()
{
    QTest::addColumn<double>("begin");
    QTest::addColumn<double>("end");
    QTest::addColumn<QList<double>>("ticks");
    QTest::newRow("seconds") << 0.0 << 10.0 << QList<double>{0, 2, 4, 6, 8, 10};
    QTest::newRow("from the middle") << 3.0 << 13.0 << QList<double>{4, 6, 8, 10, 12};
    QTest::newRow("milliseconds") << 0.0 << 0.01 << QList<double>{0, 0.002, 0.004, 0.006, 0.008, 0.01};
    QTest::newRow("minutes, not hundreds of seconds")
        << 0.0 << 600.0 << QList<double>{0, 120, 240, 360, 480, 600};
}

void TimelineTest::ticksLieOnRoundMoments()
{
    QFETCH(const double, begin);
    QFETCH(const double, end);
    QFETCH(const QList<double>, ticks);
    const std::vector<double> found = ticksOf({begin, end, 0, 500}, 80);
    QCOMPARE(found.size(), std::size_t(ticks.size()));
    for (qsizetype i = 0; i < ticks.size(); ++i)
        QVERIFY(std::abs(found[std::size_t(i)] - ticks.at(i)) < 1e-9);
}

void TimelineTest::theFollowedRangeGrowsInStepsThenMoves_data()
{
    QTest::addColumn<double>("now");
    QTest::addColumn<double>("begin");
    QTest::addColumn<double>("end");
    QTest::newRow("at first") << 0.0 << 0.0 << 0.001;
    QTest::newRow("within a step") << 3.0 << 0.0 << 5.0;
    QTest::newRow("still within it") << 4.9 << 0.0 << 5.0;
    QTest::newRow("next step") << 5.1 << 0.0 << 10.0;
    QTest::newRow("full") << 29.0 << 0.0 << 30.0;
    QTest::newRow("moves") << 40.0 << 10.0 << 40.0;
}

void TimelineTest::theFollowedRangeGrowsInStepsThenMoves()
{
    QFETCH(const double, now);
    QFETCH(const double, begin);
    QFETCH(const double, end);
    const auto range = followedRange(now, 30);
    QCOMPARE(range.first, begin);
    QCOMPARE(range.second, end);
}

void TimelineTest::spansAreFoundByTime()
{
    SpanStore spans;
    QCOMPARE(spans.firstEndingAfter(3, 1), 0U);
    spans.add(1, 1, {1, 2, 10, SpanEnd::Ok});
    spans.add(1, 1, {2, 4, 11, SpanEnd::Error});
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
}

void TimelineTest::theLoadOfAStretchIsExact()
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

void TimelineTest::spansThatOverlapAreCutNotReordered()
{
    SpanStore spans;
    spans.add(0, 1, {1, 3, 0, SpanEnd::Ok});
    spans.add(0, 1, {2, 4, 1, SpanEnd::Ok});
    spans.add(0, 1, {2, 3, 2, SpanEnd::Ok});
    QCOMPARE(spans.at(0, 1).begin, 3.0);
    QCOMPARE(spans.at(0, 1).end, 4.0);
    QCOMPARE(spans.at(0, 2).begin, 4.0);
    QCOMPARE(spans.at(0, 2).end, 4.0);
    QCOMPARE(spans.busyBetween(0, 0, 10), 3.0);
}

void TimelineTest::theWorstEndOfAStretchIsTold()
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

void TimelineTest::aNewProcessIsMarkedWhereItBegins()
{
    SpanStore spans;
    spans.add(0, 1, {0, 1, 0, SpanEnd::Ok});
    spans.add(0, 1, {1, 2, 1, SpanEnd::Ok});
    spans.add(0, 2, {3, 4, 2, SpanEnd::Ok});
    QCOMPARE(spans.recycledAt(0), std::vector<double>{3});
    QVERIFY(spans.recycledAt(7).empty());
}

void TimelineTest::aMillionItemsTakeNoMoreThanARectangleAColumn()
{
    Timeline timeline;
    timeline.resize(900, 200);
    RunSnapshot snapshot;
    snapshot.phase = RunPhase::Running;
    snapshot.workers.resize(2);
    snapshot.total = 1'000'000;
    snapshot.now = 10;
    for (int i = 0; i < 1'000'000; ++i)
        timeline.spans().add(std::size_t(i % 2), 1,
                             {i * 1e-5, i * 1e-5 + 1.5e-5, std::uint64_t(i), SpanEnd::Ok});
    timeline.apply(snapshot);
    timeline.grab();
    QVERIFY(timeline.paintedRectangles() > 1000);
    QVERIFY2(timeline.paintedRectangles() <= 2 * timeline.width(),
             qPrintable(QString::number(timeline.paintedRectangles())));
}

void TimelineTest::barsShowTheColoursOfTheirItems()
{
    Timeline timeline;
    timeline.resize(900, 120);
    RunSnapshot snapshot;
    snapshot.phase = RunPhase::Finished;
    snapshot.workers.resize(1);
    snapshot.total = 2;
    snapshot.now = 2;
    timeline.spans().add(0, 1, {0, 1, 0, SpanEnd::Ok});
    timeline.spans().add(0, 1, {1, 2, 1, SpanEnd::Ok});
    timeline.apply(snapshot);
    const QImage image = timeline.grab().toImage();
    QCOMPARE(timeline.paintedRectangles(), 2);
    QHash<QRgb, int> pixels;
    for (int x = 0; x < image.width(); ++x)
        for (int y = 0; y < image.height(); ++y)
            ++pixels[image.pixel(x, y)];
    // The ends of the ramp, a bar each.
    QVERIFY(pixels.value(Theme::itemColor(0).rgb()) > 1000);
    QVERIFY(pixels.value(Theme::itemColor(1).rgb()) > 1000);
}

void TimelineTest::anEmptyTimelineSaysWhatWillBeThere()
{
    Timeline timeline;
    QCOMPARE(timeline.accessibleName(), QStringLiteral("Timeline"));
    timeline.resize(900, 120);
    const QImage image = timeline.viewport()->grab().toImage();
    QSet<QRgb> colours;
    for (int x = 0; x < image.width(); ++x)
        colours.insert(image.pixel(x, image.height() / 2));
    QVERIFY(colours.size() > 2);
    QCOMPARE(timeline.paintedRectangles(), 0);
}

QTEST_MAIN(TimelineTest)
#include "tst_timeline.moc"
