// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/generatedrun.h"
#include "tests/ui/timelinefixture.h"
#include "ui/theme/theme.h"
#include "ui/timeline/timelinetext.h"

#include <QAccessible>
#include <QTest>

using namespace Poolscope;

namespace {

QHash<QRgb, int> pixelsOf(QWidget &widget)
{
    const QImage image = widget.grab().toImage();
    QHash<QRgb, int> pixels;
    for (int x = 0; x < image.width(); ++x)
        for (int y = 0; y < image.height(); ++y)
            ++pixels[image.pixel(x, y)];
    return pixels;
}

} // namespace

/// What a timeline shows and says.
class TimelineTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void timesAndPixelsAreEachOthersReverse();
    void ticksLieOnRoundMoments_data();
    void ticksLieOnRoundMoments();
    void closeTicksAreToldFromABase_data();
    void closeTicksAreToldFromABase();
    void aMillionItemsTakeNoMoreThanARectangleAColumn_data();
    void aMillionItemsTakeNoMoreThanARectangleAColumn();
    void barsShowTheColoursOfTheirItems();
    void phasesAreTold_data();
    void phasesAreTold();
    void failuresAreSeenAtEveryZoom_data();
    void failuresAreSeenAtEveryZoom();
    void aChunkThatRunsIsNoIdleTime();
    void anEmptyTimelineSaysWhatWillBeThere();
    void theWayOfAResultToTheConsumerIsDrawn();
    void theToolTipTellsAllOfAnItem();
    void lanesAreKnownToAssistiveTechnology();
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

void TimelineTest::closeTicksAreToldFromABase_data()
{
    QTest::addColumn<QList<double>>("ticks");
    QTest::addColumn<QString>("base");
    QTest::addColumn<QStringList>("labels");
    QTest::newRow("far apart") << QList<double>{0, 2, 4} << "" << QStringList{"0 s", "2 s", "4 s"};
    QTest::newRow("microseconds late in a run") << QList<double>{12.345, 12.34501, 12.34502} << "12.345000 s"
                                                << QStringList{"+0 s", "+10 µs", "+20 µs"};
    QTest::newRow("milliseconds after minutes")
        << QList<double>{125, 125.01} << "125.000000 s" << QStringList{"+0 s", "+10 ms"};
}

void TimelineTest::closeTicksAreToldFromABase()
{
    QFETCH(const QList<double>, ticks);
    QFETCH(const QString, base);
    QFETCH(const QStringList, labels);
    QString found;
    QStringList texts = TimelineText::ticks({ticks.begin(), ticks.end()}, &found);
    for (QString &text : texts)
        text.replace(QChar(0x00a0), QLatin1Char(' '));
    QCOMPARE(found.replace(QChar(0x00a0), QLatin1Char(' ')), base);
    QCOMPARE(texts, labels);
}

