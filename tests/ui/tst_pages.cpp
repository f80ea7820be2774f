// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/named.h"
#include "tests/ui/scriptedrun.h"
#include "ui/models/format.h"
#include "ui/models/runmonitor.h"
#include "ui/models/runsmodel.h"
#include "ui/models/workersmodel.h"
#include "ui/pages/comparepage.h"
#include "ui/pages/detailtabs.h"
#include "ui/pages/itemdelegates.h"
#include "ui/pages/reorderbuffer.h"
#include "ui/pages/runheader.h"
#include "ui/pages/runpage.h"
#include "ui/theme/theme.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryFile>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>

using namespace Poolscope;

namespace {

QString plain(QString text)
{
    return text.replace(QChar(0x00a0), QLatin1Char(' '));
}

QList<qulonglong> firstColumn(const QTableView &table)
{
    QList<qulonglong> items;
    for (int row = 0; row < table.model()->rowCount(); ++row)
        items += table.model()->index(row, 0).data().toString().toULongLong();
    return items;
}

ScriptedRun::Script stuckAtItem2()
{
    ScriptedRun::Script script;
    script.items = 8;
    script.startup = 0;
    script.seconds = [](std::uint64_t item) { return item == 2 ? 10.0 : 1.0; };
    script.status = [](std::uint64_t item) { return item == 4 ? ItemStatus::Error : ItemStatus::Ok; };
    return script;
}

ScriptedRun::Script threeFail()
{
    ScriptedRun::Script script;
    script.items = 6;
    script.startup = 0;
    script.status = [](std::uint64_t item) {
        return item == 2 ? ItemStatus::Lost : item == 1 || item == 4 ? ItemStatus::Error : ItemStatus::Ok;
    };
    return script;
}

} // namespace

class PagesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void everyViewHasItsAccessibleName_data();
    void everyViewHasItsAccessibleName();
    void bothStreamsAreShownSideBySide();
    void theBufferSaysWhatWaitsBehindWhat_data();
    void theBufferSaysWhatWaitsBehindWhat();
    void theBufferTellsTheConsumerFromTheMissingItem_data();
    void theBufferTellsTheConsumerFromTheMissingItem();
    void theBufferSaysWhatHasNoRoom();
    void theHeadlineTellsTheStateOfTheRun_data();
    void theHeadlineTellsTheStateOfTheRun();
    void theHeaderSaysWhatRan();
    void theFiguresAddUpToTheClock();
    void failuresAreSeenInTheProgress();
    void theLastItemsAreNamed();
    void errorsAreCountedOnTheirTab();
    void chosenErrorsAreReadTogether();
    void failedItemsAreRetriedWhenTheRunHasEnded();
    void aSecondRunLeavesNothingOfTheFirst();
    void aPageMadeAfterTheStartShowsTheRun();
    void aSampleReadsABoundedNumberOfRecords();
    void whatIsChosenInOneViewIsMarkedInAll();
    void theReorderBufferLeadsToTheItemThatIsWaitedFor();
    void theLogIsSearchedAndLeadsToItsItem();
    void aTableThatComesIntoFocusChoosesNothing_data();
    void aTableThatComesIntoFocusChoosesNothing();
    void errorsAreShownByTheirType();
    void theActivityOfWorkersIsOfTheStretchShown();
    void theActivityAtTheEndIsThatOfTheWholeRun();
    void fullActivityHasNoGaps();
    void filtersAreListedAndTakenAwayOneByOne();
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

void PagesTest::bothStreamsAreShownSideBySide()
{
    RunMonitor monitor;
    RunPage page(&monitor);
    page.resize(960, 690);
    page.show();
    auto owned = std::make_unique<ScriptedRun>(stuckAtItem2());
    ScriptedRun &run = *owned;
    run.showAt(5.5);
    monitor.start(std::move(owned));
    auto *const completed = named<QTableView>(page, "Unordered results");
    auto *const delivered = named<QTableView>(page, "Ordered results");
    QCOMPARE(firstColumn(*completed), (QList<qulonglong>{0, 1, 3, 4, 5, 6}));
    QCOMPARE(firstColumn(*delivered), (QList<qulonglong>{0, 1}));
    auto *const progress = named<QProgressBar>(page, "Progress");
    QCOMPARE(progress->maximum(), 8);
    QCOMPARE(progress->value(), 6);

    run.showAt(-1);
    QTRY_VERIFY(!monitor.isActive());
    QCOMPARE(firstColumn(*delivered), (QList<qulonglong>{0, 1, 2, 3, 4, 5, 6, 7}));
    QCOMPARE(progress->value(), 8);
}

