// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/wire/frame.h"
#include "core/wire/message.h"

#include <QtTest>

using namespace Poolscope::Wire;

class MessageTest final : public QObject
{
    Q_OBJECT

    static std::string payloadOf(const std::string &stream)
    {
        FrameDecoder decoder;
        decoder.feed(stream);
        return std::string(decoder.next()->payload);
    }

private Q_SLOTS:
    void aChunkTravelsUnchanged()
    {
        ChunkHeader header;
        header.chunk = 7;
        header.firstIndex = 1'000'000'000'000;
        header.task = 2;
        header.count = 3;
        header.attempt = 4;
        header.flags = ChunkFlag::Unpack | ChunkFlag::StopOnError;
        std::string stream;
        appendChunk(stream, header, "1\n\"two\"\n[3]\n");
        const std::string payload = payloadOf(stream);
        ChunkMessage message;
        QVERIFY(parseChunk(payload, message));
        QCOMPARE(message.header.chunk, header.chunk);
        QCOMPARE(message.header.firstIndex, header.firstIndex);
        QCOMPARE(message.header.task, header.task);
        QCOMPARE(message.header.count, header.count);
        QCOMPARE(message.header.attempt, header.attempt);
        QCOMPARE(message.header.flags, header.flags);
        QCOMPARE(message.items, std::string_view("1\n\"two\"\n[3]\n"));
    }

    void aChunkThatDoesNotHoldItsLinesIsRefused_data()
    {
        QTest::addColumn<QByteArray>("items");
        QTest::addColumn<bool>("accepted");
        QTest::addRow("two lines") << QByteArray("1\n2\n") << true;
        QTest::addRow("one") << QByteArray("1\n") << false;
        QTest::addRow("three") << QByteArray("1\n2\n3\n") << false;
        QTest::addRow("open end") << QByteArray("1\n2\n3") << false;
        QTest::addRow("none") << QByteArray() << false;
    }
    void aChunkThatDoesNotHoldItsLinesIsRefused()
    {
        QFETCH(QByteArray, items);
        ChunkHeader header;
        header.count = 2;
        std::string stream;
        appendChunk(stream, header, {items.constData(), std::size_t(items.size())});
        const std::string payload = payloadOf(stream);
        ChunkMessage message;
        QTEST(parseChunk(payload, message), "accepted");
        QVERIFY(!parseChunk(std::string_view(payload).substr(0, 20), message));
    }

    void resultsTravelUnchanged()
    {
        std::string results;
        appendResult(results, {.started = 1, .finished = 5, .cpu = 3, .length = 2, .status = ItemStatus::Ok},
                     "42");
        appendResult(results,
                     {.started = 6, .finished = 7, .cpu = 1, .length = 0, .status = ItemStatus::NotRun}, "");
        std::string stream;
        appendResults(stream, {.chunk = 9, .firstIndex = 10, .count = 2}, results);
        const std::string whole = payloadOf(stream);
        std::string_view payload = whole;
        ResultsHeader header;
        QVERIFY(takeResultsHeader(payload, header));
        QCOMPARE(header.chunk, 9u);
        QCOMPARE(header.firstIndex, 10u);
        QCOMPARE(header.count, 2u);
        ResultHeader result;
        std::string_view value;
        QVERIFY(takeResult(payload, result, value));
        QCOMPARE(value, std::string_view("42"));
        QCOMPARE(result.finished, 5);
        QVERIFY(takeResult(payload, result, value));
        QCOMPARE(result.status, ItemStatus::NotRun);
        QVERIFY(value.empty());
        QVERIFY(payload.empty());
        QVERIFY(!takeResult(payload, result, value));
    }

    void aWorkerCannotClaimWhatOnlyTheParentKnows_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<bool>("accepted");
        QTest::addRow("ok") << 0 << true;
        QTest::addRow("error") << 1 << true;
        QTest::addRow("lost") << 2 << false;
        QTest::addRow("not run") << 3 << true;
        QTest::addRow("cancelled") << 4 << false;
        QTest::addRow("unknown") << 77 << false;
    }
    void aWorkerCannotClaimWhatOnlyTheParentKnows()
    {
        QFETCH(int, status);
        std::string results;
        appendResult(results, {.length = 1, .status = ItemStatus(status)}, "1");
        std::string_view payload = results;
        ResultHeader result;
        std::string_view value;
        QTEST(takeResult(payload, result, value), "accepted");
    }

    void aLengthBeyondTheFrameIsRefused()
    {
        std::string results;
        appendResult(results, {.length = 1000}, "short");
        std::string_view payload = results;
        ResultHeader result;
        std::string_view value;
        QVERIFY(!takeResult(payload, result, value));
    }

    void chunkIdsTravelUnchanged()
    {
        const std::vector<std::uint64_t> ids{0, 1, ~0ull};
        std::vector<std::uint64_t> parsed;
        QVERIFY(parseChunkIds(encodeChunkIds(ids), parsed));
        QCOMPARE(parsed, ids);
        QVERIFY(parseChunkIds({}, parsed));
        QVERIFY(parsed.empty());
        QVERIFY(!parseChunkIds("123", parsed));
    }
};

QTEST_APPLESS_MAIN(MessageTest)
#include "tst_message.moc"
