// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/scriptedrun.h"
#include "ui/models/completionmap.h"
#include "ui/models/failuresmodel.h"
#include "ui/models/logmodel.h"
#include "ui/models/narrowedrows.h"
#include "ui/models/obituary.h"
#include "ui/models/resultsmodel.h"
#include "ui/models/workersmodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace Poolscope;

namespace {

/// A row as a person reads it, cells parted by " | ", no-break spaces as spaces.
QString rowText(const QAbstractItemModel &model, int row)
{
    QStringList cells;
    for (int column = 0; column < model.columnCount(); ++column)
        cells += model.index(row, column).data().toString();
    return cells.join(QStringLiteral(" | ")).replace(QChar(0x00a0), QLatin1Char(' '));
}

QStringList dump(const QAbstractItemModel &model)
{
    QStringList rows;
    for (int row = 0; row < model.rowCount(); ++row)
        rows += rowText(model, row);
    return rows;
}

ScriptedRun::Script firstItemIsSlow()
{
    ScriptedRun::Script script;
    script.items = 6;
    script.seconds = [](std::uint64_t item) { return item == 0 ? 3.5 : 1.0; };
    script.startup = 0;
    return script;
}

constexpr auto testerMode = QAbstractItemModelTester::FailureReportingMode::Fatal;

} // namespace

class ModelsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void workersAreShownAsTheyAre();
    void aWorkerThatLooksTheSameIsNotRepainted();
    void changedWorkersAreToldAsRunsOfRows();
    void workersSortByNumberNotByText();

    void theCompletedStreamSaysWhatWaits();
    void theDeliveredStreamIsInOrderAndSaysHowLongItWaited();
    void aWaitingRowIsToldOnceItIsDelivered();
    void aStreamIsNarrowedToAPartOfTheRun_data();
    void aStreamIsNarrowedToAPartOfTheRun();
    void aNarrowedStreamGrowsWithTheRun();
    void errorsAndLogAreNarrowedToo();
    void aViewMayReadOtherRowsWhileItIsTold();
    void onlyWhatIsLookedAtIsRead();
    void onlyTheLastRowsAreKept();
    void anotherRunStartsAnew();

    void failuresCarryWhatIsNeededToUnderstandThem();
    void anObituaryTellsWhoDiedOfWhat_data();
    void anObituaryTellsWhoDiedOfWhat();
    void anObituaryTellsTheAttemptsBefore();
    void aDeathAndTheItemLostByItAreOneRow_data();
    void aDeathAndTheItemLostByItAreOneRow();
    void cancelledItemsAreNoFailures();
    void aFailureThatIsNoErrorObjectIsShownAsItIs();
    void logLinesSayWhoSpoke();
    void aLongLogForgetsItsBeginning();
    void theCompletionMapKnowsEveryItem();
};

void ModelsTest::workersAreShownAsTheyAre()
{
    ScriptedRun::Script script;
    script.startup = 0;
    script.chunksPerProcess = 2;
    script.status = [](std::uint64_t item) { return item == 1 ? ItemStatus::Error : ItemStatus::Ok; };
    ScriptedRun run(script);
    WorkersModel model;
    const QAbstractItemModelTester tester(&model, testerMode);

    run.showAt(1.5);
    model.apply(run.snapshot().workers);
    QCOMPARE(
        dump(model),
        (QStringList{
            QStringLiteral("0 | running | 4711 | 1 | 2 | 2 | 1 | 2 | 100 % |  |  | 98 % | 14 MB | "),
            QStringLiteral(
                "1 | running | 4712 | 1 | 3 | 3 | 1 | 2 | 100 % |  |  | 98 % | 15 MB | item 1: ValueError: "
                "cannot take the square"),
        }));
    QCOMPARE(model.index(0, WorkersModel::State).data(WorkersModel::StateRole).toInt(),
             int(WorkerState::Running));

    run.showAt(-1);
    model.apply(run.snapshot().workers);
    QVERIFY(rowText(model, 0).startsWith(QStringLiteral("0 | no process | – | 5 | – | – | 10 | 2 | ")));
    model.apply({});
    QCOMPARE(model.rowCount(), 0);
}