void PagesTest::theBufferSaysWhatWaitsBehindWhat_data()
{
    QTest::addColumn<int>("method");
    QTest::addColumn<double>("now");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("imap") << int(Method::Imap) << 5.5 << QStringLiteral("4 results wait behind item 2.");
    QTest::newRow("imap, one") << int(Method::Imap) << 2.5 << QStringLiteral("1 result waits behind item 2.");
    QTest::newRow("imap, none") << int(Method::Imap) << 1.5 << QStringLiteral("Nothing waits.");
    QTest::newRow("map") << int(Method::Map) << 5.5 << QStringLiteral("6 results wait for the last item.");
    QTest::newRow("imap_unordered") << int(Method::ImapUnordered) << 5.5
                                    << QStringLiteral("Nothing is held back: results leave as they come.");
}

void PagesTest::theBufferSaysWhatWaitsBehindWhat()
{
    QFETCH(const int, method);
    QFETCH(const double, now);
    QFETCH(const QString, sentence);
    RunMonitor monitor;
    RunPage page(&monitor);
    ScriptedRun::Script script = stuckAtItem2();
    script.method = Method(method);
    auto run = std::make_unique<ScriptedRun>(script);
    run->showAt(now);
    monitor.start(std::move(run));
    QCOMPARE(named<QWidget>(page, "Reorder buffer")->accessibleDescription(), sentence);
}

void PagesTest::theBufferTellsTheConsumerFromTheMissingItem_data()
{
    QTest::addColumn<RunSnapshot>("snapshot");
    QTest::addColumn<QString>("sentence");
    QTest::addColumn<QList<int>>("done");
    QTest::addColumn<int>("first");
    RunSnapshot snapshot;
    snapshot.phase = RunPhase::Running;
    snapshot.total = snapshot.items.read = 10;
    snapshot.completed = 6;
    snapshot.delivered = snapshot.released = 2;
    snapshot.bufferedResults = 4;
    snapshot.waitingFor = 2;
    QTest::newRow("an item is missing")
        << snapshot << QStringLiteral("4 results wait behind item 2.") << QList<int>{0, 1, 3, 4, 5, 6} << 2;
    snapshot.released = 6;
    snapshot.waitingFor.reset();
    QTest::newRow("the consumer is slow") << snapshot << QStringLiteral("4 results wait for the consumer.")
                                          << QList<int>{0, 1, 2, 3, 4, 5} << 2;
    snapshot.released = 5;
    snapshot.waitingFor = 5;
    QTest::newRow("both") << snapshot
                          << QStringLiteral("4 results wait: 3 for the consumer, 1 behind item 5.")
                          << QList<int>{0, 1, 2, 3, 4, 6} << 2;
    snapshot.waitingFor.reset();
    snapshot.released = 0;
    snapshot.journaled = 3;
    QTest::newRow("resumed, an item is missing")
        << snapshot << QStringLiteral("4 results wait behind item 2.") << QList<int>{0, 1, 3, 4, 5, 6} << 2;
    QTest::newRow("resumed, the consumer is slow")
        << snapshot << QStringLiteral("4 results wait for the consumer.") << QList<int>{0, 1, 2, 3, 4, 5}
        << 2;
}

