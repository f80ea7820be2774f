// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/installation.h"
#include "workerdriver.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <csignal>

using namespace Poolscope;
using Wire::ChunkFlag;
using Wire::ItemStatus;

namespace {

constexpr int patience = 30000;

TaskSpec unruly(const QString &function, const QJsonObject &parameters = {})
{
    return WorkerDriver::task(QStringLiteral(POOLSCOPE_BINARY_DIR "/tests/plugins/unruly.so:") + function,
                              parameters);
}

QList<QByteArray> numbers(int count)
{
    QList<QByteArray> list;
    for (int i = 0; i < count; ++i)
        list.append(QByteArray::number(i));
    return list;
}

} // namespace

class TestNativeWorker final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void greetsAndIsReadyOnlyAfterItsSetUp();
    void runsItems_data();
    void runsItems();
    void unpacksArguments_data();
    void unpacksArguments();
    void carriesValuesUnaltered_data();
    void carriesValuesUnaltered();
    void namesWhatATaskThrew_data();
    void namesWhatATaskThrew();
    void stopsAChunkAtItsFirstErrorWhenAsked();
    void goesOnAfterAnErrorOtherwise();
    void keepsItsChannelFromWhatTasksPrint();
    void survivesATaskThatClosesTheStandardDescriptors();
    void givesBackOnlyChunksThatHaveNotBegun();
    void sendsFinishedResultsWhileALongItemRuns();
    void leavesExactlyTheRunningItemWhenKilled();
    void losesNothingWithoutARecorder();
    void sendsResultsLargerThanTheRing();
    void keepsTheOrderOfThousandsOfChunks();
    void countsNoCpuTimeWhileAnItemSleeps();
    void endsABusyWorkerWhenTheParentHangsUp();
    void finishesItsQueueWhenToldToQuit();
    void endsWithAMessageWhenTheStreamMakesNoSense_data();
    void endsWithAMessageWhenTheStreamMakesNoSense();
    void saysWhyItsSetUpFailed_data();
    void saysWhyItsSetUpFailed();
    void runsTheInitializerBeforeTheFirstItem();
    void failsOnlyTheItemsOfALaterTaskThatCannotBeLoaded();
    void givesTasksTheirParametersWithDefaults();
    void refusesAWrongCommandLine();
};

void TestNativeWorker::greetsAndIsReadyOnlyAfterItsSetUp()
{
    WorkerDriver worker;
    QTRY_VERIFY_WITH_TIMEOUT(!worker.poll().hello.isEmpty(), patience);
    QVERIFY(!worker.isReady);
    QCOMPARE(worker.hello[QLatin1String("protocol")].toInt(), int(Wire::protocolVersion));
    QCOMPARE(worker.hello[QLatin1String("pid")].toInteger(), worker.process().processId());
    QCOMPARE(worker.hello[QLatin1String("kind")].toString(), QStringLiteral("native"));
    QVERIFY(!worker.hello[QLatin1String("host")].toString().isEmpty());
    QVERIFY(worker.hello[QLatin1String("clock")].toInteger() > 0);
    worker.setUp({WorkerDriver::task(QStringLiteral("square"))});
    QTRY_VERIFY_WITH_TIMEOUT(worker.poll().isReady, patience);
}

void TestNativeWorker::runsItems_data()
{
    QTest::addColumn<QString>("task");
    QTest::addColumn<QByteArray>("item");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("type");
    const auto row = [](const char *name, const char *task, const char *item, const char *value,
                        const char *type = "") {
        QTest::newRow(name) << QString::fromLatin1(task) << QByteArray(item) << QByteArray(value)
                            << QString::fromLatin1(type);
    };
    row("whole number", "square", "12", "144");
    row("negative", "cube", "-3", "-27");
    row("fraction", "square", "1.5", "2.25");
    row("a truth is a number, as in Python", "square", "true", "1");
    row("largest square of 64 bits", "square", "3037000499", "9223372030926249001");
    row("one more is refused, not rounded", "square", "3037000500",
        "3037000500 * 3037000500 is beyond the 64 bits of a native task: use a Python task for it",
        "OverflowError");
    row("cube beyond 64 bits", "cube", "-2097153",
        "4398050705409 * -2097153 is beyond the 64 bits of a native task: use a Python task for it",
        "OverflowError");
    row("infinite result", "square", "1e200",
        "the result holds a number that JSON does not have (infinite or not a number)", "ValueError");
    row("text", "square", "\"x\"", "can't multiply sequence by non-int of type 'str'", "TypeError");
    row("null", "square", "null", "unsupported operand type(s) for *: 'NoneType' and 'NoneType'",
        "TypeError");
    row("two arguments wanted", "add", "1", "add() missing 1 required positional argument: 'y'", "TypeError");
}

