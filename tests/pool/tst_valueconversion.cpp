// SPDX-License-Identifier: GPL-3.0-or-later
#include "valuetest.h"

#include <QFile>
#include <QHash>
#include <QJsonArray>
#include <QJsonObject>
#include <QList>
#include <QMap>
#include <QSet>

#include <array>
#include <cmath>
#include <deque>
#include <filesystem>
#include <limits>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace {

enum class Suit
{
    Hearts,
    Spades
};

struct Row
{
    QByteArray expression; ///< As in the source: what fails is told by it.
    ValueTest::Question question;
    QByteArray outcome; ///< The JSON, or what the refusal advises.
};
using Rows = std::vector<Row>;

} // namespace

Q_DECLARE_METATYPE(ValueTest::Question)

template <>
struct Poolscope::ValueTraits<Suit>
{
    static void append(std::string &json, Suit suit) { json += suit == Suit::Hearts ? "\"H\"" : "\"S\""; }
    static Suit read(std::string_view json)
    {
        const std::string name = ValueText::readText(json);
        if (name != "H" && name != "S")
            throw ValueError(QStringLiteral("no such suit"));
        return name == "H" ? Suit::Hearts : Suit::Spades;
    }
};

using namespace ValueTest;

// What may be text or a number, bytes or text, letters or items has to be said: it does not compile.
static_assert(!std::constructible_from<Value, char>);
static_assert(!std::constructible_from<Value, char32_t>);
static_assert(!std::constructible_from<Value, QChar>);
static_assert(!std::constructible_from<Value, std::vector<char>>);
static_assert(!std::constructible_from<Value, QByteArray>);
static_assert(!std::constructible_from<Value, QList<QByteArray>>);
static_assert(!std::constructible_from<Value, int *>);
static_assert(!std::constructible_from<Value, long double>);
static_assert(!std::constructible_from<Value, std::filesystem::path>);
static_assert(!std::constructible_from<Value, std::map<int, int>>);
static_assert(!std::constructible_from<Value, std::multimap<std::string, int>>);
static_assert(!std::constructible_from<Value, decltype(std::views::iota(1))>);
static_assert(!std::constructible_from<Value, std::vector<std::map<int, int>>>);
static_assert(std::constructible_from<Value, std::vector<unsigned char>>);
static_assert(!FromValue<std::string_view>);
static_assert(!FromValue<QStringView>);
static_assert(!FromValue<std::span<int>>);
static_assert(!FromValue<std::vector<std::string_view>>);

