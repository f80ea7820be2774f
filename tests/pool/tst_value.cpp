// SPDX-License-Identifier: GPL-3.0-or-later
#include "valuetest.h"

#include <map>
#include <string>
#include <vector>

using namespace ValueTest;

/// The text of a value: how it is taken, taken apart, compared, and found wrong.
class ValuesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
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

QTEST_GUILESS_MAIN(ValuesTest)
#include "tst_value.moc"
