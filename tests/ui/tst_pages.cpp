// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/named.h"
#include "tests/ui/pagetest.h"
#include "tests/ui/scriptedrun.h"
#include "ui/models/format.h"
#include "ui/models/runmonitor.h"
#include "ui/models/runsmodel.h"
#include "ui/models/workersmodel.h"
#include "ui/pages/comparepage.h"
#include "ui/pages/detailtabs.h"
#include "ui/pages/itemdelegates.h"
#include "ui/pages/runpage.h"
#include "ui/theme/theme.h"

#include <QAbstractItemModelTester>
#include <QLineEdit>
#include <QPainter>
#include <QProgressBar>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QTabWidget>
#include <QTableView>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>

using namespace Poolscope;

/// The views of a run together, and the runs of a session beside each other.
class PagesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void everyViewHasItsAccessibleName_data();
    void everyViewHasItsAccessibleName();
    void aSecondRunLeavesNothingOfTheFirst();
    void aPageMadeAfterTheStartShowsTheRun();
    void aSampleReadsABoundedNumberOfRecords();
    void whatIsChosenInOneViewIsMarkedInAll();
    void theLogIsSearchedAndLeadsToItsItem();
    void aTableThatComesIntoFocusChoosesNothing_data();
    void aTableThatComesIntoFocusChoosesNothing();
    void filtersAreListedAndTakenAwayOneByOne();
    void theActivityOfWorkersIsOfTheStretchShown();
    void theActivityAtTheEndIsThatOfTheWholeRun();
    void fullActivityHasNoGaps();
    void chartsShareTheTimelinesClock();
    void endedRunsAreComparedAndTheBestIsNamed();
    void differentJobsAreNotCompared();
};

void PagesTest::everyViewHasItsAccessibleName_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"Progress", "Workers", "Ordered results", "Unordered results", "Timeline",
                             "Throughput", "Errors", "Log", "Reorder buffer"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void PagesTest::everyViewHasItsAccessibleName()
{
    QFETCH(const QString, name);
    RunMonitor monitor;
    RunPage page(&monitor);
    QVERIFY(named<QWidget>(page, name.toLatin1().constData()));
}

void PagesTest::aSecondRunLeavesNothingOfTheFirst()
{
    RunMonitor monitor;
    RunPage page(&monitor);
    page.resize(960, 690);
    page.show();
    monitor.start(std::make_unique<ScriptedRun>(stuckAtItem2()));
    QTRY_VERIFY(!monitor.isActive());
    QCOMPARE(named<QTableView>(page, "Errors")->model()->rowCount(), 1);
    ScriptedRun::Script script;
    script.items = 3;
    script.startup = 0;
    auto second = std::make_unique<ScriptedRun>(script);
    second->showAt(0.5);
    monitor.start(std::move(second));
    QCOMPARE(named<QTableView>(page, "Errors")->model()->rowCount(), 0);
    QCOMPARE(named<QTableView>(page, "Ordered results")->model()->rowCount(), 0);
    QCOMPARE(page.findChild<QTabWidget *>()->tabText(1), QStringLiteral("Errors"));
    QCOMPARE(named<QProgressBar>(page, "Progress")->maximum(), 3);
}

void PagesTest::aPageMadeAfterTheStartShowsTheRun()
{
    RunMonitor monitor;
    monitor.start(std::make_unique<ScriptedRun>(stuckAtItem2()));
    RunPage page(&monitor);
    QCOMPARE(named<QTableView>(page, "Ordered results")->model()->rowCount(), 8);
}

