// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/timelinefixture.h"
#include "ui/theme/theme.h"
#include "ui/timeline/minimap.h"
#include "ui/timeline/timelinebar.h"

#include <QMenu>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>

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

void turnWheel(QWidget *widget, const QPoint &at, int steps, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
{
    QWheelEvent event(at, widget->mapToGlobal(QPointF(at)), {}, {0, steps * 120}, Qt::NoButton, modifiers,
                      Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(widget, &event);
}

} // namespace

/// What is done to a timeline, and to what stands beside it.
class TimelineInputTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void aWorkerIsSingledOutFromTheMenu();
    void theWheelZoomsAtThePointer();
    void keysDoWhatTheMouseDoes();
    void draggingMeasuresAndZooms();
    void draggingTheAxisMoves();
    void aClickChoosesAnItemForAllViews();
    void whatIsChosenElsewhereIsRevealed();
    void anItemThatStillRunsIsRevealed();
    void whoIsStuckOutOfSightIsToldAtTheEdge_data();
    void whoIsStuckOutOfSightIsToldAtTheEdge();
    void theNextItemOfALaneIsReachedByKey();
    void theBarBringsBackToLive();
    void theMinimapMovesTheFrame();
};

void TimelineInputTest::aWorkerIsSingledOutFromTheMenu()
{
    const ScriptedRun run(twoWorkers());
    TimelineFixture f;
    f.show(run);
    const auto choose = [&f](const QString &text) {
        QMenu menu;
        f.timeline.fillMenu(&menu);
        const QList<QAction *> entries = menu.actions();
        for (QAction *const entry : entries)
            if (entry->text() == text)
                entry->trigger();
    };
    QTest::keyClick(&f.timeline, Qt::Key_Down);
    choose(QStringLiteral("Show only worker 1"));
    QCOMPARE(f.filter.worker(), std::optional<std::uint32_t>(1));
    choose(QStringLiteral("Show all workers"));
    QVERIFY(!f.filter.worker());
}

void TimelineInputTest::theWheelZoomsAtThePointer()
{
    TimelineFixture f;
    const ScriptedRun run(twoWorkers());
    f.show(run);
    const QPoint at = f.pointOf(0, 4);
    const double before = f.timeline.coordinates().timeAt(at.x());
    const double length = f.window.length();
    turnWheel(f.viewport(), at, 3);
    QVERIFY(f.window.length() < length / 1.5);
    QVERIFY(std::abs(f.timeline.coordinates().timeAt(at.x()) - before) < 1e-6);
    QVERIFY(!f.window.isFollowing());
    const double begin = f.window.begin();
    turnWheel(f.viewport(), at, -1, Qt::ShiftModifier);
    QVERIFY(f.window.begin() > begin);
}

void TimelineInputTest::keysDoWhatTheMouseDoes()
{
    TimelineFixture f;
    const ScriptedRun run(twoWorkers());
    f.show(run);
    const double length = f.window.length();
    f.timeline.setFocus();
    QTest::keyClick(&f.timeline, Qt::Key_W);
    QVERIFY(f.window.length() < length);
    const double begin = f.window.begin();
    QTest::keyClick(&f.timeline, Qt::Key_A);
    QVERIFY(f.window.begin() < begin);
    QTest::keyClick(&f.timeline, Qt::Key_Right);
    QVERIFY(std::abs(f.window.begin() - begin) < 1e-9);
    QTest::keyClick(&f.timeline, Qt::Key_S);
    QTest::keyClick(&f.timeline, Qt::Key_0);
    QVERIFY(f.window.isWhole());
    QTest::keyClick(&f.timeline, Qt::Key_Plus);
    QTest::keyClick(&f.timeline, Qt::Key_Backspace);
    QVERIFY(f.window.isWhole());
    QTest::keyClick(&f.timeline, Qt::Key_Right, Qt::AltModifier);
    QVERIFY(!f.window.isWhole());
    QTest::keyClick(&f.timeline, Qt::Key_End);
    QVERIFY(f.window.isFollowing());
    QTest::keyClick(&f.timeline, Qt::Key_Down);
    QCOMPARE(f.timeline.currentLane(), 1U);
    QTest::keyClick(&f.timeline, Qt::Key_Down);
    QCOMPARE(f.timeline.currentLane(), 1U);
    QTest::keyClick(&f.timeline, Qt::Key_Up);
    QCOMPARE(f.timeline.currentLane(), 0U);
}