void ModelsTest::aWorkerThatLooksTheSameIsNotRepainted()
{
    std::vector<WorkerSnapshot> workers(3);
    WorkersModel model;
    model.apply(workers);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    workers[1].busy += 0.0001;
    workers[2].memoryBytes += 3;
    model.apply(workers);
    QCOMPARE(changed.count(), 0);
}

void ModelsTest::changedWorkersAreToldAsRunsOfRows()
{
    std::vector<WorkerSnapshot> workers(8);
    WorkersModel model;
    model.apply(workers);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    for (const std::size_t row : {1U, 2U, 3U, 7U})
        workers[row].itemsDone = 9;
    model.apply(workers);
    QCOMPARE(changed.count(), 2);
    QCOMPARE(changed.at(0).at(0).toModelIndex().row(), 1);
    QCOMPARE(changed.at(0).at(1).toModelIndex().row(), 3);
    QCOMPARE(changed.at(1).at(0).toModelIndex().row(), 7);
    QCOMPARE(changed.at(1).at(1).toModelIndex().row(), 7);
}

void ModelsTest::workersSortByNumberNotByText()
{
    std::vector<WorkerSnapshot> workers(2);
    workers[0].itemsDone = 9;
    workers[1].itemsDone = 10;
    WorkersModel model;
    model.apply(workers);
    const auto key = [&](int row) {
        return model.index(row, WorkersModel::ItemsDone).data(WorkersModel::SortRole);
    };
    QVERIFY(QVariant::compare(key(0), key(1)) == QPartialOrdering::Less);
}

void ModelsTest::theCompletedStreamSaysWhatWaits()
{
    ScriptedRun run(firstItemIsSlow());
    ResultsModel model(ResultsModel::Stream::Completed);
    const QAbstractItemModelTester tester(&model, testerMode);
    model.setFeed(&run);
    run.showAt(2.5);
    model.refresh(run.snapshot().completed);
    QCOMPARE(dump(model), (QStringList{
                              QStringLiteral("1 | 1 | 1.00 s | 1.00 s | waits"),
                              QStringLiteral("2 | 4 | 1.00 s | 2.00 s | waits"),
                          }));
    QVERIFY(model.index(0, 0).data(ResultsModel::WaitsRole).toBool());
    QCOMPARE(model.index(1, 0).data(ResultsModel::ItemIndexRole).toULongLong(), 2ULL);

    run.showAt(3.6);
    model.refresh(run.snapshot().completed);
    QCOMPARE(dump(model), (QStringList{
                              QStringLiteral("1 | 1 | 1.00 s | 1.00 s | 3.50 s"),
                              QStringLiteral("2 | 4 | 1.00 s | 2.00 s | 3.50 s"),
                              QStringLiteral("3 | 9 | 1.00 s | 3.00 s | 3.50 s"),
                              QStringLiteral("0 | 0 | 3.50 s | 3.50 s | 3.50 s"),
                          }));
}

void ModelsTest::theDeliveredStreamIsInOrderAndSaysHowLongItWaited()
{
    ScriptedRun run(firstItemIsSlow());
    ResultsModel model(ResultsModel::Stream::Delivered);
    const QAbstractItemModelTester tester(&model, testerMode);
    model.setFeed(&run);
    run.showAt(3.4);
    model.refresh(run.snapshot().delivered);
    QCOMPARE(model.rowCount(), 0);
    run.showAt(3.6);
    model.refresh(run.snapshot().delivered);
    QCOMPARE(dump(model), (QStringList{
                              QStringLiteral("0 | 0 | 3.50 s | 0 s"),
                              QStringLiteral("1 | 1 | 3.50 s | 2.50 s"),
                              QStringLiteral("2 | 4 | 3.50 s | 1.50 s"),
                              QStringLiteral("3 | 9 | 3.50 s | 500 ms"),
                          }));
}

