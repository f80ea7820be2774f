// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measurement/placetimes.h"

#include <QtTest>

using namespace Poolscope;

class PlaceTimesTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aPoolThatIsResizedHasTheTimeOfThePlacesItHad()
    {
        PlaceTimes places;
        auto resize = [&places, size = std::size_t(0)](std::size_t to, double time) mutable {
            for (std::size_t place = 0; place < std::max(size, to); ++place)
                places.set(place, place < to, time);
            size = to;
        };
        resize(4, 0);
        QCOMPARE(places.all(0, 2), 8.0);
        resize(8, 2);
        QCOMPARE(places.all(0, 2), 8.0);
        QCOMPARE(places.all(0, 6.5), 4 * 2 + 8 * 4.5);
        resize(2, 6.5);
        QCOMPARE(places.all(0, 6.5), 4 * 2 + 8 * 4.5);
        QCOMPARE(places.all(0, 10), 4 * 2 + 8 * 4.5 + 2 * 3.5);
        QCOMPARE(places.all(1, 7), 4 * 1 + 8 * 4.5 + 2 * 0.5);
        QCOMPARE(places.of(0, 0, 10), 10.0);
        QCOMPARE(places.of(3, 0, 10), 6.5);
        QCOMPARE(places.of(7, 0, 10), 4.5);
        QCOMPARE(places.of(8, 0, 10), 0.0);
    }

    void aPlaceMayComeAgain()
    {
        PlaceTimes places;
        places.set(1, false, 0);
        places.set(1, true, 1);
        places.set(1, true, 2); // it does already
        places.set(1, false, 3);
        places.set(1, false, 4);
        places.set(1, true, 5);
        QCOMPARE(places.of(1, 0, 6), 3.0);
        QCOMPARE(places.of(1, 2.5, 5.5), 1.0);
        QCOMPARE(places.all(3, 5), 0.0);
    }
};

QTEST_APPLESS_MAIN(PlaceTimesTest)
#include "tst_placetimes.moc"