void TimelineInputTest::draggingMeasuresAndZooms()
{
    TimelineFixture f;
    const ScriptedRun run(twoWorkers());
    f.show(run);
    QTest::mousePress(f.viewport(), Qt::LeftButton, {}, f.pointOf(0, 2));
    QTest::mouseMove(f.viewport(), f.pointOf(1, 4));
    QTest::mouseMove(f.viewport(), f.pointOf(1, 6));
    QTest::mouseRelease(f.viewport(), Qt::LeftButton, {}, f.pointOf(1, 6));
    QVERIFY(f.timeline.measured());
    QVERIFY(std::abs(f.timeline.measured()->begin - 2) < 0.05);
    QVERIFY(std::abs(f.timeline.measured()->end - 6) < 0.05);
    QVERIFY(f.timeline.accessibleDescription().contains(QStringLiteral("8")));
    QVERIFY(f.timeline.accessibleDescription().contains(QStringLiteral("idle")));
    f.timeline.setFocus();
    QTest::keyClick(&f.timeline, Qt::Key_F);
    QVERIFY(std::abs(f.window.begin() - 2) < 0.05);
    QVERIFY(!f.timeline.measured());
}

void TimelineInputTest::draggingTheAxisMoves()
{
    TimelineFixture f;
    const ScriptedRun run(twoWorkers());
    f.show(run);
    f.window.show(4, 6);
    const QPoint from(f.pointOf(0, 5).x(), 3);
    QTest::mousePress(f.viewport(), Qt::LeftButton, {}, from);
    QTest::mouseMove(f.viewport(), from - QPoint(50, 0));
    QTest::mouseRelease(f.viewport(), Qt::LeftButton, {}, from - QPoint(50, 0));
    QVERIFY(f.window.begin() > 4);
    QVERIFY(!f.timeline.measured());
}

void TimelineInputTest::aClickChoosesAnItemForAllViews()
{
    TimelineFixture f;
    const ScriptedRun run(twoWorkers());
    f.show(run);
    QSignalSpy changed(&f.selection, &SelectedItem::changed);
    QTest::mouseClick(f.viewport(), Qt::LeftButton, {}, f.pointOf(1, 2.5));
    QCOMPARE(changed.count(), 1);
    QCOMPARE(f.selection.item(), std::optional<std::uint64_t>(5));
    QTest::keyClick(&f.timeline, Qt::Key_Escape);
    QVERIFY(!f.selection.item());
    QTest::mouseDClick(f.viewport(), Qt::LeftButton, {}, f.pointOf(1, 2.5));
    QVERIFY(std::abs(f.window.length() - 2) < 0.1); // the item of a second, and as much around it
}

void TimelineInputTest::whatIsChosenElsewhereIsRevealed()
{
    TimelineFixture f;
    const ScriptedRun run(twoWorkers());
    f.show(run);
    f.window.show(0, 2);
    f.selection.select(17);
    QVERIFY(f.window.begin() <= 8 && f.window.end() >= 9);
    QCOMPARE(f.timeline.currentLane(), 1U);
    f.selection.select(1'000'000); // nowhere
    QVERIFY(f.window.begin() <= 8);
}

void TimelineInputTest::anItemThatStillRunsIsRevealed()
{
    TimelineFixture f;
    ScriptedRun run(oneOfManyIsStuck(60));
    run.showAt(20);
    f.show(run);
    QVERIFY(!f.timeline.laneLayout().isSeen(60));
    const double begin = f.window.begin();
    f.selection.select(60);
    QVERIFY(f.timeline.laneLayout().isSeen(60));
    QCOMPARE(f.timeline.currentLane(), 60U);
    QCOMPARE(f.window.begin(), begin); // its bar reaches to now, which is seen
    f.window.show(2, 4);
    f.selection.select(std::nullopt);
    f.selection.select(60); // its bar is seen there, too
    QCOMPARE(f.window.begin(), 2.0);
}