void TestNativeWorker::runsItems()
{
    QFETCH(QString, task);
    QFETCH(QByteArray, item);
    QFETCH(QByteArray, value);
    QFETCH(QString, type);
    WorkerDriver worker;
    worker.setUp({WorkerDriver::task(task)});
    worker.sendChunk(7, 40, {item});
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 1, patience);
    const WorkerDriver::Item &result = worker.items[0];
    QCOMPARE(result.chunk, 7U);
    QCOMPARE(result.index, 40U);
    QCOMPARE(result.status, type.isEmpty() ? ItemStatus::Ok : ItemStatus::Error);
    QCOMPARE(result.type(), type);
    if (type.isEmpty())
        QCOMPARE(result.value, value);
    else
        QCOMPARE(result.message(), QString::fromUtf8(value));
}

void TestNativeWorker::unpacksArguments_data()
{
    QTest::addColumn<QByteArray>("item");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<bool>("isError");
    const auto row = [](const char *name, const char *item, const char *value, bool isError) {
        QTest::newRow(name) << QByteArray(item) << QByteArray(value) << isError;
    };
    row("pair", "[1,2]", "3", false);
    row("fractions", "[0.5,2]", "2.5", false);
    row("texts", R"(["a","b"])", R"("ab")", false);
    row("characters of a text", R"("ab")", R"("ab")", false);
    row("characters beyond the first plane are one each", R"("\ud83d\ude00b")",
        "\"\xF0\x9F\x98\x80"
        "b\"",
        false);
    row("lists", "[[1],[2,3]]", "[1,2,3]", false);
    row("too many", "[1,2,3]", "add() takes 2 positional arguments but 3 were given", true);
    row("too few", "[1]", "add() missing 1 required positional argument: 'y'", true);
    row("none", "[]", "add() missing 2 required positional arguments: 'x' and 'y'", true);
    row("no array", "5", "add() argument after * must be an iterable, not int", true);
    row("null", "null", "add() argument after * must be an iterable, not NoneType", true);
    row("sum beyond 64 bits", "[9223372036854775807,1]",
        "9223372036854775807 + 1 is beyond the 64 bits of a native task: use a Python task for it", true);
    row("mixed", R"(["a",1])", "can only concatenate str (not \"int\") to str", true);
}

void TestNativeWorker::unpacksArguments()
{
    QFETCH(QByteArray, item);
    QFETCH(QByteArray, value);
    QFETCH(bool, isError);
    WorkerDriver worker;
    worker.setUp({WorkerDriver::task(QStringLiteral("add"))});
    worker.sendChunk(0, 0, {item}, 0, std::uint32_t(ChunkFlag::Unpack));
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 1, patience);
    QCOMPARE(worker.items[0].status, isError ? ItemStatus::Error : ItemStatus::Ok);
    QCOMPARE(isError ? worker.items[0].message().toUtf8() : worker.items[0].value, value);
}

