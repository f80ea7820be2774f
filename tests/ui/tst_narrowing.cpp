// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/modeltest.h"
#include "ui/models/failuresmodel.h"
#include "ui/models/logmodel.h"
#include "ui/models/narrowedrows.h"
#include "ui/models/resultsmodel.h"

using namespace ModelTest;

/// Models that show a part of the run.
class NarrowingTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void aStreamIsNarrowedToAPartOfTheRun_data();
    void aStreamIsNarrowedToAPartOfTheRun();
    void aNarrowedStreamGrowsWithTheRun();
    void errorsAndLogAreNarrowedToo();
};

void NarrowingTest::aStreamIsNarrowedToAPartOfTheRun_data()
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

void NarrowingTest::aStreamIsNarrowedToAPartOfTheRun()
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

void NarrowingTest::aNarrowedStreamGrowsWithTheRun()
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

void NarrowingTest::errorsAndLogAreNarrowedToo()
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

QTEST_GUILESS_MAIN(NarrowingTest)
#include "tst_narrowing.moc"
