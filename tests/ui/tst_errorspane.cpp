// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/named.h"
#include "tests/ui/pagetest.h"
#include "tests/ui/scriptedrun.h"
#include "ui/models/runmonitor.h"
#include "ui/pages/runpage.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryFile>
#include <QTest>

using namespace Poolscope;

/// What failed, to be read and tried again.
class ErrorsPaneTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void errorsAreCountedOnTheirTab();
    void chosenErrorsAreReadTogether();
    void failedItemsAreRetriedWhenTheRunHasEnded();
    void errorsAreShownByTheirType();
};

void ErrorsPaneTest::errorsAreCountedOnTheirTab()
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

void ErrorsPaneTest::chosenErrorsAreReadTogether()
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

void ErrorsPaneTest::failedItemsAreRetriedWhenTheRunHasEnded()
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

void ErrorsPaneTest::errorsAreShownByTheirType()
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

QTEST_MAIN(ErrorsPaneTest)
#include "tst_errorspane.moc"
