// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "pooltest.h"
#endif

using namespace PoolTest;

/// Processes that are replaced after so many chunks.
class MaxTasksPerChildTest final : public QObject
{
    Q_OBJECT

    /// Which process ran the items, as a letter each: "aabbcc".
    static QString processes(const std::vector<ItemRecord> &records)
    {
        std::map<std::int64_t, char> letters;
        QString all;
        for (const ItemRecord &record : records)
            all += QLatin1Char(letters.try_emplace(record.pid, char('a' + letters.size())).first->second);
        return all;
    }

private Q_SLOTS:
    void maxtasksperchildCountsChunks_data() // S3.1, S3.2, S3.6
    {
        QTest::addColumn<int>("maxtasksperchild");
        QTest::addColumn<int>("items");
        QTest::addColumn<int>("chunksize");
        QTest::addColumn<QString>("processes");
        QTest::addRow("two chunks of one") << 2 << 6 << 1 << "aabbcc";
        QTest::addRow("two chunks of three") << 2 << 6 << 3 << "aaaaaa";
        QTest::addRow("two chunks of three and a rest") << 2 << 7 << 3 << "aaaaaab";
        QTest::addRow("one chunk of three") << 1 << 6 << 3 << "aaabbb";
        QTest::addRow("one chunk of one") << 1 << 4 << 1 << "abcd";
    }
    void maxtasksperchildCountsChunks()
    {
        QFETCH(int, maxtasksperchild);
        QFETCH(int, items);
        QFETCH(int, chunksize);
        QFETCH(QString, processes);
        for (const auto &settings : {workers(1, maxtasksperchild), pythonWorkers(1, maxtasksperchild)}) {
            const bool interpreted = settings.kind == TaskKind::Python;
            const Task task = interpreted ? python("same") : Task("echo");
            for (const char *method : {"imap", "map", "imapUnordered"}) {
                Pool pool(settings);
                std::vector<ItemRecord> records;
                if (method == std::string_view("map")) {
                    const AsyncResult result = pool.mapAsync(task, numbers(items), chunks(chunksize));
                    QVERIFY(result.wait(patience));
                    records = result.records();
                } else {
                    ResultIterator results =
                        method == std::string_view("imap")
                            ? pool.imap(task, numbers(items), chunks(chunksize))
                            : pool.imapUnordered(task, numbers(items), chunks(chunksize));
                    records = takeAll(results);
                }
                VERIFY_CONSERVED(records, std::size_t(items));
                QCOMPARE(MaxTasksPerChildTest::processes(records), processes);
                QCOMPARE(mostAtOnce(records), 1);
                for (std::size_t item = 0; item < records.size(); ++item) {
                    QCOMPARE(records[item].worker, 0u);
                    QCOMPARE(int(records[item].generation), processes[qsizetype(item)].unicode() - 'a' + 1);
                }
                if (interpreted)
                    break; // it counts the same for all methods, and its processes take longer to start
            }
        }
    }

    void maxtasksperchildCountsCallsAndFailures() // S3.1, S3.3
    {
        Pool pool(pythonWorkers(1, 2));
        std::vector<AsyncResult> results;
        for (const int item : {1, -2, -3, 4, 5})
            results.push_back(pool.applyAsync(python("raise_negative"), {item}));
        std::vector<ItemRecord> records;
        for (const AsyncResult &result : results) {
            QVERIFY(result.wait(patience));
            records.push_back(result.records()[0]);
        }
        QCOMPARE(statuses(records), QStringLiteral("oeeoo"));
        QCOMPARE(processes(records), QStringLiteral("aabbc"));
    }

    void aProcessThatHasDoneItsChunksIsReplacedAtOnce_data() // S3.4
    {
        QTest::addColumn<int>("processes");
        QTest::addColumn<int>("maxtasksperchild");
        QTest::addColumn<int>("chunkCount");
        QTest::addColumn<quint64>("started");
        QTest::addRow("one, two each, six") << 1 << 2 << 6 << quint64(4);
        QTest::addRow("one, two each, seven") << 1 << 2 << 7 << quint64(4);
        QTest::addRow("three, one each, nine") << 3 << 1 << 9 << quint64(12);
    }
    void aProcessThatHasDoneItsChunksIsReplacedAtOnce()
    {
        QFETCH(int, processes);
        QFETCH(int, maxtasksperchild);
        QFETCH(int, chunkCount);
        QFETCH(quint64, started);
        Pool pool(workers(processes, maxtasksperchild));
        QCOMPARE(pool.map<int>("square", numbers(chunkCount), chunks(1)), squares(chunkCount));
        TRY_COMPARE(quint64(snapshotOf(pool).workersStarted), started);
        TRY_VERIFY(allReady(pool));
        QCOMPARE(snapshotOf(pool).workersLost, 0u);
        QCOMPARE(quint64(snapshotOf(pool).workersStarted), started);
        TRY_COMPARE(childProcesses().size(), std::size_t(processes));
    }

    void theStateOfAProcessEndsWithIt() // S3.5
    {
        Pool recycled(pythonWorkers(1, 2));
        QCOMPARE(recycled.map<int>(python("calls_in_this_process"), numbers(6), chunks(1)),
                 (std::vector<int>{1, 2, 1, 2, 1, 2}));
        Pool kept(pythonWorkers(1));
        QCOMPARE(kept.map<int>(python("calls_in_this_process"), numbers(6), chunks(1)), numbers(6, 1));
    }

    void neverMoreAtWorkThanProcesses() // I4
    {
        for (const auto &settings : {workers(2, 1), pythonWorkers(2, 1)}) {
            Pool pool(settings);
            const Task task = settings.kind == TaskKind::Python ? python("square") : Task("square");
            const AsyncResult result = pool.mapAsync(task, numbers(20), chunks(1));
            QCOMPARE(result.get<std::vector<int>>(patience), squares(20));
            QVERIFY(mostAtOnce(result.records()) <= 2);
            VERIFY_CONSERVED(result.records(), 20);
        }
    }

    void processesThatDoNotEndHoldUpNothing() // S3.4, I2
    {
        Gates gates;
        Pool pool(pythonWorkers(2, 2));
        const AsyncResult result = pool.mapAsync(gates.task("slow_exit"), numbers(6), chunks(1));
        QCOMPARE(result.get<std::vector<int>>(patience), numbers(6));
        VERIFY_CONSERVED(result.records(), 6);
        QCOMPARE(pool.apply<int>(gates.task("slow_exit"), {7}), 7);
        pool.close();
        QVERIFY(pool.join(patience));
        QVERIFY(childProcesses().empty());
    }
};

QTEST_GUILESS_MAIN(MaxTasksPerChildTest)
#include "tst_maxtasksperchild.moc"
