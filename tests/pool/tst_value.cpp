// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/value.h"

#include <QFile>
#include <QHash>
#include <QJsonArray>
#include <QJsonObject>
#include <QList>
#include <QMap>
#include <QRandomGenerator>
#include <QSet>
#include <QtTest>

#include <array>
#include <bit>
#include <cmath>
#include <deque>
#include <filesystem>
#include <functional>
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

struct Point
{
    int x = 0;
    int y = 0;
    bool operator==(const Point &) const = default;
};

enum class Suit
{
    Hearts,
    Spades
};

/// What a test asks of a value; answered with JSON, or refused.
using Question = std::function<std::string()>;

struct Row
{
    QByteArray expression; ///< As in the source: what fails is told by it.
    Question question;
    QByteArray outcome; ///< The JSON, or what the refusal advises.
};
using Rows = std::vector<Row>;

} // namespace

Q_DECLARE_METATYPE(Question)

template <>
struct Poolscope::ValueTraits<Point>
{
    static Value toValue(const Point &p) { return std::pair(p.x, p.y); }
    static Point fromValue(const Value &v)
    {
        const auto [x, y] = v.to<std::pair<int, int>>();
        return {x, y};
    }
};

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

using namespace Poolscope;

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

class ValueTest final : public QObject
{
    Q_OBJECT

    static QByteArray bytes(const Value &value) { return QByteArray::fromStdString(value.json()); }

    static void verifyRefused(const Question &question, const QByteArray &advice)
    {
        try {
            const std::string answer = question();
            QFAIL(("not refused: " + answer).c_str());
        } catch (const ValueError &error) {
            QVERIFY2(QByteArray(error.what()).contains(advice), error.what());
        }
    }

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

    template <typename T>
    static void verifyBothWays(const T &value)
    {
        QVERIFY2(Value(value).to<T>() == value, Value(value).json().c_str());
    }

