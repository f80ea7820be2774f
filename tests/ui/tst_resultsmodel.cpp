// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/modeltest.h"
#include "ui/models/resultsmodel.h"

#include <QSignalSpy>

using namespace ModelTest;

/// The streams of results: what a row says, which rows are kept, and how little of them is read.
class ResultsModelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void theCompletedStreamSaysWhatWaits();
    void theDeliveredStreamIsInOrderAndSaysHowLongItWaited();
    void aWaitingRowIsToldOnceItIsDelivered();
    void aViewMayReadOtherRowsWhileItIsTold();
    void onlyWhatIsLookedAtIsRead();
    void onlyTheLastRowsAreKept();
    void anotherRunStartsAnew();
};

void ResultsModelTest::theCompletedStreamSaysWhatWaits()
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

void ResultsModelTest::theDeliveredStreamIsInOrderAndSaysHowLongItWaited()
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

void ResultsModelTest::aWaitingRowIsToldOnceItIsDelivered()
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

void ResultsModelTest::aViewMayReadOtherRowsWhileItIsTold()
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

void ResultsModelTest::onlyWhatIsLookedAtIsRead()
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

void ResultsModelTest::onlyTheLastRowsAreKept()
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

void ResultsModelTest::anotherRunStartsAnew()
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

QTEST_GUILESS_MAIN(ResultsModelTest)
#include "tst_resultsmodel.moc"