void TestNativeWorker::carriesValuesUnaltered_data()
{
    QTest::addColumn<QByteArray>("item");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("type");
    const auto row = [](const char *name, const QByteArray &item, const QByteArray &value,
                        const char *type = "") {
        QTest::newRow(name) << item << value << QString::fromLatin1(type);
    };
    const auto same = [&](const char *name, const QByteArray &item) { row(name, item, item); };
    same("largest integer", "9223372036854775807");
    same("smallest integer", "-9223372036854775808");
    same("beyond the integers of a double", "[9007199254740993]");
    same("fraction", "0.1");
    same("17 digits", "[0.30000000000000004]");
    same("empty text", "\"\"");
    same("zero character", R"("a\u0000b")");
    same("line breaks stay escaped", R"("a\nb\r")");
    same("quotes and markup", R"("<b>\"\\</b>")");
    same("half a surrogate pair", R"("\ud800")");
    same("other scripts", "\"\xC3\xA4\xE6\x97\xA5\xF0\x9F\x98\x80\"");
    same("number in a text", R"("123456789012345678901234567890")");
    same("nested", R"([[],{},{"a":[null,true,false,1.5,"x"]}])");
    same("null", "null");
    same("false", "false");
    row("integer beyond 64 bits", "9223372036854775808", {}, "OverflowError");
    row("negative integer beyond 64 bits", "-9223372036854775809", {}, "OverflowError");
    row("integer beyond 64 bits inside", R"({"a":["9",{"b":99999999999999999999}]})", {}, "OverflowError");
    row("integer beyond 64 bits as last", "[1,99999999999999999999]", {}, "OverflowError");
    row("after a text with an escaped quote", R"(["\"",99999999999999999999])", {}, "OverflowError");
    row("fraction out of range", "1e400", {}, "OverflowError");
    row("no JSON", "[1", {}, "ValueError");
    row("two values", "1,2", {}, "ValueError");
}

void TestNativeWorker::carriesValuesUnaltered()
{
    QFETCH(QByteArray, item);
    QFETCH(QByteArray, value);
    QFETCH(QString, type);
    WorkerDriver worker;
    worker.setUp({WorkerDriver::task(QStringLiteral("echo"))});
    worker.sendChunk(0, 0, {item});
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 1, patience);
    QCOMPARE(worker.items[0].type(), type);
    if (type.isEmpty())
        QCOMPARE(worker.items[0].value, value);
}

void TestNativeWorker::namesWhatATaskThrew_data()
{
    QTest::addColumn<QString>("function");
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("message");
    QTest::newRow("an error of its own") << "raise_task"
                                         << "OwnError" << QStringLiteral("own “words”");
    QTest::newRow("a standard exception") << "raise_std"
                                          << "std::out_of_range"
                                          << "too far";
    QTest::newRow("anything") << "raise_int"
                              << "UnknownException"
                              << "the task threw something that is not a std::exception";
    QTest::newRow("no number inside")
        << "not_a_number"
        << "ValueError"
        << "the result holds a number that JSON does not have (infinite or not a number)";
}

void TestNativeWorker::namesWhatATaskThrew()
{
    QFETCH(QString, function);
    WorkerDriver worker;
    worker.setUp({unruly(function)});
    worker.sendChunk(0, 0, {"1", "2"});
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 2, patience);
    for (const WorkerDriver::Item &item : std::as_const(worker.items)) {
        QCOMPARE(item.status, ItemStatus::Error);
        QTEST(item.type(), "type");
        QTEST(item.message(), "message");
    }
}

void TestNativeWorker::stopsAChunkAtItsFirstErrorWhenAsked()
{
    WorkerDriver worker;
    worker.setUp({WorkerDriver::task(QStringLiteral("square"))});
    const auto flags = std::uint32_t(ChunkFlag::StopOnError);
    worker.sendChunk(1, 0, {"1", "null", "3"}, 0, flags);
    worker.sendChunk(1, 3, {"4"}, 0, flags); // The rest of the same chunk.
    worker.sendChunk(2, 4, {"5"}, 0, flags);
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 5, patience);
    const ItemStatus expected[] = {ItemStatus::Ok, ItemStatus::Error, ItemStatus::NotRun, ItemStatus::NotRun,
                                   ItemStatus::Ok};
    for (int i = 0; i < 5; ++i) {
        QCOMPARE(worker.items[i].index, std::uint64_t(i));
        QCOMPARE(worker.items[i].status, expected[i]);
    }
    QVERIFY(worker.items[2].value.isEmpty());
    QCOMPARE(worker.begun(), 3U);
}

void TestNativeWorker::goesOnAfterAnErrorOtherwise()
{
    WorkerDriver worker;
    worker.setUp({WorkerDriver::task(QStringLiteral("square"))});
    worker.sendChunk(1, 0, {"1", "null", "3"});
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 3, patience);
    QCOMPARE(worker.items[2].value, "9");
}

