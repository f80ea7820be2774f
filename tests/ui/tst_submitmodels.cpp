// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/scriptedpool.h"
#include "ui/models/background.h"

#include <QAbstractItemModelTester>
#include <QTest>

#include <semaphore>

using namespace Poolscope;

namespace {

PoolCall square(const char *argument)
{
    PoolCall call;
    call.task = QStringLiteral("square");
    call.arguments.positional = {argument};
    return call;
}

JobSpec twoWorkers()
{
    JobSpec spec;
    spec.processes = 2;
    return spec;
}

/// A live pool that is open, and what stands behind it.
struct OpenPool
{
    std::shared_ptr<PoolScript> script = std::make_shared<PoolScript>();
    LivePool pool{ScriptedPool::factory(script)};
    QAbstractItemModelTester callsTester{&pool.calls(),
                                         QAbstractItemModelTester::FailureReportingMode::Fatal};
    QAbstractItemModelTester logTester{&pool.log(), QAbstractItemModelTester::FailureReportingMode::Fatal};

    OpenPool()
    {
        script->setWorkers(2, 0);
        pool.open(twoWorkers());
        // Not QTRY_: that returns from where it stands.
        if (!QTest::qWaitFor([this] { return pool.phase() == LivePool::Phase::Open; }))
            qFatal("the pool did not open");
    }

    ScriptedCall &call(std::size_t number) { return *script->calls.at(number - 1); }
    QString cell(int row, int column) const
    {
        return plain(pool.calls().index(row, column).data().toString());
    }
    QString lastLine(int column = PoolLogModel::Text)
    {
        return plain(pool.log().index(pool.log().rowCount() - 1, column).data().toString());
    }
    static QString plain(QString text) { return text.replace(QChar(0x00a0), QLatin1Char(' ')); }
};

} // namespace

class SubmitModelsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void argumentsAreReadAsTyped_data();
    void argumentsAreReadAsTyped();
    void wrongArgumentsAreExplained_data();
    void wrongArgumentsAreExplained();
    void aCallIsWrittenAsInPython();

    void aCallGoesFromPendingToReady();
    void aFailedCallShowsItsError();
    void callbacksAreFollowed();
    void applyIsOneCallAfterTheOther();
    void getWaitsAndGivesUp();
    void getReturnsWhatIsThereAndMayBeRepeated();
    void nothingIsTakenAfterClose();
    void joinNeedsAClosedPool();
    void terminateCancelsWhatIsOpen();
    void aPoolThatCannotBeOpenedSaysWhy();
    void aSecondPoolBeginsAnEmptyTable();
    void whatTasksPrintIsLogged();
    void aWindowThatGoesWhileAPoolOpensLeavesNone();
    void samplingStopsWhenNothingCanChange();
    void callsBeyondTheMostWaitToBeSent();
    void theOldestRowsAreDropped();
};

void SubmitModelsTest::argumentsAreReadAsTyped_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QStringList>("calls");
    QTest::newRow("none") << QString() << QStringList{QString()};
    QTest::newRow("one") << QStringLiteral(" 3 ") << QStringList{QStringLiteral("3")};
    QTest::newRow("two") << QStringLiteral("1,\"two\"") << QStringList{QStringLiteral("1, \"two\"")};
    QTest::newRow("comma at the end") << QStringLiteral("1, ") << QStringList{QStringLiteral("1")};
    QTest::newRow("exact") << QStringLiteral("12345678901234567890123, 1.50")
                           << QStringList{QStringLiteral("12345678901234567890123, 1.50")};
    QTest::newRow("nested") << QStringLiteral("[1, {\"a\": \"x, y\"}], null")
                            << QStringList{QStringLiteral("[1,{\"a\":\"x, y\"}], null")};
    QTest::newRow("keywords") << QStringLiteral("3, base = 2") << QStringList{QStringLiteral("3, base=2")};
    QTest::newRow("lines") << QStringLiteral("1\n\n2\n")
                           << QStringList{QStringLiteral("1"), QStringLiteral("2")};
}