void TimelineTest::aMillionItemsTakeNoMoreThanARectangleAColumn_data()
{
    QTest::addColumn<quint64>("chunksize");
    QTest::addColumn<quint64>("failing");
    QTest::addColumn<double>("from");
    QTest::addColumn<double>("to");
    QTest::newRow("all of it") << quint64(1) << quint64(0) << 0.0 << 3.0;
    QTest::newRow("in chunks") << quint64(20000) << quint64(0) << 0.0 << 3.0;
    QTest::newRow("a thousandth") << quint64(1) << quint64(0) << 1.0 << 1.002;
    QTest::newRow("a few bars") << quint64(1) << quint64(0) << 1.0 << 1.0002;
    QTest::newRow("one of them") << quint64(1) << quint64(0) << 1.0 << 1.00002;
    QTest::newRow("all fail") << quint64(1) << quint64(1) << 0.0 << 3.0;
    QTest::newRow("now and then one fails") << quint64(1) << quint64(50'000) << 0.0 << 3.0;
}

void TimelineTest::aMillionItemsTakeNoMoreThanARectangleAColumn()
{
    QFETCH(const quint64, chunksize);
    QFETCH(const quint64, failing);
    QFETCH(const double, from);
    QFETCH(const double, to);
    TimelineFixture f;
    const GeneratedRun run(
        {.workers = 4, .chunksize = chunksize, .seconds = 8e-6, .gap = 2e-6, .failEach = int(failing)});
    f.show(run);
    f.window.show(from, to);
    f.timeline.grab();
    QVERIFY(f.timeline.paintedRectangles() >= 4);
    // A bar and the gap behind it are one each where a column holds both.
    QVERIFY2(f.timeline.paintedRectangles() <= 4 * f.timeline.width(),
             qPrintable(QString::number(f.timeline.paintedRectangles())));
}

void TimelineTest::barsShowTheColoursOfTheirItems()
{
    TimelineFixture f({900, 120});
    ScriptedRun::Script script;
    script.workers = 1;
    script.items = 2;
    script.startup = 0;
    const ScriptedRun run(script);
    f.show(run);
    const QHash<QRgb, int> pixels = pixelsOf(f.timeline);
    // The ends of the ramp, a bar each.
    QVERIFY(pixels.value(Theme::itemColor(0).rgb()) > 1000);
    QVERIFY(pixels.value(Theme::itemColor(1).rgb()) > 1000);
}

void TimelineTest::phasesAreTold_data()
{
    QTest::addColumn<RunEventKind>("last");
    QTest::addColumn<Theme::State>("state");
    QTest::newRow("starting") << RunEventKind::WorkerStarted << Theme::State::Starting;
    QTest::newRow("ending") << RunEventKind::WorkerLeaving << Theme::State::Ending;
}

void TimelineTest::phasesAreTold()
{
    QFETCH(const RunEventKind, last);
    QFETCH(const Theme::State, state);
    TimelineFixture f({900, 120});
    ScriptedRun::Script script;
    script.workers = 1;
    script.items = 1;
    script.startup = 4;
    ScriptedRun run(script);
    run.runEvents() = {{.time = 0, .kind = RunEventKind::WorkerStarted, .generation = 1}};
    if (last != RunEventKind::WorkerStarted)
        run.runEvents().push_back({.time = 0.1, .kind = last, .generation = 1});
    run.showAt(3);
    f.show(run);
    QVERIFY(pixelsOf(f.timeline).value(Theme::color(state).rgb()) > 300);
}

void TimelineTest::failuresAreSeenAtEveryZoom_data()
{
    QTest::addColumn<double>("seconds"); // an item
    QTest::addColumn<quint64>("items");
    QTest::addColumn<bool>("lost");
    for (const bool lost : {false, true}) {
        const char *const how = lost ? "lost" : "error";
        QTest::addRow("%s, wide bars", how) << 1.0 << quint64(10) << lost;
        QTest::addRow("%s, narrow bars", how) << 1.0 << quint64(200) << lost;
        QTest::addRow("%s, none is told from the next", how) << 1.0 << quint64(20'000) << lost;
    }
}

void TimelineTest::failuresAreSeenAtEveryZoom()
{
    QFETCH(const double, seconds);
    QFETCH(const quint64, items);
    QFETCH(const bool, lost);
    TimelineFixture f({900, 80});
    ScriptedRun::Script script;
    script.workers = 1;
    script.items = items;
    script.startup = 0;
    script.seconds = [=](std::uint64_t) { return seconds; };
    script.status = [=](std::uint64_t item) {
        return item != items / 2 ? ItemStatus::Ok : lost ? ItemStatus::Lost : ItemStatus::Error;
    };
    const ScriptedRun run(script);
    f.show(run);
    const QImage picture = f.viewport()->grab().toImage();
    const QColor colour = Theme::color(lost ? Theme::State::Lost : Theme::State::Error);
    const QRect lane = f.timeline.laneRect(0).toAlignedRect();
    int columns = 0;
    for (int x = lane.left(); x < lane.right(); ++x) {
        int pixels = 0;
        for (int y = lane.top(); y <= lane.bottom(); ++y)
            pixels += picture.pixelColor(x, y) == colour ? 1 : 0;
        columns += pixels > 0 ? 1 : 0;
    }
    QVERIFY2(columns >= 6, qPrintable(QString::number(columns)));
}

void TimelineTest::aChunkThatRunsIsNoIdleTime()
{
    TimelineFixture f({900, 120});
    ScriptedRun::Script script;
    script.method = Method::Map;
    script.workers = 1;
    script.items = 20;
    script.chunksize = 10;
    script.startup = 0;
    script.recordsChunks = true;
    ScriptedRun run(script);
    run.runEvents() = {{.time = 0, .kind = RunEventKind::WorkerStarted, .generation = 1},
                       {.time = 0, .kind = RunEventKind::WorkerReady, .generation = 1}};
    run.showAt(8.5);
    f.show(run);
    QCOMPARE(f.log.spans().size(0), 0U);
    const QImage picture = f.viewport()->grab().toImage();
    const auto colourAt = [&](double time) {
        QPoint at = f.pointOf(0, time);
        at.setY(int(f.timeline.laneRect(0).bottom()) - 5); // below its label
        return picture.pixelColor(at);
    };
    // Paler than the item it is at, and that paler than one that is done.
    const auto strength = [](const QColor &colour) {
        const QColor ground = Theme::dataBackground();
        return std::abs(colour.red() - ground.red()) + std::abs(colour.green() - ground.green()) +
               std::abs(colour.blue() - ground.blue());
    };
    const QColor pale = colourAt(3.3); // where no tick of the axis is
    QVERIFY(strength(pale) > 40);
    QCOMPARE(colourAt(5.7), pale);
    QVERIFY(strength(colourAt(8.25)) > strength(pale));
    const QString text = f.timeline.laneText(0);
    QVERIFY2(text.contains(QStringLiteral("chunk 0 with the items 0 to 9")), qPrintable(text));
}

void TimelineTest::anEmptyTimelineSaysWhatWillBeThere()
{
    TimelineFixture f({900, 120});
    QCOMPARE(f.timeline.accessibleName(), QStringLiteral("Timeline"));
    QVERIFY(pixelsOf(f.timeline).size() > 2);
    QCOMPARE(f.timeline.paintedRectangles(), 0);
}

void TimelineTest::theWayOfAResultToTheConsumerIsDrawn()
{
    TimelineFixture f;
    ScriptedRun::Script script = twoWorkers();
    // Item 1 is done at 1 s and waits for item 0, which takes until 6 s.
    script.seconds = [](std::uint64_t item) { return item == 0 ? 6.0 : 1.0; };
    script.items = 4;
    const ScriptedRun run(script);
    f.show(run);
    const auto pixelAt = [&f](double time) {
        return f.viewport()->grab().toImage().pixel(f.pointOf(1, time));
    };
    const QRgb before = pixelAt(5);
    f.selection.select(1);
    int changed = 0;
    for (const double time : {4.2, 4.4, 4.6, 4.8, 5.0, 5.2})
        changed += pixelAt(time) != before;
    QVERIFY(changed >= 2); // a dotted line, where before nothing was
    f.selection.select(std::nullopt);
    QCOMPARE(pixelAt(5), before);
}

void TimelineTest::theToolTipTellsAllOfAnItem()
{
    const ScriptedRun run(twoWorkers());
    const QString text = TimelineText::item(*run.item(3));
    for (const char *part :
         {"Item 3", "ok", "value  9", "ran 1.00", "CPU 900", "worker 1", "pid 4712", "chunk 3"})
        QVERIFY2(QString(text).replace(QChar(0x00a0), QLatin1Char(' ')).contains(QLatin1String(part)),
                 qPrintable(text));
}

void TimelineTest::lanesAreKnownToAssistiveTechnology()
{
    TimelineFixture f;
    ScriptedRun run(twoWorkers());
    run.showAt(3.5);
    f.show(run);
    QAccessibleInterface *const list = QAccessible::queryAccessibleInterface(&f.timeline);
    QVERIFY(list);
    QCOMPARE(list->role(), QAccessible::List);
    QCOMPARE(list->childCount(), 2);
    QAccessibleInterface *const lane = list->child(1);
    QVERIFY(lane);
    QCOMPARE(list->child(1), lane);
    QCOMPARE(list->indexOfChild(lane), 1);
    QCOMPARE(lane->role(), QAccessible::ListItem);
    const QString name = lane->text(QAccessible::Name);
    QVERIFY2(name.startsWith(QStringLiteral("worker 1, pid 4712, generation 1, running item 7")),
             qPrintable(name));
    QVERIFY(!list->child(2));
}

QTEST_MAIN(TimelineTest)
#include "tst_timeline.moc"
