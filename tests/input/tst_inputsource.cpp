// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/input/inputsource.h"
#include "inputhelpers.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRandomGenerator>
#include <QStringList>
#include <QTemporaryDir>
#include <QTest>

#include <cstring>

using namespace Poolscope;

class TestInputSource final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_folder.isValid()); }
    void filesBecomeItems_data();
    void filesBecomeItems();
    void brokenFilesAreRefusedByLine_data();
    void brokenFilesAreRefusedByLine();
    void itemsAndLinesOfAnySizeCrossTheBuffer();
    void rangesCountAsPythonDoes_data();
    void rangesCountAsPythonDoes();
    void senselessInputsAreUsageErrors_data();
    void senselessInputsAreUsageErrors();
    void whatCannotBeOpenedIsAContentError();
    void nothingComesAfterAnError();
    void aScanCanBeStopped();
    void randomTablesRoundTrip();
    void randomTextRoundTrips();

private:
    QString path(const QString &name) const { return m_folder.filePath(name); }

    QTemporaryDir m_folder;
};

namespace {

/// A literal with its NUL bytes.
template <std::size_t Size>
QByteArray bytes(const char (&literal)[Size])
{
    return QByteArray(literal, Size - 1);
}

} // namespace

void TestInputSource::filesBecomeItems_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<ItemType>("type");
    QTest::addColumn<bool>("unpacked");
    QTest::addColumn<QByteArray>("items");

    const auto row = [](const char *title, const char *name, const QByteArray &content,
                        const QByteArray &items, ItemType type = ItemType::Auto, bool unpacked = false) {
        QTest::newRow(title) << QString::fromLatin1(name) << content << type << unpacked << items;
    };
    constexpr bool unpacked = true;

    row("an empty text file has no items", "a.txt", "", "");
    row("an empty table has no items", "a.csv", "", "");
    row("empty JSON lines have no items", "a.jsonl", "", "");
    row("an empty array has no items", "a.json", " [ ] ", "");
    row("a file of a byte order mark alone is empty", "a.txt", "\xef\xbb\xbf", "");
    row("a file of a single newline is one empty item", "a.txt", "\n", "\"\"\n");
    row("lines are numbers or text", "a.txt", "1\n-2.5e3\nx\n1 \n", "1\n-2.5e3\n\"x\"\n\"1 \"\n");
    row("empty lines are items", "a.txt", "1\n\n\n2\n", "1\n\"\"\n\"\"\n2\n");
    row("the last line needs no newline", "a.txt", "1\n2", "1\n2\n");
    row("CRLF ends a line", "a.txt", "1\r\nx\r\n\r\n2", "1\n\"x\"\n\"\"\n2\n");
    row("a carriage return elsewhere is text", "a.txt", "a\rb\n\r\r\nc\r", "\"a\\rb\"\n\"\\r\"\n\"c\\r\"\n");
    row("a byte order mark is skipped once", "a.txt",
        "\xef\xbb\xbf"
        "7\n\xef\xbb\xbf"
        "8\n",
        "7\n\"\xef\xbb\xbf"
        "8\"\n");
    row("JSON lines after a byte order mark", "b.jsonl", "\xef\xbb\xbf[1]", "[1]\n");
    row("long integers pass unaltered", "a.txt", "123456789012345678901234567890\n-0\n",
        "123456789012345678901234567890\n-0\n");
    row("what only looks like a number is text", "a.txt", "01\n+1\n.5\n1.\n1e\nNaN\n0x1\n--1\n1,2\n",
        "\"01\"\n\"+1\"\n\".5\"\n\"1.\"\n\"1e\"\n\"NaN\"\n\"0x1\"\n\"--1\"\n\"1,2\"\n");
    row("NUL and control characters are escaped", "a.txt", bytes("a\0b\x01\x1f\x7f\t\b\f\n"),
        "\"a\\u0000b\\u0001\\u001f\x7f\\t\\b\\f\"\n");
    row("quotes and backslashes are escaped", "a.txt", "\"a\\b\"\n", "\"\\\"a\\\\b\\\"\"\n");
    row("letters beyond ASCII stay as they are", "a.txt", "\xc3\xa4\xf0\x9f\x98\x80\n",
        "\"\xc3\xa4\xf0\x9f\x98\x80\"\n");
    row("an unknown suffix means lines", "a.log", "1\n[2]\n", "1\n\"[2]\"\n");
    row("no suffix means lines", "plain", "{}\n", "\"{}\"\n");
    row("text only", "a.txt", "1\nx\n", "\"1\"\n\"x\"\n", ItemType::Text);
    row("lines that are JSON", "a.txt", " [1, 2] \r\n\"x\"\nnull", "[1, 2]\n\"x\"\nnull\n", ItemType::Json);

    row("rows are arrays of cells", "a.csv", "1,b\n2,d\n", "[1,\"b\"]\n[2,\"d\"]\n");
    row("the suffix may be in capitals", "A.CSV", "1,b\n", "[1,\"b\"]\n");
    row("tabs separate in a TSV", "a.tsv", "1\tb,c\n\t\n", "[1,\"b,c\"]\n[\"\",\"\"]\n");
    row("a single column gives its cells", "a.csv", "1\nx\n", "1\n\"x\"\n");
    row("a single column gives arrays when unpacked", "a.csv", "1\nx\n", "[1]\n[\"x\"]\n", ItemType::Auto,
        unpacked);
    row("blank lines in a table are skipped", "a.csv", "\n1,2\n\n\r\n3,4\r\n\r\n", "[1,2]\n[3,4]\n");
    row("a quoted empty cell is no blank line", "a.csv", "\"\"\n1\n", "\"\"\n1\n");
    row("spaces belong to a cell", "a.csv", "a , b \n", "[\"a \",\" b \"]\n");
    row("cells between quotes hold anything", "a.csv", "\"a,\"\"b\"\"\",\"x\r\ny\n\nz\"\n1,2",
        "[\"a,\\\"b\\\"\",\"x\\r\\ny\\n\\nz\"]\n[1,2]\n");
    row("a table after a byte order mark", "a.csv", "\xef\xbb\xbf\"1\",2\r\n", "[1,2]\n");
    row("a table whose rows end in carriage returns", "a.csv", "1,2\r3,4\r", "[1,2]\n[3,4]\n");
    row("the last row needs no newline", "a.csv", "1,2\n3,", "[1,2]\n[3,\"\"]\n");
    row("the last cell may end the file with its quote", "a.csv", "1,\"2\"", "[1,2]\n");
    row("cells as text only", "a.csv", "1,2\n", "[\"1\",\"2\"]\n", ItemType::Text);
    row("cells that are JSON", "a.tsv", "[1]\t\"{\"\"a\"\":\n 2}\"\n", "[[1],{\"a\":2}]\n", ItemType::Json);

    row("JSON lines stay as they are", "a.jsonl",
        "{\"b\": 1,\"a\":2}\n\n [1, 2]\t\r\n12345678901234567890123\n\"\"",
        "{\"b\": 1,\"a\":2}\n[1, 2]\n12345678901234567890123\n\"\"\n");
    row("blank JSON lines are skipped", "a.jsonl", " \t\r\n1\n  \n", "1\n");
    row("the item type leaves JSON lines alone", "a.jsonl", "1\n", "1\n", ItemType::Text);
    row("elements lose only white space outside text", "a.json",
        "\xef\xbb\xbf\n[ 1 ,\n {\"a b\" : [ 1 , 2.50 ] } , \" x \\\" y "
        "\",\r\n123456789012345678901234567890, [], {} ]\n",
        "1\n{\"a b\":[1,2.50]}\n\" x \\\" y \"\n123456789012345678901234567890\n[]\n{}\n");
}