void PagesTest::aSampleReadsABoundedNumberOfRecords()
{
    ScriptedRun::Script script;
    script.items = 300'000;
    script.method = Method::ImapUnordered;
    script.seconds = [](std::uint64_t) { return 1e-6; };
    // Slow enough to be read that its time, not its end, must be what ends a sample.
    script.value = [](std::uint64_t) { return std::string(2000, 'x'); };
    auto owned = std::make_unique<ScriptedRun>(script);
    const ScriptedRun &run = *owned;
    RunMonitor monitor;
    RunPage page(&monitor);
    page.resize(960, 690);
    page.show();
    monitor.start(std::move(owned));
    QVERIFY2(run.recordsRead() < 300'000, qPrintable(QString::number(run.recordsRead())));
    // What was left is read in turns once the run has ended.
    QTRY_VERIFY_WITH_TIMEOUT(run.recordsRead() >= 300'000, 60'000);
}

void PagesTest::whatIsChosenInOneViewIsMarkedInAll()
{
    RunMonitor monitor;
    RunPage page(&monitor);
    page.resize(1200, 800);
    page.show();
    auto owned = std::make_unique<ScriptedRun>(stuckAtItem2());
    owned->lines() = {{.time = 1, .text = "pool event"},
                      {.time = 2, .worker = 1, .item = 3, .text = "cooking"}};
    monitor.start(std::move(owned));
    QTRY_VERIFY(page.hasReadAll());
    auto *const completed = named<QTableView>(page, "Unordered results");
    auto *const delivered = named<QTableView>(page, "Ordered results");
    QCOMPARE(delivered->model()->rowCount(), 8);
    delivered->setCurrentIndex(delivered->model()->index(5, 0));
    QCOMPARE(page.selectedItem().item(), std::optional<std::uint64_t>(5));
    const auto chosen = [](QTableView *table) {
        const QModelIndexList rows = table->selectionModel()->selectedRows();
        return rows.size() == 1 ? rows.first().data().toString() : QStringLiteral("none");
    };
    QCOMPARE(chosen(completed), QStringLiteral("5"));
    page.selectedItem().select(2);
    QCOMPARE(chosen(completed), QStringLiteral("2"));
    QCOMPARE(chosen(delivered), QStringLiteral("2"));
    // The worker that ran it, and what it printed.
    QCOMPARE(chosen(named<QTableView>(page, "Workers")), QStringLiteral("0"));
    auto *const log = named<QTableView>(page, "Log");
    QTRY_COMPARE(log->model()->rowCount(), 2);
    page.selectedItem().select(3);
    QCOMPARE(log->selectionModel()->selectedRows().size(), 1);
    QCOMPARE(log->selectionModel()->selectedRows().first().row(), 1);
    page.selectedItem().select(4);
    QVERIFY(!log->selectionModel()->hasSelection());
}

void PagesTest::theLogIsSearchedAndLeadsToItsItem()
{
    RunMonitor monitor;
    RunPage page(&monitor);
    page.resize(1200, 800);
    page.show();
    auto owned = std::make_unique<ScriptedRun>(stuckAtItem2());
    owned->lines() = {{.time = 1, .worker = 0, .item = 3, .text = "cooking"},
                      {.time = 2, .worker = 1, .item = 6, .text = "Washing up"},
                      {.time = 2.5, .text = "pool event"}};
    monitor.start(std::move(owned));
    auto *const log = named<QTableView>(page, "Log");
    QTRY_COMPARE(log->model()->rowCount(), 3);
    named<QTabWidget>(page, "Details")->setCurrentIndex(2);
    auto *const search = named<QLineEdit>(page, "Search the log");
    QVERIFY(search->isVisible());
    search->setText(QStringLiteral("wash"));
    QCOMPARE(log->model()->rowCount(), 1);
    QTest::mouseClick(log->viewport(), Qt::LeftButton, {},
                      log->visualRect(log->model()->index(0, 0)).center());
    QTRY_COMPARE(page.selectedItem().item(), std::optional<std::uint64_t>(6));
    search->setText(QStringLiteral("item 3"));
    QCOMPARE(log->model()->rowCount(), 1);
    search->clear();
    QCOMPARE(log->model()->rowCount(), 3);
}

void PagesTest::aTableThatComesIntoFocusChoosesNothing_data()
{
    QTest::addColumn<QString>("table");
    QTest::addColumn<int>("tab");
    QTest::newRow("completed") << QStringLiteral("Unordered results") << 0;
    QTest::newRow("delivered") << QStringLiteral("Ordered results") << 0;
    QTest::newRow("workers") << QStringLiteral("Workers") << 0;
    QTest::newRow("errors") << QStringLiteral("Errors") << 1;
    QTest::newRow("log") << QStringLiteral("Log") << 2;
}

void PagesTest::aTableThatComesIntoFocusChoosesNothing()
{
    QFETCH(const QString, table);
    QFETCH(const int, tab);
    RunMonitor monitor;
    RunPage page(&monitor);
    page.resize(1200, 800);
    page.show();
    page.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&page));
    auto owned = std::make_unique<ScriptedRun>(stuckAtItem2());
    owned->lines() = {{.time = 1, .worker = 0, .item = 3, .text = "cooking"}};
    monitor.start(std::move(owned));
    QTRY_VERIFY(page.hasReadAll());
    named<QTabWidget>(page, "Details")->setCurrentIndex(tab);
    auto *const view = named<QTableView>(page, table);
    QVERIFY(view->model()->rowCount() > 0);
    view->setFocus(Qt::TabFocusReason);
    QVERIFY(view->hasFocus());
    QCOMPARE(page.selectedItem().item(), std::nullopt);
    QTest::keyClick(view, Qt::Key_Down);
    QCOMPARE(view->currentIndex().row(), 0);
}