void SubmitModelsTest::argumentsAreReadAsTyped()
{
    QFETCH(const QString, typed);
    QFETCH(const QStringList, calls);
    const TypedCalls read = readArguments(typed);
    QCOMPARE(read.problem, QString());
    QStringList texts;
    for (const TypedArguments &arguments : read.calls)
        texts += arguments.text();
    QCOMPARE(texts, calls);
}

void SubmitModelsTest::wrongArgumentsAreExplained_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QStringList>("mentions");
    QTest::newRow("single quotes") << QStringLiteral("1, 'two'")
                                   << QStringList{QStringLiteral("column 4"),
                                                  QStringLiteral("double quotes")};
    QTest::newRow("True") << QStringLiteral("True") << QStringList{QStringLiteral("write true")};
    QTest::newRow("bare word") << QStringLiteral("two") << QStringList{QStringLiteral("\"two\"")};
    QTest::newRow("tuple") << QStringLiteral("(1, 2)") << QStringList{QStringLiteral("[1, 2]")};
    QTest::newRow("no comma") << QStringLiteral("1 2")
                              << QStringList{QStringLiteral("column 3"), QStringLiteral("comma")};
    QTest::newRow("after a keyword") << QStringLiteral("a=1, 2")
                                     << QStringList{QStringLiteral("without a name")};
    QTest::newRow("open") << QStringLiteral("[1, 2") << QStringList{QStringLiteral("column 6")};
    QTest::newRow("second line") << QStringLiteral("1\n'x'")
                                 << QStringList{QStringLiteral("line 2, column 1")};
}

void SubmitModelsTest::wrongArgumentsAreExplained()
{
    QFETCH(const QString, typed);
    QFETCH(const QStringList, mentions);
    const TypedCalls read = readArguments(typed);
    QVERIFY(read.calls.empty());
    for (const QString &mention : mentions)
        QVERIFY2(read.problem.contains(mention), qPrintable(read.problem));
}

void SubmitModelsTest::aCallIsWrittenAsInPython()
{
    PoolCall call = square("3");
    call.task = QStringLiteral("/tmp/tasks.py:power");
    call.arguments.keywords.emplace_back(QStringLiteral("exponent"), "2");
    call.parameters.insert(QStringLiteral("base"), 10);
    QCOMPARE(call.text(), QStringLiteral("power(3, exponent=2, base=10)"));
    JobSpec spec = twoWorkers();
    spec.maxTasksPerChild = 3;
    QCOMPARE(poolText(spec), QStringLiteral("Pool(2, maxtasksperchild=3)"));
}

void SubmitModelsTest::aCallGoesFromPendingToReady()
{
    OpenPool open;
    open.script->now = 1.5;
    open.pool.submit({square("7")}, CallsModel::Method::ApplyAsync);
    QCOMPARE(open.cell(0, CallsModel::Call), QStringLiteral("square(7)"));
    QCOMPARE(open.cell(0, CallsModel::MethodName), QStringLiteral("apply_async"));
    QCOMPARE(open.cell(0, CallsModel::State), QStringLiteral("pending"));
    QCOMPARE(open.cell(0, CallsModel::Successful), QStringLiteral("–"));
    QCOMPARE(open.cell(0, CallsModel::Submitted), QStringLiteral("1.50 s"));
    QCOMPARE(open.lastLine(PoolLogModel::Statement), QStringLiteral("r1 = pool.apply_async(square, (7,))"));
    open.call(1).begin();
    QTRY_COMPARE(open.cell(0, CallsModel::State), QStringLiteral("running"));
    open.call(1).outcome.worker = 1;
    open.call(1).outcome.pid = 4701;
    open.call(1).outcome.started = 1.6;
    open.call(1).outcome.readyAt = 2.5;
    open.call(1).returnValue("49");
    QTRY_COMPARE(open.cell(0, CallsModel::State), QStringLiteral("ready"));
    QCOMPARE(open.cell(0, CallsModel::Successful), QStringLiteral("yes"));
    QCOMPARE(open.cell(0, CallsModel::Value), QStringLiteral("49"));
    QCOMPARE(open.cell(0, CallsModel::ReadyAfter), QStringLiteral("1.00 s"));
    QCOMPARE(open.cell(0, CallsModel::Worker), QStringLiteral("1"));
    QCOMPARE(open.cell(0, CallsModel::Pid), QStringLiteral("4701"));
    QCOMPARE(open.cell(0, CallsModel::Callback), QStringLiteral("none"));
    QVERIFY(open.pool.calls().details(1).startsWith(QStringLiteral("49\n")));
}

