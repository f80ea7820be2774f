// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "pooltest.h"
#endif

using namespace PoolTest;

/// The chunks that the items of a job are handed out in, down to no items at all.
class ChunksTest final : public QObject
{
    Q_OBJECT

    /// Sizes of the chunks, in the order of the items.
    static std::vector<int> chunkSizes(const std::vector<ItemRecord> &records)
    {
        std::vector<int> sizes;
        std::optional<std::uint64_t> last;
        for (const ItemRecord &record : records) {
            if (record.chunk != last)
                sizes.push_back(0);
            ++sizes.back();
            last = record.chunk;
        }
        return sizes;
    }

private Q_SLOTS:
    void theChunkSizeFollowsFromTheLength_data() // S2.1, S2.2
    {
        QTest::addColumn<int>("processes");
        QTest::addColumn<int>("length");
        QTest::addColumn<int>("chunksize");
        const std::map<int, std::vector<std::pair<int, int>>> table = {
            {1, {{1, 1}, {4, 1}, {5, 2}, {8, 2}, {9, 3}, {17, 5}, {33, 9}, {100, 25}, {1000, 250}}},
            {2, {{8, 1}, {9, 2}, {16, 2}, {17, 3}, {33, 5}, {100, 13}, {1000, 125}}},
            {3, {{9, 1}, {15, 2}, {31, 3}, {33, 3}, {100, 9}, {1000, 84}}},
            {4, {{16, 1}, {17, 2}, {33, 3}, {100, 7}, {1000, 63}}},
        };
        for (const auto &[processes, rows] : table)
            for (const auto &[length, chunksize] : rows)
                QTest::addRow("%d processes, %d items", processes, length)
                    << processes << length << chunksize;
    }
    void theChunkSizeFollowsFromTheLength()
    {
        QFETCH(int, processes);
        QFETCH(int, length);
        QFETCH(int, chunksize);
        Pool pool(workers(processes));
        std::vector<std::pair<int, int>> rows(std::size_t(length), {1, 2});
        for (const AsyncResult &result :
             {pool.mapAsync("square", numbers(length)), pool.starmapAsync("add", rows)}) {
            QVERIFY(result.wait(patience));
            VERIFY_CONSERVED(result.records(), std::size_t(length));
            std::vector<int> sizes = chunkSizes(result.records());
            QCOMPARE(sizes.size(), std::size_t((length + chunksize - 1) / chunksize));
            QCOMPARE(sizes.back(), length - chunksize * int(sizes.size() - 1));
            sizes.pop_back();
            QCOMPARE(sizes, std::vector<int>(sizes.size(), chunksize));
        }
    }

    void theChunkSizeDoesNotDependOnWhoIsAlive() // S2.5
    {
        Pool pool(workers(4, 1));
        for (int round = 0; round < 5; ++round) {
            const AsyncResult result = pool.mapAsync("square", numbers(64));
            QCOMPARE(result.get<std::vector<int>>(patience), squares(64));
            QCOMPARE(chunkSizes(result.records()), std::vector<int>(16, 4));
        }
    }

    void aChunkSizeThatIsGivenIsTaken_data() // S2.2
    {
        QTest::addColumn<int>("length");
        QTest::addColumn<int>("chunksize");
        QTest::addColumn<QString>("sizes");
        QTest::addRow("even") << 6 << 3 << "3 3";
        QTest::addRow("a rest") << 7 << 3 << "3 3 1";
        QTest::addRow("one") << 3 << 1 << "1 1 1";
        QTest::addRow("all") << 5 << 5 << "5";
        QTest::addRow("more than all") << 5 << 100 << "5";
    }
    void aChunkSizeThatIsGivenIsTaken()
    {
        QFETCH(int, length);
        QFETCH(int, chunksize);
        QFETCH(QString, sizes);
        Pool pool(workers(2));
        const AsyncResult map = pool.mapAsync("square", numbers(length), chunks(chunksize));
        ResultIterator ordered = pool.imap("square", numbers(length), chunks(chunksize));
        ResultIterator unordered = pool.imapUnordered("square", numbers(length), chunks(chunksize));
        QVERIFY(map.wait(patience));
        for (const auto &records : {map.records(), takeAll(ordered), byIndex(takeAll(unordered))}) {
            VERIFY_CONSERVED(records, std::size_t(length));
            QStringList seen;
            for (const int size : chunkSizes(records))
                seen << QString::number(size);
            QCOMPARE(seen.join(' '), sizes);
            std::map<std::uint64_t, std::int64_t> processOf;
            for (const ItemRecord &record : records)
                QCOMPARE(processOf.try_emplace(record.chunk, record.pid).first->second, record.pid);
        }
    }

    void aChunkSizeThatMakesNoSenseIsRefused() // S1.7, S1.8
    {
        Pool pool(workers(1));
        for (const int chunksize : {0, -1, -100}) {
            VERIFY_THROWS(ValueError, pool.map("square", {1}, chunks(chunksize)));
            VERIFY_THROWS(ValueError, pool.mapAsync("square", {1}, chunks(chunksize)));
            VERIFY_THROWS(ValueError, pool.starmap("add", {{1, 2}}, chunks(chunksize)));
            VERIFY_THROWS(ValueError, pool.imap("square", {1}, chunks(chunksize)));
        }
        QCOMPARE(snapshotOf(pool).openJobs, 0u);
    }

    void emptyInputs() // S2.6
    {
        Pool pool(workers(1));
        const std::vector<int> nothing;
        QVERIFY(pool.map("square", {}).empty());
        QVERIFY(pool.map("square", nothing, chunks(7)).empty());
        QVERIFY(pool.starmap("add", nothing).empty());
        const AsyncResult result = pool.mapAsync("square", nothing);
        QVERIFY(result.ready()); // at return
        QVERIFY(result.successful());
        QCOMPARE(result.get().json(), std::string("[]"));
        VERIFY_CONSERVED(result.records(), 0);
        const AsyncResult generated =
            pool.mapAsync("square", Items::generate([]() -> std::optional<Value> { return {}; }));
        QVERIFY(generated.values().empty());
        QVERIFY(!pool.imap("square", nothing).next());
        QVERIFY(!pool.imapUnordered("square", nothing, chunks(3)).nextRecord());
    }

    void aBusyPoolAnswersAnEmptyInputAtOnce() // S2.6
    {
        Pool pool(workers(1));
        const AsyncResult endless = pool.applyAsync("sleep_for", {3600});
        QVERIFY(pool.mapAsync("square", std::vector<int>()).ready());
        QVERIFY(!pool.imap("square", std::vector<int>()).next(patience));
        QVERIFY(!endless.ready());
    }
};

QTEST_GUILESS_MAIN(ChunksTest)
#include "tst_chunks.moc"