void TestInputSource::filesBecomeItems()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, content);
    QFETCH(ItemType, type);
    QFETCH(bool, unpacked);
    QFETCH(QByteArray, items);
    const QString file = writeFile(path(name), content);

    for (const std::uint32_t most : {1U, 3U, 1000U}) {
        const Outcome outcome = readAll(file, {type, unpacked}, most);
        QCOMPARE(outcome.error, QString());
        QCOMPARE(outcome.items, items);
        QVERIFY2(outcome.shortReads <= 2, "only the end may give fewer items than asked for");
    }
    QVERIFY(canBeReread(file));
    QCOMPARE(scanInput(file, {type, unpacked}), std::optional<std::uint64_t>(items.count('\n')));
}

void TestInputSource::brokenFilesAreRefusedByLine_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<ItemType>("type");
    QTest::addColumn<QByteArray>("itemsBefore");
    QTest::addColumn<QStringList>("words");

    const auto row = [](const char *title, const char *name, const QByteArray &content,
                        const QByteArray &before, const QStringList &words, ItemType type = ItemType::Auto) {
        QTest::newRow(title) << QString::fromLatin1(name) << content << type << before << words;
    };

    row("Latin-1 text", "a.txt", "1\n2\nM\xfcnchen\n4\n", "1\n2\n", {"line 3:", "UTF-8", "iconv"});
    row("text cut in a letter", "a.txt", "1\n\xe2\x82", "1\n", {"line 2:", "UTF-8"});
    row("an encoded surrogate", "a.txt", "\xed\xa0\x80\n", "", {"line 1:", "UTF-8"});
    row("an overlong NUL", "a.txt", "\n\xc0\x80\n", "\"\"\n", {"line 2:", "UTF-8"});
    row("half a byte order mark", "a.txt", "\xef\xbb", "", {"line 1:", "UTF-8"});
    row("a Latin-1 cell", "a.csv", "1,2\n\"\n\xfc\",2\n", "[1,2]\n", {"line 3:", "UTF-8"});
    row("Latin-1 in JSON lines", "a.jsonl", "1\n\"\xfc\"\n", "1\n", {"line 2:", "UTF-8"});
    row("a Latin-1 array", "a.json", "[1,\n2,\n\"\xfc\"]", "", {"line 3:", "UTF-8"});
    row("an empty line that should be JSON", "a.txt", "1\n\n", "1\n", {"line 2:", "column 1:"},
        ItemType::Json);
    row("text that should be JSON", "a.txt", "1\nx", "1\n", {"line 2:", "column 1:"}, ItemType::Json);

    row("a row too short", "a.csv", "1,2\n\n3,4\n5\n", "[1,2]\n[3,4]\n",
        {"line 4:", "is 1 here", "2 in the first"});
    row("a row too long", "a.tsv", "1\n\"a\nb\"\n3\t4\n", "1\n\"a\\nb\"\n",
        {"line 4:", "is 2 here", "1 in the first"});
    row("a long row is named by its beginning", "a.csv", "1,2\n\"\n\n\"\n", "[1,2]\n",
        {"line 2:", "is 1 here"});
    row("an unclosed quote", "a.csv", "1,2\n3,\"4\n5,6\n7,8\n", "[1,2]\n", {"line 2:", "quote", "missing"});
    row("an unclosed quote in a row over several lines", "a.csv", "\"a\nb\",\"c\nd", "",
        {"line 2:", "missing"});
    row("an unclosed quote after a row and blank lines", "a.csv", "1\n\n\n\"x", "1\n",
        {"line 4:", "missing"});
    row("a quote inside a cell", "a.csv", "1,2\n3,4\"5\n", "[1,2]\n", {"line 2:", "middle of a cell"});
    row("text after a closing quote", "a.csv", "\"1\" ,2\n", "", {"line 1:", "middle of a cell"});
    row("a cell that should be JSON", "a.csv", "1,2\n3,x\n", "[1,2]\n", {"line 2:", "column 1:"},
        ItemType::Json);

    row("two values in a JSON line", "a.jsonl", "1\n1,2\n", "1\n", {"line 2:", "column 2:", "more text"});
    row("a broken JSON line", "a.jsonl", "\n{\"\xc3\xa4\": 1, }\n", "", {"line 2:", "column 10:", "name"});
    row("a JSON line that goes on", "a.jsonl", "[1,\n2]\n", "", {"line 1:", "column 4:"});
    row("an unclosed array", "a.json", "[1,\n2\n", "", {"line 3:", "column 1:", "]"});
    row("an array with a broken element", "a.json", "[1,\n  2.,\n3]", "", {"line 2:", "column 3:", "number"});
    row("an array with a comma too many", "a.json", "[1,\n2,\n]", "", {"line 3:", "column 1:"});
    row("text after the array", "a.json", "[1]\n[2]\n", "", {"line 2:", "column 1:", "more text"});
    row("an object instead of an array", "a.json", "{\"a\": [1]}", "", {"does not hold a JSON array"});
    row("an empty array file", "a.json", " \n", "", {"does not hold a JSON array"});
}

