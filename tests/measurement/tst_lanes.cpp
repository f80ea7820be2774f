// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measurement/lanes.h"

#include <QtTest>

#include <algorithm>
#include <random>
#include <utility>

using namespace Poolscope;

namespace {

RaceItem ran(std::uint32_t process, double started, double finished)
{
    return {.worker = process, .started = started, .finished = finished, .delivered = finished};
}

std::vector<std::uint32_t> lanesOf(std::vector<RaceItem> items, std::uint32_t lanes)
{
    placeInLanes(items, lanes);
    std::vector<std::uint32_t> found;
    for (const RaceItem &item : items)
        found.push_back(item.worker);
    return found;
}

} // namespace

class LanesTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aProcessKeepsItsLane()
    {
        QCOMPARE(lanesOf({ran(77, 0, 1), ran(55, 0.5, 2), ran(77, 1.5, 3), ran(55, 2.5, 4)}, 2),
                 (std::vector<std::uint32_t>{0, 1, 0, 1}));
    }

    /// However late it is told of the one that was there all the time.
    void theNextOneTakesThePlaceOfWhoHasEnded()
    {
        QCOMPARE(lanesOf({ran(2, 0.1, 0.2), ran(3, 0.3, 0.4), ran(4, 0.5, 0.6), ran(1, 0, 1)}, 2),
                 (std::vector<std::uint32_t>{1, 1, 1, 0}));
    }

    void whatNeverRanIsNobodys()
    {
        QCOMPARE(lanesOf({ran(0, -1, -1), ran(9, 0, 1)}, 1), (std::vector<std::uint32_t>{0, 0}));
    }

    void moreAtATimeThanThereAreLanesShareThem()
    {
        for (const std::uint32_t lane : lanesOf({ran(1, 0, 5), ran(2, 0, 5), ran(3, 0, 5)}, 2))
            QVERIFY(lane < 2);
    }

    void whatRanTogetherIsNeverInOneLane()
    {
        std::mt19937 random(3);
        for (int round = 0; round < 50; ++round) {
            // A process per item on some places, as fast as they become free.
            const std::uint32_t places = 1 + random() % 6;
            std::vector<double> free(places, 0);
            std::vector<RaceItem> items;
            for (std::uint32_t process = 1; process <= 300; ++process) {
                double &place = *std::min_element(free.begin(), free.end());
                const double length = double(random() % 1000 + 1) / 1000;
                items.push_back(ran(process, place, place + length));
                place += length + double(random() % 10) / 1000;
            }
            std::shuffle(items.begin(), items.end(), random);
            placeInLanes(items, places);
            std::sort(items.begin(), items.end(), [](const RaceItem &a, const RaceItem &b) {
                return std::pair(a.worker, a.started) < std::pair(b.worker, b.started);
            });
            for (std::size_t i = 0; i < items.size(); ++i) {
                QVERIFY(items[i].worker < places);
                if (i > 0 && items[i].worker == items[i - 1].worker)
                    QVERIFY(items[i].started >= items[i - 1].finished);
            }
        }
    }
};

QTEST_APPLESS_MAIN(LanesTest)
#include "tst_lanes.moc"
