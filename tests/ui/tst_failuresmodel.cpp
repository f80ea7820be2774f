// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/modeltest.h"
#include "ui/models/failuresmodel.h"

using namespace ModelTest;

class FailuresModelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void failuresCarryWhatIsNeededToUnderstandThem();
    void aDeathAndTheItemLostByItAreOneRow_data();
    void aDeathAndTheItemLostByItAreOneRow();
    void cancelledItemsAreNoFailures();
    void aFailureThatIsNoErrorObjectIsShownAsItIs();
};

void FailuresModelTest::failuresCarryWhatIsNeededToUnderstandThem()
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

void FailuresModelTest::aDeathAndTheItemLostByItAreOneRow_data()
{
    QTest::addColumn<double>("seenFirst"); // when the model reads for the first time
    QTest::newRow("the item is lost when the death is heard of") << -1.0;
    QTest::newRow("the death is heard of long before") << 0.5;
}

void FailuresModelTest::aDeathAndTheItemLostByItAreOneRow()
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

void FailuresModelTest::cancelledItemsAreNoFailures()
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

void FailuresModelTest::aFailureThatIsNoErrorObjectIsShownAsItIs()
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

QTEST_GUILESS_MAIN(FailuresModelTest)
#include "tst_failuresmodel.moc"
