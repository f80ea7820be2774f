// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/wire/recorder.h"

#include <QtTest>

#include <random>

using namespace Poolscope::Wire;

class RecorderTest final : public QObject
{
    Q_OBJECT

    alignas(64) std::array<char, recorderSize> m_memory{};

private Q_SLOTS:
    void init() { initialiseRecorder(m_memory.data()); }

    void memoryThatIsNoRecorderIsRefused()
    {
        RecorderWriter writer;
        QVERIFY(!writer.attach(m_memory.data(), 32));
        QVERIFY(!writer.attach(m_memory.data(), recorderSize - 1));
        m_memory[0] = 'X';
        QVERIFY(!writer.attach(m_memory.data(), recorderSize));
        std::optional<std::uint64_t> begun = 7;
        QVERIFY(recoverStream(m_memory.data(), recorderSize, 0, &begun).empty());
        QVERIFY(!begun);
    }

    /// However the worker dies, what it sent and what is recovered make up the whole stream.
    void nothingPublishedIsLost()
    {
        std::mt19937 random(11);
        RecorderWriter writer;
        QVERIFY(writer.attach(m_memory.data(), recorderSize));
        std::string stream;
        std::uint64_t sent = 0;
        for (int step = 0; step < 5000; ++step) {
            const std::string frame(1 + random() % 900, char('a' + step % 26));
            while (writer.space() < frame.size()) {
                const std::size_t bytes =
                    std::min<std::size_t>(writer.unsent().size(), 1 + random() % 70'000);
                writer.sent(bytes);
                sent += bytes;
            }
            QVERIFY(writer.itemBegins(step));
            writer.append(frame);
            stream += frame;
            if (random() % 20 == 0 && !writer.unsent().empty()) {
                const std::string_view next = writer.unsent();
                QVERIFY(std::string_view(stream).substr(sent, next.size()) == next);
                writer.sent(next.size());
                sent += next.size();
            }
            if (step % 50 == 0) {
                std::optional<std::uint64_t> begun;
                const std::string rest = recoverStream(m_memory.data(), recorderSize, sent, &begun);
                QCOMPARE(*begun, std::uint64_t(step + 1));
                QVERIFY(rest == stream.substr(sent));
            }
        }
    }

    void itTellsSinceWhenTheLastItemRuns()
    {
        RecorderWriter writer;
        QVERIFY(writer.attach(m_memory.data(), recorderSize));
        QVERIFY(!begunItems(m_memory.data()));
        writer.append("greeting");
        QVERIFY(writer.itemBegins(70));
        QVERIFY(writer.itemBegins(95));
        const auto begun = begunItems(m_memory.data());
        QVERIFY(begun);
        QCOMPARE(begun->count, std::uint64_t{2});
        QCOMPARE(begun->since, std::int64_t{95});

        holdItems(m_memory.data(), true);
        QVERIFY(!writer.itemBegins(120));
        QCOMPARE(begunItems(m_memory.data())->count, std::uint64_t{2});
    }

    void aWorkerThatSentWithoutItTellsNothing()
    {
        std::optional<std::uint64_t> begun = 7;
        QVERIFY(recoverStream(m_memory.data(), recorderSize, 0, &begun).empty());
        QCOMPARE(*begun, 0u);
        QVERIFY(recoverStream(m_memory.data(), recorderSize, 8, &begun).empty());
        QVERIFY(!begun);
    }

    void whatPassedTheRingByDoesNotConfuseIt()
    {
        RecorderWriter writer;
        QVERIFY(writer.attach(m_memory.data(), recorderSize));
        writer.append("before");
        writer.sent(writer.unsent().size());
        writer.skip(3 * recorderRingSize);
        writer.append("after");
        std::optional<std::uint64_t> begun;
        QCOMPARE(recoverStream(m_memory.data(), recorderSize, 6 + 3 * recorderRingSize, &begun),
                 std::string("after"));
        // Killed in the middle of the large frame: its rest is not there.
        QVERIFY(recoverStream(m_memory.data(), recorderSize, 10, &begun).empty());
    }
};

QTEST_APPLESS_MAIN(RecorderTest)
#include "tst_recorder.moc"