void PagesTest::theBufferTellsTheConsumerFromTheMissingItem()
{
    QFETCH(const RunSnapshot, snapshot);
    QFETCH(const QString, sentence);
    QFETCH(const QList<int>, done);
    QFETCH(const int, first);
    ReorderBuffer buffer;
    buffer.resize(buffer.sizeHint());
    buffer.clear(Method::Imap);
    for (const int item : done)
        buffer.completions().add(std::uint64_t(item));
    buffer.apply(snapshot);
    QCOMPARE(buffer.sentence(), sentence);
    // Squares in every case: the first one is what is delivered next.
    const QImage picture = buffer.grab().toImage();
    const QColor ground = buffer.palette().color(QPalette::Window);
    int inked = 0;
    for (int y = 4 * QFontMetrics(Theme::smallFont()).lineSpacing(); y < picture.height(); ++y)
        for (int x = 0; x < picture.width(); ++x)
            inked += picture.pixelColor(x, y) != ground ? 1 : 0;
    QVERIFY2(inked > 100, qPrintable(QString::number(inked)));
    QSignalSpy wanted(&buffer, &ReorderBuffer::itemWanted);
    QTest::mouseClick(&buffer, Qt::LeftButton, {}, {20, 5});
    QCOMPARE(wanted.first().first().toInt(), first);
}

void PagesTest::theBufferSaysWhatHasNoRoom()
{
    ReorderBuffer buffer;
    buffer.resize(140, 200);
    buffer.clear(Method::Imap);
    RunSnapshot snapshot;
    snapshot.phase = RunPhase::Running;
    snapshot.total = snapshot.items.read = 1000;
    snapshot.waitingFor = 0;
    const auto pictureOf = [&](std::uint64_t waiting) {
        for (std::uint64_t item = 1; item <= waiting; ++item)
            buffer.completions().add(item);
        snapshot.completed = snapshot.bufferedResults = waiting;
        buffer.apply(snapshot);
        return buffer.grab().toImage();
    };
    const auto itemAt = [&buffer](int y) {
        QSignalSpy wanted(&buffer, &ReorderBuffer::itemWanted);
        QTest::mouseClick(&buffer, Qt::LeftButton, {}, {12, y});
        return wanted.isEmpty() ? -1 : wanted.first().first().toInt();
    };
    const QRect below(0, buffer.height() / 2, buffer.width(), buffer.height() / 2);
    const QImage few = pictureOf(5).copy(below);
    const QImage many = pictureOf(400).copy(below);
    QVERIFY(few != many);
    // The last row is words: nothing is chosen there.
    QVERIFY(itemAt(170) > 5);
    QCOMPARE(itemAt(195), -1);
    // Of more than that another number is told.
    QVERIFY(pictureOf(500).copy(below) != many);
}

void PagesTest::theHeadlineTellsTheStateOfTheRun_data()
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

void PagesTest::theHeadlineTellsTheStateOfTheRun()
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

void PagesTest::theHeaderSaysWhatRan()
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

void PagesTest::theFiguresAddUpToTheClock()
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

void PagesTest::failuresAreSeenInTheProgress()
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

void PagesTest::theLastItemsAreNamed()
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

void PagesTest::errorsAreCountedOnTheirTab()
{
    RunMonitor monitor;
    RunPage page(&monitor);
    auto run = std::make_unique<ScriptedRun>(stuckAtItem2());
    monitor.start(std::move(run));
    auto *const tabs = page.findChild<QTabWidget *>();
    QCOMPARE(tabs->tabText(1), QStringLiteral("Errors (1)"));
    auto *const errors = named<QTableView>(page, "Errors");
    QCOMPARE(errors->model()->rowCount(), 1);
    errors->selectRow(0);
    auto *const details = named<QWidget>(page, "Details of the error");
    QVERIFY(details->property("plainText").toString().contains(QStringLiteral("Traceback")));
    QVERIFY(details->property("plainText").toString().contains(QStringLiteral("<b>item 4</b>")));
}

void PagesTest::chosenErrorsAreReadTogether()
{
    RunMonitor monitor;
    RunPage page(&monitor);
    auto run = std::make_unique<ScriptedRun>(threeFail());
    run->workerDeaths() = {{0.5, 0, 9, 99, std::nullopt, R"({"message":"worker 0 died idle"})"}};
    monitor.start(std::move(run));
    auto *const errors = named<QTableView>(page, "Errors");
    auto *const copy = named<QPushButton>(page, "Copy error");
    QCOMPARE(page.findChild<QTabWidget *>()->tabText(1), QStringLiteral("Errors (4)"));
    QVERIFY(!copy->isEnabled());
    errors->selectAll();
    copy->click();
    const QString text = QGuiApplication::clipboard()->text();
    QCOMPARE(text, named<QPlainTextEdit>(page, "Details of the error")->toPlainText());
    for (const char *part : {"<b>item 1</b>", "SIGKILL", "about to <b>die</b>", "worker 0 died idle"})
        QVERIFY2(text.contains(QLatin1String(part)), qPrintable(text));
}