namespace {

Rows cppRows()
{
    Rows rows;
#define ROW(outcome, ...)                                                                                    \
    rows.push_back({"Value(" #__VA_ARGS__ ")", [] { return Value(__VA_ARGS__).json(); }, outcome})
    ROW("null", Value());
    ROW("null", nullptr);
    ROW("true", true);
    ROW("12", 12);
    ROW("0", 0);
    ROW("-3", short(-3));
    ROW("200", static_cast<unsigned char>(200));
    ROW("18446744073709551615", std::numeric_limits<std::uint64_t>::max());
    ROW("-9223372036854775808", std::numeric_limits<std::int64_t>::min());
    ROW("2.0", 2.0);
    ROW("-0.0", -0.0);
    ROW("1e+300", 1e300);
    ROW("5e-324", 5e-324);
    ROW("0.30000000000000004", 0.1 + 0.2);
    ROW("1152921504606846976.0", 1152921504606846976.0);
    ROW("0.10000000149011612", 0.1f);
    ROW("\"a\\n\\\"\\u0000\"", std::string("a\n\"\0", 4));
    ROW("\"Zoë\"", "Zoë");
    ROW("\"Zo\xc3\xab\"", QLatin1String("Zo\xeb"));
    ROW("\"\xf0\x9f\x98\x80\"", QString::fromUtf8("\xf0\x9f\x98\x80"));
    ROW("\"\"", QString());
    ROW("\"view\"", std::string_view("views").substr(0, 4));
    ROW("\"view\"", QStringView(u"view"));
    ROW("null", std::optional<int>());
    ROW("5", std::optional(5));
    ROW("[1,\"a\"]", std::pair(1, "a"));
    ROW("[1,2.5,null]", std::tuple(1, 2.5, nullptr));
    ROW("[]", std::tuple());
    ROW("[1,2]", std::array{1, 2});
    ROW("[]", std::array<int, 0>());
    ROW("[1,2]", std::vector{1, 2});
    ROW("[true,false]", std::vector{true, false});
    ROW("[]", std::vector<std::string>());
    ROW("[\"a\",\"b\"]", QStringList{"a", "b"});
    ROW("[[1],[],[2,3]]", std::list<std::deque<int>>{{1}, {}, {2, 3}});
    ROW("[1,2]", std::set{2, 1});
    ROW("[1,4,9]", std::views::transform(std::views::iota(1, 4), [](int i) { return i * i; }));
    ROW("[1,\"a\",[null]]", std::vector<Value>{1, "a", std::vector<Value>{nullptr}});
    ROW("{\"a\":2,\"b\":1}", std::map<std::string, int>{{"b", 1}, {"a", 2}});
    ROW("{\"a\\n\":[1.5]}", QMap<QString, QList<double>>{{"a\n", {1.5}}});
    ROW("{\"k\":{}}", QHash<QString, std::unordered_map<std::string, int>>{{"k", {}}});
    ROW("[1,2.5,9007199254740993,1e+300,\"a\",null,false,[],{}]",
        QJsonArray{1, 2.5, qint64(9007199254740993), 1e300, "a", QJsonValue::Null, false, QJsonArray(),
                   QJsonObject()});
    ROW("{\"a\":{\"b\":1},\"c\":2}", QJsonObject{{"c", 2.0}, {"a", QJsonObject{{"b", 1}}}});
    ROW("[1.5]", QJsonArray{QJsonArray{1.5}}[0]);

    ROW("[1,2]", Point{1, 2});
    ROW("{\"at\":[[1,2],[3,4]]}", std::map<QString, std::vector<Point>>{{"at", {{1, 2}, {3, 4}}}});
    ROW("[\"H\",\"S\"]", std::pair(Suit::Hearts, Suit::Spades));
#undef ROW
    return rows;
}

Rows refusedCppRows()
{
    Rows rows;
#define ROW(outcome, ...)                                                                                    \
    rows.push_back({"Value(" #__VA_ARGS__ ")", [] { return Value(__VA_ARGS__).json(); }, outcome})
    ROW("NaN has no JSON: send null or text", std::nan(""));
    ROW("infinity has no JSON: send null or text", std::numeric_limits<float>::infinity());
    ROW("minus infinity has no JSON: send null or text", std::vector{1.0, -HUGE_VAL});
    ROW("NaN has no JSON: send null or text", QJsonObject{{"a", qQNaN()}});
    ROW("not valid UTF-8 at byte 2: decode it first", "ab\xff");
    ROW("not valid UTF-8 at byte 3: decode it first", std::string("a\xc3\xab\xc3"));
    ROW("not valid UTF-8 at byte 0", std::string_view("\xed\xa0\x80"));
    ROW("not valid UTF-8 at byte 4", std::vector<std::string>{"\xf0\x9f\x98\x80\xc0\x80"});
    ROW("not valid UTF-8 at byte 0", std::map<std::string, int>{{"\x80", 1}});
    ROW("half of a surrogate pair at index 1", QString("a") + QChar(0xd800));
    ROW("half of a surrogate pair at index 0", QString(QChar(0xdc00)));
    ROW("half of a surrogate pair at index 2",
        QString::fromUtf8("\xf0\x9f\x98\x80") + QChar(0xd83d) + QString("a"));
    ROW("half of a surrogate pair", QJsonArray{QString(QChar(0xd800))});
    ROW("half of a surrogate pair", QJsonObject{{QString(QChar(0xd800)), 1}});
    ROW("send null to mean nothing", QJsonObject().value("missing"));
    ROW("send nullptr to mean nothing", static_cast<const char *>(nullptr));
#undef ROW
    return rows;
}

Rows jsonRows()
{
    Rows rows;
#define ROW(text, outcome, ...)                                                                              \
    rows.push_back({"Value::fromJson(" #text ").to<" #__VA_ARGS__ ">()",                                     \
                    [] { return Value(Value::fromJson(text).to<__VA_ARGS__>()).json(); }, outcome})
    ROW("null", "null", std::nullptr_t);
    ROW("false", "false", bool);
    ROW("-128", "-128", signed char);
    ROW("255", "255", unsigned char);
    ROW("1.0", "1", int);
    ROW("1e3", "1000", int);
    ROW("1.5e+1", "15", int);
    ROW("1500E-2", "15", int);
    ROW("-1200.0e-2", "-12", int);
    ROW("0.0e999999999999999999999", "0", int);
    ROW("-0", "0", int);
    ROW("-0", "0", unsigned);
    ROW("1.8446744073709551615e19", "18446744073709551615", std::uint64_t);
    ROW("-9223372036854775.808e3", "-9223372036854775808", std::int64_t);
    ROW("1", "1.0", double);
    ROW("-0.0", "-0.0", double);
    ROW("0.1", "0.1", double);
    ROW("0.1000000000000000055511151231257827", "0.1", double);
    ROW("4.9e-324", "5e-324", double);
    ROW("0e-999", "0.0", double);
    ROW("1.7976931348623157e308", "1.7976931348623157e+308", double);
    ROW("9007199254740992", "9007199254740992.0", double);
    ROW("9007199254740993.0", "9007199254740992.0", double); // a fraction is rounded as everywhere
    ROW("18446744073709551616", "18446744073709551616.0", double);
    ROW("0.1", "0.10000000149011612", float);
    ROW("16777216", "16777216.0", float);
    ROW("\"a\\u0000\\u00eb\\/\\b\\f\\t\\\\\\\"\"", "\"a\\u0000\xc3\xab/\\b\\f\\t\\\\\\\"\"", std::string);
    ROW("\"\\ud83d\\ude00\\uFFFF\"", "\"\xf0\x9f\x98\x80\xef\xbf\xbf\"", std::string);
    ROW("\"\\ud83d\\ude00 \xf0\x9f\x98\x80\"", "\"\xf0\x9f\x98\x80 \xf0\x9f\x98\x80\"", QString);
    ROW("\"\"", "\"\"", QString);
    ROW("null", "null", std::optional<int>);
    ROW("3", "3", std::optional<int>);
    ROW("[1, \"a\"]", "[1,\"a\"]", std::pair<int, QString>);
    ROW("[ ]", "[]", std::tuple<>);
    ROW("[1,[2,[true]]]", "[1,[2,[true]]]", std::tuple<int, std::pair<int, std::vector<bool>>>);
    ROW("[1,2,3]", "[1,2,3]", std::array<int, 3>);
    ROW("[[],[\"[,\\\"]\"]]", "[[],[\"[,\\\"]\"]]", std::vector<std::list<std::string>>);
    ROW("[3,1,2]", "[1,2,3]", std::set<int>);
    ROW("[3]", "[3]", QSet<int>);
    ROW("[1,null]", "[1,null]", QList<std::optional<int>>);
    ROW("{}", "{}", std::map<QString, int>);
    ROW("{\"b\" : {\"}\" : 1}, \"a\":{}}", "{\"a\":{},\"b\":{\"}\":1}}", QMap<QString, QHash<QString, int>>);
    ROW("{\"\\u0061\":[1.0]}", "{\"a\":[1]}", std::unordered_map<std::string, std::vector<int>>);
    ROW("{\"a\": [1.50, {\"b\":[]}]}", "{\"a\":[1.50,{\"b\":[]}]}", std::map<std::string, Value>);
    ROW("[1.50]", "[1.50]", Value);
    ROW("[9007199254740993, -0.0, 2.0, 1e20, 0.5, \"a\", [null, true], {\"b\":1,\"a\":{}}]",
        "[9007199254740993,0,2,1e+20,0.5,\"a\",[null,true],{\"a\":{},\"b\":1}]", QJsonValue);
    ROW("[9223372036854775807]", "[9223372036854775807]", QJsonArray);
    ROW("{\"a\":-9223372036854775808}", "{\"a\":-9223372036854775808}", QJsonObject);
    ROW("[1,2]", "[1,2]", Point);
    ROW("{\"a\":[[1,2]]}", "{\"a\":[[1,2]]}", std::map<std::string, std::vector<Point>>);
    ROW("[\"S\"]", "[\"S\"]", std::vector<Suit>);
#undef ROW
    return rows;
}

Rows refusedJsonRows()
{
    Rows rows;
#define ROW(text, outcome, ...)                                                                              \
    rows.push_back({"Value::fromJson(" #text ").to<" #__VA_ARGS__ ">()",                                     \
                    [] { return Value(Value::fromJson(text).to<__VA_ARGS__>()).json(); }, outcome})
    ROW("300", "300 cannot become a whole number from -128 to 127: it is out of range", signed char);
    ROW("-129", "-129 cannot become a whole number from -128 to 127: it is out of range", signed char);
    ROW("-1", "a whole number from 0 to 255: it is out of range", unsigned char);
    ROW("1e400", "it is out of range", int);
    ROW("1e99999999999999999999", "it is out of range", std::uint64_t);
    ROW("1.5", "it has a fraction; ask for a double", int);
    ROW("1e-1", "it has a fraction", int);
    ROW("1e-99999999999999999999", "it has a fraction", int);
    ROW("-0.0", "its sign would be lost; ask for a double", int);
    ROW("true", "true cannot become a whole number from -2147483648 to 2147483647: it is a truth value", int);
    ROW("\"1\"", "\"1\" cannot become a whole number from -2147483648 to 2147483647: it is text", int);
    ROW("1", "1 cannot become a bool: it is a number", bool);
    ROW("null", "null cannot become a bool: it is null", bool);
    ROW("0", "0 cannot become null: it is a number", std::nullptr_t);
    ROW("9007199254740993", "9007199254740993 cannot become a double: it would be rounded", double);
    ROW("-123456789012345678901234567890", "it would be rounded", double);
    ROW("16777217", "16777217 cannot become a float: it would be rounded", float);
    ROW("1e400", "1e400 cannot become a double: it is out of range", double);
    ROW("-1e-400", "-1e-400 cannot become a double: it is out of range", double);
    ROW("1e39", "1e39 cannot become a float: it is out of range", float);
    ROW("1e-60", "1e-60 cannot become a float: it is out of range", float);
    ROW("[1]", "[1] cannot become a double: it is an array", double);
    ROW("5", "5 cannot become text: it is a number", QString);
    ROW("{}", "{} cannot become text: it is an object", std::string);
    ROW("\"a\\ud83d\"", "\\ud83d is half of a surrogate pair", QString);
    ROW("\"\\ud83d\\u0041\"", "\\ud83d is half of a surrogate pair", std::string);
    ROW("\"\\ude00\\ud83d\"", "\\ude00 is half of a surrogate pair", std::string);
    ROW("{\"\\ud83d\":1}", "half of a surrogate pair", std::map<QString, int>);
    ROW("[1,2]", "[1,2] cannot become an array of 3: its length is 2", std::array<int, 3>);
    ROW("[1,2,3]", "[1,2,3] cannot become an array of 2: its length is 3", std::array<int, 2>);
    ROW("[1]", "[1] cannot become an array of 2: its length is 1", std::pair<int, int>);
    ROW("[1,2]", "an array of 1: its length is 2", std::tuple<int>);
    ROW("{\"a\":1}", "{\"a\":1} cannot become an array: it is an object", std::vector<int>);
    ROW("[]", "[] cannot become an object: it is an array", std::map<QString, int>);
    ROW("[1,\"a\"]", "\"a\" cannot become a whole number", std::vector<int>);
    ROW("[1,2,1]", "[1,2,1] cannot become a set: 1 occurs twice; ask for a vector", std::set<int>);
    ROW("[1,1.0]", "1.0 occurs twice", QSet<int>);
    ROW("{\"a\":1,\"\\u0061\":1}", "the name \"\\u0061\" occurs twice", std::map<QString, int>);
    ROW("{\"a\":1,\"a\":1}", "the name \"a\" occurs twice", QHash<QString, int>);
    ROW("[{\"a\":1,\"a\":1}]", "the name \"a\" occurs twice", QJsonValue);
    ROW("9223372036854775808", "it is beyond 64 bits", QJsonValue);
    ROW("[-9223372036854775809]", "it is beyond 64 bits", QJsonValue);
    ROW("[1e400]", "1e400 cannot become a QJsonValue: it is out of range", QJsonArray);
    ROW("\"\\ud800\"", "half of a surrogate pair", QJsonValue);
    ROW("1", "1 cannot become an array", QJsonArray);
    ROW("[]", "[] cannot become an object", QJsonObject);
    ROW("[1]", "an array of 2", Point);
    ROW("\"X\"", "no such suit", Suit);
#undef ROW
    return rows;
}

} // namespace

/// What C++ and JSON become of each other, and what is refused.
class ValueConversionTest final : public QObject
{
    Q_OBJECT

    static void verifyAnswer(const Question &question, const QByteArray &expected)
    {
        try {
            QCOMPARE(QByteArray::fromStdString(question()), expected);
        } catch (const Error &error) {
            QFAIL(error.what());
        }
    }

    static void addRows(const Rows &rows)
    {
        QTest::addColumn<Question>("question");
        QTest::addColumn<QByteArray>("outcome");
        for (const Row &row : rows)
            QTest::newRow(row.expression.constData()) << row.question << row.outcome;
    }

private Q_SLOTS:
    void whatBecomesOfCpp_data() { addRows(cppRows()); } // S10.6
    void whatBecomesOfCpp()
    {
        QFETCH(Question, question);
        QFETCH(QByteArray, outcome);
        verifyAnswer(question, outcome);
        verifyAnswer([&] { return Value::fromJson(question()).json(); }, outcome);
    }

    void whatJsonCannotCarry_data() { addRows(refusedCppRows()); } // S10.6
    void whatJsonCannotCarry()
    {
        QFETCH(Question, question);
        QFETCH(QByteArray, outcome);
        verifyRefused(question, outcome);
    }

    void whatBecomesOfJson_data() { addRows(jsonRows()); } // S10.6
    void whatBecomesOfJson()
    {
        QFETCH(Question, question);
        QFETCH(QByteArray, outcome);
        verifyAnswer(question, outcome);
    }

    void whatIsNotExactlyThat_data() { addRows(refusedJsonRows()); } // S10.6
    void whatIsNotExactlyThat()
    {
        QFETCH(Question, question);
        QFETCH(QByteArray, outcome);
        verifyRefused(question, outcome);
    }

    /// The examples of resources/help/values.md are among the rows above.
    void theHelpTellsTheTruth()
    {
        QHash<QByteArray, QByteArray> outcomes;
        for (const Rows &rows : {cppRows(), jsonRows()}) {
            for (const Row &row : rows)
                outcomes.insert(row.expression, row.outcome);
        }
        QHash<QByteArray, QByteArray> refusals;
        for (const Rows &rows : {refusedCppRows(), refusedJsonRows()}) {
            for (const Row &row : rows)
                refusals.insert(row.expression, row.outcome);
        }
        QFile file(POOLSCOPE_SOURCE_DIR "/resources/help/values.md");
        QVERIFY(file.open(QIODevice::ReadOnly));
        int examples = 0;
        while (!file.atEnd()) {
            const QByteArray line = file.readLine().trimmed();
            const qsizetype comment = line.indexOf(" // ");
            if (!line.startsWith("Value") || comment < 0)
                continue;
            ++examples;
            const QByteArray expression = line.left(comment).trimmed();
            const QByteArray stated = line.mid(comment + 4);
            if (stated.startsWith("refused: "))
                QVERIFY2(refusals.value(expression).contains(stated.mid(9)), line.constData());
            else
                QCOMPARE(stated, outcomes.value(expression, "no such row: " + expression));
        }
        QVERIFY(examples > 40);
    }
};

QTEST_GUILESS_MAIN(ValueConversionTest)
#include "tst_valueconversion.moc"
