// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/modeltest.h"
#include "ui/models/workersmodel.h"

#include <QSignalSpy>

using namespace ModelTest;

class WorkersModelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void workersAreShownAsTheyAre();
    void aWorkerThatLooksTheSameIsNotRepainted();
    void changedWorkersAreToldAsRunsOfRows();
    void workersSortByNumberNotByText();
};

void WorkersModelTest::workersAreShownAsTheyAre()
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

void WorkersModelTest::aWorkerThatLooksTheSameIsNotRepainted()
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

void WorkersModelTest::changedWorkersAreToldAsRunsOfRows()
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

void WorkersModelTest::workersSortByNumberNotByText()
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

QTEST_GUILESS_MAIN(WorkersModelTest)
#include "tst_workersmodel.moc"
