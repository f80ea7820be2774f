// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/named.h"
#include "ui/compare/comparisonmodel.h"
#include "ui/compare/comparisonpage.h"
#include "ui/compare/comparisonsaver.h"
#include "ui/compare/raceclock.h"
#include "ui/compare/racelane.h"
#include "ui/compare/raceview.h"
#include "ui/theme/appearance.h"
#include "ui/theme/theme.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QComboBox>
#include <QFileDialog>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <algorithm>
#include <limits>

using namespace Poolscope;

namespace {

/// Eight items on two workers; the first one takes until 4, the others a second each.
Comparison scripted()
{
    Comparison comparison;
    comparison.task = QStringLiteral("slow_square");
    comparison.input = QStringLiteral("range:8");
    comparison.items = 8;
    comparison.processes = 2;
    for (const Method method : {Method::Imap, Method::ImapUnordered}) {
        std::vector<RaceItem> items;
        for (std::uint64_t i = 0; i < 8; ++i) {
            RaceItem item{.index = i, .worker = i == 0 ? 0U : 1U};
            item.started = i == 0 ? 0 : double(i - 1);
            item.finished = i == 0 ? 4 : double(i);
            item.delivered = method == Method::Imap ? std::max(item.finished, 4.0) : item.finished;
            items.push_back(item);
        }
        Racer racer{.contestant = {.method = method}, .rounds = {}, .replay = Replay(items, 2)};
        racer.rounds.push_back({.figures = racer.replay->figures(), .processesStarted = 2, .ok = 8});
        comparison.racers.push_back(racer);
    }
    return comparison;
}

/// Whether a label of the page says so, whole or in its tooltip where it is cut off.
bool says(QWidget &page, const QString &words)
{
    const QList<QLabel *> labels = page.findChildren<QLabel *>();
    return std::any_of(labels.begin(), labels.end(), [&words](const QLabel *label) {
        return label->toolTip().contains(words) || label->text().contains(words);
    });
}

} // namespace

class CompareTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale::c());
        QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
    }

    void theClockPlaysFromWhereItIs();
    void signsAreSeenOnTheirGround_data();
    void signsAreSeenOnTheirGround();
    void theReplayIsWhatTheRecordsSay();
    void whatRunsIsSeenBesideWhatHasEnded();
    void whatDidNotEndIsSaid();
    void everyItemSaysWhatBecameOfIt();
    void presetsAreAButtonEach_data();
    void presetsAreAButtonEach();
    void whoCannotRaceIsRefusedBeforeTheStart();
    void theBestIsNamedInWords();
    void itIsExported_data();
    void itIsExported();
    void anEndingSaysWhatIsMeant();
    void aComparisonRunsIsReplayedAndKept();
    void whatMakesNoSenseCannotBeStarted();
    void aRunningOneCanBeStopped();
    void itIsSavedAndOpenedWithoutHoldingUpTheWindow();
    void whatWentWrongIsSaid();
    void everyLongItemIsPainted();

private:
    QString saved(const Comparison &comparison) const
    {
        const QString file = m_folder.filePath(QStringLiteral("saved.json"));
        comparison.save(file);
        return file;
    }

    QTemporaryDir m_folder;
};

void CompareTest::theClockPlaysFromWhereItIs()
{
    RaceClock clock;
    clock.play();
    QVERIFY(!clock.isPlaying()); // there is nothing to play
    clock.setLength(0.3);
    QCOMPARE(clock.time(), 0.3);
    QSignalSpy changed(&clock, &RaceClock::changed);
    clock.play();
    QVERIFY(clock.isPlaying());
    QTRY_VERIFY(!clock.isPlaying());
    QCOMPARE(clock.time(), 0.3);
    QVERIFY(changed.count() > 3);
    clock.seek(7);
    QCOMPARE(clock.time(), 0.3);
    clock.seek(0.1);
    clock.setSpeed(1000);
    QCOMPARE(clock.speed(), RaceClock::quickest);
    clock.restart();
    QVERIFY(clock.time() < 0.1);
    clock.pause();
    QVERIFY(!clock.isPlaying());
}