void TestNativeWorker::keepsItsChannelFromWhatTasksPrint()
{
    WorkerDriver worker;
    worker.setUp({unruly(QStringLiteral("print")), unruly(QStringLiteral("read_stdin"))});
    worker.sendChunk(0, 0, {"1", "2", "3"});
    worker.sendChunk(1, 3, {"0"}, 1);
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 4, patience);
    QCOMPARE(worker.values(), QList<QByteArray>({"1", "2", "3", "0"}));
    QVERIFY(worker.error.empty());
    QTRY_VERIFY_WITH_TIMEOUT(worker.poll().prints.contains("printed 3\nstreamed\nraw bytes\nraw bytes\n"),
                             patience);
}

void TestNativeWorker::survivesATaskThatClosesTheStandardDescriptors()
{
    WorkerDriver worker;
    worker.setUp({unruly(QStringLiteral("close_all"))});
    worker.sendChunk(0, 0, {"1", "2"});
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 2, patience);
    worker.sendChunk(1, 2, {"3"});
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 3, patience);
    worker.quit();
    QTRY_VERIFY_WITH_TIMEOUT(!worker.isRunning(), patience);
    QCOMPARE(worker.process().exitCode(), 0);
}

void TestNativeWorker::givesBackOnlyChunksThatHaveNotBegun()
{
    WorkerDriver worker;
    worker.setUp({WorkerDriver::task(QStringLiteral("sleep_for"))});
    worker.sendChunk(10, 0, {"600"});
    QTRY_COMPARE_WITH_TIMEOUT(worker.begun(), 1U, patience);
    worker.sendChunk(10, 1, {"0"}); // More of the chunk that runs.
    worker.sendChunk(11, 2, {"0"});
    worker.sendChunk(12, 3, {"0"});
    worker.sendChunk(12, 4, {"0"});
    worker.sendChunk(13, 5, {"0"});
    worker.recall({12, 10, 13, 99});
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().recalled.size(), 1U, patience);
    QCOMPARE(worker.recalled[0], std::vector<std::uint64_t>({12, 13}));
    worker.recall({12});
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().recalled.size(), 2U, patience);
    QVERIFY(worker.recalled[1].empty());
}

void TestNativeWorker::sendsFinishedResultsWhileALongItemRuns()
{
    WorkerDriver worker;
    worker.setUp({WorkerDriver::task(QStringLiteral("sleep_for"))});
    worker.sendChunk(0, 0, {"0", "0", "0", "600"});
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 3, patience);
    QVERIFY(worker.isRunning());
}

void TestNativeWorker::leavesExactlyTheRunningItemWhenKilled()
{
    WorkerDriver worker;
    worker.setUp({unruly(QStringLiteral("die_at_777"))});
    worker.sendChunk(3, 0, numbers(1000));
    QTRY_VERIFY_WITH_TIMEOUT(!worker.isRunning(), patience);
    QCOMPARE(worker.process().exitStatus(), QProcess::CrashExit);
    QCOMPARE(worker.recover(), 778U);
    QVERIFY(worker.error.empty());
    QCOMPARE(worker.items.size(), 777);
    QCOMPARE(worker.values(), numbers(777));
}

void TestNativeWorker::losesNothingWithoutARecorder()
{
    WorkerDriver worker(WorkerDriver::Recorder::None);
    worker.setUp({unruly(QStringLiteral("die_at_777"))});
    worker.sendChunk(3, 0, numbers(1000));
    QTRY_VERIFY_WITH_TIMEOUT(!worker.isRunning(), patience);
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 777, patience);
}

void TestNativeWorker::sendsResultsLargerThanTheRing()
{
    WorkerDriver worker;
    worker.setUp({WorkerDriver::task(QStringLiteral("echo"))});
    const QByteArray large = '"' + QByteArray(3'000'000, 'x') + '"';
    worker.sendChunk(0, 0, {"1", large, "2", large, "3"});
    worker.sendChunk(1, 5, numbers(500));
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 505, patience);
    QCOMPARE(worker.values().mid(0, 5), QList<QByteArray>({"1", large, "2", large, "3"}));
    QCOMPARE(worker.values().mid(5), numbers(500));
    // The ring's positions still fit the stream's: what is left of it is empty, not garbage.
    worker.process().kill();
    QTRY_VERIFY_WITH_TIMEOUT(!worker.isRunning(), patience);
    QCOMPARE(worker.recover(), 505U);
    QVERIFY(worker.error.empty());
    QCOMPARE(worker.items.size(), 505);
}

