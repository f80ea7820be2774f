// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "pooltest.h"
#endif

using namespace PoolTest;

class InitializersTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theInitializerRunsOnceInEachProcess() // S8.9, S3.3
    {
        Gates gates;
        PoolOptions options = pythonWorkers(2, 2);
        options.initializer = pythonFile("pooltasks.py:remember_and_log");
        options.initargs = {gates.path()};
        Pool pool(options);
        const AsyncResult result = pool.mapAsync(python("process_id"), numbers(8), chunks(1));
        QVERIFY(result.wait(patience));
        TRY_VERIFY(allReady(pool));
        const std::uint64_t started = snapshotOf(pool).workersStarted;
        pool.close();
        pool.join();
        const QStringList traces = gates.traces();
        QCOMPARE(std::uint64_t(traces.size()), started);
        QCOMPARE(std::set<QString>(traces.begin(), traces.end()).size(), std::size_t(started));
        for (const std::int64_t pid : result.get<std::vector<std::int64_t>>())
            QVERIFY(traces.contains(QString::number(pid)));
        VERIFY_CONSERVED(result.records(), 8);
    }

    void whatTheInitializerSetsIsThere() // S8.9
    {
        PoolOptions options = pythonWorkers(2);
        options.initializer = pythonFile("pooltasks.py:remember");
        options.initargs = {"hello", 42};
        Pool pool(options);
        QCOMPARE(pool.map<QString>(python("remembered"), numbers(10), chunks(1)),
                 std::vector<QString>(10, "hello 42"));
    }

    void anInitializerThatFailsFailsTheJobsOfItsKind_data() // S8.10, I2, I5
    {
        QTest::addColumn<QString>("function");
        QTest::addColumn<QString>("word");
        QTest::addRow("raises") << "initializer_that_raises"
                                << "no licence today";
        QTest::addRow("exits") << "initializer_that_exits"
                               << "9";
    }
    void anInitializerThatFailsFailsTheJobsOfItsKind()
    {
        QFETCH(QString, function);
        QFETCH(QString, word);
        Gates gates;
        PoolOptions options = pythonWorkers(2);
        options.initializer = pythonFile("pooltasks.py:") + function;
        options.initargs = {gates.path()};
        Pool pool(options);
        const AsyncResult first = pool.mapAsync(python("square"), numbers(4));
        const auto error = thrown<PoolFailed>([&first] { first.get(patience); });
        QVERIFY(error);
        QVERIFY2(error->message().contains(word), error->what());
        VERIFY_CONSERVED(first.records(), 4);
        VERIFY_THROWS(PoolFailed, pool.apply(python("square"), {1}));
        QCOMPARE(pool.map<int>("square", numbers(6)), squares(6)); // of another kind
        pool.close();
        QVERIFY(pool.join(patience));
        // Not for ever: at most what was being started anyway, and once more for each call.
        QVERIFY2(gates.traces().size() <= 6, qPrintable(QString::number(gates.traces().size())));
    }

    void aProcessThatFailsToSetUpAndStaysIsEnded() // S8.10, I2
    {
        PoolOptions options = pythonWorkers(2);
        options.initializer = pythonFile("pooltasks.py:start_thread_and_raise");
        options.report = [](const QString &) {};
        Pool pool(options);
        VERIFY_THROWS(PoolFailed, pool.apply(python("square"), {3}));
        pool.close();
        QVERIFY(pool.join(patience));
        QVERIFY(childProcesses().empty());
    }

    void anInitializerThatNeverEndsIsVisible() // S8.11, I2
    {
        Gates gates;
        PoolOptions options = pythonWorkers(1);
        options.initializer = pythonFile("pooltasks.py:gated");
        options.initargs = {1, gates.path()};
        Pool pool(options);
        const AsyncResult result = pool.applyAsync(python("square"), {3});
        TRY_VERIFY(gates.began(1));
        TRY_VERIFY(snapshotOf(pool).workers.at(0).state == WorkerState::Starting);
        QVERIFY(!result.ready());
        pool.terminate();
        QVERIFY(pool.join(patience));
        VERIFY_THROWS(Cancelled, result.get(patience));
    }

    void anInitializerThatDoesNotExistIsRefusedByTheConstructor() // S1.6
    {
        for (const char *name : {"/no/such/file.py:f", "nonsense", "square"}) {
            PoolOptions options = pythonWorkers(1);
            options.initializer = QString::fromLatin1(name);
            VERIFY_THROWS(ValueError, Pool(options));
        }
    }
};

QTEST_GUILESS_MAIN(InitializersTest)
#include "tst_initializers.moc"
