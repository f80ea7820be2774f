// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/comparison/contestant.h"
#include "core/comparison/entrylist.h"

#include <QTemporaryDir>
#include <QtTest>

#include <climits>

using namespace Poolscope;

namespace {

JobSpec squares()
{
    JobSpec job;
    job.task = QStringLiteral("square");
    job.input = QStringLiteral("range:10");
    return job;
}

QList<Contestant> read(const char *text)
{
    QString problem;
    return parseContestants(QString::fromUtf8(text), &problem);
}

} // namespace

class ContestantTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void blanksDoNotMatter()
    {
        QString problem;
        const auto contestants = parseContestants(QStringLiteral(" map : chunksize = 4 , imap "), &problem);
        QCOMPARE(problem, QString());
        QCOMPARE(textOf(contestants), QStringLiteral("map:chunksize=4,imap"));
    }

    void contestantsAreRead_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("names");
        QTest::newRow("methods") << "map,imap,imap_unordered" << QStringList{"map", "imap", "imap_unordered"};
        QTest::newRow("settings") << "map:chunksize=4,map:chunksize=1:processes=2"
                                  << QStringList{"map, chunksize 4", "map, chunksize 1, processes 2"};
        QTest::newRow("chunks by rule")
            << "map:chunksize=auto,map:chunksize=all,apply:processes=3"
            << QStringList{"map, chunksize auto", "map, chunksize all", "apply, processes 3"};
        QTest::newRow("no pool") << "loop,process_per_item,process_per_item:processes=2"
                                 << QStringList{"plain loop", "process per item",
                                                "process per item, processes 2"};
        QTest::newRow("threads") << "threads,threads:processes=3"
                                 << QStringList{"thread pool", "thread pool, threads 3"};
        QTest::newRow("the real pool")
            << "multiprocessing.map:chunksize=2,multiprocessing.apply_async"
            << QStringList{"multiprocessing.map, chunksize 2", "multiprocessing.apply_async"};
    }
    void contestantsAreRead()
    {
        QFETCH(const QString, text);
        QFETCH(const QStringList, names);
        QString problem;
        QStringList found;
        const QList<Contestant> contestants = parseContestants(text, &problem);
        for (const Contestant &contestant : contestants)
            found += contestant.name();
        QCOMPARE(problem, QString());
        QCOMPARE(found, names);
        QCOMPARE(textOf(contestants), text);
    }

    void spacesAreNoMatter()
    {
        QCOMPARE(read("map, imap , loop"), read("map,imap,loop"));
        QCOMPARE(read("map, imap").size(), 2);
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
        QTest::newRow("no method of the real pool") << "map,multiprocessing.reduce"
                                                    << "multiprocessing.reduce";
        QTest::newRow("a loop of two") << "map,loop:processes=2"
                                       << "one process";
        QTest::newRow("chunks of a loop") << "map,loop:chunksize=2"
                                          << "no chunk size";
        QTest::newRow("chunks of threads") << "map,threads:chunksize=2"
                                           << "no chunk size";
        QTest::newRow("chunks of apply") << "map,apply:chunksize=2"
                                         << "no chunk size";
    }
    void whatMakesNoSenseIsSaid()
    {
        QFETCH(const QString, text);
        QFETCH(const QString, mention);
        QString problem;
        parseContestants(text, &problem);
        QVERIFY2(problem.contains(mention), qPrintable(problem));
    }

    void aJobIsDoneInTheirWay()
    {
        JobSpec job = squares();
        job.processes = 4;
        job.chunksize = 7;
        const QList<Contestant> ways = read(
            "imap,map:chunksize=all,map:chunksize=auto,map:chunksize=3:processes=2,process_per_item,loop");
        QCOMPARE(ways.at(0).appliedTo(job).chunksize, std::optional(7));
        QCOMPARE(ways.at(0).appliedTo(job).method, Method::Imap);
        QCOMPARE(ways.at(1).appliedTo(job).chunksize, std::optional(INT_MAX));
        QVERIFY(!ways.at(2).appliedTo(job).chunksize);
        QCOMPARE(ways.at(3).appliedTo(job).chunksize, std::optional(3));
        QCOMPARE(ways.at(3).appliedTo(job).processes, 2);
        const JobSpec perItem = ways.at(4).appliedTo(job);
        QCOMPARE(perItem.chunksize, std::optional(1));
        QCOMPARE(perItem.maxTasksPerChild, std::optional(1));
        QCOMPARE(perItem.processes, 4);
        QCOMPARE(ways.at(5).appliedTo(job).processes, 1);
    }

    void itemsAreArgumentsForAllOrForNone()
    {
        const JobSpec job = squares();
        QVERIFY(unpacksItems(sharedJob(job, read("starmap,loop")).method));
        QVERIFY(unpacksItems(sharedJob(job, read("starmap,multiprocessing.starmap")).method));
        QVERIFY(!unpacksItems(sharedJob(job, read("starmap,imap,loop")).method));
        QVERIFY(!unpacksItems(sharedJob(job, read("loop,threads")).method));
        JobSpec pairs = job;
        pairs.method = Method::Starmap;
        QVERIFY(unpacksItems(sharedJob(pairs, read("loop,threads")).method));
        QVERIFY(unpacksItems(read("loop,threads").first().appliedTo(pairs).method));
    }

    void presetsAreComparisons()
    {
        QCOMPARE(presets().size(), 4);
        for (const Preset &preset : presets()) {
            QVERIFY2(preset.contestants.size() >= 2, qPrintable(preset.id));
            QVERIFY(!preset.title.isEmpty());
            QCOMPARE(presetNamed(preset.id)->contestants, preset.contestants);
            // Not to be taken for a contestant.
            QString problem;
            parseContestants(preset.id + QStringLiteral(",map"), &problem);
            QVERIFY(!problem.isEmpty());
        }
        QVERIFY(!presetNamed(QStringLiteral("four-methods")));
    }

    void whoCannotDoTheJobIsLeftOut()
    {
        const QList<Contestant> all = presetNamed(QStringLiteral("pool-or-no-pool"))->contestants;
        const EntryList native = entriesFor(all, squares());
        QCOMPARE(native.leftOut.size(), 1);
        QVERIFY2(native.leftOut.first().contains(QStringLiteral("Python")),
                 qPrintable(native.leftOut.first()));
        QCOMPARE(textOf(native.contestants), QStringLiteral("loop,process_per_item,threads,imap_unordered"));

        JobSpec command = squares();
        command.task.clear();
        command.commandTemplate = QStringLiteral("true {}");
        QCOMPARE(textOf(entriesFor(all, command).contestants),
                 QStringLiteral("loop,process_per_item,imap_unordered"));

        const QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("tasks.py")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("def f(x):\n    return x\n");
        file.close();
        JobSpec python = squares();
        python.task = file.fileName() + QStringLiteral(":f");
        QCOMPARE(entriesFor(all, python).contestants, all);
        QVERIFY(entriesFor(all, python).leftOut.isEmpty());

        // Only the pool ends an item that takes too long.
        python.timeout = 1;
        QCOMPARE(textOf(entriesFor(all, python).contestants), QStringLiteral("imap_unordered"));
        JobSpec limited = squares();
        limited.timeout = 1;
        QCOMPARE(textOf(entriesFor(all, limited).contestants),
                 QStringLiteral("process_per_item,imap_unordered"));
        const QList<JobProblem> problems = checkContestant(python, all.first());
        QCOMPARE(problems.size(), 1);
        QCOMPARE(problems.first().option, QStringLiteral("timeout"));
    }
};

QTEST_GUILESS_MAIN(ContestantTest)
#include "tst_contestant.moc"
