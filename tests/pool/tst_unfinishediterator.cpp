// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "iteratortest.h"
#endif

#include <QScopeGuard>
#include <QSemaphore>

#include <thread>

using namespace PoolTest;

/// Iterators that are not read to their end, because they are dropped or because the pool ends.
class UnfinishedIteratorTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theItemsOfADroppedIteratorStillRun_data() // S4.6
    {
        QTest::addColumn<int>("taken");
        QTest::addRow("at once") << 0;
        QTest::addRow("half read") << 20;
    }
    void theItemsOfADroppedIteratorStillRun()
    {
        QFETCH(int, taken);
        for (const IteratorMethod method : methods) {
            Gates gates;
            Pool pool(pythonWorkers(2));
            {
                ResultIterator results = (pool.*method)(gates.task("logged"), numbers(200), ahead(2));
                for (int item = 0; item < taken; ++item)
                    QVERIFY(results.next(patience));
            }
            TRY_COMPARE(gates.runs().size(), std::size_t(200));
            pool.close();
            QVERIFY(pool.join(patience));
            QCOMPARE(sorted(gates.runs()), numbers(200));
        }
    }

    void aHalfReadIteratorDoesNotHoldUpTheEnd() // S9.3, S7.2
    {
        for (const IteratorMethod method : methods) {
            Gates gates;
            Pool pool(pythonWorkers(2));
            ResultIterator results = (pool.*method)(gates.task("logged"), numbers(200), ahead(2));
            std::vector<int> values;
            for (int item = 0; item < 5; ++item)
                values.push_back(*results.next<int>(patience));
            pool.close();
            QVERIFY(pool.join(patience));
            QCOMPARE(sorted(gates.runs()), numbers(200));
            for (const int value : takeValues<int>(results))
                values.push_back(value);
            QCOMPARE(sorted(values), numbers(200));
        }
    }

    void resultsThatNobodyTookAreReadableAfterTheEnd() // S7.2, S7.3
    {
        std::optional<ResultIterator> results;
        {
            Pool pool(workers(2));
            results = pool.imap("square", numbers(10), chunks(3));
            pool.close();
            pool.join();
        }
        const std::vector<ItemRecord> records = takeAll(*results);
        VERIFY_CONSERVED(records, 10);
        QCOMPARE(statuses(records), QStringLiteral("oooooooooo"));
    }

    void terminateIsToldOnceThenTheEnd() // S7.3, S7.5
    {
        for (const IteratorMethod method : methods) {
            Gates gates;
            Pool pool(pythonWorkers(1));
            ResultIterator results = (pool.*method)(gates.task(), numbers(50), {});
            gates.open(0);
            gates.open(1);
            TRY_VERIFY(itemsDone(pool) == 2 && gates.began(2));
            pool.terminate();
            for (const int item : {0, 1})
                QCOMPARE(results.next<int>(patience), item);
            VERIFY_THROWS(Cancelled, results.next(patience));
            QVERIFY(!results.next(patience));
            QVERIFY(!results.next());
            pool.join();
        }
    }

    void theRecordsOfATerminatedJobAreComplete() // I1, S7.3
    {
        for (const IteratorMethod method : methods) {
            Gates gates;
            Pool pool(pythonWorkers(1));
            const Counter read = counter();
            ResultIterator results = (pool.*method)(gates.task(), counting(50, read), ahead(4, 3));
            gates.open(0);
            TRY_VERIFY(itemsDone(pool) == 1 && gates.began(1) && read->load() == 12);
            pool.terminate();
            pool.join();
            const std::vector<ItemRecord> records = byIndex(takeAll(results));
            VERIFY_CONSERVED(records, std::size_t(read->load()));
            QCOMPARE(statuses(records), QStringLiteral("occccccccccc"));
            QVERIFY(!results.nextRecord());
        }
    }

    void whoWaitsForAResultIsWokenByTerminate() // S7.5, I2
    {
        Pool pool(workers(1));
        ResultIterator results = pool.imap("sleep_for", {3600});
        std::thread terminator([&pool] {
            while (snapshotOf(pool).workers[0].state != WorkerState::Running)
                std::this_thread::yield();
            pool.terminate();
        });
        const bool cancelled = thrown<Cancelled>([&results] { results.next(); }).has_value();
        terminator.join();
        QVERIFY(cancelled);
        QVERIFY(!results.next());
    }

    void anInputThatNeverEndsEndsWithThePool() // S7.8
    {
        for (const IteratorMethod method : methods) {
            const Counter read = counter();
            Pool pool(workers(2));
            ResultIterator results = (pool.*method)(
                "square", Items::generate([read] { return std::optional<Value>((*read)++); }), {});
            for (int item = 0; item < 3; ++item)
                QVERIFY(results.next(patience));
            pool.terminate();
            QVERIFY(pool.join(patience));
            VERIFY_THROWS(Cancelled, [&] {
                while (results.next(patience)) {
                }
            }());
            while (results.next(patience)) { // what was done behind an item that was cut off is kept
            }
            const int last = *read;
            QCOMPARE(Pool(workers(1)).apply<int>("square", {3}), 9);
            QCOMPARE(read->load(), last); // nobody asks any more
        }
    }

    void anInputThatBlocksHoldsUpNoEnd() // S7.5, S7.8, I2
    {
        for (const IteratorMethod method : methods) {
            const auto gate = std::make_shared<QSemaphore>(3);
            Pool pool(workers(2));
            const auto opener = qScopeGuard([gate] { gate->release(); });
            ResultIterator results = (pool.*method)("square", Items::generate([gate]() {
                                                        gate->acquire();
                                                        return std::optional<Value>(1);
                                                    }),
                                                    {});
            for (int item = 0; item < 3; ++item)
                QVERIFY(results.next(patience));
            pool.terminate();
            VERIFY_THROWS(Cancelled, results.next(patience));
            QVERIFY(!results.next());
            QVERIFY(pool.join(5s));
        }
    }
};

QTEST_GUILESS_MAIN(UnfinishedIteratorTest)
#include "tst_unfinishediterator.moc"
