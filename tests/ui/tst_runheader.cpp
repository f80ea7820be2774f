// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/named.h"
#include "tests/ui/pagetest.h"
#include "tests/ui/scriptedrun.h"
#include "ui/models/runmonitor.h"
#include "ui/pages/runheader.h"
#include "ui/pages/runpage.h"
#include "ui/theme/theme.h"

#include <QLabel>
#include <QProgressBar>
#include <QTest>

using namespace Poolscope;

/// What is said above the timeline of a run: its state, its job, its figures.
class RunHeaderTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void theHeadlineTellsTheStateOfTheRun_data();
    void theHeadlineTellsTheStateOfTheRun();
    void theHeaderSaysWhatRan();
    void theFiguresAddUpToTheClock();
    void failuresAreSeenInTheProgress();
    void theLastItemsAreNamed();
};

void RunHeaderTest::theHeadlineTellsTheStateOfTheRun_data()
{
    QTest::addColumn<int>("phase");
    QTest::addColumn<QString>("headline");
    QTest::newRow("checking") << int(RunPhase::Checking)
                              << QStringLiteral("Reading the input through: 1,234 items so far");
    QTest::newRow("starting") << int(RunPhase::Starting) << QStringLiteral("Starting 2 workers");
    QTest::newRow("running")
        << int(RunPhase::Running)
        << QStringLiteral("412 of 1,000 items · 2.0 items/s · 4 min 54 s left (±20 s) · 1 error · 2 lost");
    QTest::newRow("held up")
        << -1
        << QStringLiteral("412 of 1,000 items · waits for item 37, running for 7.80 s · 1 error · 2 lost");
    QTest::newRow("only the consumer is left")
        << -2 << QStringLiteral("1,000 of 1,000 items · 924 delivered · 3 s left · 1 error · 2 lost");
    QTest::newRow("paused") << int(RunPhase::Paused)
                            << QStringLiteral(
                                   "‖ Paused, what runs goes on · 412 of 1,000 items · 1 error · 2 lost");
    QTest::newRow("stopped")
        << int(RunPhase::Stopped)
        << QStringLiteral("■ Stopped · 412 of 1,000 items · 406 ok · 1 error · 2 lost · 3 cancelled");
    QTest::newRow("finished")
        << int(RunPhase::Finished)
        << QStringLiteral(
               "⚠ Finished, 6 not ok · 412 items in 3 min 26 s · 406 ok · 1 error · 2 lost · 3 cancelled");
    QTest::newRow("all is well") << -3
                                 << QStringLiteral("✓ Finished 412 items in 3 min 26 s · 412 ok · 0 errors");
    QTest::newRow("tried again") << -4
                                 << QStringLiteral(
                                        "✓ Finished · 1 tried again, 411 kept from before · 412 ok · "
                                        "0 errors");
    QTest::newRow("failed") << int(RunPhase::Failed)
                            << QStringLiteral("✕ The job could not run: no such <task>");
}

void RunHeaderTest::theHeadlineTellsTheStateOfTheRun()
{
    QFETCH(const int, phase);
    QFETCH(const QString, headline);
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    RunSnapshot snapshot;
    snapshot.phase = phase < 0 ? RunPhase::Running : RunPhase(phase);
    snapshot.scanned = 1234;
    snapshot.processes = 2;
    snapshot.total = 1000;
    snapshot.completed = 412;
    snapshot.items = {1000, 406, 1, 2, 0, 3};
    snapshot.firstDispatch = 0.5;
    snapshot.lastDelivery = 206.5;
    snapshot.now = 206.5;
    snapshot.eta = EtaEstimate{293.2, 19.5};
    if (phase == -1) {
        snapshot.eta.reset();
        snapshot.heldUpBy = 37;
        snapshot.workers.resize(2);
        snapshot.workers[1].item = 37;
        snapshot.workers[1].itemStarted = 198.7;
    } else if (phase == -2) {
        snapshot.completed = 1000;
        snapshot.delivered = 924;
        snapshot.eta = EtaEstimate{2.9, 0};
    }
    if (phase <= -3) {
        snapshot.phase = RunPhase::Finished;
        snapshot.total = 412;
        snapshot.items = {412, 412, 0, 0, 0, 0};
        snapshot.journaled = phase == -4 ? 411 : 0;
    }
    if (snapshot.phase == RunPhase::Failed)
        snapshot.problem = "no such <task>";
    QCOMPARE(plain(RunHeader::headline(snapshot, 2.0, phase == -4)), headline);
    QLocale::setDefault(QLocale::c());
}

