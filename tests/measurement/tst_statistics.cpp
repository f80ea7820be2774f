// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measurement/statistics.h"

#include <QtTest>

using namespace Poolscope;

class StatisticsTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void meanAndSpreadOfAFew()
    {
        RunningStatistics statistics;
        QCOMPARE(statistics.mean(), 0.0);
        QCOMPARE(statistics.standardDeviation(), 0.0);
        for (const double value : {2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0})
            statistics.add(value);
        QCOMPARE(statistics.count(), 8u);
        QCOMPARE(statistics.mean(), 5.0);
        QCOMPARE(statistics.sum(), 40.0);
        QVERIFY(std::abs(statistics.standardDeviation() - 2.13809) < 1e-5);
    }
    void smallSpreadsAroundLargeValuesSurvive()
    {
        RunningStatistics statistics;
        for (int i = 0; i < 1000; ++i)
            statistics.add(1e9 + (i % 2));
        QVERIFY(std::abs(statistics.standardDeviation() - 0.50025) < 1e-4);
    }
};

QTEST_APPLESS_MAIN(StatisticsTest)
#include "tst_statistics.moc"