void CompareTest::signsAreSeenOnTheirGround_data()
{
    QTest::addColumn<int>("scheme");
    QTest::newRow("light") << int(Appearance::Scheme::Light);
    QTest::newRow("dark") << int(Appearance::Scheme::Dark);
}

void CompareTest::signsAreSeenOnTheirGround()
{
    QFETCH(const int, scheme);
    Appearance appearance;
    ComparisonPage page([] { return JobSpec(); });
    page.show();
    appearance.setScheme(Appearance::Scheme(scheme));
    QTRY_COMPARE(page.palette().color(QPalette::Button), QApplication::palette().color(QPalette::Button));
    for (const char *const name : {"Restart", "Next delivery"}) {
        auto *const button = named<QToolButton>(page, name);
        for (const auto &[mode, least] : {std::pair(QIcon::Normal, 120), std::pair(QIcon::Disabled, 50)}) {
            QImage image(16, 16, QImage::Format_RGB32);
            const QColor ground = QApplication::palette().color(QPalette::Button);
            image.fill(ground);
            QPainter painter(&image);
            painter.drawPixmap(0, 0, button->icon().pixmap({16, 16}, 1, mode));
            int most = 0;
            for (int x = 0; x < image.width(); ++x)
                for (int y = 0; y < image.height(); ++y)
                    most = std::max(most, std::abs(image.pixelColor(x, y).lightness() - ground.lightness()));
            QVERIFY2(most > least, qPrintable(QStringLiteral("%1: %2").arg(QLatin1String(name)).arg(most)));
        }
    }
}

void CompareTest::theReplayIsWhatTheRecordsSay()
{
    const Comparison comparison = scripted();
    RaceClock clock;
    RaceView view(&clock);
    view.present(comparison);
    clock.setLength(7);
    for (int n = 0; n < 50; ++n) { // at random times
        const double time = QRandomGenerator::global()->generateDouble() * 7;
        clock.seek(time);
        for (std::size_t lane = 0; lane < 2; ++lane) {
            std::size_t delivered = 0;
            std::size_t finished = 0;
            for (const RaceItem &item : comparison.racers[lane].replay->items()) {
                delivered += item.delivered <= time;
                finished += item.finished <= time;
            }
            QCOMPARE(view.laneText(lane), QStringLiteral("%1: %2 of 8 handed out, %3 wait")
                                              .arg(comparison.racers[lane].contestant.name())
                                              .arg(delivered)
                                              .arg(finished - delivered));
        }
    }
    // Painted: at the end all colours of the ramp, at the beginning none.
    view.resize(900, 300);
    const auto pixels = [&view](const QColor &colour) {
        const QImage image = view.grab().toImage();
        int count = 0;
        for (int x = 0; x < image.width(); ++x)
            for (int y = 0; y < image.height(); ++y)
                count += image.pixel(x, y) == colour.rgb();
        return count;
    };
    clock.seek(0);
    QVERIFY(pixels(Theme::itemColor(1)) < 50); // in the key to the colours only
    clock.seek(7);
    QVERIFY(pixels(Theme::itemColor(1)) > 500);
    QVERIFY(pixels(Theme::itemColor(0)) > 500);
}