void TestNativeWorker::keepsTheOrderOfThousandsOfChunks()
{
    WorkerDriver worker;
    worker.setUp({WorkerDriver::task(QStringLiteral("echo"))});
    constexpr int count = 20000;
    for (int i = 0; i < count; ++i)
        worker.sendChunk(std::uint64_t(i), std::uint64_t(i), {QByteArray::number(i)});
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), count, patience);
    for (int i = 0; i < count; ++i) {
        QCOMPARE(worker.items[i].chunk, std::uint64_t(i));
        QCOMPARE(worker.items[i].value, QByteArray::number(i));
    }
}

void TestNativeWorker::countsNoCpuTimeWhileAnItemSleeps()
{
    WorkerDriver worker;
    worker.setUp({WorkerDriver::task(QStringLiteral("sleep_for")),
                  WorkerDriver::task(QStringLiteral("count_primes"))});
    worker.sendChunk(0, 0, {"0.2"});
    worker.sendChunk(1, 1, {"200000"}, 1);
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 2, patience);
    QVERIFY(worker.items[0].elapsed >= 200'000'000);
    QVERIFY(worker.items[0].cpu < worker.items[0].elapsed / 4);
    QVERIFY(worker.items[1].cpu > 0);
    QVERIFY(worker.items[1].cpu <= worker.items[1].elapsed);
}

void TestNativeWorker::endsABusyWorkerWhenTheParentHangsUp()
{
    WorkerDriver worker;
    worker.setUp({WorkerDriver::task(QStringLiteral("sleep_for"))});
    worker.sendChunk(0, 0, {"600"});
    QTRY_COMPARE_WITH_TIMEOUT(worker.begun(), 1U, patience);
    worker.process().closeWriteChannel();
    QTRY_VERIFY_WITH_TIMEOUT(!worker.isRunning(), patience);
    QCOMPARE(worker.process().exitStatus(), QProcess::CrashExit);
}

void TestNativeWorker::finishesItsQueueWhenToldToQuit()
{
    WorkerDriver worker;
    worker.setUp({WorkerDriver::task(QStringLiteral("count_primes"))});
    for (int i = 0; i < 20; ++i)
        worker.sendChunk(std::uint64_t(i), std::uint64_t(i), {"20000"});
    worker.quit();
    worker.process().closeWriteChannel();
    QTRY_VERIFY_WITH_TIMEOUT(!worker.isRunning(), patience);
    QCOMPARE(worker.process().exitStatus(), QProcess::NormalExit);
    QCOMPARE(worker.process().exitCode(), 0);
    QCOMPARE(worker.poll().items.size(), 20);
}

void TestNativeWorker::endsWithAMessageWhenTheStreamMakesNoSense_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("message");
    std::string frame;
    Wire::appendFrame(frame, Wire::FrameType::Chunk, "short");
    QTest::newRow("no frame") << QByteArray("GET / HTTP/1.1\r\n") << QByteArray("no frame begins here");
    QTest::newRow("cut chunk") << QByteArray::fromStdString(frame) << QByteArray("as many items as it says");
    frame.clear();
    Wire::appendFrame(frame, Wire::FrameType::Ready, {});
    QTest::newRow("a worker's frame") << QByteArray::fromStdString(frame) << QByteArray("only workers send");
    frame.clear();
    Wire::appendFrame(frame, Wire::FrameType::Recall, "123");
    QTest::newRow("cut recall") << QByteArray::fromStdString(frame) << QByteArray("cut off");
}

void TestNativeWorker::endsWithAMessageWhenTheStreamMakesNoSense()
{
    QFETCH(QByteArray, bytes);
    WorkerDriver worker;
    worker.sendBytes(bytes.toStdString());
    QTRY_VERIFY_WITH_TIMEOUT(!worker.isRunning(), patience);
    QCOMPARE(worker.process().exitCode(), 70);
    QFETCH(QByteArray, message);
    QVERIFY2(worker.poll().prints.contains(message), worker.prints.constData());
}