void PagesTest::filtersAreListedAndTakenAwayOneByOne()
{
    RunMonitor monitor;
    RunPage page(&monitor);
    page.resize(1280, 800);
    page.show();
    auto owned = std::make_unique<ScriptedRun>(stuckAtItem2());
    ScriptedRun &run = *owned;
    monitor.start(std::move(owned));
    run.showAt(-1);
    QTRY_VERIFY(page.hasReadAll());
    auto *const completed = named<QTableView>(page, "Unordered results");
    auto *const errors = named<QTableView>(page, "Errors");
    auto *const chips = named<QWidget>(page, "Filters");
    QVERIFY(chips->isHidden());
    QCOMPARE(completed->model()->rowCount(), 8);
    QCOMPARE(errors->model()->rowCount(), 1);

    // Who zooms in sees the lists of what is shown.
    page.timeWindow().show(0.5, 2.5);
    QTRY_COMPARE(firstColumn(*completed), (QList<qulonglong>{0, 1, 3}));
    QCOMPARE(errors->model()->rowCount(), 0);
    QVERIFY(!chips->isHidden());
    page.filter().setWorker(1);
    QTRY_COMPARE(firstColumn(*completed), (QList<qulonglong>{1, 3}));
    page.filter().setErrorType(QStringLiteral("ValueError"));
    page.filter().setLogText(QStringLiteral("nothing"));
    QCOMPARE(named<QLineEdit>(page, "Search the log")->text(), QStringLiteral("nothing"));

    const auto takeAway = [&page](const QString &what) {
        auto *const chip = named<QToolButton>(page, QStringLiteral("Remove filter: ") + what);
        QVERIFY(chip && !chip->isHidden());
        chip->click();
    };
    takeAway(QStringLiteral("worker 1"));
    QTRY_COMPARE(firstColumn(*completed), (QList<qulonglong>{0, 1, 3}));
    takeAway(QStringLiteral("ValueError"));
    takeAway(QStringLiteral("“nothing”"));
    QVERIFY(named<QLineEdit>(page, "Search the log")->text().isEmpty());
    takeAway(Format::moment(0.5) + QStringLiteral(" to ") + Format::moment(2.5));
    QVERIFY(page.timeWindow().isWhole());
    QTRY_COMPARE(completed->model()->rowCount(), 8);
    QCOMPARE(errors->model()->rowCount(), 1);
    QVERIFY(chips->isHidden());
}

void PagesTest::theActivityOfWorkersIsOfTheStretchShown()
{
    RunMonitor monitor;
    RunPage page(&monitor);
    page.resize(1200, 800);
    page.show();
    ScriptedRun::Script script = stuckAtItem2();
    script.startup = 2; // nothing runs until then
    monitor.start(std::make_unique<ScriptedRun>(script));
    QTRY_VERIFY(page.hasReadAll());
    const QAbstractItemModel *const workers = named<QTableView>(page, "Workers")->model();
    const auto running = [&] { return plain(workers->index(0, WorkersModel::TimeSplit).data().toString()); };
    page.timeWindow().show(2, 4);
    QTRY_COMPARE(running(), QStringLiteral("100 % busy"));
    page.timeWindow().show(0, 4);
    QTRY_COMPARE(running(), QStringLiteral("50 % busy"));
}

void PagesTest::theActivityAtTheEndIsThatOfTheWholeRun()
{
    ScriptedRun::Script script;
    script.method = Method::Map;
    script.items = 20;
    script.chunksize = 10;
    script.startup = 0;
    script.recordsChunks = true;
    ScriptedRun run(script);
    RunLog log;
    TimeWindow window;
    SelectedItem selection;
    RunFilter filter(&window);
    DetailTabs tabs(&log, &window, &selection, &filter);
    tabs.show();
    tabs.clear(&run);
    for (const double now : {0.1, -1.0}) {
        run.showAt(now);
        const RunSnapshot snapshot = run.snapshot();
        log.setNow(snapshot);
        log.readOn(
            run, [] { return true; }, [](std::uint64_t) {});
        window.setNow(snapshot.now, run.isOver());
        tabs.apply(snapshot);
    }
    const QAbstractItemModel *const workers = named<QTableView>(tabs, "Workers")->model();
    const QModelIndex split = workers->index(0, WorkersModel::TimeSplit);
    QVERIFY2(plain(split.data(Qt::ToolTipRole).toString()).contains(QStringLiteral("10.0 s  running")),
             qPrintable(split.data(Qt::ToolTipRole).toString()));
    QCOMPARE(plain(workers->index(0, WorkersModel::Busy).data().toString()), QStringLiteral("100 %"));
}