void ModelsTest::aStreamIsNarrowedToAPartOfTheRun_data()
{
    QTest::addColumn<ResultsModel::Stream>("stream");
    QTest::addColumn<double>("begin");
    QTest::addColumn<double>("end");
    QTest::addColumn<int>("worker");
    QTest::addColumn<QList<qulonglong>>("items");
    using Stream = ResultsModel::Stream;
    using Items = QList<qulonglong>;
    // Worker 0 is at item 0 until 3.5; worker 1 ends 1, 2, 3 at 1, 2, 3.
    QTest::addRow("completed in a stretch") << Stream::Completed << 0.5 << 2.5 << -1 << Items{1, 2};
    QTest::addRow("its ends belong to it") << Stream::Completed << 1.0 << 2.0 << -1 << Items{1, 2};
    QTest::addRow("completed after") << Stream::Completed << 3.2 << 9.0 << -1 << Items{0};
    QTest::addRow("nothing was completed") << Stream::Completed << 3.1 << 3.2 << -1 << Items{};
    QTest::addRow("by a worker") << Stream::Completed << -1.0 << -1.0 << 0 << Items{0};
    QTest::addRow("by the other") << Stream::Completed << -1.0 << -1.0 << 1 << Items{1, 2, 3};
    QTest::addRow("by a worker in a stretch") << Stream::Completed << 1.5 << 9.0 << 1 << Items{2, 3};
    QTest::addRow("delivered all at once") << Stream::Delivered << 3.4 << 3.6 << -1 << Items{0, 1, 2, 3};
    QTest::addRow("delivered before") << Stream::Delivered << 0.0 << 3.0 << -1 << Items{};
    QTest::addRow("delivered of a worker") << Stream::Delivered << 3.4 << 3.6 << 1 << Items{1, 2, 3};
}

void ModelsTest::aStreamIsNarrowedToAPartOfTheRun()
{
    QFETCH(ResultsModel::Stream, stream);
    QFETCH(double, begin);
    QFETCH(double, end);
    QFETCH(int, worker);
    QFETCH(QList<qulonglong>, items);
    ScriptedRun run(firstItemIsSlow());
    run.showAt(3.6);
    ResultsModel model(stream);
    const QAbstractItemModelTester tester(&model, testerMode);
    model.setFeed(&run);
    model.refresh(4);
    QCOMPARE(model.rowCount(), 4);
    Narrowing narrowing;
    if (begin >= 0)
        narrowing.stretch = TimeSpan{begin, end};
    if (worker >= 0)
        narrowing.worker = std::uint32_t(worker);
    model.setNarrowing(narrowing);
    QList<qulonglong> shown;
    for (int row = 0; row < model.rowCount(); ++row)
        shown += model.index(row, 0).data(ResultsModel::ItemIndexRole).toULongLong();
    QCOMPARE(shown, items);
    for (std::uint64_t position = 0; position < 4; ++position)
        if (const auto row = model.rowOf(position))
            QCOMPARE(model.index(*row, 0).data(ResultsModel::ItemIndexRole).toULongLong(),
                     (stream == ResultsModel::Stream::Completed ? run.completed(position, 1)
                                                                : run.delivered(position, 1))
                         .front()
                         .index);
    model.setNarrowing({});
    QCOMPARE(model.rowCount(), 4);
}