void CompareTest::whatRunsIsSeenBesideWhatHasEnded()
{
    Comparison comparison = scripted();
    const double never = std::numeric_limits<double>::infinity();
    // Of the second one item has been handed out, one waits and one goes on; a third is to come.
    std::vector<RaceItem> soFar = {
        {.index = 1, .worker = 1, .started = 0, .finished = 1, .delivered = 1},
        {.index = 2, .worker = 1, .started = 1, .finished = 2, .delivered = never},
        {.index = 0, .worker = 0, .started = 0, .finished = never, .delivered = never}};
    comparison.racers[1].replay.reset();
    comparison.racers.push_back({.contestant = {.method = Method::Map}, .rounds = {}, .replay = {}});
    RaceClock clock;
    RaceView view(&clock);
    view.resize(900, 300);
    view.follow(comparison, 1, Replay(soFar, 2), 7, 8);
    clock.setLength(7);
    QCOMPARE(view.laneText(0), QStringLiteral("imap: 8 of 8 handed out, 0 wait"));
    QCOMPARE(view.laneText(1), QStringLiteral("imap_unordered: 1 of 8 handed out, 1 wait"));
    QCOMPARE(view.laneText(2), QStringLiteral("map: to come"));
    // A later look, and then another one that runs.
    soFar[1].delivered = 2.5;
    view.follow(comparison, 1, Replay(soFar, 2), 7, 8);
    QCOMPARE(view.laneText(1), QStringLiteral("imap_unordered: 2 of 8 handed out, 0 wait"));
    QCOMPARE(view.laneText(0), QStringLiteral("imap: 8 of 8 handed out, 0 wait"));
    view.follow(comparison, 2, Replay({}, 2), 0, 8);
    QCOMPARE(view.laneText(1), QStringLiteral("imap_unordered: to come"));
    QCOMPARE(view.laneText(2), QStringLiteral("map: 0 of 8 handed out, 0 wait"));
    view.follow(comparison, 1, Replay(soFar, 2), 7, 8);
    // That which goes on reaches to now.
    const auto longest = [&view] {
        const QImage image = view.grab().toImage();
        int most = 0;
        for (int y = 0; y < image.height(); ++y) {
            int inRow = 0;
            for (int x = 0; x < image.width(); ++x)
                inRow += image.pixel(x, y) == Theme::itemColor(0).rgb();
            most = std::max(most, inRow);
        }
        return most;
    };
    const int whole = longest();
    QVERIFY2(whole > 600, qPrintable(QString::number(whole)));
    // Its own now, however long those took that have ended.
    view.follow(comparison, 1, Replay(soFar, 2), 2.5, 8);
    comparison.racers[0].replay.reset();
    view.follow(comparison, 0, Replay({}, 2), 0, 8);
    view.follow(comparison, 1, Replay(soFar, 2), 2.5, 8);
    QVERIFY2(longest() < whole / 2, qPrintable(QString::number(longest())));
}

void CompareTest::whatDidNotEndIsSaid()
{
    Comparison comparison = scripted();
    comparison.items = 10; // two of them never came
    comparison.racers[0].rounds[0].outcome = RaceOutcome::Hung;
    RaceClock clock;
    RaceView view(&clock);
    view.present(comparison);
    clock.setLength(7);
    QCOMPARE(view.laneText(0), QStringLiteral("imap: 8 of 10 handed out, 0 wait, hung"));
    QCOMPARE(view.laneText(1), QStringLiteral("imap_unordered: 8 of 10 handed out, 0 wait"));
}

void CompareTest::everyItemSaysWhatBecameOfIt()
{
    const Comparison comparison = scripted();
    const RaceLane lane(QStringLiteral("imap"), RaceLane::State::Ended, *comparison.racers[0].replay);
    QCOMPARE(lane.itemAt(0, 2.0)->index, 0U);
    QVERIFY(!lane.itemAt(0, 4.5)); // it has none any more
    QCOMPARE(lane.itemAt(1, 2.5)->index, 3U);
    QVERIFY(!lane.itemAt(1, 7.5));
    QVERIFY(!lane.itemAt(2, 1.0));
    QVERIFY(!lane.itemAt(0, -1.0));
}