void TestInputSource::brokenFilesAreRefusedByLine()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, content);
    QFETCH(ItemType, type);
    QFETCH(QByteArray, itemsBefore);
    QFETCH(QStringList, words);
    const QString file = writeFile(path(name), content);

    QString message;
    for (const std::uint32_t most : {1U, 3U, 1000U}) {
        const Outcome outcome = readAll(file, {type, false}, most);
        QCOMPARE(outcome.items, itemsBefore);
        QCOMPARE(outcome.kind, std::optional(InputError::Kind::Content));
        message = outcome.error;
        QVERIFY2(message.startsWith(file), qPrintable(message));
        for (const QString &word : words)
            QVERIFY2(message.contains(word), qPrintable(message));
    }
    try {
        scanInput(file, {type, false});
        QFAIL("the scan found nothing wrong");
    } catch (const InputError &error) {
        QCOMPARE(error.message(), message);
    }
}

void TestInputSource::itemsAndLinesOfAnySizeCrossTheBuffer()
{
    // Around the size of the buffer (256 KiB), its double, and far beyond.
    QByteArray content;
    QByteArray items;
    const auto addLine = [&content, &items](qsizetype size) {
        const QByteArray text(size, static_cast<char>('a' + size % 26));
        content += text + '\n';
        items += '"' + text + "\"\n";
    };
    for (const qsizetype size : {0, 262142, 262143, 262144, 262145, 524287, 524288, 3, 5'000'000, 1})
        addLine(size);
    for (int i = 0; i < 60'000; ++i)
        addLine(i % 17);
    const QString text = writeFile(path("large.txt"), content);
    const QString table =
        writeFile(path("large.csv"), QByteArray(content).replace("\n\n", "\n\"\"\n").prepend("\"\"", 2));
    for (const std::uint32_t most : {1U, 7U, 30'000U}) {
        QVERIFY2(readAll(text, {}, most).items == items, "as lines");
        QVERIFY2(readAll(table, {}, most).items == items, "as a table");
    }
    QCOMPARE(scanInput(text, {}), std::optional<std::uint64_t>(items.count('\n')));
    QCOMPARE(scanInput(table, {}), std::optional<std::uint64_t>(items.count('\n')));
}

void TestInputSource::rangesCountAsPythonDoes_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QByteArray>("firstItems");
    QTest::addColumn<quint64>("count");

    QTest::newRow("a stop") << "range:3" << QByteArray("0\n1\n2\n") << quint64(3);
    QTest::newRow("nothing") << "range:0" << QByteArray() << quint64(0);
    QTest::newRow("a negative stop") << "range:-5" << QByteArray() << quint64(0);
    QTest::newRow("start and stop") << "range:-1:2" << QByteArray("-1\n0\n1\n") << quint64(3);
    QTest::newRow("a step that does not divide") << "range:0:10:4" << QByteArray("0\n4\n8\n") << quint64(3);
    QTest::newRow("a step that divides") << "range:0:8:4" << QByteArray("0\n4\n") << quint64(2);
    QTest::newRow("downwards") << "range:3:0:-1" << QByteArray("3\n2\n1\n") << quint64(3);
    QTest::newRow("downwards, uneven") << "range:3:-2:-3" << QByteArray("3\n0\n") << quint64(2);
    QTest::newRow("the wrong way") << "range:0:3:-1" << QByteArray() << quint64(0);
    QTest::newRow("to the last 64-bit number")
        << "range:9223372036854775805:9223372036854775807"
        << QByteArray("9223372036854775805\n9223372036854775806\n") << quint64(2);
    QTest::newRow("a step beyond the end")
        << "range:9223372036854775800:9223372036854775807:9223372036854775807"
        << QByteArray("9223372036854775800\n") << quint64(1);
    QTest::newRow("down by the largest step")
        << "range:9223372036854775807:-9223372036854775808:-9223372036854775808"
        << QByteArray("9223372036854775807\n-1\n") << quint64(2);
    QTest::newRow("all 64-bit numbers")
        << "range:-9223372036854775808:9223372036854775807"
        << QByteArray("-9223372036854775808\n-9223372036854775807\n") << ~quint64(0);
}

void TestInputSource::rangesCountAsPythonDoes()
{
    QFETCH(QString, text);
    QFETCH(QByteArray, firstItems);
    QFETCH(quint64, count);
    QVERIFY(canBeReread(text));
    QCOMPARE(scanInput(text, {}), std::optional<std::uint64_t>(count));
    std::string out;
    openInput(text, {})->read(out, static_cast<std::uint32_t>(firstItems.count('\n')));
    QCOMPARE(QByteArray::fromStdString(out), firstItems);
    if (count < 10) {
        for (const std::uint32_t most : {1U, 3U, 1000U})
            QCOMPARE(readAll(text, {}, most).items, firstItems);
    }
}

void TestInputSource::senselessInputsAreUsageErrors_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("word");
    QTest::newRow("nothing") << ""
                             << "range:STOP";
    QTest::newRow("an unknown kind") << "rang:5"
                                     << "rang:5";
    QTest::newRow("an address") << "https://example.org/a.txt"
                                << "neither";
    QTest::newRow("a range of nothing") << "range:"
                                        << "whole number";
    QTest::newRow("a range of text") << "range:x"
                                     << "\"x\"";
    QTest::newRow("a range with a fraction") << "range:1.5"
                                             << "\"1.5\"";
    QTest::newRow("a range with a space") << "range: 5"
                                          << "\" 5\"";
    QTest::newRow("a range with a plus sign") << "range:+5"
                                              << "\"+5\"";
    QTest::newRow("a range with a gap") << "range:1::2"
                                        << "whole number";
    QTest::newRow("a range of four numbers") << "range:1:2:3:4"
                                             << "more than three";
    QTest::newRow("a range that stands still") << "range:0:5:0"
                                               << "step";
    QTest::newRow("a range beyond 64 bits") << "range:9223372036854775808"
                                            << "64 bits";
    QTest::newRow("a pattern of nothing") << "glob:"
                                          << "missing";
    QTest::newRow("a pattern for folders") << "glob:a/"
                                           << "folders";
    QTest::newRow("a pattern with an open bracket") << "glob:a[b"
                                                    << "[[]";
}

