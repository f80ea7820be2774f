// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "iteratortest.h"
#endif

#include <QSemaphore>

#include <thread>

using namespace PoolTest;

/// How the input of a job is read: when, by whom, how far ahead, and what is wrong with it.
class JobInputTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anInputThatThrowsEndsAfterTheChunksBeforeIt_data() // S5.13
    {
        QTest::addColumn<int>("good");
        QTest::addColumn<int>("chunksize");
        QTest::addColumn<int>("delivered");
        QTest::addRow("two, one by one") << 2 << 1 << 2;
        QTest::addRow("two in a chunk") << 2 << 2 << 2;
        QTest::addRow("two of a chunk of four") << 2 << 4 << 0;
        QTest::addRow("seven in chunks of two") << 7 << 2 << 6;
        QTest::addRow("seven in chunks of four") << 7 << 4 << 4;
        QTest::addRow("none") << 0 << 1 << 0;
        QTest::addRow("none in a chunk of four") << 0 << 4 << 0;
    }
    void anInputThatThrowsEndsAfterTheChunksBeforeIt()
    {
        QFETCH(int, good);
        QFETCH(int, chunksize);
        QFETCH(int, delivered);
        Pool pool(pythonWorkers(2));
        for (const IteratorMethod method : methods) {
            Gates gates;
            ResultIterator results =
                (pool.*method)(gates.task("logged"), counting(good, counter(), true), chunks(chunksize));
            std::vector<int> values;
            VERIFY_THROWS(BrokenInput, [&] {
                while (const std::optional<int> value = results.next<int>(patience))
                    values.push_back(*value);
            }());
            QCOMPARE(sorted(values), numbers(delivered));
            QVERIFY(!results.next(patience));
            QVERIFY(!results.next());
            QCOMPARE(sorted(gates.runs()), numbers(delivered)); // the others never run
        }
        QCOMPARE(pool.apply<int>(python("square"), {3}), 9); // I5
    }

    void theRecordsOfAnInputThatThrowsAreComplete() // S5.13, I1
    {
        Pool pool(pythonWorkers(2));
        const Counter read = counter();
        ResultIterator results = pool.imap(python("same"), counting(7, read, true), chunks(4));
        std::vector<ItemRecord> records;
        VERIFY_THROWS(BrokenInput, [&] {
            while (std::optional<ItemRecord> record = results.nextRecord(patience))
                records.push_back(*record);
        }());
        for (ItemRecord &record : takeAll(results))
            records.push_back(std::move(record));
        // The unfinished chunk was read, but is no part of the job.
        VERIFY_CONSERVED(records, 4);
        QCOMPARE(statuses(records), QStringLiteral("oooo"));
    }

    void anInputIsReadInAnotherThreadOneItemAtATime() // S9.1
    {
        struct Seen
        {
            std::mutex mutex;
            std::set<std::thread::id> threads;
            std::atomic<int> atWork = 0;
            std::atomic<bool> overlapped = false;
        };
        const auto seen = std::make_shared<Seen>();
        Pool pool(workers(2));
        ResultIterator results =
            pool.imap("square", Items::generate([seen, next = 0]() mutable -> std::optional<Value> {
                          if (++seen->atWork > 1)
                              seen->overlapped = true;
                          {
                              const std::lock_guard lock(seen->mutex);
                              seen->threads.insert(std::this_thread::get_id());
                          }
                          --seen->atWork;
                          return next < 1000 ? std::optional<Value>(next++) : std::nullopt;
                      }));
        QCOMPARE(takeValues<int>(results), squares(1000));
        QVERIFY(!seen->overlapped);
        QVERIFY(!seen->threads.contains(std::this_thread::get_id()));
    }

    void readAheadIsBounded_data() // S9.3
    {
        QTest::addColumn<int>("buffersize");
        QTest::addColumn<int>("chunksize");
        QTest::addRow("1 x 1") << 1 << 1;
        QTest::addRow("1 x 10") << 1 << 10;
        QTest::addRow("3 x 1") << 3 << 1;
        QTest::addRow("4 x 7") << 4 << 7;
        QTest::addRow("20 x 2") << 20 << 2;
    }
    void readAheadIsBounded()
    {
        QFETCH(int, buffersize);
        QFETCH(int, chunksize);
        const int count = 300;
        const int bound = buffersize * chunksize;
        Pool pool(workers(3));
        for (const IteratorMethod method : methods) {
            const Counter read = counter();
            ResultIterator results =
                (pool.*method)("square", counting(count, read), ahead(buffersize, chunksize));
            TRY_VERIFY(read->load() >= std::min(bound, count)); // it does read ahead
            int taken = 0;
            int most = 0;
            std::vector<int> values;
            while (const std::optional<int> value = results.next<int>(patience)) {
                // What is read meanwhile may count on the item that was just taken, and on no more.
                most = std::max(most, read->load() - ++taken);
                values.push_back(*value);
            }
            QVERIFY2(most <= bound, qPrintable(QString::number(most)));
            QCOMPARE(sorted(values), squares(count));
            QCOMPARE(read->load(), count);
        }
    }

    void nobodyTakesAnythingAndNothingGrows() // S9.3: the default is finite
    {
        Pool pool(workers(2));
        const Counter read = counter();
        ResultIterator results = pool.imap("square", counting(1'000'000, read));
        int before = -1;
        TRY_VERIFY(read->load() > 0);
        // Other jobs run to their end meanwhile: the pool had the time to read on if it were to.
        while (before != read->load()) {
            before = read->load();
            QCOMPARE(pool.map<int>("square", numbers(2000)), squares(2000));
        }
        QVERIFY2(before <= 10'000, qPrintable(QString::number(before)));
        QCOMPARE(results.next<int>(patience), 0);
        pool.terminate();
    }

    void anOrderedJobBehindASlowFirstItemIsBounded() // S9.3
    {
        Gates gates;
        Pool pool(pythonWorkers(2));
        const Counter read = counter();
        ResultIterator results = pool.imap(gates.task(), counting(1000, read), ahead(8));
        for (int item = 1; item < 1000; ++item)
            gates.open(item);
        TRY_VERIFY(gates.runs().size() == 8);
        QCOMPARE(pool.apply<int>(python("same"), {1}), 1);
        QCOMPARE(read->load(), 8);
        gates.openAll();
        QCOMPARE(takeValues<int>(results), numbers(1000));
    }

    void anInputThatWaitsHoldsUpItsOwnJobOnly() // S9.4
    {
        const auto gate = std::make_shared<QSemaphore>();
        Pool pool(workers(2));
        ResultIterator waiting = pool.imap("square", Items::generate([gate, next = 0]() mutable {
                                               gate->acquire();
                                               return next < 3 ? std::optional<Value>(next++) : std::nullopt;
                                           }));
        QCOMPARE(pool.applyAsync("square", {5}).get<int>(patience), 25);
        ResultIterator other = pool.imap("square", numbers(100));
        QCOMPARE(takeValues<int>(other), squares(100));
        gate->release();
        QCOMPARE(waiting.next<int>(patience), 0);
        VERIFY_THROWS(TimeoutError, waiting.next(0s));
        gate->release(3);
        QCOMPARE(takeValues<int>(waiting), (std::vector<int>{1, 4}));
    }

    void aMapTakesAGeneratorWholeInTheCallersThread() // S2.4
    {
        Gates gates;
        Pool pool(pythonWorkers(1));
        std::set<std::thread::id> threads;
        int read = 0;
        const AsyncResult result =
            pool.mapAsync(gates.task(), Items::generate([&]() -> std::optional<Value> {
                              threads.insert(std::this_thread::get_id());
                              return read < 5000 ? std::optional<Value>(read++) : std::nullopt;
                          }));
        QCOMPARE(read, 5000);
        QCOMPARE(threads, std::set{std::this_thread::get_id()});
        QVERIFY(!result.ready());
        gates.openAll();
        QCOMPARE(result.get<std::vector<int>>(patience), numbers(5000));
        VERIFY_CONSERVED(result.records(), 5000);
    }

    void inputsOfTheCommandLineWorkHereToo()
    {
        Pool pool(workers(2));
        ResultIterator results = pool.imap("square", Items::input("range:10"));
        QCOMPARE(takeValues<int>(results), squares(10));
        QCOMPARE(pool.map<int>("square", Items::input("range:2:5")), squares(3, 2));
        VERIFY_THROWS(ValueError, Items::input("range:x"));
        VERIFY_THROWS(ValueError, Items::input("/no/such/file.txt"));
    }
};

QTEST_GUILESS_MAIN(JobInputTest)
#include "tst_jobinput.moc"
