// SPDX-License-Identifier: GPL-3.0-or-later
// What tasks print: complete, in order, each line with its item and its stream.
#include "core/pool/run.h"

#include <QtTest>

#include <map>
#include <set>

using namespace Poolscope;

namespace {

std::vector<LogLine> printedBy(const QString &task, const QString &input, std::uint32_t chunksize)
{
    JobSpec spec;
    spec.task = task;
    spec.input = input;
    spec.method = Method::ImapUnordered;
    spec.processes = 2;
    spec.chunksize = int(chunksize);
    const auto run = Run::start(spec, {.record = true});
    run->wait();
    std::vector<LogLine> lines;
    for (LogLine &line : run->log(0, 1'000'000))
        if (line.worker >= 0)
            lines.push_back(std::move(line));
    return lines;
}

QString python(const char *function)
{
    return QStringLiteral(POOLSCOPE_SOURCE_DIR "/tests/pool/tasks/printing.py:") + QLatin1String(function);
}

const char *nameOf(OutputStream stream)
{
    return stream == OutputStream::Stdout ? "stdout" : "stderr";
}

} // namespace

class TaskOutputTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyLineHasItsItemAndItsStream_data()
    {
        QTest::addColumn<QString>("function");
        QTest::addColumn<int>("items");
        QTest::addColumn<int>("linesAnItem");
        QTest::newRow("print") << "with_print" << 2000 << 1;
        QTest::newRow("print to stderr") << "to_stderr" << 2000 << 1;
        QTest::newRow("print to both") << "to_both" << 2000 << 2;
        QTest::newRow("no line break") << "without_line_break" << 2000 << 1;
        QTest::newRow("written past Python's streams") << "raw" << 2000 << 1;
        QTest::newRow("a program it starts") << "from_a_program" << 40 << 2;
        QTest::newRow("and an error") << "then_raises" << 500 << 1;
    }
    void everyLineHasItsItemAndItsStream()
    {
        QFETCH(QString, function);
        QFETCH(int, items);
        QFETCH(int, linesAnItem);
        for (const std::uint32_t chunksize : {1u, 50u}) {
            int lines = 0;
            for (const LogLine &line :
                 printedBy(python(qPrintable(function)), QStringLiteral("range:%1").arg(items), chunksize)) {
                if (line.text == "stdout loading") {
                    QVERIFY(!line.item);
                    continue;
                }
                QVERIFY2(line.item, line.text.c_str());
                QCOMPARE(line.text, nameOf(line.stream) + std::string(" ") + std::to_string(*line.item));
                ++lines;
            }
            QCOMPARE(lines, items * linesAnItem);
        }
    }

    void oneThatPrintsNowAndThenIsFoundAmongManyThatDoNot()
    {
        std::set<std::uint64_t> printed;
        for (const LogLine &line : printedBy(python("now_and_then"), QStringLiteral("range:20000"), 100)) {
            if (line.text == "stdout loading")
                continue;
            QCOMPARE(line.text, "stdout " + std::to_string(line.item.value_or(1)));
            printed.insert(*line.item);
        }
        QCOMPARE(printed.size(), std::size_t(400));
    }

    void nativeTasksToo()
    {
        // What is printed by items of a microsecond before the parent has read the first of it may be told of
        // the wrong one; that all of it is there is beyond that.
        std::map<std::string, int> lines;
        int wrong = 0;
        for (const LogLine &line :
             printedBy(QStringLiteral(POOLSCOPE_BINARY_DIR "/tests/plugins/unruly.so:print"),
                       QStringLiteral("range:3000"), 30)) {
            ++lines[nameOf(line.stream) + (": " + line.text.substr(0, 7))];
            if (line.text.starts_with("printed"))
                wrong += line.text != "printed " + std::to_string(line.item.value_or(1));
        }
        QCOMPARE(lines["stdout: printed"], 3000);
        QCOMPARE(lines["stdout: streame"], 3000);
        QCOMPARE(lines["stdout: raw byt"], 3000);
        QCOMPARE(lines["stderr: raw byt"], 3000);
        QVERIFY2(wrong < 100, qPrintable(QString::number(wrong)));
    }

    void whatWasPrintedBeforeADeathIsComplete()
    {
        std::map<std::uint64_t, int> lines;
        for (const LogLine &line : printedBy(python("then_dies"), QStringLiteral("range:6"), 6)) {
            if (line.text == "stdout loading")
                continue;
            QVERIFY2(line.item, line.text.c_str());
            QCOMPARE(line.text,
                     "stdout " + std::to_string(*line.item) + " line " + std::to_string(lines[*line.item]));
            ++lines[*line.item];
        }
        QCOMPARE(lines.size(), std::size_t(6));
        for (const auto &[item, count] : lines)
            QCOMPARE(count, 1000);
    }

    void aLineThatNeverEndsComesInPieces()
    {
        std::map<std::uint64_t, std::size_t> bytes;
        for (const LogLine &line :
             printedBy(python("much_without_line_break"), QStringLiteral("range:4"), 1)) {
            QVERIFY(line.text.size() <= 16 * 1024);
            if (line.text != "stdout loading")
                bytes[line.item.value_or(99)] += line.text.size();
        }
        QCOMPARE(bytes.size(), std::size_t(4));
        for (const auto &[item, count] : bytes)
            QCOMPARE(count, std::size_t{64} * 65536);
    }
};

QTEST_GUILESS_MAIN(TaskOutputTest)
#include "tst_taskoutput.moc"
