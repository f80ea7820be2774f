// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/timewindow.h"

#include <QSignalSpy>
#include <QTest>

using namespace Poolscope;

class TimeWindowTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theFollowedRangeGrowsInStepsThenMoves_data();
    void theFollowedRangeGrowsInStepsThenMoves();
    void itFollowsUntilSomeoneGoesElsewhere();
    void zoomingKeepsTheMomentInItsPlace();
    void stepsOfOneKindAreOnePlaceToGoBackTo();
    void forwardUndoesBack();
    void nothingOutsideOfTheRunIsShown();
    void whatIsRevealedIsSeen();
    void anEndedRunIsShownWhole();
    void aNewRunForgetsTheOldOne();
};

void TimeWindowTest::theFollowedRangeGrowsInStepsThenMoves_data()
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

void TimeWindowTest::theFollowedRangeGrowsInStepsThenMoves()
{
    QFETCH(const double, now);
    QFETCH(const double, begin);
    QFETCH(const double, end);
    TimeWindow window;
    window.setNow(now, false);
    QCOMPARE(window.begin(), begin);
    QCOMPARE(window.end(), end);
}

void TimeWindowTest::itFollowsUntilSomeoneGoesElsewhere()
{
    TimeWindow window;
    window.setNow(100, false);
    QVERIFY(window.isFollowing());
    window.pan(-20);
    QVERIFY(!window.isFollowing());
    QCOMPARE(window.begin(), 50.0);
    window.setNow(110, false);
    QCOMPARE(window.begin(), 50.0);
    window.follow();
    QVERIFY(window.isFollowing());
    QCOMPARE(window.end(), 110.0);
    window.setNow(120, false);
    QCOMPARE(window.end(), 120.0);
    window.fit();
    QVERIFY(window.isFollowing());
    QCOMPARE(window.begin(), 0.0);
    window.setNow(130, false);
    QCOMPARE(window.end(), 300.0); // the next step of a clock
}

void TimeWindowTest::zoomingKeepsTheMomentInItsPlace()
{
    TimeWindow window;
    window.setNow(100, true);
    const double before = (40 - window.begin()) / window.length();
    const double length = window.length();
    window.zoom(4, 40);
    QCOMPARE(window.length(), length / 4);
    QVERIFY(std::abs((40 - window.begin()) / window.length() - before) < 1e-9);
    window.zoom(1e12, 40);
    QVERIFY(std::abs(window.length() - TimeWindow::shortest) < 1e-9);
}

void TimeWindowTest::stepsOfOneKindAreOnePlaceToGoBackTo()
{
    TimeWindow window;
    window.setNow(100, true);
    const double end = window.end();
    QVERIFY(!window.canGoBack());
    window.zoom(2, 50);
    window.zoom(2, 50);
    window.zoom(2, 50);
    window.pan(5);
    window.pan(5);
    window.goBack();
    QCOMPARE(window.length(), end / 8);
    window.goBack();
    QCOMPARE(window.begin(), 0.0);
    QCOMPARE(window.end(), end);
    QVERIFY(window.isFollowing());
    QVERIFY(!window.canGoBack());
}

void TimeWindowTest::forwardUndoesBack()
{
    TimeWindow window;
    window.setNow(100, true);
    window.show(10, 20);
    window.show(30, 40);
    window.goBack();
    QCOMPARE(window.begin(), 10.0);
    QVERIFY(window.canGoForward());
    window.goForward();
    QCOMPARE(window.begin(), 30.0);
    QVERIFY(!window.canGoForward());
    window.goBack();
    window.show(50, 60);
    QVERIFY(!window.canGoForward());
}

void TimeWindowTest::nothingOutsideOfTheRunIsShown()
{
    TimeWindow window;
    window.setNow(100, true);
    window.show(10, 20);
    window.pan(-1000);
    QVERIFY(window.begin() >= -0.2);
    window.pan(1000);
    QVERIFY(window.end() <= 102);
    QVERIFY(std::abs(window.length() - 10) < 1e-9);
    window.zoom(1e-6, 50);
    QVERIFY(window.length() <= 103);
}

void TimeWindowTest::whatIsRevealedIsSeen()
{
    TimeWindow window;
    window.setNow(100, true);
    window.show(10, 20);
    QSignalSpy changed(&window, &TimeWindow::changed);
    window.reveal(12, 13);
    QCOMPARE(changed.count(), 0);
    window.reveal(70, 71);
    QVERIFY(window.begin() <= 70 && window.end() >= 71);
    QVERIFY(std::abs(window.length() - 10) < 1e-9);
    window.reveal(20, 80);
    QVERIFY(window.begin() <= 20 && window.end() >= 80);
}

void TimeWindowTest::anEndedRunIsShownWhole()
{
    TimeWindow window;
    window.setNow(100, false);
    QVERIFY(!window.isWhole());
    window.setNow(100, true);
    QCOMPARE(window.begin(), 0.0);
    QVERIFY(window.isWhole());
}

void TimeWindowTest::aNewRunForgetsTheOldOne()
{
    TimeWindow window;
    window.setNow(100, true);
    window.show(10, 20);
    window.clear();
    QVERIFY(window.isFollowing());
    QVERIFY(!window.canGoBack());
    QCOMPARE(window.begin(), 0.0);
}

QTEST_GUILESS_MAIN(TimeWindowTest)
#include "tst_timewindow.moc"
