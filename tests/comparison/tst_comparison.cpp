// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/comparison/comparisonrunner.h"
#include "core/comparison/comparisontext.h"
#include "core/comparison/contestantrun.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <cmath>
#include <utility>

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

QString write(const QTemporaryDir &folder, const QByteArray &lines,
              const QString &file = QStringLiteral("sleeps.txt"))
{
    const QString name = folder.filePath(file);
    QFile written(name);
    if (!written.open(QIODevice::WriteOnly))
        return {};
    written.write(lines);
    return name;
}

/// Whether two items were run in one lane at the same time.
bool haveOverlap(std::vector<RaceItem> items)
{
    std::sort(items.begin(), items.end(), [](const RaceItem &a, const RaceItem &b) {
        return std::pair(a.worker, a.started) < std::pair(b.worker, b.started);
    });
    return std::adjacent_find(items.begin(), items.end(), [](const RaceItem &a, const RaceItem &b) {
               return a.worker == b.worker && b.started < a.finished;
           }) != items.end();
}

QList<Contestant> threeMethods()
{
    QString problem;
    return parseContestants(QStringLiteral("map,imap,imap_unordered"), &problem);
}

} // namespace

class ComparisonTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aContestantIsSeenWhileItRuns_data()
    {
        QTest::addColumn<QString>("contestant");
        QTest::newRow("pool") << QStringLiteral("imap");
        QTest::newRow("threads") << QStringLiteral("threads");
        QTest::newRow("the real pool") << QStringLiteral("multiprocessing.imap");
    }

    /// All others are finished, and wait where the order asks for it; the first one goes on.
    void aContestantIsSeenWhileItRuns()
    {
        QFETCH(const QString, contestant);
        const QTemporaryDir folder;
        QByteArray lines = "600\n";
        for (int i = 0; i < 12; ++i)
            lines += "0.005\n";
        QString problem;
        const Contestant seen = parseContestants(contestant + QStringLiteral(",map"), &problem).first();
        JobSpec job = sleeps(write(folder, lines));
        if (seen.way == Way::PythonPool)
            job.task = write(folder, "from time import sleep\n", QStringLiteral("tasks.py")) +
                       QStringLiteral(":sleep");
        const std::unique_ptr<ContestantRun> run = ContestantRun::create(job, seen);
        QSignalSpy ended(run.get(), &ContestantRun::ended);
        QVERIFY(run->soFar().empty());
        run->start();
        const auto goOn = [&run] {
            std::vector<RaceItem> items;
            for (const RaceItem &item : run->soFar())
                if (std::isinf(item.finished))
                    items.push_back(item);
            return items;
        };
        QTRY_VERIFY_WITH_TIMEOUT(run->soFar().size() == 13 && goOn().size() == 1, 60'000);
        const RaceItem first = goOn().front();
        QCOMPARE(first.index, 0U);
        QVERIFY(first.started >= 0 && first.started < run->progress().elapsed);
        QVERIFY(std::isinf(first.delivered));
        QTRY_COMPARE(run->progress().waiting, std::optional(std::uint64_t(hasMethod(seen.way) ? 12 : 0)));
        for (const RaceItem &item : run->soFar())
            QCOMPARE(std::isinf(item.delivered), hasMethod(seen.way) || item.index == 0);
        run->stop();
        QVERIFY(ended.wait(30'000));
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

    /// What was measured until then is not thrown away.
    void oneThatFailsLaterIsAContestantThatFailed()
    {
        const QTemporaryDir folder;
        const QString task = write(folder,
                                   "import os\n"
                                   "def once(path):\n"
                                   "    os.close(os.open(path, os.O_CREAT | os.O_EXCL))\n"
                                   "def work(x):\n"
                                   "    return x\n",
                                   QStringLiteral("tasks.py"));
        JobSpec job = sleeps(write(folder, "1\n2\n3\n"));
        job.task = task + QStringLiteral(":work");
        job.initializer = QStringLiteral("once");
        job.initargs = QStringLiteral("[\"%1\"]").arg(folder.filePath(QStringLiteral("lock")));
        QString problem;
        ComparisonRunner runner(
            job, parseContestants(QStringLiteral("loop,imap:processes=1,threads:processes=1"), &problem), 2);
        QSignalSpy ended(&runner, &ComparisonRunner::ended);
        QSignalSpy started(&runner, &ComparisonRunner::runStarted);
        runner.start();
        QVERIFY(ended.wait(60'000));
        QVERIFY2(!runner.failure(), qPrintable(runner.failure() ? runner.failure()->message : QString()));
        const std::vector<Racer> &racers = runner.comparison().racers;
        QCOMPARE(racers[0].rounds.front().ok, 3U);
        for (const Racer &racer : racers) {
            const RaceRound *const trouble = racer.trouble();
            QVERIFY(trouble);
            QCOMPARE(trouble->outcome, RaceOutcome::Failed);
            QCOMPARE(trouble->failed, 3U);
            QVERIFY2(trouble->message.contains(QStringLiteral("FileExistsError")),
                     qPrintable(trouble->message));
        }
        QCOMPARE(started.count(), 4); // who has failed is not run again
        QCOMPARE(runner.comparison().measured().racers.size(), std::size_t(3));
    }

    void itCanBeStopped()
    {
        const QTemporaryDir folder;
        ComparisonRunner runner(sleeps(write(folder, "30\n30\n30\n")), threeMethods(), 1);
        QSignalSpy ended(&runner, &ComparisonRunner::ended);
        runner.start();
        QTRY_VERIFY(runner.run() && runner.run()->progress().elapsed >= 0);
        runner.stop();
        QVERIFY(ended.wait(20'000));
        QVERIFY(runner.wasStopped());
        QVERIFY(runner.comparison().racers.front().rounds.empty());
    }

    void otherWaysDoTheSameWork()
    {
        const QTemporaryDir folder;
        QByteArray lines;
        for (int i = 0; i < 30; ++i)
            lines += i == 7 ? "0.6\n" : "0.005\n";
        QString problem;
        ComparisonRunner runner(
            sleeps(write(folder, lines)),
            parseContestants(QStringLiteral("loop,threads:processes=3,process_per_item,imap"), &problem), 1);
        QSignalSpy ended(&runner, &ComparisonRunner::ended);
        runner.start();
        QVERIFY(ended.wait(60'000));
        QVERIFY(!runner.failure());
        const Comparison &comparison = runner.comparison();
        QCOMPARE(comparison.items, 30U);
        for (const Racer &racer : comparison.racers) {
            const RaceRound &round = racer.rounds.front();
            QCOMPARE(round.ok, 30U);
            QCOMPARE(round.failed, 0U);
            QCOMPARE(round.outcome, RaceOutcome::Ended);
            QVERIFY(round.peakMemory > 0);
            QVERIFY(!haveOverlap(racer.replay->items()));
            QCOMPARE(racer.replay->items().size(), std::size_t(30));
            for (const RaceItem &item : racer.replay->items()) {
                QVERIFY(item.worker < racer.replay->workers());
                QVERIFY(item.finished - item.started >= (item.index == 7 ? 0.6 : 0.005));
                QVERIFY(item.started >= 0 && item.delivered >= item.finished);
            }
        }
        const Racer &loop = comparison.racers[0];
        QCOMPARE(loop.replay->workers(), 1U);
        QCOMPARE(loop.rounds.front().processesStarted, 1U);
        QCOMPARE(loop.replay->figures().inversions, 0U);
        // All sleeps, one after the other; and the three threads sleep together.
        QVERIFY(loop.replay->length() >= 0.6 + 29 * 0.005);
        const Racer &threads = comparison.racers[1];
        QCOMPARE(threads.replay->workers(), 3U);
        QVERIFY(threads.replay->figures().inversions > 0);
        QVERIFY(threads.replay->length() < loop.replay->length());
        QCOMPARE(comparison.racers[2].rounds.front().processesStarted, 30U);

        const QString file = folder.filePath(QStringLiteral("race.json"));
        comparison.save(file);
        QCOMPARE(Comparison::open(file).toJson(), comparison.toJson());
    }

    void whatRunsCanBeFollowed_data()
    {
        QTest::addColumn<QString>("way");
        QTest::newRow("a loop") << "loop";
        QTest::newRow("threads") << "threads";
        QTest::newRow("the pool") << "imap";
    }
    void whatRunsCanBeFollowed()
    {
        QFETCH(const QString, way);
        const QTemporaryDir folder;
        QString problem;
        ComparisonRunner runner(sleeps(write(folder, "0.01\n0.01\n60\n60\n60\n60\n")),
                                parseContestants(way + QStringLiteral(",map"), &problem), 1);
        QSignalSpy ended(&runner, &ComparisonRunner::ended);
        runner.start();
        QTRY_VERIFY(runner.run() && runner.run()->delivered().size() == 2);
        const RaceProgress progress = runner.run()->progress();
        QCOMPARE(progress.total, std::optional<std::uint64_t>(6));
        QCOMPARE(progress.delivered, 2U);
        QVERIFY(progress.elapsed >= 0.01);
        runner.stop();
        QVERIFY(ended.wait(20'000));
        QVERIFY(runner.wasStopped());
        QVERIFY(runner.comparison().racers.front().rounds.empty());
    }

    void outcomesAreKept()
    {
        Comparison comparison;
        QString problem;
        for (const Contestant &contestant : parseContestants(
                 QStringLiteral("multiprocessing.map:chunksize=all,loop,map:chunksize=auto"), &problem))
            comparison.racers.push_back({.contestant = contestant, .rounds = {}, .replay = Replay({}, 1)});
        RaceRound hung;
        hung.outcome = RaceOutcome::Hung;
        hung.message = QStringLiteral("a worker died");
        hung.peakMemory = 12'345'678;
        hung.failed = 4;
        comparison.racers[0].rounds = {hung};
        const Comparison again = Comparison::fromJson(comparison.toJson());
        QCOMPARE(again.racers.size(), std::size_t(3));
        for (std::size_t i = 0; i < 3; ++i)
            QCOMPARE(again.racers[i].contestant, comparison.racers[i].contestant);
        const RaceRound &kept = again.racers[0].rounds.front();
        QCOMPARE(kept.outcome, RaceOutcome::Hung);
        QCOMPARE(kept.message, hung.message);
        QCOMPARE(kept.peakMemory, hung.peakMemory);
    }

    void filesOfTheFirstVersionAreRead()
    {
        const QByteArray text =
            R"({"format":"poolscope comparison","version":1,"task":"square","items":1,"processes":2,)"
            R"("contestants":[{"method":"imap","chunksize":4,"processes":null,"workers":2,)"
            R"("rounds":[{"makespan":0.5,"ok":1}],"items":[[0,1,0.1,0.2,0.5,true]]}]})";
        const Comparison comparison = Comparison::fromJson(QJsonDocument::fromJson(text).object());
        const Racer &racer = comparison.racers.at(0);
        QCOMPARE(racer.contestant.way, Way::Pool);
        QCOMPARE(racer.contestant.name(), QStringLiteral("imap, chunksize 4"));
        QCOMPARE(racer.rounds.front().outcome, RaceOutcome::Ended);
        QCOMPARE(racer.rounds.front().figures.last, 0.5);
        QCOMPARE(racer.replay->items().size(), std::size_t(1));
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
        QTest::newRow("another way")
            << QByteArray(
                   R"({"format":"poolscope comparison","version":2,"contestants":[{"way":"teleport"}]})")
            << "teleport";
        QTest::newRow("a broken item")
            << QByteArray(R"({"format":"poolscope comparison","version":1,"contestants":[{"method":"map",)"
                          R"("items":[[1,2]]}]})")
            << "an item";
        const auto withItem = [](const char *workers, const char *item) {
            return QByteArray(R"({"format":"poolscope comparison","version":2,"items":3,"contestants":[)"
                              R"({"way":"loop","workers":)") +
                   workers + R"(,"items":[)" + item + "]}]}";
        };
        QTest::newRow("more workers than there can be")
            << withItem("2000000000", "[0,0,0,1,1,true]") << "workers";
        QTest::newRow("a worker that is none") << withItem("2", "[0,2,0,1,1,true]") << "worker 2";
        QTest::newRow("an item that is none") << withItem("2", "[3,0,0,1,1,true]") << "item 3";
        QTest::newRow("an end before the beginning") << withItem("2", "[0,0,2,1,3,true]") << "from 2 to 1";
        QTest::newRow("a time that is none") << withItem("2", "[0,0,0,1,1e300,true]") << "1e+300";
        QTest::newRow("a figure that is none")
            << QByteArray(R"({"format":"poolscope comparison","version":2,"contestants":[)"
                          R"({"way":"loop","rounds":[{"ok":-1}]}]})")
            << "ok is no number";
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
