// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "iteratortest.h"
#endif

#include <type_traits>

using namespace PoolTest;

static_assert(!std::is_copy_constructible_v<ResultIterator>, "S4.6: its results can be gone through once");

/// The results of a job one by one: their order, their end, and the errors among them.
class ResultIteratorTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
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
        for (const IteratorMethod method : methods) {
            ResultIterator results = (pool.*method)("square", numbers(100), {});
            for (const ItemRecord &record : takeAll(results))
                QCOMPARE(record.chunk, record.index);
        }
    }

    void aTimeoutConsumesNothing_data() // S4.7, S6.5
    {
        QTest::addColumn<int>("chunksize");
        for (const int chunksize : {1, 2, 5, 100})
            QTest::addRow("%d", chunksize) << chunksize;
    }
    void aTimeoutConsumesNothing()
    {
        QFETCH(int, chunksize);
        for (const IteratorMethod method : methods) {
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
        for (const IteratorMethod method : methods) {
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
        for (const IteratorMethod method : methods) {
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
        for (const IteratorMethod method : methods) {
            Gates gates;
            ResultIterator results = (pool.*method)(gates.task("logged"), {0, -1, 2, -3, 4, 5}, chunks(3));
            const std::vector<ItemRecord> records = takeAll(results);
            VERIFY_CONSERVED(records, 6);
            QCOMPARE(statuses(byIndex(records)), QStringLiteral("oenenn"));
            QCOMPARE(sorted(gates.runs()), (std::vector<int>{-3, -1, 0}));
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
        for (const IteratorMethod method : methods) {
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