    template <typename T>
    static void verifyLimits()
    {
        constexpr T least = std::numeric_limits<T>::min();
        constexpr T most = std::numeric_limits<T>::max();
        for (const T number : {least, T(least + 1), T(0), T(1), T(most - 1), most}) {
            QCOMPARE(Value(number).json(), std::to_string(number));
            verifyBothWays(number);
        }
        // One more than the most, one less than the least, of any width.
        std::string above = std::to_string(most);
        above.back() = char(above.back() + 1); // ends in 5 or 7
        verifyRefused([&] { return Value(Value::fromJson(above).to<T>()).json(); }, "it is out of range");
        std::string below = std::signed_integral<T> ? std::to_string(least) : "-0";
        below.back() = char(below.back() + 1); // ends in 8, or is -0
        verifyRefused([&] { return Value(Value::fromJson(below).to<T>()).json(); }, "it is out of range");
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

    void integersKeepTheirLimits()
    {
        verifyLimits<signed char>();
        verifyLimits<unsigned char>();
        verifyLimits<short>();
        verifyLimits<unsigned short>();
        verifyLimits<int>();
        verifyLimits<unsigned>();
        verifyLimits<long>();
        verifyLimits<unsigned long>();
        verifyLimits<long long>();
        verifyLimits<unsigned long long>();
    }

    void numbersSurviveTheWay() // S10.6
    {
        QRandomGenerator random(20);
        for (int i = 0; i < 100'000; ++i) {
            const quint64 bits = random.generate64();
            verifyBothWays(bits);
            verifyBothWays(static_cast<qint64>(bits));
            const auto real = std::bit_cast<double>(bits);
            if (!std::isfinite(real))
                continue;
            const Value value(real);
            QCOMPARE(std::bit_cast<quint64>(value.to<double>()), bits);
            // A float to Python, whatever its size.
            QVERIFY2(value.json().find_first_of(".e") != std::string::npos, value.json().c_str());
            const auto single = std::bit_cast<float>(static_cast<quint32>(bits));
            if (std::isfinite(single)) {
                QCOMPARE(std::bit_cast<quint32>(Value(single).to<float>()), static_cast<quint32>(bits));
                QCOMPARE(Value(single).to<double>(), double{single});
            }
        }
    }

    void textSurvivesTheWay()
    {
        QRandomGenerator random(21);
        for (int i = 0; i < 2'000; ++i) {
            QString text;
            for (int length = random.bounded(20); length > 0; --length) {
                const char32_t c = random.bounded(3) ? random.bounded(0x180u) : random.bounded(0x110000u);
                if (!QChar::isSurrogate(c))
                    text += QString::fromUcs4(&c, 1);
            }
            verifyBothWays(text);
            verifyBothWays(text.toStdString());
            QCOMPARE(Value(text), Value(text.toStdString()));
            QCOMPARE(Value(text).toJsonValue().toString(), text);
            QCOMPARE(bytes(text).count('\n'), 0);
        }
    }

    void containersSurviveTheWay()
    {
        verifyBothWays(std::vector<std::vector<int>>{{}, {1}, {2, 3}});
        verifyBothWays(std::map<std::string, std::optional<double>>{{"", 1.5}, {"\"\\\n", std::nullopt}});
        verifyBothWays(QHash<QString, QList<QString>>{{"a", {"b", "c"}}, {"d", {}}});
        verifyBothWays(std::tuple<int, std::string, std::array<bool, 2>>{1, "]", {true, false}});
        verifyBothWays(std::vector<std::map<QString, Point>>{{{"a", {1, 2}}, {"b", {3, 4}}}});
    }

    void whiteSpaceAloneIsRemoved()
    {
        const Value value =
            Value::fromJson("\r\n {\"a b\" :\t[ 1.50 , \"\\n x\", 1E+2 ,\n \"\\ud800\"]\n}\n");
        QCOMPARE(bytes(value), QByteArray("{\"a b\":[1.50,\"\\n x\",1E+2,\"\\ud800\"]}"));
    }

    void whatIsNoJsonIsTold_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("problem");
        const auto row = [](const char *text, const char *problem) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(problem);
        };
        row("", "not valid JSON at column 1: a JSON value is expected here");
        row("[1,,3]", "not valid JSON at column 4: a JSON value is expected here");
        row("NaN", "not valid JSON at column 1");
        row("01", "not valid JSON at column 1: this is not a number");
        row("[1] 2", "not valid JSON at column 5: there is more text");
        row("[1,\n 2,,3]", "line 2: not valid JSON at column 4: a JSON value is expected here");
        row("\n\n[\"\xc3\xab\" 1]", "line 3: not valid JSON at column 6: a comma or ]");
        row("\"a\xff\"", "not valid UTF-8 at byte 2");
    }
    void whatIsNoJsonIsTold()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, problem);
        try {
            Value::fromJson(text.toStdString());
            QFAIL("taken for JSON");
        } catch (const ValueError &error) {
            QVERIFY2(
                QByteArray(error.what()).startsWith(problem) ||
                    (problem.startsWith("not valid UTF-8") && QByteArray(error.what()).contains(problem)),
                error.what());
        }
    }

    void partsAreTheirText()
    {
        const Value array = Value::fromJson("[1.50, 123456789012345678901234567890, {\"a\": [ ]}]");
        QCOMPARE(array.elements(), (std::vector<Value>{Value::fromJson("1.50"),
                                                       Value::fromJson("123456789012345678901234567890"),
                                                       Value::fromJson("{\"a\":[]}")}));
        QVERIFY(Value::fromJson("[]").elements().empty());
        const Value object = Value::fromJson("{\"b\": 1.0, \"a\": [\"}\"], \"\\u0062\": 2}");
        const std::vector<std::pair<QString, Value>> members = {
            {"b", 1.0}, {"a", std::vector{"}"}}, {"b", 2}};
        QCOMPARE(object.members(), members);
        QVERIFY_EXCEPTION_THROWN(object.elements(), ValueError);
        QVERIFY_EXCEPTION_THROWN(array.members(), ValueError);
        QVERIFY_EXCEPTION_THROWN(Value("[1]").elements(), ValueError);
    }

    void comparesTexts()
    {
        QVERIFY(Value() == nullptr);
        QVERIFY(Value().isNull());
        QVERIFY(!Value(0).isNull());
        QVERIFY(Value(1) == 1LL);
        QVERIFY(Value(1) != 1.0);
    }

    void refusalsAreShort()
    {
        const std::string text = Value(std::vector<std::string>(100'000, "\xf0\x9f\x98\x80")).json();
        try {
            Value::trusted(text).to<int>();
            QFAIL("not refused");
        } catch (const ValueError &error) {
            QVERIFY(error.message().size() < 200);
            QVERIFY(error.message().isValidUtf16());
            QVERIFY(error.message().contains(QChar(0x2026)));
        }
    }

    /// What claims to be JSON and is not ends in an error, not in a crash or a wrong value.
    void wrongTrustIsNoCrash_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char *text :
             {"",          "[",          "]",        "[1",    "[1,",      "[1,]", "[,1]", "[1:2]",
              "{\"a\",1}", "[1,,2]",     "[\"]",     "[\"\\", "[\"\\\"]", "{",    "{}}",  "{\"a\"}",
              "{\"a\":}",  "{\"a\":1,}", "{1:2}",    "[}",    "[1}",      "[[1]", "\"",   "\"\\\"",
              "\"\\u12\"", "\"\\x\"",    "\"\xff\"", "-",     "1x",       "nul",  "x"})
            QTest::newRow(text) << QByteArray(text);
        QTest::newRow("deep") << QByteArray(1'000'000, '[') + QByteArray(1'000'000, ']');
    }
    void wrongTrustIsNoCrash()
    {
        QFETCH(QByteArray, text);
        const Value value = Value::trusted(text.toStdString());
        QVERIFY_EXCEPTION_THROWN(value.toJsonValue(), ValueError);
        QVERIFY_EXCEPTION_THROWN(value.to<int>(), ValueError);
        QVERIFY_EXCEPTION_THROWN(value.to<double>(), ValueError);
        QVERIFY_EXCEPTION_THROWN(value.to<QString>(), ValueError);
        QVERIFY_EXCEPTION_THROWN((value.to<std::vector<std::vector<int>>>()), ValueError);
        QVERIFY_EXCEPTION_THROWN((value.to<std::map<QString, int>>()), ValueError);
    }
};

QTEST_GUILESS_MAIN(ValueTest)
#include "tst_value.moc"