void TimelineInputTest::whoIsStuckOutOfSightIsToldAtTheEdge_data()
{
    QTest::addColumn<int>("stuck");
    QTest::addColumn<int>("scroll");
    QTest::addColumn<StuckHint::Edge>("edge");
    QTest::newRow("below") << 60 << 0 << StuckHint::Edge::Bottom;
    QTest::newRow("above") << 2 << 10'000 << StuckHint::Edge::Top;
}

void TimelineInputTest::whoIsStuckOutOfSightIsToldAtTheEdge()
{
    QFETCH(const int, stuck);
    QFETCH(const int, scroll);
    QFETCH(const StuckHint::Edge, edge);
    TimelineFixture f;
    ScriptedRun run(oneOfManyIsStuck(std::uint64_t(stuck)));
    run.showAt(20);
    f.show(run);
    f.timeline.verticalScrollBar()->setValue(scroll);
    const RunSnapshot snapshot = run.snapshot();
    const auto hint = StuckHint::at(edge, snapshot, f.timeline.laneLayout());
    QVERIFY(hint);
    QCOMPARE(hint->lane, std::size_t(stuck));
    QVERIFY2(hint->text.contains(QStringLiteral("worker %1: item %1").arg(stuck)), qPrintable(hint->text));
    const auto other = edge == StuckHint::Edge::Top ? StuckHint::Edge::Bottom : StuckHint::Edge::Top;
    QVERIFY(!StuckHint::at(other, snapshot, f.timeline.laneLayout()));

    QTest::mouseClick(f.viewport(), Qt::LeftButton, {}, hint->rect.center().toPoint());
    QVERIFY(f.timeline.laneLayout().isSeen(std::size_t(stuck)));
    QVERIFY(!StuckHint::at(edge, snapshot, f.timeline.laneLayout()));
}

void TimelineInputTest::theNextItemOfALaneIsReachedByKey()
{
    TimelineFixture f;
    const ScriptedRun run(twoWorkers());
    f.show(run);
    f.timeline.setFocus();
    QTest::keyClick(&f.timeline, Qt::Key_Period);
    QCOMPARE(f.selection.item(), std::optional<std::uint64_t>(0));
    QTest::keyClick(&f.timeline, Qt::Key_Period);
    QCOMPARE(f.selection.item(), std::optional<std::uint64_t>(2));
    QTest::keyClick(&f.timeline, Qt::Key_Comma);
    QTest::keyClick(&f.timeline, Qt::Key_Comma);
    QCOMPARE(f.selection.item(), std::optional<std::uint64_t>(0));
}

void TimelineInputTest::theBarBringsBackToLive()
{
    TimeWindow window;
    TimelineBar bar(&window);
    bar.show();
    const auto button = [&bar](const char *name) {
        const QList<QToolButton *> all = bar.findChildren<QToolButton *>();
        for (QToolButton *const each : all)
            if (each->accessibleName() == QLatin1String(name))
                return each;
        return static_cast<QToolButton *>(nullptr);
    };
    window.setNow(100, false);
    QVERIFY(!button("Back to live")->isVisible());
    button("Zoom in")->click();
    QVERIFY(button("Back to live")->isVisible());
    QVERIFY(button("Back")->isEnabled());
    button("Back to live")->click();
    QVERIFY(window.isFollowing());
    QVERIFY(!button("Back to live")->isVisible());
    button("Whole run")->click();
    QCOMPARE(window.begin(), 0.0);
}

void TimelineInputTest::theMinimapMovesTheFrame()
{
    TimelineFixture f;
    const ScriptedRun run(twoWorkers());
    f.show(run);
    Minimap map(&f.log, &f.window, &f.selection);
    map.clear(&run);
    map.resize(900, 26);
    map.show();
    f.window.show(0, 1);
    const double length = f.window.length();
    QTest::mouseClick(&map, Qt::LeftButton, {},
                      {(Timeline::labelWidth() + 900) / 2, 10}); // the middle of ten seconds
    QVERIFY(std::abs((f.window.begin() + f.window.end()) / 2 - 5) < 0.4);
    QVERIFY(std::abs(f.window.length() - length) < 1e-9);
    QVERIFY(pixelsOf(map).value(Theme::color(Theme::State::Running).rgb()) > 20);
}

QTEST_MAIN(TimelineInputTest)
#include "tst_timelineinput.moc"
