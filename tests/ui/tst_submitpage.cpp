// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/named.h"
#include "tests/ui/scriptedpool.h"
#include "ui/submit/poolheader.h"
#include "ui/submit/submitpage.h"

#include <QApplication>
#include <QCheckBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>
#include <QTest>

using namespace Poolscope;

namespace {

QString plain(QString text)
{
    return text.replace(QChar(0x00a0), QLatin1Char(' '));
}

/// The page with a job in the form and a pool that a test scripts.
struct Page
{
    std::shared_ptr<PoolScript> script = std::make_shared<PoolScript>();
    LivePool pool{ScriptedPool::factory(script)};
    JobSpec job;
    SubmitPage page{&pool, [this] { return job; }};

    Page()
    {
        script->setWorkers(2, 0);
        job.task = QStringLiteral("square");
        job.processes = 2;
        page.readJob();
        page.resize(880, 700);
        page.show();
    }

    void open()
    {
        press("Open pool");
        if (!QTest::qWaitFor([this] { return pool.phase() == LivePool::Phase::Open; }))
            qFatal("the pool did not open");
    }
    QPushButton *button(const char *name) { return named<QPushButton>(page, name); }
    void press(const char *name) { QTest::mouseClick(button(name), Qt::LeftButton); }
    QPlainTextEdit *arguments() { return named<QPlainTextEdit>(page, "Arguments"); }
    QTableView *results() { return named<QTableView>(page, "Results"); }
    QString cell(int row, int column)
    {
        return plain(results()->model()->index(row, column).data().toString());
    }
    QString headline() { return plain(page.findChild<QLabel *>(QStringLiteral("poolState"))->text()); }
    QString got() { return plain(page.findChild<QLabel *>(QStringLiteral("getResult"))->text()); }
    QString message() { return plain(arguments()->accessibleDescription()); }
};

} // namespace

class SubmitPageTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void everyControlHasItsAccessibleName_data();
    void everyControlHasItsAccessibleName();
    void withoutAPoolOnlyOpenCanBePressed();
    void theFieldSaysWhatWouldBeCalledAndWhatIsWrong();
    void enterSubmitsAndShiftEnterBeginsAnotherCall();
    void repeatAndSeveralLinesMakeSeveralCalls();
    void timeoutRetriesAndCallbacksGoWithTheCall();
    void applyBlocksTheCallerAndNotTheWindow();
    void getShowsHowLongItWaits();
    void applyHasNothingToGet();
    void theDetailsFollowTheChosenCall();
    void theHeadlineTellsTheStateOfThePool();
    void aJobWithoutATaskCannotBeSubmitted();
    void theKeyboardReachesEverything();
};

void SubmitPageTest::everyControlHasItsAccessibleName_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"Open pool", "Close pool", "Join pool", "Terminate pool", "Arguments", "apply",
                             "apply_async", "Callback", "Error callback", "Repeat", "Results", "Get",
                             "Get timeout", "Pool log", "Pool workers"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void SubmitPageTest::everyControlHasItsAccessibleName()
{
    QFETCH(const QString, name);
    Page page;
    QVERIFY(named<QWidget>(page.page, name.toLatin1().constData()));
}

void SubmitPageTest::withoutAPoolOnlyOpenCanBePressed()
{
    Page page;
    QVERIFY(page.button("Open pool")->isEnabled());
    for (const char *name : {"Close pool", "Join pool", "Terminate pool", "apply", "apply_async", "Get"})
        QVERIFY2(!page.button(name)->isEnabled(), name);
    QVERIFY2(page.headline().contains(QStringLiteral("press Open pool")), qPrintable(page.headline()));
    page.open();
    QVERIFY(!page.button("Open pool")->isEnabled());
    for (const char *name : {"Close pool", "Join pool", "Terminate pool", "apply", "apply_async"})
        QTRY_VERIFY2(page.button(name)->isEnabled(), name);
}

