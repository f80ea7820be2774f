// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measurement/race.h"

#include <QtTest>

#include <algorithm>
#include <random>

using namespace Poolscope;

namespace {

RaceItem item(std::uint64_t index, double started, double finished, double delivered)
{
    return {.index = index, .worker = 0, .started = started, .finished = finished, .delivered = delivered};
}

} // namespace

class RaceTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void anOrderedRunWaitsBehindItsFirst()
    {
        // Item 0 takes a second; the others are done at 0.1, 0.2, 0.3 and wait.
        const Replay replay(
            {item(0, 0, 1, 1), item(1, 0, 0.1, 1), item(2, 0.1, 0.2, 1), item(3, 0.2, 0.3, 1)}, 2);
        const RaceFigures &figures = replay.figures();
        QCOMPARE(figures.first, 1.0);
        QCOMPARE(figures.half, 1.0);
        QCOMPARE(figures.last, 1.0);
        QCOMPARE(figures.mostWaited, 3U);
        QCOMPARE(figures.inversions, 0U);
        QCOMPARE(figures.throughput, 4.0);
        QCOMPARE(figures.utilisation, 0.65);
        QVERIFY(std::abs(figures.overhead - 0.7 / 4) < 1e-12);
    }

    void anUnorderedRunGivesThemAsTheyCome()
    {
        const Replay replay(
            {item(0, 0, 1, 1), item(3, 0.2, 0.3, 0.3), item(1, 0, 0.1, 0.1), item(2, 0.1, 0.2, 0.2)}, 2);
        const RaceFigures &figures = replay.figures();
        QCOMPARE(figures.first, 0.1);
        QCOMPARE(figures.half, 0.2);
        QCOMPARE(figures.mostWaited, 0U);
        QCOMPARE(figures.inversions, 3U); // item 0 came after three that follow it
        QCOMPARE(replay.items().front().index, 1U);
    }

    void inversionsAreCountedAsPairs()
    {
        std::mt19937 random(5);
        for (int round = 0; round < 20; ++round) {
            std::vector<RaceItem> items;
            for (std::uint64_t i = 0; i < 60; ++i)
                items.push_back(item(i, 0, 1, double(random() % 1000)));
            const Replay replay(items, 1);
            std::uint64_t pairs = 0;
            for (std::size_t a = 0; a < 60; ++a)
                for (std::size_t b = a + 1; b < 60; ++b)
                    pairs += replay.items()[a].index > replay.items()[b].index;
            QCOMPARE(replay.figures().inversions, pairs);
        }
    }

    void positionsAreThoseOfTheRecords() // at random moments
    {
        std::mt19937 random(11);
        std::vector<RaceItem> items;
        for (std::uint64_t i = 0; i < 500; ++i) {
            const double finished = double(random() % 10'000) / 1000;
            items.push_back(
                item(i, std::max(finished - 0.1, 0.0), finished, finished + double(random() % 2'000) / 1000));
        }
        const Replay replay(items, 3);
        const double onItsWay = std::min(1e-3, replay.length() / 1000);
        for (int n = 0; n < 200; ++n) {
            const double time = double(random() % 13'000) / 1000;
            const auto delivered = std::size_t(std::count_if(
                items.begin(), items.end(), [time](const RaceItem &each) { return each.delivered <= time; }));
            const auto finished = std::size_t(std::count_if(
                items.begin(), items.end(), [time](const RaceItem &each) { return each.finished <= time; }));
            QCOMPARE(replay.deliveredBy(time), delivered);
            QCOMPARE(replay.finishedBy(time), finished);
            std::size_t waiting = 0;
            for (std::size_t position = 0; position < items.size(); ++position) {
                const RaceItem &each = replay.items()[position];
                const double late = each.delivered - each.finished;
                const bool isNext = replay.deliveredBy(each.finished) == position;
                waiting += each.finished <= time && each.delivered > time && late > onItsWay &&
                           !(isNext && late <= replay.length() / 10);
            }
            QCOMPARE(replay.waitingAt(time), waiting);
            QVERIFY(waiting <= replay.figures().mostWaited);
            const double next = replay.nextDelivery(time);
            QVERIFY(delivered == items.size() ? next < 0 : next > time);
            if (delivered < items.size())
                QVERIFY(replay.deliveredBy(next) > delivered);
        }
    }

    void whatIsOnItsWayDoesNotWait()
    {
        // All of a map that ended at 1 s: the last one to be finished is on its way, the others waited.
        std::vector<RaceItem> items;
        for (std::uint64_t i = 0; i < 10; ++i)
            items.push_back(item(i, 0, 0.1 * double(i + 1), 1.0002));
        const Replay replay(items, 1);
        QCOMPARE(replay.figures().mostWaited, 9U);
        QCOMPARE(replay.waitingAt(0.55), std::size_t(5));
        QCOMPARE(replay.waitingAt(1.0001), std::size_t(9));
        QCOMPARE(replay.waitingAt(2), std::size_t(0));
    }

    void whoIsNextInTurnDoesNotWait()
    {
        // Item 0 is finished at 1 s, and handed out when its consumer finds the time.
        const Replay replay({item(0, 0, 1, 1.04), item(1, 0, 0.1, 1.05), item(2, 0.1, 0.2, 1.06)}, 2);
        QCOMPARE(replay.figures().mostWaited, 2U);
        QCOMPARE(replay.waitingAt(1.02), std::size_t(2));
        QCOMPARE(replay.waitingAt(1.055), std::size_t(1));
    }

    void nothingIsNothing()
    {
        const Replay replay({}, 0);
        QCOMPARE(replay.length(), 0.0);
        QCOMPARE(replay.workers(), 1U);
        QCOMPARE(replay.deliveredBy(1), std::size_t(0));
        QVERIFY(replay.nextDelivery(0) < 0);
    }

    void itemsThatNeverRanAreNoWork()
    {
        RaceItem skipped = item(1, -1, -1, 2);
        skipped.ok = false;
        const Replay replay({item(0, 0, 2, 2), skipped}, 1);
        QCOMPARE(replay.figures().utilisation, 1.0);
        QCOMPARE(replay.finishedBy(5), std::size_t(1));
    }
};

QTEST_APPLESS_MAIN(RaceTest)
#include "tst_race.moc"