void SubmitModelsTest::aFailedCallShowsItsError()
{
    OpenPool open;
    open.pool.submit({square("\"x\"")}, CallsModel::Method::ApplyAsync);
    open.call(1).outcome.details = QStringLiteral("Traceback (most recent call last):");
    open.call(1).fail(QStringLiteral("TypeError"), QStringLiteral("not a number"));
    QTRY_COMPARE(open.cell(0, CallsModel::Successful), QStringLiteral("no"));
    QCOMPARE(open.cell(0, CallsModel::Value), QStringLiteral("TypeError: not a number"));
    QVERIFY(open.pool.calls().details(1).contains(QStringLiteral("Traceback")));
    QCOMPARE(open.pool.calls().counts().failed, 1u);
    open.pool.get(1, 2.0);
    QVERIFY(open.pool.getOf(1)->hasRaised);
    QCOMPARE(open.lastLine(), QStringLiteral("TypeError: not a number"));
}

void SubmitModelsTest::callbacksAreFollowed()
{
    OpenPool open;
    PoolCall call = square("1");
    call.hasCallback = true;
    PoolCall throwing = call;
    throwing.callbacksThrow = true;
    open.pool.submit({call, throwing}, CallsModel::Method::ApplyAsync);
    open.call(1).callback = AsyncResult::Callback::Waiting;
    open.call(1).begin();
    QTRY_COMPARE(open.cell(0, CallsModel::Callback), QStringLiteral("waiting"));
    open.call(1).returnValue("1");
    open.call(2).returnValue("1");
    QTRY_COMPARE(open.cell(0, CallsModel::Callback), QStringLiteral("fired"));
    QCOMPARE(open.cell(1, CallsModel::Callback), QStringLiteral("threw"));
    QCOMPARE(open.cell(1, CallsModel::Value), QStringLiteral("1"));
    QVERIFY2(open.lastLine().startsWith(QStringLiteral("Raised, for call 2")), qPrintable(open.lastLine()));
    QCOMPARE(open.lastLine(PoolLogModel::Statement), QStringLiteral("callback(1)"));
}

void SubmitModelsTest::applyIsOneCallAfterTheOther()
{
    OpenPool open;
    open.pool.submit({square("1"), square("2")}, CallsModel::Method::Apply);
    QCOMPARE(open.script->calls.size(), 1u);
    QCOMPARE(open.pool.applying(), std::optional<std::uint64_t>(1));
    QVERIFY(!open.pool.canSubmit());
    open.call(1).returnValue("1");
    QTRY_COMPARE(open.script->calls.size(), 2u);
    QCOMPARE(open.pool.applying(), std::optional<std::uint64_t>(2));
    QCOMPARE(open.lastLine(PoolLogModel::Statement), QStringLiteral("pool.apply(square, (1,))"));
    open.call(2).returnValue("4");
    QTRY_VERIFY(open.pool.canSubmit());
    QVERIFY(open.lastLine().endsWith(QStringLiteral("Returns 4")));
}

void SubmitModelsTest::getWaitsAndGivesUp()
{
    OpenPool open;
    open.pool.submit({square("1")}, CallsModel::Method::ApplyAsync);
    open.pool.get(1, 0.0); // what is there now
    QVERIFY(!open.pool.getOf(1)->isWaiting);
    QCOMPARE(open.pool.getOf(1)->result,
             QStringLiteral("TimeoutError: not ready after 0\u00a0s; the call goes on"));
    open.pool.get(1, 0.05);
    QVERIFY(open.pool.getOf(1)->isWaiting);
    QTRY_VERIFY(!open.pool.getOf(1)->isWaiting);
    QVERIFY(open.pool.getOf(1)->hasRaised);
    QCOMPARE(open.lastLine(PoolLogModel::Statement), QStringLiteral("r1.get(0.05)"));
    QCOMPARE(open.cell(0, CallsModel::State), QStringLiteral("pending"));
}

