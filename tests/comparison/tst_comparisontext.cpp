// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/comparison/comparisontext.h"

#include <QtTest>

using namespace Poolscope;

namespace {

RaceRound round(double first, double last, std::uint64_t waited = 0)
{
    return {.figures = {.first = first, .half = last / 2, .last = last, .mostWaited = waited}, .ok = 10};
}

/// So many items of so many seconds each, one after the other.
Replay steady(double item)
{
    std::vector<RaceItem> items;
    for (int i = 0; i < 10; ++i)
        items.push_back({.index = std::uint64_t(i),
                         .started = i * item,
                         .finished = (i + 1) * item,
                         .delivered = (i + 1) * item});
    return Replay(std::move(items), 1);
}

Comparison comparisonOf(const char *contestants)
{
    Comparison comparison;
    comparison.items = 10;
    QString problem;
    for (const Contestant &contestant : parseContestants(QString::fromUtf8(contestants), &problem))
        comparison.racers.push_back({.contestant = contestant, .rounds = {}, .replay = {}});
    return comparison;
}

QString wordsOn(const Comparison &comparison)
{
    return ComparisonText::sentences(comparison).join(QLatin1Char('\n'));
}

ComparisonText::Row rowOf(const Comparison &comparison, const char *name)
{
    for (const ComparisonText::Row &row : ComparisonText::rows(comparison))
        if (row.name == QLatin1String(name))
            return row;
    return {};
}

} // namespace

class ComparisonTextTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void differencesWithinTheNoiseAreCalledThat()
    {
        Comparison comparison = comparisonOf("map,imap,imap_unordered");
        comparison.racers[0].rounds = {round(1, 1.0), round(1, 1.6), round(1, 1.3)};
        comparison.racers[1].rounds = {round(1, 1.1), round(1, 1.5), round(1, 1.2)};
        comparison.racers[2].rounds = {round(1, 1.5), round(1, 1.4), round(1, 1.6)};
        const QString words = wordsOn(comparison);
        QVERIFY2(words.contains(QStringLiteral("All had their first result at about the same time, 1.00 s.")),
                 qPrintable(words));
        QVERIFY2(
            words.contains(QStringLiteral("imap ended first, after 1.20 s, but the difference is within the "
                                          "noise")),
            qPrintable(words));
        QVERIFY(!rowOf(comparison, "makespan").best);
        QVERIFY(rowOf(comparison, "makespan").why.contains(QStringLiteral("noise")));
        // One that is clearly ahead.
        comparison.racers[1].rounds = {round(1, 0.5), round(1, 0.6), round(1, 0.55)};
        QCOMPARE(rowOf(comparison, "makespan").best, std::optional<std::size_t>(1));
        const QString best = comparison.racers[1].contestant.name();
        QVERIFY2(rowOf(comparison, "makespan")
                     .why.startsWith(QStringLiteral("%1 is best: 0.55 s is the least. ").arg(best)),
                 qPrintable(rowOf(comparison, "makespan").why));
        QVERIFY(rowOf(comparison, "processes").why.isEmpty()); // fewer are not better
    }

    void aHungOneIsShownAsWhatItIs()
    {
        Comparison comparison = comparisonOf("imap,multiprocessing.imap");
        comparison.racers[0].rounds = {round(1, 2)};
        RaceRound hung = round(0.5, 0.5);
        hung.ok = 3;
        hung.failed = 7;
        hung.outcome = RaceOutcome::Hung;
        hung.message = QStringLiteral("a worker died");
        comparison.racers[1].rounds = {hung};
        QCOMPARE(rowOf(comparison, "outcome").values, (QStringList{"ended", "hung"}));
        // It is not the one that was done first, and has no such time.
        QCOMPARE(rowOf(comparison, "makespan").values, (QStringList{"2.00 s", "–"}));
        QVERIFY(rowOf(comparison, "makespan").best != std::optional<std::size_t>(1));
        QVERIFY(!rowOf(comparison, "first result").best); // nobody else came to an end
        const QString words = wordsOn(comparison);
        QVERIFY2(words.contains(QStringLiteral("multiprocessing.imap hung after 3 of 10 results: a worker "
                                               "died.")),
                 qPrintable(words));
        // One that hung before its first result had none, and not one at once.
        hung.figures = {};
        comparison.racers[1].rounds = {hung};
        QCOMPARE(rowOf(comparison, "first result").values, (QStringList{"1.00 s", "–"}));
        // Where all came to an end there is nothing to say of it.
        comparison.racers[1].rounds = {round(1, 2)};
        QCOMPARE(rowOf(comparison, "outcome").name, QString());
    }

    void theLoopIsHeldAgainstThePool()
    {
        Comparison comparison = comparisonOf("loop,imap");
        comparison.racers[0].rounds = {round(0.1, 1)};
        comparison.racers[0].replay = steady(2e-7);
        comparison.racers[1].rounds = {round(0.1, 3)};
        QString words = wordsOn(comparison);
        QVERIFY2(words.contains(QStringLiteral("the plain loop was done 3.0 times sooner than imap, for an "
                                               "item took 0.20 µs and the pool added 0.20 s to it.")),
                 qPrintable(words));
        comparison.racers[1].rounds = {round(0.1, 0.25)};
        words = wordsOn(comparison);
        QVERIFY2(words.contains(QStringLiteral("imap was done 4.0 times sooner than the plain loop")),
                 qPrintable(words));
        comparison.racers[1].rounds = {round(0.1, 1.01)};
        words = wordsOn(comparison);
        QVERIFY2(words.contains(QStringLiteral("at about the same time")), qPrintable(words));
        QVERIFY2(!words.contains(QStringLiteral("sooner")), qPrintable(words));
    }

    void otherWaysAreHeldAgainstThePool()
    {
        Comparison comparison = comparisonOf("imap,process_per_item,threads,multiprocessing.imap");
        comparison.racers[0].rounds = {round(0.1, 1)};
        comparison.racers[0].rounds.front().processesStarted = 4;
        comparison.racers[1].rounds = {round(0.1, 5)};
        comparison.racers[1].rounds.front().processesStarted = 10;
        comparison.racers[2].rounds = {round(0.1, 1.02)};
        comparison.racers[3].rounds = {round(0.1, 1.03)};
        QString words = wordsOn(comparison);
        QVERIFY2(words.contains(QStringLiteral("imap, with 4 processes, was done 5.0 times sooner than a new "
                                               "process for every item, of which there were 10.")),
                 qPrintable(words));
        QVERIFY2(words.contains(QStringLiteral("Threads did as well as the processes of imap: 1.02 s and "
                                               "1.00 s.")),
                 qPrintable(words));
        QVERIFY2(words.contains(QStringLiteral("imap and the real one were done at about the same time")),
                 qPrintable(words));
        comparison.racers[2].rounds = {round(0.1, 3)};
        comparison.racers[3].rounds = {round(0.1, 2)};
        words = wordsOn(comparison);
        QVERIFY2(words.contains(QStringLiteral("Threads took 3.0 times as long")), qPrintable(words));
        QVERIFY2(words.contains(QStringLiteral("imap was done 2.0 times sooner than the real one")),
                 qPrintable(words));
    }

    void thoseThatAreLateForOneReasonShareASentence()
    {
        Comparison comparison = comparisonOf("imap_unordered,map,map_async,loop");
        comparison.racers[0].rounds = {round(0.1, 1)};
        comparison.racers[1].rounds = {round(1, 1)};
        comparison.racers[2].rounds = {round(1.1, 1.1)};
        comparison.racers[3].rounds = {round(0.5, 3)};
        const QString words = wordsOn(comparison);
        QVERIFY2(
            words.contains(QStringLiteral(
                "imap_unordered had its first result before map (0.90 s), map_async (1.00 s), which hands "
                "out all results together at its end.")),
            qPrintable(words));
        QVERIFY2(
            words.contains(QStringLiteral("imap_unordered had its first result 0.40 s before plain loop.")),
            qPrintable(words));
    }

    void whatTheFirstResultWaitedForIsSaid_data()
    {
        QTest::addColumn<double>("finished"); // by item 0; its result came after 1 s
        QTest::addColumn<double>("other");    // when item 1 was finished
        QTest::addColumn<int>("chunksize");
        QTest::addColumn<QString>("why");
        QTest::newRow("for item 0") << 0.999 << 0.2 << 1 << ", which waited for item 0.";
        QTest::newRow("for nothing: others came later") << 0.999 << 1.5 << 1 << "before imap.";
        QTest::newRow("for its chunk") << 0.01 << 0.02 << 50 << ", whose results come in chunks of 50.";
        QTest::newRow("for item 0 of a chunk") << 0.999 << 0.2 << 50 << ", which waited for item 0.";
    }
    void whatTheFirstResultWaitedForIsSaid()
    {
        QFETCH(const double, finished);
        QFETCH(const double, other);
        QFETCH(const int, chunksize);
        QFETCH(const QString, why);
        Comparison comparison = comparisonOf("imap,imap_unordered");
        comparison.racers[0].rounds = {round(1, 2)};
        comparison.racers[0].rounds.front().chunksize = std::uint64_t(chunksize);
        comparison.racers[0].replay =
            Replay({{.index = 0, .started = 0, .finished = finished, .delivered = 1},
                    {.index = 1, .worker = 1, .started = 0, .finished = other, .delivered = 2}},
                   2);
        comparison.racers[1].rounds = {round(0.1, 2)};
        const QString words = wordsOn(comparison);
        QVERIFY2(words.contains(QStringLiteral("imap_unordered had its first result 0.90 s before imap")),
                 qPrintable(words));
        QVERIFY2(words.contains(why), qPrintable(words));
    }

    void theEndIsToldOfAllThatAreFirst()
    {
        Comparison comparison = comparisonOf("imap,imap_unordered,loop");
        comparison.racers[0].rounds = {round(0.1, 0.40), round(0.1, 0.41)};
        comparison.racers[1].rounds = {round(0.1, 0.41), round(0.1, 0.40)};
        comparison.racers[2].rounds = {round(0.1, 0.80), round(0.1, 0.82)};
        QString words = wordsOn(comparison);
        QVERIFY2(words.contains(QStringLiteral("imap and imap_unordered ended first")), qPrintable(words));
        QVERIFY2(words.contains(QStringLiteral("plain loop took 2.00 times as long")), qPrintable(words));
        // The order of the results is all that is different here, and is not there.
        const QString costsNothing = QStringLiteral("the order of the results costs no time");
        QVERIFY(!words.contains(costsNothing));
        comparison.racers.pop_back();
        words = wordsOn(comparison);
        QVERIFY2(words.contains(costsNothing), qPrintable(words));
        comparison.racers[1].contestant.processes = 8;
        words = wordsOn(comparison);
        QVERIFY2(!words.contains(costsNothing), qPrintable(words));
        QVERIFY2(words.contains(QStringLiteral("All ended together")), qPrintable(words));
    }

    /// To fail is quick.
    void whoHasFewerValuesIsNotTheBest()
    {
        Comparison comparison = comparisonOf("multiprocessing.imap,imap,loop");
        comparison.racers[0].rounds = {round(0.01, 0.02)};
        comparison.racers[0].rounds.front().ok = 0;
        comparison.racers[0].rounds.front().failed = 10;
        comparison.racers[1].rounds = {round(0.1, 1)};
        comparison.racers[2].rounds = {round(0.3, 3)};
        QCOMPARE(rowOf(comparison, "makespan").best, std::optional<std::size_t>(1));
        QString words = wordsOn(comparison);
        QVERIFY2(words.contains(QStringLiteral("multiprocessing.imap has no value for 10 of 10 items")),
                 qPrintable(words));
        QVERIFY2(!words.contains(QStringLiteral("multiprocessing.imap was done")), qPrintable(words));
        // Where all fail alike there is nothing to hold against anyone.
        for (Racer &racer : comparison.racers)
            racer.rounds.front().ok = 5;
        words = wordsOn(comparison);
        QVERIFY2(!words.contains(QStringLiteral("has no value")), qPrintable(words));
        QCOMPARE(rowOf(comparison, "makespan").best, std::optional<std::size_t>(0));
    }

    void oneHiccupAmongManyRoundsIsNoNoise()
    {
        Comparison comparison = comparisonOf("map,imap");
        for (int i = 0; i < 10; ++i) {
            comparison.racers[0].rounds.push_back(round(0.1, i == 4 ? 9 : 1 + 0.01 * i));
            comparison.racers[1].rounds.push_back(round(0.1, i == 7 ? 0.1 : 2 + 0.01 * i));
        }
        QCOMPARE(rowOf(comparison, "makespan").best, std::optional<std::size_t>(0));
        // Of few rounds each counts.
        for (Racer &racer : comparison.racers)
            racer.rounds.resize(4);
        comparison.racers[0].rounds[3] = round(0.1, 9);
        QVERIFY(!rowOf(comparison, "makespan").best);
    }

    void aSingleRoundSaysNothingOfNoise()
    {
        Comparison comparison = comparisonOf("map,imap");
        const QString once = QStringLiteral("Each ran once");
        comparison.racers[0].rounds = {round(1, 1)};
        comparison.racers[1].rounds = {round(1, 1.2)};
        QVERIFY(wordsOn(comparison).contains(once)); // a close race
        comparison.racers[1].rounds = {round(1, 3)};
        QVERIFY(!wordsOn(comparison).contains(once));
        comparison.racers[0].rounds = {round(0.001, 0.001)};
        QVERIFY(wordsOn(comparison).contains(once)); // a short one
        comparison.racers[0].rounds.push_back(round(0.001, 0.001));
        QVERIFY(!wordsOn(comparison).contains(once));
    }

    void namesAreNotTakenForPlaces()
    {
        Comparison comparison = comparisonOf("map,imap");
        comparison.task = QStringLiteral("printf %3d {}");
        comparison.input = QStringLiteral("a%4 %1.txt");
        comparison.processes = 7;
        QVERIFY2(ComparisonText::table(comparison)
                     .startsWith(QStringLiteral("printf %3d {} on a%4 %1.txt: 10 items, 7 processes")),
                 qPrintable(ComparisonText::table(comparison)));
    }

    void anEmptyInputIsNoRace()
    {
        Comparison comparison = comparisonOf("map,threads");
        comparison.items = 0;
        comparison.racers[0].rounds = {round(0, 0)};
        comparison.racers[1].rounds = {round(0, 0)};
        QCOMPARE(wordsOn(comparison), QStringLiteral("The input has no items: there is nothing to compare."));
    }

    void orderIsTold()
    {
        Comparison comparison = comparisonOf("imap,imap_unordered");
        comparison.racers[0].rounds = {round(1, 1)};
        comparison.racers[1].rounds = {round(1, 1)};
        QVERIFY(!wordsOn(comparison).contains(QStringLiteral("order of the input")));
        comparison.racers[1].rounds.front().figures.inversions = 199;
        const QString words = wordsOn(comparison);
        QVERIFY2(
            words.contains(QStringLiteral("In the order of the input: imap. imap_unordered handed out 199 "
                                          "pairs")),
            qPrintable(words));
    }

    void memoryThatIsNotKnownIsNotTheLeast()
    {
        Comparison comparison = comparisonOf("imap,loop");
        comparison.racers[0].rounds = {round(1, 1)};
        comparison.racers[1].rounds = {round(1, 1)};
        comparison.racers[0].rounds.front().peakMemory = 40ULL << 20;
        QCOMPARE(rowOf(comparison, "memory").values, (QStringList{"40.0 MiB", "–"}));
        QVERIFY(!rowOf(comparison, "memory").best);
        comparison.racers[1].rounds.front().peakMemory = 10ULL << 20;
        QCOMPARE(rowOf(comparison, "memory").best, std::optional<std::size_t>(1));
    }
};

QTEST_APPLESS_MAIN(ComparisonTextTest)
#include "tst_comparisontext.moc"
