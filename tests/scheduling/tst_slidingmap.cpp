// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scheduling/slidingmap.h"

#include <QtTest>

#include <array>
#include <map>
#include <random>
#include <vector>

#include <malloc.h>

using namespace Poolscope;

class SlidingMapTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void behavesLikeAMapWithCountingKeys()
    {
        SlidingMap<int> sliding;
        std::map<std::uint64_t, int> expected;
        std::mt19937 random(7);
        for (int step = 0; step < 20'000; ++step) {
            if (random() % 2 == 0) {
                const std::uint64_t key = sliding.add(step);
                QVERIFY(expected.empty() || key > expected.rbegin()->first);
                expected[key] = step;
            } else if (!expected.empty()) {
                const auto victim = std::next(
                    expected.begin(), std::ptrdiff_t(random() % std::min<std::size_t>(expected.size(), 5)));
                sliding.remove(victim->first);
                expected.erase(victim);
            }
            QCOMPARE(sliding.size(), std::uint64_t(expected.size()));
        }
        for (const auto &[key, value] : expected)
            QCOMPARE(*sliding.find(key), value);
        std::vector<std::uint64_t> keys;
        sliding.forEach([&keys](std::uint64_t key, int) { keys.push_back(key); });
        QCOMPARE(keys.size(), expected.size());
        QVERIFY(std::is_sorted(keys.begin(), keys.end()));
    }

    void aFewThatStayCostNoMoreThanThemselves() // a call that goes on for days beside millions of short ones
    {
        struct Counted
        {
            std::array<char, 1024> bytes{};
        };
        SlidingMap<Counted> sliding;
        const std::size_t before = mallinfo2().uordblks;
        std::vector<std::uint64_t> kept;
        for (int round = 0; round < 200'000; ++round) {
            const std::uint64_t key = sliding.add({});
            QCOMPARE(key, std::uint64_t(round));
            if (round % 50'000 == 100) {
                sliding.find(key)->bytes.fill('k');
                kept.push_back(key);
            } else {
                sliding.remove(key);
            }
        }
        QVERIFY(mallinfo2().uordblks < before + 16 * 1024 * 1024);
        QCOMPARE(sliding.size(), std::uint64_t(4));
        std::vector<std::uint64_t> found;
        sliding.forEach([&found](std::uint64_t key, const Counted &) { found.push_back(key); });
        QCOMPARE(found, kept);
        for (const std::uint64_t key : kept) {
            QCOMPARE(sliding.find(key)->bytes[7], 'k');
            sliding.remove(key);
            QVERIFY(!sliding.find(key));
        }
        QVERIFY(sliding.empty());
    }

    void whatWasRemovedIsGone()
    {
        SlidingMap<int> sliding;
        const auto a = sliding.add(1);
        const auto b = sliding.add(2);
        sliding.remove(b);
        QVERIFY(!sliding.find(b));
        QVERIFY(sliding.find(a));
        sliding.remove(a);
        sliding.remove(a);
        QVERIFY(sliding.empty());
        QVERIFY(!sliding.find(99));
    }
};

QTEST_APPLESS_MAIN(SlidingMapTest)
#include "tst_slidingmap.moc"