void CompareTest::presetsAreAButtonEach_data()
{
    QTest::addColumn<QString>("preset");
    QTest::addColumn<QString>("contestants");
    QTest::addColumn<QString>("leftOut");
    QTest::newRow("methods") << "Three methods"
                             << "map,imap,imap_unordered" << QString();
    // The task is native: Python's own pool has no part in it.
    QTest::newRow("no pool") << "Pool or no pool"
                             << "loop,process_per_item,threads,imap_unordered"
                             << "multiprocessing.Pool runs Python functions";
    QTest::newRow("chunks") << "Chunk sizes 1, 4, auto, all"
                            << "map:chunksize=1,map:chunksize=4,map:chunksize=auto,map:chunksize=all"
                            << QString();
    QTest::newRow("processes")
        << "Processes 1, 2, 4, 8"
        << "imap_unordered:processes=1,imap_unordered:processes=2,imap_unordered:processes=4,"
           "imap_unordered:processes=8"
        << QString();
}

void CompareTest::presetsAreAButtonEach()
{
    QFETCH(const QString, preset);
    QFETCH(const QString, contestants);
    QFETCH(const QString, leftOut);
    JobSpec job;
    job.task = QStringLiteral("square");
    job.input = QStringLiteral("range:30");
    ComparisonPage page([job] { return job; });
    auto *const field = named<QComboBox>(page, "Contestants");
    field->setEditText(QStringLiteral("apply,map"));
    named<QToolButton>(page, preset.toUtf8().constData())->click();
    QCOMPARE(field->currentText(), contestants);
    QVERIFY(named<QPushButton>(page, "Start comparison")->isEnabled());
    QCOMPARE(says(page, QStringLiteral("Left out")), !leftOut.isEmpty());
}

void CompareTest::whoCannotRaceIsRefusedBeforeTheStart()
{
    JobSpec job;
    job.task = QStringLiteral("square");
    job.input = QStringLiteral("range:30");
    ComparisonPage page([job] { return job; });
    named<QComboBox>(page, "Contestants")->setEditText(QStringLiteral("map,multiprocessing.map"));
    named<QPushButton>(page, "Start comparison")->click();
    QVERIFY(!page.isRunning());
    QVERIFY(page.comparison().racers.empty());
}

void CompareTest::theBestIsNamedInWords()
{
    ComparisonModel model;
    const QAbstractItemModelTester tester(&model);
    QCOMPARE(model.rowCount(), 0);
    model.show(scripted());
    QCOMPARE(model.columnCount(), 3);
    QCOMPARE(model.headerData(1, Qt::Horizontal).toString(), QStringLiteral("imap"));
    QCOMPARE(model.index(0, 0).data().toString(), QStringLiteral("first result"));
    QVERIFY(!model.index(0, 1).data(ComparisonModel::BestRole).toBool());
    QVERIFY(model.index(0, 2).data(ComparisonModel::BestRole).toBool());
    QCOMPARE(model.index(0, 2).data().toString(), QStringLiteral("best · 1.00 s"));
    model.show({});
    QCOMPARE(model.rowCount(), 0);
}

void CompareTest::itIsExported_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("begins");
    QTest::addColumn<QByteArray>("holds");
    QTest::newRow("page") << "Web page that plays it back (*.html)"
                          << "race.html" << QByteArray("<!DOCTYPE html>") << QByteArray("imap_unordered");
    QTest::newRow("image") << "Image (*.png)"
                           << "race.png" << QByteArray("\x89PNG") << QByteArray("IDAT");
    // Lines and text, no pixels.
    QTest::newRow("drawing") << "Scalable drawing (*.svg)"
                             << "race.svg" << QByteArray("<?xml") << QByteArray("slow_square on range:8");
    QTest::newRow("document") << "Document (*.pdf)"
                              << "race.pdf" << QByteArray("%PDF") << QByteArray("/Font");
    QTest::newRow("figures") << "Table of figures (*.csv)"
                             << "race.csv" << QByteArray("contestant,round,") << QByteArray("imap,1,2,");
    QTest::newRow("items") << "Table of all items (*-items.csv)"
                           << "other.csv" << QByteArray("contestant,index,")
                           << QByteArray("imap,0,0,0,4,4,ok");
}

