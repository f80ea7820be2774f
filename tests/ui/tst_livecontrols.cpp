// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/scriptedrun.h"
#include "ui/window/livecontrols.h"

#include <QSlider>
#include <QSpinBox>
#include <QTest>

using namespace Poolscope;

class LiveControlsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theSizeOfThePoolIsChangedWhileItRuns();
    void thePaceIsThatOfTheRunAndOfThoseThatFollow();
    void mapLeavesTheConsumerNothingToPace();
    void pacesGrowInEvenRatios();
};

namespace {

ScriptedRun *start(RunMonitor &monitor, Method method = Method::Imap)
{
    ScriptedRun::Script script;
    script.method = method;
    script.startup = 0;
    auto owned = std::make_unique<ScriptedRun>(script);
    owned->showAt(2.5);
    ScriptedRun *const run = owned.get();
    monitor.start(std::move(owned));
    return run;
}

} // namespace

void LiveControlsTest::theSizeOfThePoolIsChangedWhileItRuns()
{
    RunMonitor monitor;
    LiveControls controls(&monitor);
    auto *const size = controls.findChild<QSpinBox *>();
    QVERIFY(!size->isEnabled());
    ScriptedRun *const run = start(monitor);
    QTRY_VERIFY(size->isEnabled());
    QCOMPARE(size->value(), 2);
    QCOMPARE(run->resizedTo(), 0);
    size->setValue(5);
    QCOMPARE(run->resizedTo(), 5);
    run->showAt(-1);
    QTRY_VERIFY(!size->isEnabled());
}

void LiveControlsTest::thePaceIsThatOfTheRunAndOfThoseThatFollow()
{
    RunMonitor monitor;
    LiveControls controls(&monitor);
    auto *const pace = controls.findChild<QSlider *>();
    ScriptedRun *const run = start(monitor);
    QCOMPARE(run->consumerPace(), 0.0);
    pace->setValue(pace->maximum());
    QCOMPARE(run->consumerPace(), LiveControls::paceAt(pace->maximum()));
    QVERIFY(pace->accessibleDescription().contains(QStringLiteral("2.00")));
    run->showAt(-1);
    QTRY_VERIFY(!monitor.isActive());
    const ScriptedRun *const next = start(monitor);
    QCOMPARE(next->consumerPace(), LiveControls::paceAt(pace->maximum()));
}

void LiveControlsTest::mapLeavesTheConsumerNothingToPace()
{
    RunMonitor monitor;
    LiveControls controls(&monitor);
    auto *const pace = controls.findChild<QSlider *>();
    ScriptedRun *const run = start(monitor, Method::Map);
    QTRY_VERIFY(!pace->isEnabled());
    QVERIFY(!pace->toolTip().isEmpty());
    run->showAt(-1);
    QTRY_VERIFY(pace->isEnabled());
}

void LiveControlsTest::pacesGrowInEvenRatios()
{
    QCOMPARE(LiveControls::paceAt(0), 0.0);
    QCOMPARE(LiveControls::paceAt(1), 0.001);
    const double ratio = LiveControls::paceAt(3) / LiveControls::paceAt(2);
    QVERIFY(std::abs(LiveControls::paceAt(12) / LiveControls::paceAt(11) - ratio) < 1e-9);
}

QTEST_MAIN(LiveControlsTest)
#include "tst_livecontrols.moc"