void ModelsTest::aNarrowedStreamGrowsWithTheRun()
{
    ScriptedRun::Script script;
    script.items = 50'000;
    script.workers = 2;
    script.method = Method::ImapUnordered;
    script.seconds = [](std::uint64_t) { return 0.01; };
    ScriptedRun run(script);
    ResultsModel model(ResultsModel::Stream::Completed);
    const QAbstractItemModelTester tester(&model, testerMode);
    model.setFeed(&run);
    run.showAt(1);
    model.refresh(run.snapshot().completed);
    model.setNarrowing({TimeSpan{0.5, 100}, {}});
    const int before = model.rowCount();
    QVERIFY(before > 0 && before < 200);
    run.showAt(-1);
    model.refresh(run.snapshot().completed);
    // It looks at a bounded number of records at once, and goes on until it is through.
    QVERIFY(model.rowCount() > before);
    while (model.readOn()) {
    }
    const int within = model.rowCount();
    QVERIFY(within > 19'000 && within < 20'100);
    QVERIFY(!model.readOn());
}

void ModelsTest::errorsAndLogAreNarrowedToo()
{
    ScriptedRun::Script script = firstItemIsSlow();
    script.status = [](std::uint64_t item) { return item % 2 == 0 ? ItemStatus::Error : ItemStatus::Ok; };
    ScriptedRun run(script);
    run.lines() = {{.time = 0.5, .worker = 0, .text = "early"},
                   {.time = 1.5, .worker = 1, .text = "late"},
                   {.time = 1.6, .worker = -1, .text = "pool"}};
    FailuresModel failures;
    failures.setFeed(&run);
    while (failures.refresh()) {
    }
    NarrowedRows errors(FailuresModel::TimeRole, FailuresModel::WorkerRole);
    errors.setSourceModel(&failures);
    QCOMPARE(errors.rowCount(), 3); // item 2 at 2, item 0 at 3.5, item 4 at 4
    errors.setNarrowing({TimeSpan{1.5, 2.5}, {}});
    QCOMPARE(errors.rowCount(), 1);
    QCOMPARE(errors.index(0, 0).data(FailuresModel::ItemRole).toULongLong(), 2ULL);
    errors.setNarrowing({{}, 0U});
    QCOMPARE(errors.rowCount(), 1);
    QCOMPARE(errors.index(0, 0).data(FailuresModel::ItemRole).toULongLong(), 0ULL);

    LogModel log;
    log.setFeed(&run);
    while (log.refresh()) {
    }
    NarrowedRows lines(LogModel::TimeRole, LogModel::WorkerRole);
    lines.setSourceModel(&log);
    lines.setFilterKeyColumn(-1);
    QCOMPARE(lines.rowCount(), 3);
    lines.setNarrowing({TimeSpan{1, 2}, {}});
    QCOMPARE(lines.rowCount(), 2);
    lines.setFilterFixedString(QStringLiteral("late"));
    QCOMPARE(lines.rowCount(), 1);
    lines.setNarrowing({TimeSpan{1, 2}, 0U});
    QCOMPARE(lines.rowCount(), 0);
}

void ModelsTest::aWaitingRowIsToldOnceItIsDelivered()
{
    ScriptedRun run(firstItemIsSlow());
    ResultsModel model(ResultsModel::Stream::Completed);
    model.setFeed(&run);
    run.showAt(3.2);
    model.refresh(3);
    QCOMPARE(dump(model).size(), 3);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    model.refresh(3);
    QCOMPARE(changed.count(), 0);
    run.showAt(3.6);
    model.refresh(4);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(changed.at(0).at(0).toModelIndex().row(), 0);
    QCOMPARE(changed.at(0).at(1).toModelIndex().row(), 2);
}