void SubmitModelsTest::getReturnsWhatIsThereAndMayBeRepeated()
{
    OpenPool open;
    open.pool.submit({square("7")}, CallsModel::Method::ApplyAsync);
    open.pool.get(1, std::nullopt);
    QVERIFY(open.pool.getOf(1)->isWaiting);
    open.call(1).returnValue("49");
    QTRY_VERIFY(!open.pool.getOf(1)->isWaiting);
    QCOMPARE(open.pool.getOf(1)->result, QStringLiteral("49"));
    QCOMPARE(open.lastLine(PoolLogModel::Statement), QStringLiteral("r1.get()"));
    const int lines = open.pool.log().rowCount();
    open.pool.get(1, 2.0);
    QCOMPARE(open.pool.log().rowCount(), lines + 1);
    QCOMPARE(open.pool.getOf(1)->result, QStringLiteral("49"));
}

void SubmitModelsTest::nothingIsTakenAfterClose()
{
    OpenPool open;
    open.pool.submit({square("1"), square("2")}, CallsModel::Method::ApplyAsync);
    open.pool.close();
    QVERIFY2(open.lastLine().contains(QStringLiteral("2 calls")), qPrintable(open.lastLine()));
    QCOMPARE(open.pool.phase(), LivePool::Phase::Closed);
    open.pool.submit({square("3")}, CallsModel::Method::ApplyAsync);
    QCOMPARE(open.lastLine(), QStringLiteral("ValueError: Pool not running"));
    QCOMPARE(open.pool.calls().rowCount(), 2);
    open.call(1).returnValue("1");
    open.call(2).returnValue("4");
    open.script->end();
    QTRY_COMPARE(open.pool.phase(), LivePool::Phase::Over);
    QCOMPARE(open.pool.snapshot().workers.at(0).state, WorkerState::Gone);
    QCOMPARE(open.cell(1, CallsModel::Value), QStringLiteral("4"));
    QVERIFY(open.pool.canOpen());
}

void SubmitModelsTest::joinNeedsAClosedPool()
{
    OpenPool open;
    open.pool.join();
    QCOMPARE(open.lastLine(), QStringLiteral("ValueError: Pool is still running"));
    QVERIFY(!open.pool.isJoining());
    open.pool.close();
    open.pool.join();
    QVERIFY(open.pool.isJoining());
    open.script->end();
    QTRY_VERIFY(open.pool.hasJoined());
    QVERIFY(open.lastLine().startsWith(QStringLiteral("Returns")));
}

void SubmitModelsTest::terminateCancelsWhatIsOpen()
{
    OpenPool open;
    open.pool.submit({square("1"), square("2"), square("3")}, CallsModel::Method::ApplyAsync);
    open.call(1).returnValue("1");
    open.call(2).begin();
    QTRY_COMPARE(open.pool.calls().counts().running, 1u);
    open.pool.get(3, std::nullopt);
    open.pool.terminate();
    QVERIFY2(open.lastLine().contains(QStringLiteral("1 call cut off, 1 pending")),
             qPrintable(open.lastLine()));
    open.script->end();
    QTRY_COMPARE(open.pool.calls().counts().cancelled, 2u);
    QCOMPARE(open.cell(0, CallsModel::Value), QStringLiteral("1"));
    QCOMPARE(open.cell(1, CallsModel::Value), QStringLiteral("Cancelled: the pool was terminated"));
    QCOMPARE(open.cell(2, CallsModel::Successful), QStringLiteral("no"));
    QTRY_VERIFY(!open.pool.getOf(3)->isWaiting);
    QVERIFY(open.pool.getOf(3)->hasRaised);
    QTRY_COMPARE(open.pool.phase(), LivePool::Phase::Over);
}

void SubmitModelsTest::aPoolThatCannotBeOpenedSaysWhy()
{
    LivePool pool([](const JobSpec &) -> std::unique_ptr<PoolFeed> {
        throw ValueError(QStringLiteral("processes is 0"));
    });
    pool.open(twoWorkers());
    QCOMPARE(pool.phase(), LivePool::Phase::Opening);
    QTRY_COMPARE(pool.phase(), LivePool::Phase::None);
    QCOMPARE(pool.problem(), QStringLiteral("ValueError: processes is 0"));
    QVERIFY(pool.canOpen());
    pool.submit({square("1")}, CallsModel::Method::ApplyAsync);
    QCOMPARE(pool.calls().rowCount(), 0);
}

