// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/input/jsonscanner.h"
#include "core/input/jsontext.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QTest>

using namespace Poolscope;

class TestJsonText final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void numbersAreTakenAtTheirWord_data();
    void numbersAreTakenAtTheirWord();
    void faultsAreFoundWhereTheyAre_data();
    void faultsAreFoundWhereTheyAre();
    void everyFaultHasItsOwnWords();
    void nestingHasALimit();
    void validDocumentsPassAndStayTheSame();
    void whatQtRefusesIsRefused();
};

void TestJsonText::numbersAreTakenAtTheirWord_data()
{
    QTest::addColumn<bool>("isNumber");
    for (const char *text : {"0", "-0", "1", "-1", "10", "0.5", "-0.50", "1e5", "1E5", "1e+5", "1e-05",
                             "1.5e300", "123456789012345678901234567890", "1e999"})
        QTest::newRow(text) << true;
    for (const char *text :
         {"",   "-",  "+1", "01",  "-01",   "00",  ".5",  "1.",       "1.e5", "1e",    "1e+",   "e5",
          "1 ", " 1", "1a", "0x1", "1_000", "1,0", "NaN", "Infinity", "--1",  "1.2.3", "1e5.0", "\xd9\xa1"})
        QTest::newRow(text) << false;
}

void TestJsonText::numbersAreTakenAtTheirWord()
{
    QFETCH(bool, isNumber);
    QCOMPARE(isJsonNumber(QTest::currentDataTag()), isNumber);
    QCOMPARE(JsonScanner(trimmedJson(QTest::currentDataTag())).scanText(),
             isNumber || isJsonNumber(trimmedJson(QTest::currentDataTag())));
}

void TestJsonText::faultsAreFoundWhereTheyAre_data()
{
    using Fault = JsonScanner::Fault;
    QTest::addColumn<Fault>("fault");
    QTest::addColumn<int>("position");
    const auto row = [](const char *text, Fault fault, int position) {
        QTest::newRow(text) << fault << position;
    };
    row("", Fault::ValueExpected, 0);
    row("  ", Fault::ValueExpected, 2);
    row("tru", Fault::ValueExpected, 0);
    row("[nul]", Fault::ValueExpected, 1);
    row("[1,]", Fault::ValueExpected, 3);
    row("[,1]", Fault::ValueExpected, 1);
    row("{\"a\":}", Fault::ValueExpected, 5);
    row("'a'", Fault::ValueExpected, 0);
    row("[01]", Fault::NumberMalformed, 1);
    row("[1.]", Fault::NumberMalformed, 1);
    row("-", Fault::NumberMalformed, 0);
    row("[.5]", Fault::ValueExpected, 1);
    row("\"a", Fault::StringUnclosed, 0);
    row("[\"a\\\"]", Fault::StringUnclosed, 1);
    row("\"a\\", Fault::StringUnclosed, 0);
    row("\"a\tb\"", Fault::ControlCharacter, 2);
    row("\"\\x\"", Fault::EscapeUnknown, 1);
    row("\"\\u12g4\"", Fault::EscapeUnknown, 1);
    row("\"\\u12", Fault::EscapeUnknown, 1);
    row("{1:2}", Fault::NameExpected, 1);
    row("{\"a\":1,}", Fault::NameExpected, 7);
    row("{\"a\" 1}", Fault::ColonExpected, 5);
    row("[1 2]", Fault::CommaOrBracketExpected, 3);
    row("[1", Fault::CommaOrBracketExpected, 2);
    row("[1}", Fault::CommaOrBracketExpected, 2);
    row("{\"a\":1", Fault::CommaOrBraceExpected, 6);
    row("{\"a\":1]", Fault::CommaOrBraceExpected, 6);
    row("1,2", Fault::TextAfterValue, 1);
    row("1 2", Fault::TextAfterValue, 2);
    row("truex", Fault::TextAfterValue, 4);
    row("[] ]", Fault::TextAfterValue, 3);
}