void TestInputSource::senselessInputsAreUsageErrors()
{
    QFETCH(QString, text);
    QFETCH(QString, word);
    const Outcome outcome = readAll(text, {}, 1);
    QCOMPARE(outcome.kind, std::optional(InputError::Kind::Usage));
    QVERIFY2(outcome.error.contains(word), qPrintable(outcome.error));
}

void TestInputSource::whatCannotBeOpenedIsAContentError()
{
    QVERIFY(QDir(m_folder.path()).mkpath("folder.txt"));
    QVERIFY(QFile::link(path("loop.txt"), path("loop.txt")));
    QVERIFY(QFile::link(path("gone.txt"), path("dangling.txt")));
    for (const auto &[name, word] :
         {std::pair("missing.csv", "No such file"), std::pair("folder.txt", "glob:"),
          std::pair("loop.txt", "symbolic links"), std::pair("dangling.txt", "No such file"),
          std::pair("missing.txt/x", "No such file")}) {
        const Outcome outcome = readAll(path(name), {}, 1);
        QCOMPARE(outcome.kind, std::optional(InputError::Kind::Content));
        QVERIFY2(outcome.error.startsWith(path(name)), qPrintable(outcome.error));
        QVERIFY2(outcome.error.contains(QLatin1String(word)), qPrintable(outcome.error));
        QVERIFY_EXCEPTION_THROWN(scanInput(path(name), {}), InputError);
    }

    // A name with a colon is a file when there is one.
    const QString before = QDir::currentPath();
    QVERIFY(QDir::setCurrent(m_folder.path()));
    writeFile("odd:name", "5\n");
    QCOMPARE(readAll("odd:name", {}, 1).items, QByteArray("5\n"));
    QVERIFY(QDir::setCurrent(before));
}

