// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/comparison/comparisonrunner.h"
#include "core/comparison/comparisontext.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using namespace Poolscope;

namespace {

JobSpec sleeps(const QString &input)
{
    JobSpec job;
    job.task = QStringLiteral("sleep_for");
    job.input = input;
    job.processes = 4;
    return job;
}

QString write(const QTemporaryDir &folder, const QByteArray &lines)
{
    const QString name = folder.filePath(QStringLiteral("sleeps.txt"));
    QFile file(name);
    if (!file.open(QIODevice::WriteOnly))
        return {};
    file.write(lines);
    return name;
}

QList<Contestant> threeMethods()
{
    QString problem;
    return parseContestants(QStringLiteral("map,imap,imap_unordered"), &problem);
}

RaceRound round(double first, double last, std::uint64_t waited = 0)
{
    return {.figures = {.first = first, .half = last / 2, .last = last, .mostWaited = waited}, .ok = 10};
}

} // namespace

class ComparisonTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void contestantsAreRead_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("names");
        QTest::newRow("methods") << "map,imap, imap_unordered"
                                 << QStringList{"map", "imap", "imap_unordered"};
        QTest::newRow("settings") << "map:chunksize=4,map:chunksize=1:processes=2"
                                  << QStringList{"map, chunksize 4", "map, chunksize 1, processes 2"};
    }
    void contestantsAreRead()
    {
        QFETCH(const QString, text);
        QFETCH(const QStringList, names);
        QString problem;
        QStringList found;
        for (const Contestant &contestant : parseContestants(text, &problem))
            found += contestant.name();
        QCOMPARE(problem, QString());
        QCOMPARE(found, names);
    }

    void whatMakesNoSenseIsSaid_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("mention");
        QTest::newRow("one alone") << "map"
                                   << "two or more";
        QTest::newRow("no method") << "map,pmap"
                                   << "pmap";
        QTest::newRow("nothing") << ""
                                 << "not a method";
        QTest::newRow("twice") << "map,imap,map"
                               << "--rounds";
        QTest::newRow("no setting") << "map,imap:colour=3"
                                    << "colour=3";
        QTest::newRow("no number") << "map,imap:chunksize=many"
                                   << "whole number";
        QTest::newRow("too small") << "map,imap:processes=0"
                                   << "from 1 to";
        QTest::newRow("too many") << "map,imap:processes=100000"
                                  << "from 1 to";
    }
    void whatMakesNoSenseIsSaid()
    {
        QFETCH(const QString, text);
        QFETCH(const QString, mention);
        QString problem;
        parseContestants(text, &problem);
        QVERIFY2(problem.contains(mention), qPrintable(problem));
    }

    void theSameWorkIsDoneInEachWay()
    {
        const QTemporaryDir folder;
        // The first one long, the others short.
        QByteArray lines = "0.5\n";
        for (int i = 0; i < 40; ++i)
            lines += "0.005\n";
        ComparisonRunner runner(sleeps(write(folder, lines)), threeMethods(), 2);
        QSignalSpy started(&runner, &ComparisonRunner::runStarted);
        QSignalSpy ended(&runner, &ComparisonRunner::ended);
        runner.start();
        QVERIFY(ended.wait(60'000));
        QCOMPARE(started.count(), 6);
        QVERIFY(!runner.failure());
        const Comparison &comparison = runner.comparison();
        QCOMPARE(comparison.items, 41U);
        for (const Racer &racer : comparison.racers) {
            QCOMPARE(racer.rounds.size(), std::size_t(2));
            QCOMPARE(racer.rounds.front().ok, 41U);
            QCOMPARE(racer.replay->items().size(), std::size_t(41));
        }
        const RaceFigures &map = comparison.racers[0].replay->figures();
        const RaceFigures &imap = comparison.racers[1].replay->figures();
        const RaceFigures &unordered = comparison.racers[2].replay->figures();
        QVERIFY(imap.first >= 0.5);
        QCOMPARE(imap.mostWaited, 40U);
        QCOMPARE(imap.inversions, 0U);
        QVERIFY(unordered.first < imap.first / 2);
        QVERIFY(unordered.inversions >= 30U);
        QVERIFY(map.first == map.last);
        const QString words = ComparisonText::sentences(comparison).join(QLatin1Char('\n'));
        QVERIFY2(words.contains(QStringLiteral("before imap, which waited for item 0.")), qPrintable(words));
        QVERIFY2(
            words.contains(QStringLiteral("before map, which hands out all results together at its end.")),
            qPrintable(words));
        QVERIFY2(words.contains(QStringLiteral("imap_unordered")), qPrintable(words));

        // Kept and shown again elsewhere, without running anything.
        const QString file = folder.filePath(QStringLiteral("race.json"));
        comparison.save(file);
        const Comparison again = Comparison::open(file);
        QCOMPARE(again.toJson(), comparison.toJson());
        QCOMPARE(ComparisonText::table(again), ComparisonText::table(comparison));
        QCOMPARE(again.racers[1].replay->waitingAt(0.3), comparison.racers[1].replay->waitingAt(0.3));
    }

    void aContestantThatCannotRunEndsAll()
    {
        JobSpec job = sleeps(QStringLiteral("/nowhere/sleeps.txt"));
        ComparisonRunner runner(job, threeMethods(), 1);
        QSignalSpy started(&runner, &ComparisonRunner::runStarted);
        QSignalSpy ended(&runner, &ComparisonRunner::ended);
        runner.start();
        QVERIFY(ended.count() > 0 || ended.wait(20'000));
        QCOMPARE(started.count(), 1);
        QVERIFY(runner.failure());
    }

    void itCanBeStopped()
    {
        const QTemporaryDir folder;
        ComparisonRunner runner(sleeps(write(folder, "30\n30\n30\n")), threeMethods(), 1);
        QSignalSpy ended(&runner, &ComparisonRunner::ended);
        runner.start();
        QTRY_VERIFY(runner.run() && runner.run()->snapshot().phase == RunPhase::Running);
        runner.stop();
        QVERIFY(ended.wait(20'000));
        QVERIFY(runner.wasStopped());
        QVERIFY(runner.comparison().racers.front().rounds.empty());
    }

    void differencesWithinTheNoiseAreCalledThat()
    {
        Comparison comparison;
        for (const Contestant &contestant : threeMethods())
            comparison.racers.push_back({.contestant = contestant, .rounds = {}, .replay = {}});
        comparison.racers[0].rounds = {round(1, 1.0), round(1, 1.6), round(1, 1.3)};
        comparison.racers[1].rounds = {round(1, 1.1), round(1, 1.5), round(1, 1.2)};
        comparison.racers[2].rounds = {round(1, 1.5), round(1, 1.4), round(1, 1.6)};
        const QString words = ComparisonText::sentences(comparison).join(QLatin1Char('\n'));
        QVERIFY2(words.contains(QStringLiteral("All had their first result at about the same time, 1.00 s.")),
                 qPrintable(words));
        QVERIFY2(
            words.contains(QStringLiteral("imap ended first, after 1.20 s, but the difference is within the "
                                          "noise")),
            qPrintable(words));
        for (const ComparisonText::Row &row : ComparisonText::rows(comparison))
            if (row.name == QLatin1String("makespan"))
                QVERIFY(!row.best);
        // One that is clearly ahead.
        comparison.racers[1].rounds = {round(1, 0.5), round(1, 0.6), round(1, 0.55)};
        for (const ComparisonText::Row &row : ComparisonText::rows(comparison))
            if (row.name == QLatin1String("makespan"))
                QCOMPARE(row.best, std::optional<std::size_t>(1));
    }

    void filesThatAreNoComparisonAreRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("mention");
        QTest::newRow("no JSON") << QByteArray("hello") << "no JSON object";
        QTest::newRow("another object") << QByteArray("{}") << "no comparison";
        QTest::newRow("another version")
            << QByteArray(R"({"format":"poolscope comparison","version":7})") << "another version";
        QTest::newRow("another method")
            << QByteArray(
                   R"({"format":"poolscope comparison","version":1,"contestants":[{"method":"pmap"}]})")
            << "pmap";
        QTest::newRow("a broken item")
            << QByteArray(R"({"format":"poolscope comparison","version":1,"contestants":[{"method":"map",)"
                          R"("items":[[1,2]]}]})")
            << "an item";
    }
    void filesThatAreNoComparisonAreRefused()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QString, mention);
        const QTemporaryDir folder;
        const QString name = folder.filePath(QStringLiteral("race.json"));
        QFile file(name);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
        file.close();
        try {
            Comparison::open(name);
            QFAIL("it was taken");
        } catch (const ComparisonError &error) {
            QVERIFY2(error.message().contains(mention), qPrintable(error.message()));
            QVERIFY(error.message().contains(name));
        }
    }
};

QTEST_GUILESS_MAIN(ComparisonTest)
#include "tst_comparison.moc"