void ModelsTest::aViewMayReadOtherRowsWhileItIsTold()
{
    ScriptedRun::Script script;
    script.items = 10'000;
    script.method = Method::Map;
    script.seconds = [](std::uint64_t) { return 0.01; };
    ScriptedRun run(script);
    ResultsModel model(ResultsModel::Stream::Completed);
    model.setFeed(&run);
    run.showAt(run.length() - 0.02);
    const std::uint64_t before = run.snapshot().completed;
    model.refresh(before);
    const auto read = [&](int from, int to) {
        for (int row = from; row < to; row += 50)
            model.index(row, 1).data();
    };
    read(8000, 9000);
    // All rows cease to wait at once; the first page told of makes the reader ask for many others.
    connect(&model, &QAbstractItemModel::dataChanged, &model, [&] { read(0, 5000); });
    run.showAt(-1);
    model.refresh(10'000);
    QCOMPARE(model.rowCount(), 10'000);
    QVERIFY(!model.index(int(before) - 1, 0).data(ResultsModel::WaitsRole).toBool());
}

void ModelsTest::onlyWhatIsLookedAtIsRead()
{
    ScriptedRun::Script script;
    script.items = 50'000;
    script.method = Method::ImapUnordered;
    script.seconds = [](std::uint64_t) { return 1e-5; };
    ScriptedRun run(script);
    ResultsModel model(ResultsModel::Stream::Completed);
    model.setFeed(&run);
    model.refresh(50'000);
    QCOMPARE(model.rowCount(), 50'000);
    QCOMPARE(run.recordsRead(), 0U);
    for (int row = 40'000; row < 40'050; ++row)
        QVERIFY(!rowText(model, row).isEmpty());
    QVERIFY2(run.recordsRead() <= 128, qPrintable(QString::number(run.recordsRead())));
}

void ModelsTest::onlyTheLastRowsAreKept()
{
    ScriptedRun::Script script;
    script.items = 250'000;
    script.method = Method::ImapUnordered;
    script.workers = 1;
    script.seconds = [](std::uint64_t) { return 1e-5; };
    ScriptedRun run(script);
    ResultsModel model(ResultsModel::Stream::Completed);
    const QAbstractItemModelTester tester(&model, testerMode);
    model.setFeed(&run);
    for (const std::uint64_t count : {90'000U, 110'000U, 120'000U, 249'999U, 250'000U}) {
        model.refresh(count);
        QVERIFY(model.rowCount() <= ResultsModel::maximumRows);
        QVERIFY(model.rowCount() >= ResultsModel::maximumRows / 2);
        const int last = model.rowCount() - 1;
        QCOMPARE(model.index(last, 0).data(ResultsModel::ItemIndexRole).toULongLong(), qulonglong(count - 1));
        QCOMPARE(model.index(0, 0).data(ResultsModel::ItemIndexRole).toULongLong(), model.firstPosition());
    }
}

void ModelsTest::anotherRunStartsAnew()
{
    ScriptedRun first(firstItemIsSlow());
    ResultsModel model(ResultsModel::Stream::Delivered);
    model.setFeed(&first);
    model.refresh(6);
    QCOMPARE(model.rowCount(), 6);
    ScriptedRun::Script script = firstItemIsSlow();
    script.value = [](std::uint64_t) { return std::string("\"second\""); };
    ScriptedRun second(script);
    model.setFeed(&second);
    QCOMPARE(model.rowCount(), 0);
    model.refresh(1);
    QVERIFY(rowText(model, 0).contains(QStringLiteral("second")));
    model.setFeed(nullptr);
    model.refresh(5);
    QCOMPARE(model.rowCount(), 0);
}

void ModelsTest::failuresCarryWhatIsNeededToUnderstandThem()
{
    ScriptedRun::Script script = firstItemIsSlow();
    script.status = [](std::uint64_t item) {
        return item == 1 ? ItemStatus::Error : item == 2 ? ItemStatus::Lost : ItemStatus::Ok;
    };
    const ScriptedRun run(script);
    FailuresModel model;
    const QAbstractItemModelTester tester(&model, testerMode);
    model.setFeed(&run);
    while (model.refresh()) {
    }
    QCOMPARE(
        dump(model),
        (QStringList{
            QStringLiteral("1 | error | ValueError | cannot take the square of <b>item 1</b> | 1 | 1 | 1 "
                           "| 1.00 s"),
            QStringLiteral("2 | lost | WorkerLost | killed by SIGKILL while it ran this item "
                           "| 2 | 1 | 1 | 2.00 s"),
        }));
    const QModelIndex error = model.index(0, FailuresModel::Message);
    QVERIFY(error.data(FailuresModel::TracebackRole).toString().startsWith(QStringLiteral("Traceback")));
    const QString details = error.data(FailuresModel::DetailsRole).toString();
    QVERIFY2(details.startsWith(QStringLiteral("ValueError: cannot take the square of <b>item 1</b>\n")),
             qPrintable(details));
    QVERIFY2(details.contains(QStringLiteral("Traceback (most recent call last):")), qPrintable(details));
    QVERIFY(error.data(Qt::ToolTipRole).toString().contains(QStringLiteral("&lt;b&gt;item 1&lt;/b&gt;")));
}

void ModelsTest::anObituaryTellsWhoDiedOfWhat_data()
{
    QTest::addColumn<int>("status"); // -1: no item was lost
    QTest::addColumn<QString>("value");
    QTest::addColumn<QStringList>("expected");
    QTest::addColumn<QStringList>("unexpected");
    const QString worker = QStringLiteral("Worker  2, generation 3, PID 77");
    const QStringList nothing;
    QTest::newRow("a signal, with all that can be known")
        << int(ItemStatus::Lost)
        << QStringLiteral(R"x({"type":"WorkerLost","message":"worker 2 (PID 77) was killed by SIGKILL",)x"
                          R"x("signal":"SIGKILL","stderr":"last <b>words</b>\n","input":"\"seven\"",)x"
                          R"x("peak_rss_bytes":812000000})x")
        << QStringList{QStringLiteral("worker 2 (PID 77) was killed by SIGKILL\n\n"),
                       QStringLiteral("Item    7, attempt 1\nInput   \"seven\"\n") + worker,
                       QStringLiteral("Why     signal SIGKILL: killed from outside"),
                       QStringLiteral("Ran     1.50 s, until 3.50 s of the run"),
                       QStringLiteral("Memory  812 MB at its peak"),
                       QStringLiteral("standard error\nlast <b>words</b>")}
        << nothing;
    QTest::newRow("an exit code and silence")
        << int(ItemStatus::Lost)
        << QStringLiteral(R"x({"type":"WorkerLost","message":"worker 2 exited","exit_code":3,"stderr":""})x")
        << QStringList{QStringLiteral("Why     exit code 3"), QStringLiteral("wrote nothing")}
        << QStringList{QStringLiteral("Memory"), QStringLiteral("Input")};
    QTest::newRow("a timeout")
        << int(ItemStatus::Lost)
        << QStringLiteral(R"x({"type":"TimeoutError","message":"ran longer than 2 s","signal":"SIGTERM"})x")
        << QStringList{QStringLiteral("Why     out of time")} << QStringList{QStringLiteral("SIGTERM")};
    QTest::newRow("an error of an item is no death")
        << int(ItemStatus::Error)
        << QStringLiteral(R"x({"type":"ValueError","message":"no","traceback":"Traceback: x"})x")
        << QStringList{QStringLiteral("ValueError: no\n\nItem"), QStringLiteral("Traceback: x")}
        << QStringList{QStringLiteral("Why"), QStringLiteral("standard error")};
    QTest::newRow("an idle worker")
        << -1 << QStringLiteral(R"x({"type":"WorkerLost","message":"worker 2 died","signal":"SIGSEGV"})x")
        << QStringList{QStringLiteral("Item    none, so nothing was lost\n") + worker,
                       QStringLiteral("Why     signal SIGSEGV: native code"),
                       QStringLiteral("When    4.00 s of the run")}
        << QStringList{QStringLiteral("attempt")};
}

void ModelsTest::anObituaryTellsWhoDiedOfWhat()
{
    QFETCH(const int, status);
    QFETCH(const QString, value);
    QFETCH(const QStringList, expected);
    QFETCH(const QStringList, unexpected);
    ItemRecord record;
    record.index = 7;
    record.worker = 2;
    record.generation = 3;
    record.pid = 77;
    record.started = 2;
    record.finished = 3.5;
    record.value = value.toStdString();
    const WorkerDeath death{4, 2, 3, 77, std::nullopt, record.value};
    if (status >= 0)
        record.status = ItemStatus(status);
    const QString text = obituary(status >= 0 ? &record : nullptr, &death);
    for (const QString &part : expected)
        QVERIFY2(text.contains(part), qPrintable(part + QStringLiteral("\nnot in\n") + text));
    for (const QString &part : unexpected)
        QVERIFY2(!text.contains(part), qPrintable(part + QStringLiteral("\nin\n") + text));
}

void ModelsTest::anObituaryTellsTheAttemptsBefore()
{
    ItemRecord record;
    record.status = ItemStatus::Error;
    record.attempt = 3;
    record.value = R"({"type":"ValueError","message":"no"})";
    for (const std::uint32_t number : {1U, 2U}) {
        ItemRecord &attempt = record.earlier.emplace_back();
        attempt.attempt = number;
        attempt.status = number == 1 ? ItemStatus::Error : ItemStatus::Lost;
        attempt.worker = 4;
        attempt.value = R"({"type":"KeyError","message":"gone"})";
    }
    record.earlier[0].started = 1;
    record.earlier[0].finished = 1.5;
    const QString text = obituary(&record, nullptr);
    QVERIFY2(text.contains(QStringLiteral("Attempts before\n"
                                          "1: error · KeyError: gone (worker 4, 500 ms from 1.00 s)\n"
                                          "2: lost · KeyError: gone\n")) ||
                 text.endsWith(QStringLiteral("2: lost · KeyError: gone")),
             qPrintable(text));
}

void ModelsTest::aDeathAndTheItemLostByItAreOneRow_data()
{
    QTest::addColumn<double>("seenFirst"); // when the model reads for the first time
    QTest::newRow("the item is lost when the death is heard of") << -1.0;
    QTest::newRow("the death is heard of long before") << 0.5;
}

void ModelsTest::aDeathAndTheItemLostByItAreOneRow()
{
    QFETCH(const double, seenFirst);
    ScriptedRun::Script script = firstItemIsSlow();
    script.status = [](std::uint64_t item) { return item == 2 ? ItemStatus::Lost : ItemStatus::Ok; };
    ScriptedRun run(script);
    const std::string how = R"x({"type":"WorkerLost","message":"it died","signal":"SIGKILL"})x";
    run.workerDeaths() = {{0.25, 0, 1, 4711, std::nullopt, how}, {0.4, 1, 1, 4712, 2, how}};
    run.showAt(seenFirst);
    FailuresModel model;
    const QAbstractItemModelTester tester(&model, testerMode);
    model.setFeed(&run);
    model.refresh();
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(rowText(model, 0), QStringLiteral("– | died | WorkerLost | it died |  | 0 | – | 0.25 s"));
    QVERIFY(!model.index(0, 0).data(FailuresModel::FailedRole).isValid());
    run.showAt(-1);
    model.refresh();
    QCOMPARE(model.rowCount(), 2);
    QVERIFY2(rowText(model, 1).startsWith(QStringLiteral("2 | lost | WorkerLost | killed by SIGKILL")),
             qPrintable(rowText(model, 1)));
    QCOMPARE(model.index(1, 0).data(FailuresModel::FailedRole).toULongLong(), 2U);
    QCOMPARE(model.failedItems(), std::vector<std::uint64_t>{2});
}

void ModelsTest::cancelledItemsAreNoFailures()
{
    ScriptedRun::Script script = firstItemIsSlow();
    script.status = [](std::uint64_t item) {
        return item == 1 ? ItemStatus::Cancelled : item == 2 ? ItemStatus::NotRun : ItemStatus::Ok;
    };
    const ScriptedRun run(script);
    FailuresModel model;
    model.setFeed(&run);
    QVERIFY(model.refresh());
    QVERIFY(!model.refresh());
    QCOMPARE(model.rowCount(), 0);
}

void ModelsTest::aFailureThatIsNoErrorObjectIsShownAsItIs()
{
    class Broken final : public RunFeed
    {
    public:
        const JobSpec &spec() const override { return m_spec; }
        RunSnapshot snapshot() const override { return {}; }
        bool isOver() const override { return true; }
        void pause() override {}
        void resume() override {}
        void stop() override {}
        std::vector<ItemRecord> completed(std::size_t, std::size_t) const override { return {}; }
        std::vector<ItemRecord> delivered(std::size_t, std::size_t) const override { return {}; }
        std::vector<ItemRecord> failures(std::size_t from, std::size_t) const override
        {
            ItemRecord record;
            record.status = ItemStatus::Error;
            record.value = "not JSON";
            return from == 0 ? std::vector{record} : std::vector<ItemRecord>{};
        }
        std::vector<LogLine> log(std::size_t, std::size_t) const override { return {}; }

    private:
        JobSpec m_spec;
    };
    const Broken run;
    FailuresModel model;
    model.setFeed(&run);
    model.refresh();
    QCOMPARE(model.index(0, FailuresModel::Message).data().toString(), QStringLiteral("not JSON"));
}

void ModelsTest::logLinesSayWhoSpoke()
{
    ScriptedRun run(firstItemIsSlow());
    run.lines().push_back({1.5, 1, 4712, 7, OutputStream::Stdout, "half way\tthere"});
    run.lines().push_back({65.25, 0, 4711, std::nullopt, OutputStream::Stdout, "<i>bye</i>"});
    run.lines().push_back({70, 0, 4711, 9, OutputStream::Stderr, "oh"});
    LogModel model;
    const QAbstractItemModelTester tester(&model, testerMode);
    model.setFeed(&run);
    QVERIFY(model.refresh());
    QVERIFY(!model.refresh());
    QCOMPARE(dump(model), (QStringList{
                              QStringLiteral("0.00 s | pool | started 2 workers"),
                              QStringLiteral("1.50 s | worker 1 · item 7 | half way there"),
                              QStringLiteral("1:05.3 | worker 0 | <i>bye</i>"),
                              QStringLiteral("1:10.0 | worker 0 · item 9 · stderr | oh"),
                          }));
    QCOMPARE(model.index(2, LogModel::Text).data(Qt::ToolTipRole).toString(),
             QStringLiteral("<qt>&lt;i&gt;bye&lt;/i&gt;</qt>"));
}

void ModelsTest::aLongLogForgetsItsBeginning()
{
    ScriptedRun run(firstItemIsSlow());
    for (int line = 1; line < 50'000; ++line)
        run.lines().push_back(
            {double(line), 0, 1, std::nullopt, OutputStream::Stdout, "line " + std::to_string(line)});
    LogModel model;
    model.setFeed(&run);
    while (model.refresh())
        QVERIFY(model.rowCount() <= LogModel::maximumRows);
    QCOMPARE(model.index(model.rowCount() - 1, LogModel::Text).data().toString(),
             QStringLiteral("line 49999"));
    QVERIFY(model.rowCount() > LogModel::maximumRows / 2);
}

void ModelsTest::theCompletionMapKnowsEveryItem()
{
    CompletionMap map;
    QVERIFY(!map.contains(0));
    map.add(5);
    map.add(1000);
    QVERIFY(map.contains(5) && map.contains(1000));
    QVERIFY(!map.contains(4) && !map.contains(999) && !map.contains(1001) && !map.contains(5000));
    map.clear();
    QVERIFY(!map.contains(5));
}

QTEST_GUILESS_MAIN(ModelsTest)
#include "tst_models.moc"