void PagesTest::fullActivityHasNoGaps()
{
    QStandardItemModel model(1, WorkersModel::ColumnCount);
    const QModelIndex cell = model.index(0, WorkersModel::Activity);
    model.setData(cell, QVariant::fromValue(QList<double>(40, 1.0)), WorkersModel::LoadRole);
    const WorkerDelegate delegate;
    for (int width = 40; width < 140; ++width) {
        QImage picture(width, 20, QImage::Format_RGB32);
        picture.fill(Qt::white);
        QPainter painter(&picture);
        QStyleOptionViewItem option;
        option.rect = picture.rect();
        delegate.paint(&painter, option, cell);
        painter.end();
        const QColor busy = Theme::color(Theme::State::Running);
        for (int x = Theme::space; x < width - Theme::spaceSmall; ++x)
            QVERIFY2(picture.pixelColor(x, 10) == busy,
                     qPrintable(QStringLiteral("%1 of %2").arg(x).arg(width)));
    }
}

void PagesTest::chartsShareTheTimelinesClock()
{
    RunMonitor monitor;
    RunPage page(&monitor);
    page.resize(1200, 800);
    page.show();
    monitor.start(std::make_unique<ScriptedRun>(stuckAtItem2()));
    QTRY_VERIFY(page.hasReadAll());
    auto *const chart = named<QWidget>(page, "Throughput");
    const double length = page.timeWindow().length();
    const QPoint middle = chart->rect().center();
    QWheelEvent event(middle, chart->mapToGlobal(QPointF(middle)), {}, {0, 240}, Qt::NoButton, {},
                      Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(chart, &event);
    QVERIFY(page.timeWindow().length() < length);
    QVERIFY(!page.timeWindow().isFollowing());
}

void PagesTest::endedRunsAreComparedAndTheBestIsNamed()
{
    RunMonitor monitor;
    ComparePage page(&monitor);
    page.resize(960, 690);
    page.show();
    auto *const table = named<QTableView>(page, "Runs");
    for (const Method method : {Method::Map, Method::Imap, Method::ImapUnordered}) {
        QSignalSpy ended(&monitor, &RunMonitor::ended);
        ScriptedRun::Script script = stuckAtItem2();
        script.method = method;
        monitor.start(std::make_unique<ScriptedRun>(script));
        QTRY_COMPARE(ended.count(), 1);
    }
    const auto cell = [&](int row, int column) {
        return plain(table->model()->index(row, column).data().toString());
    };
    QCOMPARE(table->model()->rowCount(), 3);
    QCOMPARE(cell(0, RunsModel::Method), QStringLiteral("map"));
    QCOMPARE(cell(0, RunsModel::FirstResult), QStringLiteral("11.0 s"));
    // imap and imap_unordered are equally quick to begin: both are best.
    QCOMPARE(cell(1, RunsModel::FirstResult), QStringLiteral("best · 1.00 s"));
    QCOMPARE(cell(2, RunsModel::FirstResult), QStringLiteral("best · 1.00 s"));
    QCOMPARE(cell(2, RunsModel::LastResult), QStringLiteral("11.0 s"));
    QCOMPARE(cell(1, RunsModel::Outcome), QStringLiteral("1 not ok"));
}

void PagesTest::differentJobsAreNotCompared()
{
    RunsModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    EndedRun run;
    run.spec.task = QStringLiteral("square");
    run.snapshot.phase = RunPhase::Finished;
    run.snapshot.firstDispatch = 0;
    run.snapshot.firstResult = 1;
    run.snapshot.lastDelivery = 2;
    model.add(run);
    run.spec.task = QStringLiteral("cube");
    run.snapshot.firstResult = 0.5;
    model.add(run);
    run.snapshot.phase = RunPhase::Stopped;
    run.snapshot.firstResult = 0.25;
    model.add(run);
    for (int row = 0; row < model.rowCount(); ++row)
        for (int column = 0; column < model.columnCount(); ++column)
            QVERIFY(!model.index(row, column).data(RunsModel::BestRole).toBool());
}

QTEST_MAIN(PagesTest)
#include "tst_pages.moc"