void TestJsonText::faultsAreFoundWhereTheyAre()
{
    QFETCH(JsonScanner::Fault, fault);
    QFETCH(int, position);
    JsonScanner scanner(QTest::currentDataTag());
    QVERIFY(!scanner.scanText());
    QCOMPARE(scanner.fault(), fault);
    QCOMPARE(scanner.position(), std::size_t(position));
}

void TestJsonText::everyFaultHasItsOwnWords()
{
    QStringList words;
    for (int i = int(JsonScanner::Fault::ValueExpected); i <= int(JsonScanner::Fault::TextAfterValue); ++i)
        words << describe(JsonScanner::Fault(i));
    QVERIFY(!words.contains(QString()));
    QCOMPARE(words.removeDuplicates(), 0);
}

void TestJsonText::nestingHasALimit()
{
    const std::string open(JsonScanner::deepest, '[');
    const std::string close(JsonScanner::deepest, ']');
    QVERIFY(JsonScanner(open + close).scanText());
    const std::string tooDeep = '[' + open + close + ']';
    JsonScanner scanner(tooDeep);
    QVERIFY(!scanner.scanText());
    QCOMPARE(scanner.fault(), JsonScanner::Fault::TooDeep);
    const std::string endless(5'000'000, '[');
    QVERIFY(!JsonScanner(endless).scanText());
}

namespace {

QJsonValue randomValue(QRandomGenerator &random, int depth)
{
    switch (random.bounded(depth > 4 ? 5 : 7)) {
    case 0:
        return QJsonValue::Null;
    case 1:
        return random.bounded(2) == 0;
    case 2:
        return random.bounded(-1000, 1000);
    case 3:
        return random.generateDouble() * 1e10 - 5e9;
    case 4: {
        QString text;
        for (int length = random.bounded(8); length > 0; --length)
            text += QChar(random.bounded(4) == 0 ? random.bounded(0x20) : random.bounded(0x20, 0x500));
        return text;
    }
    case 5: {
        QJsonArray array;
        for (int length = random.bounded(5); length > 0; --length)
            array.append(randomValue(random, depth + 1));
        return array;
    }
    default: {
        QJsonObject object;
        for (int length = random.bounded(5); length > 0; --length)
            object.insert(QStringLiteral("%1 \"\\").arg(random.bounded(100)), randomValue(random, depth + 1));
        return object;
    }
    }
}

} // namespace

void TestJsonText::validDocumentsPassAndStayTheSame()
{
    QRandomGenerator random(42);
    for (int round = 0; round < 2000; ++round) {
        const QJsonDocument document(QJsonArray{randomValue(random, 0), randomValue(random, 0)});
        const std::string spaced = document.toJson(QJsonDocument::Indented).toStdString();
        JsonScanner scanner(spaced);
        QVERIFY2(scanner.scanText(), spaced.c_str());
        QVERIFY(scanner.atEnd());
        std::string compact;
        appendCompactJson(compact, spaced);
        QCOMPARE(QByteArray::fromStdString(compact), document.toJson(QJsonDocument::Compact));
    }
}

void TestJsonText::whatQtRefusesIsRefused()
{
    // One byte of a valid document changed: the scanner is stricter than QJsonDocument, never laxer.
    QRandomGenerator random(43);
    int refused = 0;
    for (int round = 0; round < 20'000; ++round) {
        QByteArray text = QJsonDocument(QJsonArray{randomValue(random, 1)}).toJson(QJsonDocument::Compact);
        const QByteArray signs = "[]{},:\"\\0123.eE+-tfn \n";
        text[random.bounded(text.size())] = signs[random.bounded(signs.size())];
        QJsonParseError error;
        QJsonDocument::fromJson(text, &error);
        // A number too large for a double is a valid number all the same.
        if (error.error == QJsonParseError::NoError || error.error == QJsonParseError::IllegalNumber)
            continue;
        if (error.error == QJsonParseError::IllegalUTF8String)
            continue;
        ++refused;
        QVERIFY2(!JsonScanner(text.toStdString()).scanText(), text.constData());
    }
    QVERIFY(refused > 1000);
}

QTEST_GUILESS_MAIN(TestJsonText)
#include "tst_jsontext.moc"