void TestInputSource::nothingComesAfterAnError()
{
    const QString file = writeFile(path("a.txt"), "1\n\xff\n3\n");
    const auto source = openInput(file, {});
    std::string out;
    QVERIFY_EXCEPTION_THROWN(source->read(out, 5), InputError);
    QCOMPARE(out, std::string("1\n"));
    QCOMPARE(source->read(out, 5), 0U);
}

void TestInputSource::aScanCanBeStopped()
{
    const QString content = QStringLiteral("1\n").repeated(400'000);
    for (const char *name : {"long.txt", "long.csv", "long.jsonl"}) {
        const QString file = writeFile(path(name), content.toLatin1());
        std::uint64_t last = 0;
        const auto ask = [&last](std::uint64_t count) { return (last = count) < 50'000; };
        QCOMPARE(scanInput(file, {}, ask), std::nullopt);
        QVERIFY(last >= 50'000 && last < 400'000);
        last = 0;
        QCOMPARE(scanInput(file, {}, [&last](std::uint64_t count) { return (last = count) > 0; }),
                 std::optional<std::uint64_t>(400'000));
        QVERIFY(last > 0);
    }
}

namespace {

QString randomText(QRandomGenerator &random)
{
    static const QString alphabet =
        QStringLiteral("ab01 -.,;\t\"'\\/{}[]:\r\n\u00e4\u20ac\u2028\u0001\u007f") + QChar(0);
    QString text;
    for (int length = random.bounded(12); length > 0; --length) {
        text += alphabet[random.bounded(alphabet.size())];
        if (random.bounded(20) == 0)
            text += QStringLiteral("\U0001F600");
    }
    return text;
}

QJsonValue parsed(const QByteArray &item)
{
    return QJsonDocument::fromJson('[' + item + ']').array().at(0);
}

} // namespace

void TestInputSource::randomTablesRoundTrip()
{
    QRandomGenerator random(20240607);
    for (int round = 0; round < 200; ++round) {
        const char separator = round % 2 == 0 ? ',' : '\t';
        const int columns = 1 + random.bounded(5);
        QList<QJsonArray> rows;
        QByteArray content;
        for (int count = random.bounded(30); count > 0; --count) {
            QJsonArray cells;
            QByteArrayList written;
            for (int column = 0; column < columns; ++column) {
                const QString cell = randomText(random);
                cells.append(cell);
                // An empty line is no row: an only cell that is empty needs its quotes.
                const bool isPlain = !cell.contains(u'"') && !cell.contains(QLatin1Char(separator)) &&
                                     !cell.contains(u'\n') && !cell.contains(u'\r') &&
                                     !(columns == 1 && cell.isEmpty());
                written << (isPlain && random.bounded(2) == 0
                                ? cell.toUtf8()
                                : '"' + QString(cell).replace("\"", "\"\"").toUtf8() + '"');
            }
            rows.append(cells);
            content += written.join(separator) + (random.bounded(2) == 0 ? "\n" : "\r\n");
        }
        const QString file = writeFile(path(round % 2 == 0 ? "random.csv" : "random.tsv"), content);
        const Outcome outcome = readAll(file, {ItemType::Text, true}, 1 + random.bounded(9U));
        QVERIFY2(outcome.error.isEmpty(), qPrintable(outcome.error));
        QByteArrayList items = outcome.items.split('\n');
        QVERIFY(items.takeLast().isEmpty());
        QCOMPARE(items.size(), rows.size());
        for (qsizetype i = 0; i < rows.size(); ++i)
            QCOMPARE(parsed(items[i]), QJsonValue(rows[i]));
    }
}

void TestInputSource::randomTextRoundTrips()
{
    QRandomGenerator random(7062024);
    for (int round = 0; round < 200; ++round) {
        QStringList lines;
        for (int count = random.bounded(30); count > 0; --count)
            lines << randomText(random).remove(u'\n').remove(u'\r');
        const bool endsInNewline = lines.isEmpty() || lines.last().isEmpty() || random.bounded(2) == 0;
        const QString newline = random.bounded(2) == 0 ? QStringLiteral("\n") : QStringLiteral("\r\n");
        const QString content =
            lines.join(newline) + (endsInNewline && !lines.isEmpty() ? newline : QString());
        const QString file = writeFile(path("random.txt"), content.toUtf8());
        const Outcome outcome = readAll(file, {ItemType::Text, false}, 1 + random.bounded(9U));
        QVERIFY2(outcome.error.isEmpty(), qPrintable(outcome.error));
        QByteArrayList items = outcome.items.split('\n');
        QVERIFY(items.takeLast().isEmpty());
        QCOMPARE(items.size(), lines.size());
        for (qsizetype i = 0; i < lines.size(); ++i)
            QCOMPARE(parsed(items[i]), QJsonValue(lines[i]));
    }
}

QTEST_GUILESS_MAIN(TestInputSource)
#include "tst_inputsource.moc"