void TestNativeWorker::saysWhyItsSetUpFailed_data()
{
    QTest::addColumn<QString>("function");
    QTest::addColumn<QJsonObject>("parameters");
    QTest::addColumn<QString>("initializer");
    QTest::addColumn<QString>("stage");
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("message");
    const QJsonObject none;
    QTest::newRow("listed but not there") << "missing" << none << ""
                                          << "task"
                                          << "AttributeError"
                                          << "does not give it";
    QTest::newRow("not listed") << "nowhere" << none << ""
                                << "task"
                                << "AttributeError"
                                << "no function named nowhere";
    QTest::newRow("parameter refused by the task")
        << "picky" << QJsonObject{{QStringLiteral("level"), 9}} << ""
        << "task"
        << "ValueError"
        << "level 9 is too high";
    QTest::newRow("unknown parameter") << "picky" << QJsonObject{{QStringLiteral("volume"), 9}} << ""
                                       << "task"
                                       << "ValueError"
                                       << "no parameter named";
    QTest::newRow("initializer fails") << "remembered" << none << "refuse"
                                       << "initializer"
                                       << "std::runtime_error"
                                       << "no, thanks";
    QTest::newRow("initializer missing") << "remembered" << none << "nowhere"
                                         << "initializer"
                                         << "AttributeError"
                                         << "no initializer named nowhere";
}

void TestNativeWorker::saysWhyItsSetUpFailed()
{
    QFETCH(QString, function);
    QFETCH(QJsonObject, parameters);
    QFETCH(QString, initializer);
    TaskSpec spec = unruly(QStringLiteral("remembered"));
    spec.function = function;
    spec.parameters = parameters;
    WorkerDriver worker;
    worker.setUp({spec}, {{}, initializer, {}});
    QTRY_VERIFY_WITH_TIMEOUT(!worker.isRunning(), patience);
    QCOMPARE(worker.process().exitCode(), 1);
    QVERIFY(!worker.poll().isReady);
    QTEST(worker.failed[QLatin1String("stage")].toString(), "stage");
    QTEST(worker.failed[QLatin1String("type")].toString(), "type");
    QFETCH(QString, message);
    const QString said = worker.failed[QLatin1String("message")].toString();
    QVERIFY2(said.contains(message), qUtf8Printable(said));
}

void TestNativeWorker::runsTheInitializerBeforeTheFirstItem()
{
    WorkerDriver worker;
    worker.setUp({unruly(QStringLiteral("remembered"))}, {{}, QStringLiteral("remember"), {42}});
    worker.sendChunk(0, 0, {"0"});
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().values(), QList<QByteArray>({"42"}), patience);
}

void TestNativeWorker::failsOnlyTheItemsOfALaterTaskThatCannotBeLoaded()
{
    WorkerDriver worker;
    worker.setUp({WorkerDriver::task(QStringLiteral("square"))});
    worker.addTask(1, unruly(QStringLiteral("missing")));
    worker.addTask(2, WorkerDriver::task(QStringLiteral("cube")));
    worker.sendChunk(0, 0, {"2"}, 1);
    worker.sendChunk(1, 1, {"2"}, 2);
    worker.sendChunk(2, 2, {"2"}, 0);
    worker.sendChunk(3, 3, {"2"}, 55);
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 4, patience);
    QCOMPARE(worker.items[0].type(), QStringLiteral("AttributeError"));
    QCOMPARE(worker.items[1].value, "8");
    QCOMPARE(worker.items[2].value, "4");
    QCOMPARE(worker.items[3].type(), QStringLiteral("LookupError"));
}

void TestNativeWorker::givesTasksTheirParametersWithDefaults()
{
    WorkerDriver worker;
    worker.setUp(
        {unruly(QStringLiteral("picky")), unruly(QStringLiteral("picky"), {{QStringLiteral("level"), 5}})});
    worker.sendChunk(0, 0, {"0"}, 0);
    worker.sendChunk(1, 1, {"0"}, 1);
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().values(), QList<QByteArray>({"3", "5"}), patience);
}

void TestNativeWorker::refusesAWrongCommandLine()
{
    QProcess process;
    process.start(Installation::workerProgram(), {QStringLiteral("--recorder-fd"), QStringLiteral("x")});
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, patience);
    QCOMPARE(process.exitCode(), 2);
    QVERIFY(process.readAllStandardError().contains("usage"));
}

QTEST_GUILESS_MAIN(TestNativeWorker)
#include "tst_nativeworker.moc"