void CompareTest::itIsExported()
{
    QFETCH(const QString, filter);
    QFETCH(const QString, name);
    QFETCH(const QByteArray, begins);
    QFETCH(const QByteArray, holds);
    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("race.json"));
    scripted().save(file);
    ComparisonPage page([] { return JobSpec(); });
    auto *const button = named<QPushButton>(page, "Export comparison");
    QVERIFY(!button->isEnabled()); // there is none yet
    page.open(file);
    QVERIFY(button->isEnabled());
    button->click();
    auto *const dialog = page.findChild<QFileDialog *>();
    QVERIFY(dialog);
    QVERIFY(dialog->nameFilters().contains(filter));
    dialog->selectNameFilter(filter);
    dialog->setDirectory(folder.path());
    dialog->selectFile(name);
    QMetaObject::invokeMethod(dialog, "accept");
    QFile written(folder.filePath(name));
    QVERIFY(written.open(QIODevice::ReadOnly));
    const QByteArray bytes = written.readAll();
    QVERIFY2(bytes.startsWith(begins), bytes.left(200).constData());
    QVERIFY(bytes.contains(holds));
    const QList<QLabel *> labels = page.findChildren<QLabel *>();
    QVERIFY(std::any_of(labels.begin(), labels.end(), [&written](const QLabel *label) {
        return label->text() == QStringLiteral("Exported to %1").arg(written.fileName());
    }));
}

