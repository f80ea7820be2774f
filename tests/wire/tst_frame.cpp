// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/wire/frame.h"

#include <QtTest>

#include <random>

using namespace Poolscope::Wire;

class FrameTest final : public QObject
{
    Q_OBJECT

    static std::vector<std::pair<FrameType, std::string>> decode(const std::string &stream, std::size_t step)
    {
        FrameDecoder decoder;
        std::vector<std::pair<FrameType, std::string>> frames;
        for (std::size_t at = 0; at < stream.size(); at += step) {
            decoder.feed(std::string_view(stream).substr(at, step));
            while (const auto frame = decoder.next())
                frames.emplace_back(frame->type, std::string(frame->payload));
        }
        return frames;
    }

private Q_SLOTS:
    void framesArriveWholeWhateverThePieces()
    {
        const std::vector<std::pair<FrameType, std::string>> sent{
            {FrameType::Hello, "{}"},
            {FrameType::Ready, ""},
            {FrameType::Results, std::string(5000, 'x')},
            {FrameType::Quit, "P\1"}};
        std::string stream;
        for (const auto &[type, payload] : sent)
            appendFrame(stream, type, payload);
        for (std::size_t step = 1; step < 70; ++step)
            QCOMPARE(decode(stream, step), sent);
        QCOMPARE(decode(stream, stream.size()), sent);
    }

    void aFrameBegunIsFinishedInPlace()
    {
        std::string one;
        appendFrame(one, FrameType::Chunk, "abc");
        std::string other;
        const std::size_t begin = beginFrame(other, FrameType::Chunk);
        other += "abc";
        finishFrame(other, begin);
        QCOMPARE(other, one);
    }

    void nonsenseIsNamed_data()
    {
        QTest::addColumn<QByteArray>("stream");
        QTest::addColumn<QString>("word");
        const auto header = [](char magic, char version, char type, char zero, quint32 length) {
            QByteArray bytes{4, '\0'};
            bytes[0] = magic;
            bytes[1] = version;
            bytes[2] = type;
            bytes[3] = zero;
            return bytes + QByteArray(reinterpret_cast<const char *>(&length), 4);
        };
        QTest::addRow("text") << QByteArray("Hello, world") << QStringLiteral("no frame begins here");
        QTest::addRow("version") << header('P', 9, 68, 0, 0) << QStringLiteral("protocol version 9");
        QTest::addRow("type 0") << header('P', char(protocolVersion), 0, 0, 0)
                                << QStringLiteral("unknown frame type 0");
        QTest::addRow("type 6") << header('P', char(protocolVersion), 6, 0, 0)
                                << QStringLiteral("unknown frame type 6");
        QTest::addRow("type 200") << header('P', char(protocolVersion), char(200), 0, 0)
                                  << QStringLiteral("unknown frame type 200");
        QTest::addRow("flags") << header('P', char(protocolVersion), 68, 1, 0) << QStringLiteral("unknown");
        QTest::addRow("length") << header('P', char(protocolVersion), 68, 0, 0xffffffffu)
                                << QStringLiteral("maximum");
    }
    void nonsenseIsNamed()
    {
        QFETCH(QByteArray, stream);
        QFETCH(QString, word);
        FrameDecoder decoder;
        decoder.feed({stream.constData(), std::size_t(stream.size())});
        QVERIFY(!decoder.next());
        QVERIFY2(QString::fromStdString(decoder.error()).contains(word), decoder.error().c_str());
        // It stays broken: what follows cannot be trusted.
        std::string good;
        appendFrame(good, FrameType::Ready, "");
        decoder.feed(good);
        QVERIFY(!decoder.next());
    }

    void garbageNeverCrashes()
    {
        std::mt19937 random(3);
        for (int round = 0; round < 2000; ++round) {
            std::string stream;
            appendFrame(stream, FrameType::Results, std::string(random() % 50, 'a'));
            appendFrame(stream, FrameType::Recalled, std::string(random() % 50, 'b'));
            for (int flips = 0; flips < 3; ++flips)
                stream[random() % stream.size()] = char(random());
            stream.resize(random() % (stream.size() + 1));
            decode(stream, 1 + random() % 20);
        }
    }
};

QTEST_APPLESS_MAIN(FrameTest)
#include "tst_frame.moc"
