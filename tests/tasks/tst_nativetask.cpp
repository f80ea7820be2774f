// SPDX-License-Identifier: GPL-3.0-or-later
#include "workerdriver.h"

#include <QTest>

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

} // namespace

class TestNativeTask final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void runsItems_data();
    void runsItems();
    void unpacksArguments_data();
    void unpacksArguments();
    void carriesValuesUnaltered_data();
    void carriesValuesUnaltered();
    void writesWhatHasNoJsonOfItsOwn();
    void namesWhatATaskThrew_data();
    void namesWhatATaskThrew();
    void givesTasksTheirParametersWithDefaults();
};

void TestNativeTask::runsItems_data()
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
        "the result holds a number that JSON does not have (infinite or not a number): return null or text "
        "instead",
        "MaybeEncodingError");
    row("text", "square", "\"x\"", "can't multiply sequence by non-int of type 'str'", "TypeError");
    row("null", "square", "null", "unsupported operand type(s) for *: 'NoneType' and 'NoneType'",
        "TypeError");
    row("two arguments wanted", "add", "1", "add() missing 1 required positional argument: 'y'", "TypeError");
}

void TestNativeTask::runsItems()
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

void TestNativeTask::unpacksArguments_data()
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

void TestNativeTask::unpacksArguments()
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

void TestNativeTask::carriesValuesUnaltered_data()
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
    same("smallest real beyond the integers", "9.223372036854776e+18");
    same("reals beyond the integers, in an array", "[1,[9.223372036854776e+18,-1e+19],\"a\"]");
    same("reals beyond the integers, in an object", R"({"a\"b":{"c":1e+20},"d":[]})");
    same("smallest integer", "-9223372036854775808");
    same("beyond the integers of a double", "[9007199254740993]");
    same("fraction", "0.1");
    same("17 digits", "[0.30000000000000004]");
    same("empty text", "\"\"");
    same("zero character", R"("a\u0000b")");
    same("line breaks stay escaped", R"("a\nb\r")");
    same("quotes and markup", R"("<b>\"\\</b>")");
    same("byte order marks", "\"\xEF\xBB\xBF"
                             "a\xEF\xBB\xBF\"");
    same("byte order mark in a key", "{\"\xEF\xBB\xBF\":1}");
    same("colons, braces and quotes in a text", R"({"a:\"b\":{":":"})");
    row("objects have their keys sorted", R"({"b":{},"a":[{"b":1,"a":2}]})",
        R"({"a":[{"a":2,"b":1}],"b":{}})");
    row("escaped surrogate pair", R"("\ud83d\ude00")", "\"\xF0\x9F\x98\x80\"");
    row("half a surrogate pair", R"("\ud800")", {}, "UnicodeEncodeError");
    row("the other half, inside", R"([{"a":["\uDFFF"]}])", {}, "UnicodeEncodeError");
    row("half a surrogate pair in a key", R"({"\ud800":1})", {}, "UnicodeEncodeError");
    row("key twice", R"({"a":1,"a":2})", {}, "ValueError");
    row("key twice, written in two ways", R"({"a" : 1, "\u0061" : 2})", {}, "ValueError");
    row("key twice inside", R"([1,{"a":{"b":1,"b":1}}])", {}, "ValueError");
    row("equal numbers are the same", "[2.0,-0.0,1e2]", "[2,0,100]");
    row("negative zero", "-0.0", "0");
    row("fraction too small", "[1e-400]", {}, "OverflowError");
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

void TestNativeTask::carriesValuesUnaltered()
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

void TestNativeTask::writesWhatHasNoJsonOfItsOwn()
{
    WorkerDriver worker;
    worker.setUp({unruly(QStringLiteral("no_value")), unruly(QStringLiteral("half_pair"))});
    worker.sendChunk(0, 0, {"0"}, 0);
    worker.sendChunk(1, 1, {"0"}, 1);
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().values(), QList<QByteArray>({"null", R"("\ud800")"}), patience);
}

void TestNativeTask::namesWhatATaskThrew_data()
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
    QTest::newRow("no number inside") << "not_a_number"
                                      << "MaybeEncodingError"
                                      << "the result holds a number that JSON does not have (infinite or not "
                                         "a number): return null or text "
                                         "instead";
}

void TestNativeTask::namesWhatATaskThrew()
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

void TestNativeTask::givesTasksTheirParametersWithDefaults()
{
    WorkerDriver worker;
    worker.setUp(
        {unruly(QStringLiteral("picky")), unruly(QStringLiteral("picky"), {{QStringLiteral("level"), 5}})});
    worker.sendChunk(0, 0, {"0"}, 0);
    worker.sendChunk(1, 1, {"0"}, 1);
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().values(), QList<QByteArray>({"3", "5"}), patience);
}

QTEST_GUILESS_MAIN(TestNativeTask)
#include "tst_nativetask.moc"