void SubmitPageTest::theFieldSaysWhatWouldBeCalledAndWhatIsWrong()
{
    Page page;
    page.open();
    page.arguments()->setPlainText(QStringLiteral("7"));
    QCOMPARE(page.message(), QStringLiteral("Calls square(7)"));
    page.arguments()->setPlainText(QStringLiteral("7, 'x'"));
    QVERIFY2(page.message().contains(QStringLiteral("double quotes")), qPrintable(page.message()));
    QVERIFY(!page.button("apply_async")->isEnabled());
    QTest::keyClick(page.arguments(), Qt::Key_Return);
    QCOMPARE(page.results()->model()->rowCount(), 0);
    page.arguments()->setPlainText(QStringLiteral("7\n8"));
    QCOMPARE(page.message(), QStringLiteral("2 calls, the first: square(7)"));
    named<QSpinBox>(page.page, "Repeat")->setValue(10'000);
    QVERIFY2(page.message().contains(QStringLiteral("too many")), qPrintable(page.message()));
}

void SubmitPageTest::enterSubmitsAndShiftEnterBeginsAnotherCall()
{
    Page page;
    page.open();
    page.arguments()->setFocus();
    QTest::keyClicks(page.arguments(), QStringLiteral("7"));
    QTest::keyClick(page.arguments(), Qt::Key_Return);
    QCOMPARE(page.results()->model()->rowCount(), 1);
    QCOMPARE(page.arguments()->toPlainText(), QStringLiteral("7"));
    QTest::keyClick(page.arguments(), Qt::Key_Return, Qt::ShiftModifier);
    QTest::keyClicks(page.arguments(), QStringLiteral("8"));
    QTest::keyClick(page.arguments(), Qt::Key_Return);
    QCOMPARE(page.results()->model()->rowCount(), 3);
    QCOMPARE(page.cell(2, CallsModel::Call), QStringLiteral("square(8)"));
}

void SubmitPageTest::repeatAndSeveralLinesMakeSeveralCalls()
{
    Page page;
    page.open();
    page.arguments()->setPlainText(QStringLiteral("1\n2"));
    named<QSpinBox>(page.page, "Repeat")->setValue(3);
    page.press("apply_async");
    QCOMPARE(page.results()->model()->rowCount(), 6);
    QCOMPARE(page.cell(4, CallsModel::Call), QStringLiteral("square(1)"));
    page.script->calls.at(0)->begin();
    page.script->calls.at(1)->begin();
    QTRY_COMPARE(page.cell(1, CallsModel::State), QStringLiteral("running"));
    QCOMPARE(page.cell(2, CallsModel::State), QStringLiteral("pending"));
}

void SubmitPageTest::timeoutRetriesAndCallbacksGoWithTheCall()
{
    Page page;
    page.open();
    // The form's changes are told later than they are made: what counts is what is in it now.
    page.job.task = QStringLiteral("cube");
    page.job.timeout = 1.5;
    page.job.retries = 2;
    page.arguments()->setPlainText(QStringLiteral("2"));
    named<QCheckBox>(page.page, "Callback")->setChecked(true);
    page.press("apply_async");
    const PoolCall &call = page.script->calls.at(0)->call;
    QCOMPARE(call.task, QStringLiteral("cube"));
    QCOMPARE(call.timeout, std::optional(1.5));
    QCOMPARE(call.retries, 2);
    QVERIFY(call.hasCallback);
    QVERIFY(!call.hasErrorCallback);
    page.press("apply");
    QVERIFY(!page.script->calls.at(1)->call.hasCallback);
}

void SubmitPageTest::applyBlocksTheCallerAndNotTheWindow()
{
    Page page;
    page.open();
    page.arguments()->setPlainText(QStringLiteral("3"));
    page.press("apply");
    QVERIFY(!page.button("apply")->isEnabled());
    QVERIFY(!page.button("apply_async")->isEnabled());
    QVERIFY(page.button("Terminate pool")->isEnabled());
    QVERIFY2(page.headline().contains(QStringLiteral("the caller waits in apply for call 1")),
             qPrintable(page.headline()));
    page.script->calls.at(0)->returnValue("9");
    QTRY_VERIFY(page.button("apply")->isEnabled());
    QCOMPARE(page.cell(0, CallsModel::Value), QStringLiteral("9"));
}

void SubmitPageTest::getShowsHowLongItWaits()
{
    Page page;
    page.open();
    page.arguments()->setPlainText(QStringLiteral("3"));
    page.press("apply_async");
    QCOMPARE(page.results()->currentIndex().row(), 0); // the new call is chosen
    named<QDoubleSpinBox>(page.page, "Get timeout")->setValue(0.3);
    page.press("Get");
    QVERIFY2(page.got().startsWith(QStringLiteral("waiting 0.")) &&
                 page.got().endsWith(QStringLiteral("of 0.3 s")),
             qPrintable(page.got()));
    QVERIFY(!page.button("Get")->isEnabled());
    QTRY_COMPARE(page.got(), QStringLiteral("TimeoutError: not ready after 300 ms; the call goes on"));
    QVERIFY(page.button("Get")->isEnabled());
    page.script->calls.at(0)->returnValue("9");
    page.results()->setFocus();
    QTest::keyClick(page.results(), Qt::Key_Return);
    QTRY_COMPARE(page.got(), QStringLiteral("returned 9"));
}

void SubmitPageTest::applyHasNothingToGet()
{
    Page page;
    page.open();
    page.arguments()->setPlainText(QStringLiteral("3"));
    page.press("apply");
    QVERIFY(!page.button("Get")->isEnabled());
    QVERIFY2(page.got().contains(QStringLiteral("no AsyncResult")), qPrintable(page.got()));
}

void SubmitPageTest::theDetailsFollowTheChosenCall()
{
    Page page;
    page.open();
    page.arguments()->setPlainText(QStringLiteral("1\n2"));
    page.press("apply_async");
    auto *const details = named<QPlainTextEdit>(page.page, "Details of the call");
    QVERIFY2(details->toPlainText().contains(QStringLiteral("Call 1 waits")),
             qPrintable(details->toPlainText()));
    page.script->calls.at(0)->returnValue("\"<b>bold</b>\"");
    QTRY_COMPARE(details->toPlainText(), QStringLiteral("\"<b>bold</b>\""));
    page.script->calls.at(1)->outcome.details = QStringLiteral("Traceback: here");
    page.script->calls.at(1)->fail(QStringLiteral("ValueError"), QStringLiteral("bad"));
    page.results()->selectRow(1);
    QTRY_VERIFY(details->toPlainText().contains(QStringLiteral("Traceback: here")));
    QVERIFY(details->toPlainText().startsWith(QStringLiteral("ValueError: bad")));
}

void SubmitPageTest::theHeadlineTellsTheStateOfThePool()
{
    Page page;
    page.open();
    page.script->setWorkers(2, 1);
    QTRY_COMPARE(page.headline(), QStringLiteral("Open: Pool(2) · 1 of 2 workers busy"));
    page.arguments()->setPlainText(QStringLiteral("1\n2\n3"));
    page.press("apply_async");
    QCOMPARE(page.headline(), QStringLiteral("Open: Pool(2) · 1 of 2 workers busy · 3 calls pending"));
    page.press("Close pool");
    QCOMPARE(page.headline(), QStringLiteral("Closed: 3 calls finish first · 1 of 2 workers busy"));
    page.press("Join pool");
    QVERIFY2(page.headline().contains(QStringLiteral("the caller waits in join")),
             qPrintable(page.headline()));
    page.press("Terminate pool");
    QVERIFY2(page.headline().startsWith(QStringLiteral("■ Terminated")), qPrintable(page.headline()));
    page.script->end();
    QTRY_COMPARE(page.headline(),
                 QStringLiteral("■ Terminated and joined: no process is left, the results stay"));
    QVERIFY(page.button("Open pool")->isEnabled());
    QCOMPARE(page.cell(2, CallsModel::Value), QStringLiteral("Cancelled: the pool was terminated"));
}

void SubmitPageTest::aJobWithoutATaskCannotBeSubmitted()
{
    Page page;
    page.open();
    page.job.task.clear();
    page.page.readJob();
    QCOMPARE(page.message(), QStringLiteral("Choose a task at the left."));
    QVERIFY(!page.button("apply_async")->isEnabled());
    page.job.task = QStringLiteral("no_such_task");
    page.page.readJob();
    QVERIFY2(page.message().contains(QStringLiteral("no_such_task")), qPrintable(page.message()));
}

void SubmitPageTest::theKeyboardReachesEverything()
{
    Page page;
    page.open();
    page.arguments()->setPlainText(QStringLiteral("1"));
    page.press("apply_async");
    page.page.activateWindow();
    page.button("Close pool")->setFocus();
    QSet<QString> reached;
    for (int i = 0; i < 30; ++i) {
        if (const QWidget *const widget = QApplication::focusWidget())
            reached.insert(widget->accessibleName());
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    }
    for (const char *name :
         {"Close pool", "Join pool", "Terminate pool", "Arguments", "Repeat", "Callback", "Error callback",
          "apply", "apply_async", "Results", "Get", "Get timeout", "Details of the call", "Pool log"})
        QVERIFY2(reached.contains(QLatin1String(name)), name);
}

QTEST_MAIN(SubmitPageTest)
#include "tst_submitpage.moc"