void SubmitModelsTest::aSecondPoolBeginsAnEmptyTable()
{
    OpenPool open;
    open.pool.submit({square("1")}, CallsModel::Method::ApplyAsync);
    open.pool.get(1, 0.0);
    open.pool.open(twoWorkers()); // one is open: nothing comes of it
    QCOMPARE(open.pool.calls().rowCount(), 1);
    open.pool.terminate();
    open.script->end();
    QTRY_VERIFY(open.pool.canOpen());
    open.script->calls.clear();
    open.pool.open(twoWorkers());
    QCOMPARE(open.pool.calls().rowCount(), 0);
    QVERIFY(!open.pool.getOf(1));
}

void SubmitModelsTest::whatTasksPrintIsLogged()
{
    OpenPool open;
    open.script->events = {{1, 4701, QStringLiteral("<b>hello</b>")}};
    QTRY_COMPARE(open.lastLine(), QStringLiteral("<b>hello</b>"));
    QVERIFY(open.lastLine(PoolLogModel::Statement).contains(QStringLiteral("4701")));
}

void SubmitModelsTest::aWindowThatGoesWhileAPoolOpensLeavesNone()
{
    std::binary_semaphore mayOpen(0);
    const auto script = std::make_shared<PoolScript>();
    {
        LivePool pool([&mayOpen, script](const JobSpec &) -> std::unique_ptr<PoolFeed> {
            mayOpen.acquire();
            return std::make_unique<ScriptedPool>(script);
        });
        pool.open(twoWorkers());
    }
    mayOpen.release();
    Background::waitForAll();
    QCOMPARE(script.use_count(), 1);
}

void SubmitModelsTest::samplingStopsWhenNothingCanChange()
{
    OpenPool open;
    open.pool.close();
    open.script->end();
    QTRY_COMPARE(open.pool.phase(), LivePool::Phase::Over);
    QVERIFY(!open.pool.isSampling());
}

void SubmitModelsTest::callsBeyondTheMostWaitToBeSent()
{
    OpenPool open;
    std::vector<PoolCall> calls(10'000, square("1"));
    for (int round = 0; round < 2; ++round) {
        open.pool.submit(calls, CallsModel::Method::ApplyAsync);
        QTRY_VERIFY(open.pool.canSubmit());
    }
    QCOMPARE(open.pool.calls().rowCount(), 20'000);
    // One more has to wait until others are ready.
    open.pool.submit({square("1")}, CallsModel::Method::ApplyAsync);
    QCOMPARE(open.pool.unsent(), 1u);
    for (const auto &call : open.script->calls)
        call->returnValue("1");
    QTRY_COMPARE(open.pool.unsent(), 0u);
    QCOMPARE(open.pool.calls().lastNumber(), 20'001u);
}

void SubmitModelsTest::theOldestRowsAreDropped()
{
    OpenPool open;
    const std::vector<PoolCall> calls(10'000, square("1"));
    for (int round = 0; round < 6; ++round) {
        open.pool.submit(calls, CallsModel::Method::ApplyAsync);
        QTRY_VERIFY_WITH_TIMEOUT(open.pool.canSubmit(), 20'000);
        for (const auto &call : open.script->calls)
            call->returnValue("1");
        open.script->calls.clear();
        QTRY_VERIFY_WITH_TIMEOUT(open.pool.calls().isSettled(), 20'000);
    }
    QVERIFY(open.pool.calls().rowCount() <= CallsModel::maximumRows);
    QCOMPARE(open.pool.calls().lastNumber(), 60'000u);
    QVERIFY(open.pool.calls().firstNumber() > 1);
    QCOMPARE(open.cell(0, CallsModel::Number).toULongLong(), open.pool.calls().firstNumber());
    open.pool.get(1, 0.0); // gone: nothing comes of it
    QVERIFY(!open.pool.getOf(1));
}

QTEST_MAIN(SubmitModelsTest)
#include "tst_submitmodels.moc"
