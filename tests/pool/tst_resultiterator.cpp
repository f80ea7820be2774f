// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "pooltest.h"
#endif

#include <QScopeGuard>
#include <QSemaphore>

#include <atomic>
#include <thread>

using namespace PoolTest;

namespace {

class BrokenInput final : public std::runtime_error
{
public:
    BrokenInput() : std::runtime_error("the input broke") {}
};

/// Counts what is read of an input; may outlive the test.
using Counter = std::shared_ptr<std::atomic<int>>;

Counter counter()
{
    return std::make_shared<std::atomic<int>>(0);
}

/// 0, 1, 2 ... up to `count`, then ends or throws.
Items counting(int count, const Counter &read, bool throws = false)
{
    return Items::generate([=]() -> std::optional<Value> {
        if (*read == count) {
            if (throws)
                throw BrokenInput();
            return std::nullopt;
        }
        return Value((*read)++);
    });
}

} // namespace

class ResultIteratorTest final : public QObject
{
    Q_OBJECT

    using Method = ResultIterator (Pool::*)(const Task &, Items, const CallOptions &);
    static constexpr std::array<Method, 2> methods = {&Pool::imap, &Pool::imapUnordered};

    static CallOptions ahead(int buffersize, int chunksize = 1)
    {
        CallOptions options = chunks(chunksize);
        options.buffersize = buffersize;
        return options;
    }

private Q_SLOTS:
    // ---- order

    void orderedResultsWaitForTheSlowFirst() // S4.2
    {
        Gates gates;
        Pool pool(pythonWorkers(2));
        ResultIterator results = pool.imap(gates.task(), numbers(6));
        for (int item = 1; item < 6; ++item)
            gates.open(item);
        TRY_VERIFY(gates.runs().size() == 6);
        VERIFY_THROWS(TimeoutError, results.next(0s));
        gates.open(0);
        QCOMPARE(takeValues<int>(results), numbers(6));
        QCOMPARE(sorted(gates.runs()), numbers(6));
    }

    void unorderedResultsComeAsTheyFinish() // S4.3
    {
        Gates gates;
        Pool pool(pythonWorkers(4));
        ResultIterator results = pool.imapUnordered(gates.task(), numbers(4));
        for (const int item : {3, 1, 2, 0}) {
            VERIFY_THROWS(TimeoutError, results.next(0s));
            gates.open(item);
            QCOMPARE(results.next<int>(patience), item);
        }
        QVERIFY(!results.next());
    }

    void aChunkComesBackAsAWhole() // S4.4
    {
        Gates gates;
        Pool pool(pythonWorkers(2));
        ResultIterator results = pool.imapUnordered(gates.task(), numbers(6), chunks(3));
        gates.open(0);
        gates.open(1);
        TRY_VERIFY(gates.began(2));
        VERIFY_THROWS(TimeoutError, results.next(0s));
        for (const int item : {3, 4, 5})
            gates.open(item);
        for (const int item : {3, 4, 5})
            QCOMPARE(results.next<int>(patience), item);
        VERIFY_THROWS(TimeoutError, results.next(0s));
        gates.open(2);
        QCOMPARE(takeValues<int>(results), numbers(3));
    }

    void theChunkSizeIsOneUnlessGiven() // S2.3
    {
        Pool pool(workers(2));
        for (const Method method : methods) {
            ResultIterator results = (pool.*method)("square", numbers(100), {});
            for (const ItemRecord &record : takeAll(results))
                QCOMPARE(record.chunk, record.index);
        }
    }

    // ---- next

    void aTimeoutConsumesNothing_data() // S4.7, S6.5
    {
        QTest::addColumn<int>("chunksize");
        for (const int chunksize : {1, 2, 5, 100})
            QTest::addRow("%d", chunksize) << chunksize;
    }
    void aTimeoutConsumesNothing()
    {
        QFETCH(int, chunksize);
        for (const Method method : methods) {
            Gates gates;
            Pool pool(pythonWorkers(1));
            ResultIterator results = (pool.*method)(gates.task(), numbers(10), chunks(chunksize));
            for (const std::chrono::nanoseconds timeout : {-1ns, 0ns, 1'000'000ns}) {
                VERIFY_THROWS(TimeoutError, results.next(timeout));
                VERIFY_THROWS(TimeoutError, results.next<int>(timeout));
                VERIFY_THROWS(TimeoutError, results.nextRecord(timeout));
            }
            gates.openAll();
            QCOMPARE(takeValues<int>(results), numbers(10));
            QCOMPARE(gates.runs(), numbers(10));
        }
    }

    void theEndRepeats() // S4.6, S6.5
    {
        Pool pool(workers(2));
        for (const Method method : methods) {
            ResultIterator results = (pool.*method)("square", numbers(3), {});
            QCOMPARE(sorted(takeValues<int>(results)), squares(3));
            for (int round = 0; round < 3; ++round) {
                QVERIFY(!results.next());
                QVERIFY(!results.next(0s));
                QVERIFY(!results.next(patience));
                QVERIFY(!results.nextRecord());
                QVERIFY(results.begin() == results.end());
            }
        }
    }

    void anIteratorMayBeMoved()
    {
        Pool pool(workers(2));
        ResultIterator first = pool.imap("square", numbers(4));
        QCOMPARE(first.next<int>(), 0);
        ResultIterator second = std::move(first);
        QCOMPARE(second.next<int>(), 1);
        first = std::move(second);
        QCOMPARE(takeValues<int>(first), (std::vector<int>{4, 9}));
    }