void PagesTest::failedItemsAreRetriedWhenTheRunHasEnded()
{
    QTemporaryFile journal;
    QVERIFY(journal.open());
    RunMonitor monitor;
    RunPage page(&monitor);
    std::vector<std::vector<std::uint64_t>> wanted;
    connect(&page, &RunPage::retryWanted, this,
            [&wanted](const std::vector<std::uint64_t> &items) { wanted.push_back(items); });
    auto owned = std::make_unique<ScriptedRun>(threeFail());
    ScriptedRun &run = *owned;
    run.job().journal = journal.fileName();
    run.workerDeaths() = {{0.5, 0, 9, 99, std::nullopt, "{}"}};
    run.showAt(3.5);
    monitor.start(std::move(owned));
    auto *const errors = named<QTableView>(page, "Errors");
    QPushButton *const retry = named<QPushButton>(page, "Retry");
    QPushButton *const all = named<QPushButton>(page, "Retry all failed");
    QVERIFY(errors->model()->rowCount() > 0);
    errors->selectAll();
    QVERIFY(!retry->isEnabled() && !all->isEnabled());

    run.showAt(-1);
    QTRY_VERIFY(!monitor.isActive());
    QVERIFY(all->isEnabled());
    errors->selectRow(0); // the death that lost nothing
    QVERIFY(!retry->isEnabled());
    errors->selectAll();
    QCOMPARE(plain(retry->text()), QStringLiteral("Retry 3 items"));
    retry->click();
    errors->selectRow(2);
    QCOMPARE(retry->text(), QStringLiteral("Retry"));
    retry->click();
    all->click();
    QCOMPARE(wanted, (std::vector<std::vector<std::uint64_t>>{{1, 2, 4}, {2}, {1, 2, 4}}));
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

void PagesTest::theReorderBufferLeadsToTheItemThatIsWaitedFor()
{
    RunMonitor monitor;
    RunPage page(&monitor);
    page.resize(1200, 800);
    page.show();
    auto owned = std::make_unique<ScriptedRun>(stuckAtItem2());
    ScriptedRun *const run = owned.get();
    run->showAt(5.5);
    monitor.start(std::move(owned));
    auto *const buffer = named<QWidget>(page, "Reorder buffer");
    QTRY_VERIFY(buffer->accessibleDescription().contains(QStringLiteral("behind item 2")));
    QTest::mouseClick(buffer, Qt::LeftButton, {}, {20, 5});
    QCOMPARE(page.selectedItem().item(), std::optional<std::uint64_t>(2));
    run->showAt(-1);
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

void PagesTest::errorsAreShownByTheirType()
{
    RunMonitor monitor;
    RunPage page(&monitor);
    page.resize(1200, 800);
    page.show();
    monitor.start(std::make_unique<ScriptedRun>(threeFail()));
    auto *const errors = named<QTableView>(page, "Errors");
    QTRY_COMPARE(errors->model()->rowCount(), 3);
    auto *const types = named<QComboBox>(page, "Type of error");
    QStringList texts;
    for (int i = 0; i < types->count(); ++i)
        texts += types->itemText(i);
    QCOMPARE(texts, (QStringList{QStringLiteral("All types (3)"), QStringLiteral("ValueError (2)"),
                                 QStringLiteral("WorkerLost (1)")}));
    types->setCurrentIndex(1);
    Q_EMIT types->activated(1);
    QCOMPARE(errors->model()->rowCount(), 2);
    types->setCurrentIndex(0);
    Q_EMIT types->activated(0);
    QCOMPARE(errors->model()->rowCount(), 3);
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

/// The items of the last chunk are recorded with its end, when the time of workers has just been shown.
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