void CompareTest::anEndingSaysWhatIsMeant()
{
    const QTemporaryDir folder;
    const RaceClock clock;
    const RaceView view(&clock);
    const QString page = QStringLiteral("Web page that plays it back (*.html)");
    const auto save = [&](const QString &filter, const QString &name) {
        return ComparisonSaver::save(scripted(), &view, filter, folder.filePath(name));
    };
    const auto beginningOf = [&folder](const QString &name) {
        QFile file(folder.filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.read(16) : QByteArray();
    };
    QVERIFY(save(page, QStringLiteral("a.csv")).startsWith(QStringLiteral("Exported to")));
    QCOMPARE(beginningOf(QStringLiteral("a.csv")), QByteArray("contestant,round"));
    QVERIFY(save(page, QStringLiteral("b.v2")).startsWith(QStringLiteral("Exported to")));
    QVERIFY(beginningOf(QStringLiteral("b.v2")).startsWith("<!DOCTYPE"));
    QVERIFY(save({}, QStringLiteral("c-items.csv")).startsWith(QStringLiteral("Exported to")));
    QVERIFY(beginningOf(QStringLiteral("c-items.csv")).startsWith("contestant,index"));
    QVERIFY(save({}, QStringLiteral("d.doc")).contains(QStringLiteral("end it in .html")));
    for (const char *name : {"none/e.html", "none/e.svg"}) {
        const QString told = save(page, QString::fromLatin1(name));
        QVERIFY2(told.startsWith(QStringLiteral("Not exported: ")), qPrintable(told));
        QVERIFY2(told.contains(folder.path()), qPrintable(told));
    }
}

void CompareTest::aComparisonRunsIsReplayedAndKept()
{
    JobSpec job;
    job.task = QStringLiteral("square");
    job.input = QStringLiteral("range:30");
    job.processes = 2;
    ComparisonPage page([job] { return job; });
    page.resize(900, 600);
    page.show();
    named<QComboBox>(page, "Contestants")->setEditText(QStringLiteral("map,imap"));
    named<QSpinBox>(page, "Rounds")->setValue(2);
    QVERIFY(!named<QPushButton>(page, "Play")->isEnabled());
    named<QPushButton>(page, "Start comparison")->click();
    QVERIFY(page.isRunning());
    QVERIFY(named<QPushButton>(page, "Stop comparison"));
    QTRY_VERIFY_WITH_TIMEOUT(!page.isRunning(), 30'000);
    QCOMPARE(page.comparison().racers.size(), std::size_t(2));
    QCOMPARE(page.comparison().racers[0].rounds.size(), std::size_t(2));
    QCOMPARE(named<QTableView>(page, "Comparison figures")->model()->columnCount(), 3);
    QVERIFY(!named<QLabel>(page, "What differs")->text().isEmpty());
    // Back to the beginning, and from delivery to delivery.
    auto *const scrubber = named<QSlider>(page, "Scrubber");
    auto *const race = named<QWidget>(page, "Race");
    scrubber->setValue(0);
    QVERIFY2(race->accessibleDescription().contains(QStringLiteral("0 of 30")),
             qPrintable(race->accessibleDescription()));
    named<QToolButton>(page, "Next delivery")->click();
    QVERIFY(!race->accessibleDescription().startsWith(QStringLiteral("map: 0 of 30")) ||
            !race->accessibleDescription().contains(QStringLiteral("imap: 0 of 30")));
    scrubber->setValue(scrubber->maximum());
    QVERIFY(race->accessibleDescription().startsWith(QStringLiteral("map: 30 of 30")));

    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("race.json"));
    page.comparison().save(file);
    ComparisonPage other([job] { return job; });
    other.open(file);
    QCOMPARE(other.comparison().toJson(), page.comparison().toJson());
    QVERIFY(named<QPushButton>(other, "Play")->isEnabled());
}

void CompareTest::whatMakesNoSenseCannotBeStarted()
{
    ComparisonPage page([] { return JobSpec(); });
    auto *const contestants = named<QComboBox>(page, "Contestants");
    auto *const start = named<QPushButton>(page, "Start comparison");
    QVERIFY(start->isEnabled());
    contestants->setEditText(QStringLiteral("map"));
    QVERIFY(!start->isEnabled());
    contestants->setEditText(QStringLiteral("map,imap"));
    QVERIFY(start->isEnabled());
    page.setObstacle(QStringLiteral("Choose a task and an input."));
    QVERIFY(!start->isEnabled());
    page.setObstacle({});
    start->click(); // a job without a task: it says so, and nothing runs
    QTRY_VERIFY(!page.isRunning());
    QVERIFY(page.comparison().racers.empty());
}

void CompareTest::aRunningOneCanBeStopped()
{
    JobSpec job;
    job.task = QStringLiteral("slow_square");
    job.input = QStringLiteral("range:1000");
    job.processes = 2;
    ComparisonPage page([job] { return job; });
    // As the window does: what stands in the way is said anew when a comparison begins or ends.
    connect(&page, &ComparisonPage::runningChanged, &page,
            [&page] { page.setObstacle(page.isRunning() ? QStringLiteral("one at a time") : QString()); });
    page.open(saved(scripted()));
    auto *const play = named<QPushButton>(page, "Play");
    auto *const figures = named<QTableView>(page, "Comparison figures");
    QVERIFY(play->isEnabled());
    QCOMPARE(figures->model()->columnCount(), 3);
    named<QPushButton>(page, "Start comparison")->click();
    QVERIFY(page.isRunning());
    QVERIFY(!play->isEnabled());
    QVERIFY(figures->model()->rowCount() == 0); // those of the one before are not those of this one
    named<QPushButton>(page, "Stop comparison")->click();
    QTRY_VERIFY_WITH_TIMEOUT(!page.isRunning(), 20'000);
    QVERIFY(says(page, QStringLiteral("Stopped: nothing was compared.")));
    QCOMPARE(page.comparison().racers.size(), std::size_t(2)); // the one before
    QCOMPARE(figures->model()->columnCount(), 3);
    QVERIFY(play->isEnabled());
}

void CompareTest::itIsSavedAndOpenedWithoutHoldingUpTheWindow()
{
    ComparisonPage page([] { return JobSpec(); });
    page.open(saved(scripted()));
    const QString file = m_folder.filePath(QStringLiteral("again.json"));
    const auto choose = [](const QWidget &from, const QString &text, const QString &chosen) {
        for (QPushButton *const button : from.findChildren<QPushButton *>())
            if (button->text() == text)
                button->click();
        auto *const dialog = from.findChild<QFileDialog *>();
        Q_EMIT dialog->fileSelected(chosen);
        delete dialog;
    };
    choose(page, QStringLiteral("Save…"), file);
    QTRY_VERIFY(says(page, QStringLiteral("Saved to %1").arg(file)));
    QCOMPARE(Comparison::open(file).toJson(), scripted().toJson());
    choose(page, QStringLiteral("Save…"), QStringLiteral("/nowhere/at/all.json"));
    QTRY_VERIFY(says(page, QStringLiteral("/nowhere/at/all.json cannot be written")));

    ComparisonPage other([] { return JobSpec(); });
    choose(other, QStringLiteral("Open…"), QStringLiteral("/nowhere/at/all.json"));
    QTRY_VERIFY(says(other, QStringLiteral("/nowhere/at/all.json cannot be read")));
    choose(other, QStringLiteral("Open…"), file);
    QTRY_COMPARE(other.comparison().racers.size(), std::size_t(2));
    QCOMPARE(other.comparison().toJson(), scripted().toJson());
}

void CompareTest::whatWentWrongIsSaid()
{
    const QTemporaryDir folder;
    QFile task(folder.filePath(QStringLiteral("tasks.py")));
    QVERIFY(task.open(QIODevice::WriteOnly));
    task.write("def setup():\n    raise ValueError('no licence')\ndef f(x):\n    return x\n");
    task.close();
    JobSpec job;
    job.task = task.fileName() + QStringLiteral(":f");
    job.initializer = QStringLiteral("setup");
    job.input = QStringLiteral("range:10");
    job.processes = 1;
    ComparisonPage page([job] { return job; });
    connect(&page, &ComparisonPage::runningChanged, &page,
            [&page] { page.setObstacle(page.isRunning() ? QStringLiteral("one at a time") : QString()); });
    named<QPushButton>(page, "Start comparison")->click();
    QTRY_VERIFY_WITH_TIMEOUT(!page.isRunning(), 20'000);
    QVERIFY(says(page, QStringLiteral("no licence")));
}

/// However short the one before it was.
void CompareTest::everyLongItemIsPainted()
{
    Comparison comparison = scripted();
    std::vector<RaceItem> items = {
        {.index = 0, .started = 0, .finished = 0.0001, .delivered = 0.0001, .ok = false}};
    for (std::uint64_t i = 1; i < 8; ++i)
        items.push_back(
            {.index = i, .started = double(i - 1) + 0.0002, .finished = double(i), .delivered = double(i)});
    comparison.racers.resize(1);
    comparison.racers[0].replay = Replay(items, 1);
    RaceClock clock;
    RaceView view(&clock);
    view.resize(900, 200);
    view.present(comparison);
    clock.setLength(7);
    const QImage image = view.grab().toImage();
    QHash<QRgb, int> pixels;
    for (int x = 0; x < image.width(); ++x)
        for (int y = 0; y < image.height(); ++y)
            ++pixels[image.pixel(x, y)];
    for (int i = 1; i < 8; ++i)
        // A bar has more than twice as many as the result's cell has alone.
        QVERIFY2(pixels.value(Theme::itemColor(i / 7.0).rgb()) > 7000, qPrintable(QString::number(i)));
    QVERIFY(pixels.value(Theme::color(Theme::State::Error).rgb()) > 100);
}

QTEST_MAIN(CompareTest)
#include "tst_compare.moc"
