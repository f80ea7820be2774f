// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scheduling/resultsequencer.h"

#include <QtTest>

using namespace Poolscope;
using Release = ResultSequencer::Release;

class ResultSequencerTest final : public QObject
{
    Q_OBJECT

    /// Chunks of 3, 3, 3 and 1 items that complete in the order 1, 3, 0, 2; what each step releases.
    static std::vector<Release> releases(Delivery delivery)
    {
        ResultSequencer sequencer(delivery);
        for (const std::uint32_t items : {3u, 3u, 3u, 1u})
            sequencer.chunkAdded(items);
        std::vector<Release> steps;
        for (const std::uint64_t chunk : {1u, 3u, 0u, 2u})
            steps.push_back(sequencer.chunkCompleted(chunk));
        steps.push_back(sequencer.finish());
        return steps;
    }

private Q_SLOTS:
    void mapReleasesAllAtTheEnd() // S4.1
    {
        QCOMPARE(releases(Delivery::AllAtEnd), (std::vector<Release>{{}, {}, {}, {}, {4, 10}}));
    }
    void imapWaitsForTheFirstMissingChunk() // S4.2
    {
        QCOMPARE(releases(Delivery::Ordered), (std::vector<Release>{{}, {}, {2, 6}, {2, 4}, {}}));
    }
    void imapUnorderedReleasesEachChunkAsItCompletes() // S4.3
    {
        QCOMPARE(releases(Delivery::Unordered), (std::vector<Release>{{1, 3}, {1, 1}, {1, 3}, {1, 3}, {}}));
    }
    void heldChunksAreCounted() // S4.2: head-of-line blocking
    {
        ResultSequencer sequencer(Delivery::Ordered);
        for (int chunk = 0; chunk < 200; ++chunk)
            sequencer.chunkAdded(1);
        for (std::uint64_t chunk = 1; chunk < 200; ++chunk)
            sequencer.chunkCompleted(chunk);
        QCOMPARE(sequencer.held(), 199u);
        QCOMPARE(sequencer.next(), 0u);
        QCOMPARE(sequencer.incomplete(), 1u);
        QCOMPARE(sequencer.chunkCompleted(0), (Release{200, 200}));
        QCOMPARE(sequencer.held(), 0u);
    }
};

QTEST_APPLESS_MAIN(ResultSequencerTest)
#include "tst_resultsequencer.moc"
