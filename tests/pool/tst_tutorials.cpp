// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "pooltest.h"
#endif

using namespace PoolTest;

/// What the usual introductions to multiprocessing.Pool show first.
class TutorialsTest final : public QObject
{
    Q_OBJECT

    /// Whether each two items ran side by side and no item began before the two before it had a free worker.
    static bool ranInPairs(const std::vector<ItemRecord> &records)
    {
        for (std::size_t item = 1; item < records.size(); item += 2) {
            const ItemRecord &a = records[item - 1];
            const ItemRecord &b = records[item];
            if (a.started >= b.finished || b.started >= a.finished)
                return false;
        }
        for (std::size_t item = 2; item < records.size(); ++item) {
            const std::size_t pair = item / 2 * 2 - 2;
            if (records[item].started < std::min(records[pair].finished, records[pair + 1].finished))
                return false;
        }
        return true;
    }

private Q_SLOTS:
    void mapOfSquare() // S4.1
    {
        Pool pool(workers(4));
        QCOMPARE(pool.map<int>("square", {1, 2, 3, 4}), (std::vector<int>{1, 4, 9, 16}));
    }

    void applyAsyncOfCube()
    {
        Pool pool(workers(2));
        const AsyncResult result = pool.applyAsync("cube", {3});
        QCOMPARE(result.get<int>(), 27);
        QVERIFY(result.successful());
    }

    void starmapOfAdd() // S2.8
    {
        Pool pool(workers(2));
        QCOMPARE(pool.starmap<int>("add", {{1, 2}, {3, 4}, {5, 6}}), (std::vector<int>{3, 7, 11}));
    }

    void imapOfSlowSquareOnTwoProcesses() // S4.2, I4
    {
        Pool pool(workers(2));
        TRY_VERIFY(allReady(pool));
        ResultIterator results = pool.imap("slow_square", {1, 2, 3, 4, 5});
        const std::vector<ItemRecord> records = takeAll(results);
        VERIFY_CONSERVED(records, 5);
        std::vector<int> values;
        for (const ItemRecord &record : records)
            values.push_back(Value::trusted(record.value).to<int>());
        QCOMPARE(values, (std::vector<int>{1, 4, 9, 16, 25}));
        QCOMPARE(mostAtOnce(records), 2);
        QVERIFY(ranInPairs(records));
    }

    void imapUnorderedGivesThemAsTheyFinish() // S4.3
    {
        Pool pool(workers(2));
        TRY_VERIFY(allReady(pool));
        ResultIterator results = pool.imapUnordered("slow_square", {1, 2, 3, 4, 5});
        const std::vector<ItemRecord> records = takeAll(results);
        VERIFY_CONSERVED(records, 5);
        QVERIFY(ranInPairs(byIndex(records)));
        std::vector<std::uint64_t> order;
        for (const ItemRecord &record : records)
            order.push_back(record.index);
        // The two of a second may come in either order.
        std::sort(order.begin(), order.begin() + 2);
        std::sort(order.begin() + 2, order.begin() + 4);
        QCOMPARE(order, (std::vector<std::uint64_t>{0, 1, 2, 3, 4}));
    }

    void contextManager() // S7.4
    {
        std::vector<int> values;
        std::vector<std::int64_t> pids;
        {
            Pool pool(workers(4));
            TRY_VERIFY(allReady(pool));
            pids = pool.pids();
            for (const Value &value : pool.imapUnordered("square", numbers(10)))
                values.push_back(value.to<int>());
        }
        QCOMPARE(sorted(values), squares(10));
        QCOMPARE(pids.size(), std::size_t(4));
        for (const std::int64_t pid : pids)
            QVERIFY(isGone(pid));
    }

    void maxtasksperchild() // S3.1, S3.4
    {
        Pool pool(workers(2, 100));
        ResultIterator results = pool.imapUnordered("square", numbers(1000));
        const std::vector<ItemRecord> records = takeAll(results);
        VERIFY_CONSERVED(records, 1000);
        std::map<std::int64_t, int> chunksOf;
        for (const ItemRecord &record : records)
            ++chunksOf[record.pid];
        std::uint64_t spent = 0;
        for (const auto &[pid, chunks] : chunksOf) {
            QVERIFY(chunks <= 100);
            spent += chunks == 100;
        }
        QVERIFY(spent >= 9); // at most two have chunks left to run
        TRY_COMPARE(snapshotOf(pool).workersStarted, 2 + spent);
        for (const std::int64_t pid : pool.pids())
            QVERIFY(!chunksOf.contains(pid) || chunksOf[pid] < 100);
    }
};

QTEST_GUILESS_MAIN(TutorialsTest)
#include "tst_tutorials.moc"
