// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measurement/eta.h"

#include <QtTest>
#include <queue>

#include <random>

using namespace Poolscope;

class EtaTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void unknownUntilThereIsGround()
    {
        RunningStatistics durations;
        QVERIFY(!estimateEta({.remaining = 10, .completed = 0, .elapsed = 5, .processes = 2}, durations));
        durations.add(1);
        durations.add(1);
        QVERIFY(!estimateEta({.remaining = 10, .completed = 2, .elapsed = 1, .processes = 2}, durations));
        durations.add(1);
        QVERIFY(estimateEta({.remaining = 10, .completed = 3, .elapsed = 2, .processes = 2}, durations)
                    .has_value());
    }

    void evenItemsAreForetoldExactly()
    {
        RunningStatistics durations;
        for (int i = 0; i < 100; ++i)
            durations.add(1);
        const auto eta =
            estimateEta({.remaining = 900, .completed = 100, .elapsed = 50, .processes = 2}, durations);
        QCOMPARE(eta->seconds, 450.0);
        QCOMPARE(eta->margin, 0.0);
    }

    void whereTheItemsTakeNoTimeThePaceCounts()
    {
        RunningStatistics durations;
        for (int i = 0; i < 1000; ++i)
            durations.add(1e-7);
        const auto eta =
            estimateEta({.remaining = 9000, .completed = 1000, .elapsed = 1, .processes = 2}, durations);
        QCOMPARE(eta->seconds, 9.0);
    }

    void theLastItemIsNotSharedByAllWorkers()
    {
        RunningStatistics durations;
        for (int i = 0; i < 99; ++i)
            durations.add(10);
        const auto eta =
            estimateEta({.remaining = 1, .completed = 99, .elapsed = 124, .processes = 8}, durations);
        QCOMPARE(eta->seconds, 10.0);
    }

    void aLastItemThatTakesLongerThanAnyBeforeIsNotForetold()
    {
        RunningStatistics durations;
        for (int i = 0; i < 100; ++i)
            durations.add(i % 2 == 0 ? 0.9 : 1.1);
        EtaInput input{.remaining = 2, .completed = 100, .elapsed = 50, .processes = 2};
        QVERIFY(estimateEta(input, durations).has_value());
        input.longestRunning = 1.5;
        QVERIFY(estimateEta(input, durations).has_value());
        input.longestRunning = 5;
        QVERIFY(!estimateEta(input, durations));
        // As long as there is other work, its end can be told.
        input.remaining = 1000;
        QVERIFY(estimateEta(input, durations).has_value());
    }

    void aSecondLongItemIsNotForetoldForLong()
    {
        RunningStatistics durations;
        for (int i = 0; i < 100; ++i)
            durations.add(i == 20 ? 8 : 0.1); // the deviation is 0.8 s
        EtaInput input{.remaining = 1, .completed = 100, .elapsed = 10, .processes = 4};
        input.longestRunning = 0.5;
        QVERIFY(estimateEta(input, durations).has_value());
        input.longestRunning = 2;
        QVERIFY(isHeldUp(input, durations));
        QVERIFY(!estimateEta(input, durations));
    }

    void whatTheLastChunkHoldsBackIsNotShared()
    {
        RunningStatistics durations;
        for (int i = 0; i < 99; ++i)
            durations.add(1);
        EtaInput input{.remaining = 12, .completed = 99, .elapsed = 25, .processes = 4, .idle = 3};
        QCOMPARE(estimateEta(input, durations)->seconds, 12.0);
        input.longestRunning = 5;
        QVERIFY(isHeldUp(input, durations)); // though more are left than there are workers
    }

    void whatRunsIsPartlyDone()
    {
        RunningStatistics durations;
        for (int i = 0; i < 99; ++i)
            durations.add(10);
        const auto eta = estimateEta({.remaining = 1,
                                      .completed = 99,
                                      .elapsed = 124,
                                      .processes = 8,
                                      .longestRunning = 7,
                                      .progress = 7},
                                     durations);
        QCOMPARE(eta->seconds, 3.0);
    }

    /// Runs of random durations on virtual workers: the true end lies in the band about as often as it says.
    void theTrueEndLiesInTheBand()
    {
        int inside = 0;
        constexpr int runs = 300;
        for (int run = 0; run < runs; ++run) {
            std::mt19937 random{unsigned(run)};
            std::lognormal_distribution<double> duration(0, 0.6);
            constexpr std::uint32_t processes = 4;
            std::priority_queue<double, std::vector<double>, std::greater<>> free;
            for (std::uint32_t i = 0; i < processes; ++i)
                free.push(0);
            RunningStatistics seen;
            std::optional<EtaEstimate> eta;
            double askedAt = 0;
            double end = 0;
            for (std::uint64_t item = 0; item < 1000; ++item) {
                const double taken = duration(random);
                const double done = free.top() + taken;
                free.pop();
                free.push(done);
                end = std::max(end, done);
                seen.add(taken);
                if (item + 1 == 100) {
                    askedAt = done;
                    eta = estimateEta(
                        {.remaining = 900, .completed = 100, .elapsed = done, .processes = processes}, seen);
                }
            }
            if (std::abs(askedAt + eta->seconds - end) <= eta->margin)
                ++inside;
        }
        const double share = double(inside) / runs;
        QVERIFY2(share > 0.65 && share < 0.95, qPrintable(QString::number(share)));
    }
};

QTEST_APPLESS_MAIN(EtaTest)
#include "tst_eta.moc"