void RunHeaderTest::theHeaderSaysWhatRan()
{
    RunHeader header;
    JobSpec spec;
    spec.task = QStringLiteral("/home/teacher/tasks.py:grade_essay");
    spec.input = QStringLiteral("/home/teacher/essays.txt");
    spec.method = Method::Imap;
    spec.processes = 4;
    header.setJob(spec);
    auto *const job = named<QLabel>(header, "Job that is shown");
    QCOMPARE(job->text(), QStringLiteral("essays.txt · tasks.py:grade_essay · imap · 4 processes"));
    QVERIFY(job->toolTip().contains(spec.task) && job->toolTip().contains(spec.input));
    RunSnapshot snapshot;
    snapshot.processes = 1; // someone has retired the others
    header.apply(snapshot, 0);
    QCOMPARE(job->text(), QStringLiteral("essays.txt · tasks.py:grade_essay · imap · 1 process"));
    spec.task.clear();
    spec.commandTemplate = QStringLiteral("wc -l {}");
    spec.input = QStringLiteral("glob:/usr/include/*.h");
    header.setJob(spec);
    QCOMPARE(job->text(), QStringLiteral("glob:/usr/include/*.h · wc -l {} · imap · 4 processes"));
}

void RunHeaderTest::theFiguresAddUpToTheClock()
{
    RunHeader header;
    RunSnapshot snapshot;
    snapshot.phase = RunPhase::Finished;
    snapshot.firstDispatch = 12.97;
    snapshot.firstResult = 14.56;
    snapshot.lastDelivery = 15.01;
    snapshot.now = 15.2;
    snapshot.chunks = 16;
    snapshot.chunksize = 13;
    header.apply(snapshot, 0);
    const auto figure = [&header](const char *name) { return plain(named<QLabel>(header, name)->text()); };
    QCOMPARE(figure("Elapsed + start"), QStringLiteral("2.04 s + 13.0 s"));
    QCOMPARE(figure("First result"), QStringLiteral("at 14.56 s"));
    QCOMPARE(figure("Chunks"), QStringLiteral("16 chunks of 13 items"));
    snapshot.chunks = snapshot.chunksize = 1;
    snapshot.firstDispatch = 0;
    header.apply(snapshot, 0);
    QCOMPARE(figure("Elapsed + start"), QStringLiteral("15.0 s"));
    QCOMPARE(figure("Chunks"), QStringLiteral("1 chunk of 1 item"));
}

void RunHeaderTest::failuresAreSeenInTheProgress()
{
    RunHeader header;
    header.resize(800, header.sizeHint().height());
    RunSnapshot snapshot;
    snapshot.phase = RunPhase::Finished;
    snapshot.total = snapshot.completed = 10'000;
    const auto vermillion = [&] {
        header.apply(snapshot, 0);
        const QImage picture = named<QProgressBar>(header, "Progress")->grab().toImage();
        int columns = 0;
        for (int x = 0; x < picture.width(); ++x) {
            int pixels = 0;
            for (int y = 0; y < picture.height(); ++y)
                pixels += picture.pixelColor(x, y) == Theme::color(Theme::State::Error) ? 1 : 0;
            columns += pixels > 2 ? 1 : 0;
        }
        return columns;
    };
    QCOMPARE(vermillion(), 0);
    snapshot.items.error = 1; // less than a pixel
    QVERIFY(vermillion() >= 5);
    snapshot.items.error = 5000;
    QVERIFY(vermillion() > 300);
}

void RunHeaderTest::theLastItemsAreNamed()
{
    RunMonitor monitor;
    RunPage page(&monitor);
    auto run = std::make_unique<ScriptedRun>(stuckAtItem2());
    run->showAt(8.5); // item 2 runs since 1.0, all others are done
    monitor.start(std::move(run));
    const QList<QLabel *> labels = page.findChildren<QLabel *>();
    QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
        return plain(label->text()) == QStringLiteral("Last 1 item: 2 on worker 0 for 7.50 s");
    }));
}

QTEST_MAIN(RunHeaderTest)
#include "tst_runheader.moc"
