// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/modeltest.h"
#include "ui/models/logmodel.h"

using namespace ModelTest;

class LogModelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void logLinesSayWhoSpoke();
    void aLongLogForgetsItsBeginning();
};

void LogModelTest::logLinesSayWhoSpoke()
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

void LogModelTest::aLongLogForgetsItsBeginning()
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

QTEST_GUILESS_MAIN(LogModelTest)
#include "tst_logmodel.moc"