    // ---- errors

    void anErrorStandsAtItsPlace() // S5.6
    {
        Pool pool(pythonWorkers(2));
        ResultIterator results = pool.imap(python("raise_negative"), {0, -1, 2, -3, 4, 5});
        QStringList seen;
        for (bool more = true; more;) {
            try {
                const std::optional<Value> value = results.next(patience);
                more = value.has_value();
                seen << (value ? QString::fromStdString(value->json()) : QStringLiteral("end"));
            } catch (const TaskFailed &error) {
                seen << QStringLiteral("%1 at %2").arg(error.taskMessage()).arg(error.index());
            }
        }
        QCOMPARE(seen, (QStringList{"0", "bad -1 at 1", "2", "bad -3 at 3", "4", "5", "end"}));
    }

    void aLoopGoesOnBehindAnError() // S5.6
    {
        Pool pool(pythonWorkers(2));
        ResultIterator results = pool.imap(python("raise_negative"), {0, 1, -2, 3, 4});
        std::vector<int> values;
        const auto loop = [&] {
            for (const Value &value : results)
                values.push_back(value.to<int>());
        };
        VERIFY_THROWS(TaskFailed, loop());
        QCOMPARE(values, (std::vector<int>{0, 1}));
        loop();
        QCOMPARE(values, (std::vector<int>{0, 1, 3, 4}));
        loop();
        QCOMPARE(values.size(), std::size_t(4));
    }

    void theChunksBehindAnErrorAreDelivered_data() // S5.4, S5.5, S5.7
    {
        QTest::addColumn<int>("chunksize");
        QTest::addColumn<QString>("raise");
        QTest::addRow("1") << 1 << "0 E 2 E 4 5";
        QTest::addRow("2") << 2 << "0 E 2 E 4 5";
        QTest::addRow("3") << 3 << "0 E E";
        QTest::addRow("4") << 4 << "0 E 4 5";
        QTest::addRow("6") << 6 << "0 E";
    }
    void theChunksBehindAnErrorAreDelivered()
    {
        QFETCH(int, chunksize);
        QFETCH(QString, raise);
        Pool pool(pythonWorkers(1));
        for (const Method method : methods) {
            for (const OnError onError : {OnError::Raise, OnError::Collect}) {
                ResultIterator results = (pool.*method)(python("raise_negative"), {0, -1, 2, -3, 4, 5},
                                                        chunks(chunksize, onError));
                QStringList seen;
                for (bool more = true; more;) {
                    try {
                        const std::optional<int> value = results.next<int>(patience);
                        more = value.has_value();
                        if (value)
                            seen << QString::number(*value);
                    } catch (const TaskFailed &) {
                        seen << QStringLiteral("E");
                    }
                }
                QCOMPARE(seen.join(' '), onError == OnError::Raise ? raise : QStringLiteral("0 E 2 E 4 5"));
            }
        }
    }

    void everyRecordComesByOnce() // I1, S5.4
    {
        Pool pool(pythonWorkers(2));
        for (const Method method : methods) {
            Gates gates;
            ResultIterator results = (pool.*method)(gates.task("logged"), {0, -1, 2, -3, 4, 5}, chunks(3));
            const std::vector<ItemRecord> records = takeAll(results);
            VERIFY_CONSERVED(records, 6);
            QCOMPARE(statuses(byIndex(records)), QStringLiteral("oenenn"));
            QCOMPARE(sorted(gates.runs()), (std::vector<int>{-3, -1, 0}));
        }
    }

    // ---- the input

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
        for (const Method method : methods) {
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
        for (const Method method : methods) {
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

    // ---- dropping, closing, terminating

    void theItemsOfADroppedIteratorStillRun_data() // S4.6
    {
        QTest::addColumn<int>("taken");
        QTest::addRow("at once") << 0;
        QTest::addRow("half read") << 20;
    }
    void theItemsOfADroppedIteratorStillRun()
    {
        QFETCH(int, taken);
        for (const Method method : methods) {
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
        for (const Method method : methods) {
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
        for (const Method method : methods) {
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
        for (const Method method : methods) {
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
        for (const Method method : methods) {
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
        for (const Method method : methods) {
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

    void whatIsWrongIsSaidAtTheCall_data() // S1.7, S1.8
    {
        QTest::addColumn<int>("chunksize");
        QTest::addColumn<int>("buffersize");
        QTest::addColumn<QString>("word");
        QTest::addRow("chunksize 0") << 0 << 1 << "chunksize";
        QTest::addRow("chunksize -1") << -1 << 1 << "chunksize";
        QTest::addRow("buffersize 0") << 1 << 0 << "buffersize";
        QTest::addRow("buffersize -3") << 1 << -3 << "buffersize";
    }
    void whatIsWrongIsSaidAtTheCall()
    {
        QFETCH(int, chunksize);
        QFETCH(int, buffersize);
        QFETCH(QString, word);
        Pool pool(workers(1));
        for (const Method method : methods) {
            const Counter read = counter();
            const auto error = thrown<ValueError>(
                [&] { (pool.*method)("square", counting(3, read), ahead(buffersize, chunksize)); });
            QVERIFY(error);
            QVERIFY2(error->message().contains(word, Qt::CaseInsensitive), error->what());
            QVERIFY2(error->message().contains(QString::number(std::min(chunksize, buffersize))),
                     error->what());
            QCOMPARE(read->load(), 0);
        }
    }
};

QTEST_GUILESS_MAIN(ResultIteratorTest)
#include "tst_resultiterator.moc"
