// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "pooltest.h"
#endif

#include <QSemaphore>

#include <atomic>
#include <mutex>
#include <thread>

using namespace PoolTest;
using State = AsyncResult::State;
using Callback = AsyncResult::Callback;

namespace {

CallOptions logsTo(const Log &log, const QString &name = {})
{
    CallOptions options;
    options.callback = [log, name](const Value &value) {
        log.add(name + QStringLiteral("ok ") + QString::fromStdString(value.json()));
    };
    options.errorCallback = [log, name](const std::exception &error) {
        log.add(name + QStringLiteral("error ") + QString::fromUtf8(error.what()));
    };
    return options;
}

} // namespace

class AsyncResultTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    // ---- get, wait, ready, successful

    void aValueMayBeFetchedRepeatedly() // S6.1
    {
        Pool pool(pythonWorkers(2));
        const AsyncResult result = pool.applyAsync(python("square"), {3});
        const AsyncResult copy = result; // NOLINT: copies see the same
        for (int round = 0; round < 3; ++round)
            QCOMPARE(result.get<int>(), 9);
        QCOMPARE(copy.get<int>(0s), 9);
        VERIFY_CONSERVED(copy.records(), 1);
    }

    void anErrorIsTheSameEachTime() // S5.1, S6.1
    {
        Pool pool(pythonWorkers(2));
        const AsyncResult result = pool.applyAsync(python("raise_negative"), {-3});
        for (int round = 0; round < 3; ++round) {
            const auto error = thrown<TaskFailed>([&] { round == 1 ? result.get(patience) : result.get(); });
            QVERIFY(error);
            QCOMPARE(error->type(), QStringLiteral("ValueError"));
            QCOMPARE(error->taskMessage(), QStringLiteral("bad -3"));
            QVERIFY(error->message().contains(QStringLiteral("ValueError: bad -3")));
            QVERIFY2(error->traceback().contains(QStringLiteral("in raise_negative")),
                     qPrintable(error->traceback()));
            QCOMPARE(error->index(), 0u);
        }
        VERIFY_CONSERVED(result.records(), 1);
    }

    void noTimeLeftAsksForWhatIsThere() // S6.1
    {
        Gates gates;
        Pool pool(pythonWorkers(2));
        const AsyncResult result = pool.applyAsync(gates.task(), {3});
        for (const std::chrono::nanoseconds timeout : {0ns, -1ns, std::chrono::nanoseconds(-1h), 1ns})
            VERIFY_THROWS(TimeoutError, result.get(timeout));
        QVERIFY(!result.wait(0s));
        QVERIFY(!result.wait(-1s));
        QVERIFY(!result.ready());
        gates.openAll();
        QVERIFY(result.wait(patience));
        QCOMPARE(result.get<int>(0s), 3);
        QCOMPARE(result.get<int>(-1s), 3);
        QVERIFY(result.wait(-1s));
    }

    void anyTimeIsOneToWait() // S6.1
    {
        PoolOptions options = workers(2);
        options.timeout = std::numeric_limits<double>::infinity();
        options.startTimeout = 1e300;
        Pool pool(options);
        Gates gates;
        CallOptions soon;
        soon.timeout = 0.2;
        const AsyncResult patient = pool.applyAsync(gates.task(), {1});
        TRY_COMPARE(gates.runs().size(), 1u);
        VERIFY_THROWS(WorkerLost, pool.applyAsync(gates.task(), {2}, soon).get(patience));
        gates.openAll();
        QCOMPARE(patient.get<int>(std::chrono::nanoseconds::max()), 1);
        QVERIFY(patient.wait(std::chrono::nanoseconds::min()));

        ResultIterator results = pool.imap("square", {3});
        QCOMPARE(results.next<int>(std::chrono::nanoseconds::max()), std::optional(9));
        pool.close();
        QVERIFY(pool.join(std::chrono::nanoseconds::max()));
    }

    void aTimeoutCancelsNothing() // S6.1, I3
    {
        Gates gates;
        Pool pool(pythonWorkers(2));
        const AsyncResult result = pool.applyAsync(gates.task(), {3});
        TRY_VERIFY(gates.began(3));
        VERIFY_THROWS(TimeoutError, result.get(20ms));
        gates.openAll();
        QCOMPARE(result.get<int>(patience), 3);
        QCOMPARE(gates.runs(), std::vector<int>{3});
    }

    void aTasksOwnTimeoutIsAnother() // S6.6
    {
        Pool pool(pythonWorkers(2));
        const AsyncResult result = pool.applyAsync(python("raise_timeout_error"), {1});
        const auto error = thrown<TaskFailed>([&result] { result.get(patience); });
        QVERIFY(error);
        QCOMPARE(error->type(), QStringLiteral("TimeoutError"));
        QCOMPARE(error->taskMessage(), QStringLiteral("the task itself took too long"));
    }

    void successIsKnownWhenItIsReady() // S6.3
    {
        Gates gates;
        Pool pool(pythonWorkers(2));
        const AsyncResult good = pool.applyAsync(gates.task(), {1});
        const AsyncResult bad = pool.mapAsync(gates.task(), {2, -2});
        VERIFY_THROWS(ValueError, good.successful());
        VERIFY_THROWS(ValueError, bad.successful());
        VERIFY_THROWS(ValueError, bad.records());
        const auto error = thrown<ValueError>([&good] { return good.successful(); });
        QVERIFY2(error->message().contains(QStringLiteral("not ready")), what(*error));
        gates.openAll();
        good.wait();
        bad.wait();
        QVERIFY(good.successful());
        QVERIFY(!bad.successful());
        VERIFY_CONSERVED(good.records(), 1);
        VERIFY_CONSERVED(bad.records(), 2);
    }

    void waitNeverThrows() // S6.2
    {
        Pool pool(pythonWorkers(2));
        const AsyncResult result = pool.applyAsync(python("raise_key_error"));
        QVERIFY(result.wait(patience));
        result.wait();
        QVERIFY(result.ready());
        VERIFY_THROWS(TaskFailed, result.get());
    }

    void theStateGoesOneWay()
    {
        Gates gates;
        Pool pool(pythonWorkers(1));
        const AsyncResult first = pool.applyAsync(gates.task(), {1});
        const AsyncResult second = pool.applyAsync(gates.task(), {2});
        TRY_COMPARE(first.state(), State::Running);
        QCOMPARE(second.state(), State::Pending);
        gates.open(1);
        TRY_COMPARE(second.state(), State::Running);
        QCOMPARE(first.state(), State::Ready);
        gates.open(2);
        TRY_COMPARE(second.state(), State::Ready);
        QVERIFY(second.ready());
    }

    void manyThreadsMayWaitForOneResult() // I2
    {
        Gates gates;
        Pool pool(pythonWorkers(2));
        const AsyncResult result = pool.applyAsync(gates.task(), {3});
        std::atomic<int> sum = 0;
        std::vector<std::thread> threads;
        for (int number = 0; number < 8; ++number)
            threads.emplace_back([result, &sum] { sum += result.get<int>(); });
        TRY_VERIFY(gates.began(3));
        gates.openAll();
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(sum, 24);
    }

    void valuesComeAsTheTypeThatIsAskedFor()
    {
        Pool pool(pythonWorkers(2));
        const AsyncResult result = pool.mapAsync(python("same"), {1, 2, 3});
        QCOMPARE(result.get<std::vector<int>>(), (std::vector<int>{1, 2, 3}));
        QCOMPARE(result.values().size(), std::size_t(3));
        QCOMPARE(result.values()[1].to<double>(), 2.0);
        VERIFY_THROWS(ValueError, result.get<int>());
        VERIFY_THROWS(ValueError, result.values()[0].to<QString>());
        QCOMPARE(result.get<std::vector<int>>().size(), std::size_t(3)); // a wrong question changes nothing
    }

    // ---- map and its errors

    void aMapShowsNothingBeforeItsEnd() // S4.1, S6.4
    {
        Gates gates;
        Pool pool(pythonWorkers(2));
        const AsyncResult result = pool.mapAsync(gates.task(), numbers(4), chunks(1));
        for (const int item : {0, 1, 2})
            gates.open(item);
        TRY_VERIFY(gates.began(3));
        VERIFY_THROWS(TimeoutError, result.get(0s));
        VERIFY_THROWS(ValueError, result.records());
        gates.open(3);
        QCOMPARE(result.get<std::vector<int>>(patience), numbers(4));
        QCOMPARE(statuses(result.records()), QStringLiteral("oooo"));
    }

    void aMapThrowsTheErrorOfTheLowestIndexWhateverCameFirst_data() // S5.2, S5.3
    {
        QTest::addColumn<int>("first");
        QTest::addRow("the lower index fails first") << -1;
        QTest::addRow("the higher index fails first") << -3;
    }
    void aMapThrowsTheErrorOfTheLowestIndexWhateverCameFirst()
    {
        QFETCH(int, first);
        Gates gates;
        const std::vector<int> items = {0, -1, 2, -3, 4, 5};
        Pool pool(pythonWorkers(6));
        const AsyncResult result = pool.mapAsync(gates.task(), items, chunks(1));
        gates.open(first);
        // By a worker of the six that is free again: the first error was received.
        QCOMPARE(pool.apply<int>(python("same"), {1}), 1);
        QVERIFY(!result.ready());
        gates.openAll();
        const auto error = thrown<TaskFailed>([&result] { result.get(patience); });
        QVERIFY(error);
        QCOMPARE(error->index(), 1u);
        QCOMPARE(error->taskMessage(), QStringLiteral("bad -1"));
        VERIFY_THROWS(TaskFailed, result.values());
        VERIFY_CONSERVED(result.records(), 6);
        QCOMPARE(statuses(result.records()), QStringLiteral("oeoeoo"));
        QCOMPARE(sorted(gates.runs()), sorted(items));
    }

    void anErrorEndsItsChunk_data() // S5.4, S5.5, I3
    {
        QTest::addColumn<int>("chunksize");
        QTest::addColumn<QString>("raise");
        QTest::addRow("1") << 1 << "oeoeoo";
        QTest::addRow("2") << 2 << "oeoeoo";
        QTest::addRow("3") << 3 << "oenenn";
        QTest::addRow("4") << 4 << "oennoo";
        QTest::addRow("6") << 6 << "oennnn";
    }
    void anErrorEndsItsChunk()
    {
        QFETCH(int, chunksize);
        QFETCH(QString, raise);
        const std::vector<int> items = {0, -1, 2, -3, 4, 5};
        Pool pool(pythonWorkers(2));
        for (const OnError onError : {OnError::Raise, OnError::Collect}) {
            Gates gates;
            const QString expected = onError == OnError::Raise ? raise : QStringLiteral("oeoeoo");
            const AsyncResult result = pool.mapAsync(gates.task("logged"), items, chunks(chunksize, onError));
            const auto error = thrown<TaskFailed>([&result] { result.get(patience); });
            QVERIFY(error);
            QCOMPARE(error->index(), 1u);
            VERIFY_CONSERVED(result.records(), 6);
            QCOMPARE(statuses(result.records()), expected);
            std::vector<int> ran;
            for (std::size_t item = 0; item < items.size(); ++item)
                if (expected[qsizetype(item)] != QLatin1Char('n'))
                    ran.push_back(items[item]);
            QCOMPARE(sorted(gates.runs()), sorted(ran));
        }
    }

    void whateverATaskRaisesIsAnErrorOfItsItemOnly_data() // S5.8, S5.9, S5.12
    {
        QTest::addColumn<QString>("kind");
        for (const char *kind :
             {"StopIteration", "KeyboardInterrupt", "GeneratorExit", "SystemExit", "Own", "TwoArguments"})
            QTest::addRow("%s", kind) << QString::fromLatin1(kind);
    }
    void whateverATaskRaisesIsAnErrorOfItsItemOnly()
    {
        QFETCH(QString, kind);
        Pool pool(pythonWorkers(2));
        TRY_VERIFY(allReady(pool));
        const std::vector<std::int64_t> before = pool.pids();
        const std::vector<QString> items = {"fine", kind, "fine", "fine", kind, "fine"};
        for (const int chunksize : {1, 2}) {
            const AsyncResult result =
                pool.mapAsync(python("raise_kind"), items, chunks(chunksize, OnError::Collect));
            const auto error = thrown<TaskFailed>([&result] { result.get(patience); });
            QVERIFY(error);
            QCOMPARE(error->type(), kind);
            QCOMPARE(error->index(), 1u);
            VERIFY_CONSERVED(result.records(), 6);
            QCOMPARE(statuses(result.records()), QStringLiteral("oeooeo"));
        }
        QCOMPARE(pool.pids(), before);
    }

    void aResultThatCannotTravelIsAnErrorOfItsItem() // S5.10
    {
        Pool pool(pythonWorkers(2));
        TRY_VERIFY(allReady(pool));
        const std::vector<std::int64_t> before = pool.pids();
        const AsyncResult result =
            pool.mapAsync(python("unencodable"), {1, -1, 3}, chunks(3, OnError::Collect));
        const auto error = thrown<TaskFailed>([&result] { result.get(patience); });
        QVERIFY(error);
        QCOMPARE(error->index(), 1u);
        QCOMPARE(statuses(result.records()), QStringLiteral("oeo"));
        VERIFY_CONSERVED(result.records(), 3);
        QCOMPARE(pool.pids(), before);
    }

    // ---- callbacks

    void oneOfTheCallbacksIsCalledOnceBeforeGetReturns() // S5.15
    {
        Log log;
        Pool pool(pythonWorkers(2));
        for (int round = 0; round < 50; ++round) {
            const AsyncResult good = pool.applyAsync(python("raise_negative"), {1}, logsTo(log));
            good.get(patience);
            QCOMPARE(log.lines().size(), 2 * round + 1);
            QCOMPARE(log.lines().last(), QStringLiteral("ok 1"));
            QCOMPARE(good.callback(), Callback::Returned);
            const AsyncResult bad = pool.applyAsync(python("raise_negative"), {-1}, logsTo(log));
            QVERIFY(bad.wait(patience));
            QCOMPARE(log.lines().size(), 2 * round + 2);
            QCOMPARE(log.lines().last(), QStringLiteral("error ValueError: bad -1"));
            QCOMPARE(bad.callback(), Callback::Returned);
        }
    }

    void callbacksThatWereNotGivenAreNotMissed() // S5.15
    {
        Log log;
        CallOptions onlyForErrors = logsTo(log);
        onlyForErrors.callback = nullptr;
        Pool pool(pythonWorkers(2));
        const AsyncResult good = pool.applyAsync(python("raise_negative"), {1}, onlyForErrors);
        QCOMPARE(good.get<int>(patience), 1);
        QCOMPARE(good.callback(), Callback::None);
        CallOptions onlyForValues = logsTo(log);
        onlyForValues.errorCallback = nullptr;
        const AsyncResult bad = pool.applyAsync(python("raise_negative"), {-1}, onlyForValues);
        QVERIFY(bad.wait(patience));
        QCOMPARE(bad.callback(), Callback::None);
        QCOMPARE(log.lines(), QStringList());
    }

    void aMapCallsBackOnceWithTheList() // S5.15, S2.7
    {
        Log log;
        Pool pool(pythonWorkers(2));
        QVERIFY(pool.mapAsync(python("square"), numbers(20), logsTo(log, "map ")).wait(patience));
        QVERIFY(
            pool.starmapAsync(python("multiply"), {{2, 3}, {4, 5}}, logsTo(log, "starmap ")).wait(patience));
        QVERIFY(pool.mapAsync(python("raise_negative"), {1, -2, -3}, logsTo(log, "bad ")).wait(patience));
        const AsyncResult empty = pool.mapAsync(python("square"), std::vector<int>(), logsTo(log, "empty "));
        QVERIFY(empty.wait(patience));
        QCOMPARE(empty.callback(), Callback::Returned);
        QVERIFY(empty.successful());
        QCOMPARE(log.lines(),
                 (QStringList{"map ok [0,1,4,9,16,25,36,49,64,81,100,121,144,169,196,225,256,289,324,361]",
                              "starmap ok [6,20]", "bad error ValueError: bad -2", "empty ok []"}));
    }

    void callsThatWaitCallNobodyBack() // S5.15
    {
        const Log log;
        Pool pool(workers(2));
        pool.apply("square", {1}, logsTo(log, "apply "));
        pool.map("square", {1}, logsTo(log, "map "));
        pool.starmap("add", {{1, 2}}, logsTo(log, "starmap "));
        pool.close();
        pool.join();
        QCOMPARE(log.lines(), QStringList());
    }

    void callbacksComeInTheOrderOfCompletion() // S5.15
    {
        Gates gates;
        Log log;
        Pool pool(pythonWorkers(4));
        std::vector<AsyncResult> results;
        for (int item = 0; item < 4; ++item)
            results.push_back(pool.applyAsync(gates.task(), {item}, logsTo(log)));
        for (const int item : {1, 2, 3, 0}) {
            gates.open(item);
            QVERIFY(results[std::size_t(item)].wait(patience));
        }
        QCOMPARE(log.lines(), (QStringList{"ok 1", "ok 2", "ok 3", "ok 0"}));
    }

    void callbacksRunOneAfterTheOtherInAThreadOfTheirOwn() // S5.15
    {
        std::atomic<int> atWork = 0;
        std::atomic<bool> overlapped = false;
        std::mutex mutex;
        std::set<std::thread::id> threads;
        Pool pool(pythonWorkers(2));
        CallOptions options;
        options.callback = [&](const Value &) {
            if (++atWork > 1)
                overlapped = true;
            {
                const std::lock_guard lock(mutex);
                threads.insert(std::this_thread::get_id());
            }
            std::this_thread::yield();
            --atWork;
        };
        std::vector<AsyncResult> results;
        for (int item = 0; item < 100; ++item)
            results.push_back(pool.applyAsync(python("same"), {item}, options));
        for (const AsyncResult &result : results)
            QVERIFY(result.wait(patience));
        QVERIFY(!overlapped);
        QCOMPARE(threads.size(), std::size_t(1));
        QVERIFY(!threads.contains(std::this_thread::get_id()));
    }

    void aCallbackThatThrowsIsReportedAndHarmsNothing() // S5.16, I5
    {
        Log reports;
        PoolOptions settings = pythonWorkers(2);
        settings.report = [reports](const QString &text) { reports.add(text); };
        Pool pool(settings);
        CallOptions options;
        options.callback = [](const Value &) { throw std::runtime_error("callback broke"); };
        options.errorCallback = [](const std::exception &) { throw 42; };
        const AsyncResult good = pool.applyAsync(python("square"), {3}, options);
        QCOMPARE(good.get<int>(patience), 9);
        QCOMPARE(good.callback(), Callback::Threw);
        QVERIFY(good.successful());
        const AsyncResult bad = pool.applyAsync(python("raise_negative"), {-3}, options);
        const auto error = thrown<TaskFailed>([&bad] { bad.get(patience); });
        QVERIFY(error);
        QCOMPARE(error->taskMessage(), QStringLiteral("bad -3"));
        QCOMPARE(bad.callback(), Callback::Threw);
        TRY_COMPARE(reports.lines().size(), 2);
        QVERIFY2(reports.lines()[0].contains("callback broke"), qPrintable(reports.lines()[0]));
        QCOMPARE(pool.map<int>(python("square"), numbers(10)), squares(10));
    }

    void aSlowCallbackDelaysOtherCallbacksOnly() // S5.16
    {
        QSemaphore gate;
        CallOptions slow;
        slow.callback = [&gate](const Value &) { gate.acquire(); };
        Log log;
        Pool pool(pythonWorkers(1)); // so that the calls end in their order
        const AsyncResult first = pool.applyAsync(python("same"), {1}, slow);
        const AsyncResult second = pool.applyAsync(python("same"), {2}, logsTo(log));
        QCOMPARE(pool.map<int>(python("square"), numbers(50)), squares(50));
        ResultIterator results = pool.imap(python("square"), numbers(50));
        QCOMPARE(takeValues<int>(results), squares(50));
        QCOMPARE(first.callback(), Callback::Waiting);
        QCOMPARE(second.callback(), Callback::Waiting);
        QVERIFY(!second.wait(0s));
        QCOMPARE(log.lines(), QStringList());
        gate.release();
        QCOMPARE(second.get<int>(patience), 2);
        QCOMPARE(first.get<int>(patience), 1);
        QCOMPARE(log.lines(), QStringList{"ok 2"});
    }

    void aCallbackMayUseThePool() // S5.16
    {
        std::optional<int> applied;
        std::optional<AsyncResult> submitted;
        Pool pool(pythonWorkers(2));
        CallOptions options;
        options.callback = [&](const Value &value) {
            applied = pool.apply<int>(python("square"), {value.to<int>()});
            submitted = pool.applyAsync(python("square"), {5});
        };
        QCOMPARE(pool.applyAsync(python("same"), {4}, options).get<int>(patience), 4);
        QCOMPARE(applied, 16);
        QCOMPARE(submitted->get<int>(patience), 25);
    }

    void aCallbackThatWaitsForALaterOneIsToldSo() // S5.16, I2
    {
        Log log;
        QSemaphore gate;
        std::optional<AsyncResult> later;
        bool refused = false;
        Pool pool(pythonWorkers(1)); // so that the calls end in their order
        CallOptions options;
        options.callback = [&](const Value &) {
            gate.acquire();
            refused = thrown<ValueError>([&] { later->get(); }).has_value() &&
                      thrown<ValueError>([&] { later->wait(); }).has_value();
        };
        const AsyncResult first = pool.applyAsync(python("same"), {1}, options);
        later = pool.applyAsync(python("same"), {2}, logsTo(log));
        gate.release();
        QVERIFY(first.wait(patience));
        QVERIFY(refused);
        QCOMPARE(later->get<int>(patience), 2);
        QCOMPARE(log.lines(), QStringList{"ok 2"});
    }

    void aCallbackThatAsksForItsOwnResultIsNotStuck() // S5.16, I2
    {
        QSemaphore gate;
        std::optional<AsyncResult> self;
        Pool pool(pythonWorkers(2));
        CallOptions options;
        options.callback = [&](const Value &) {
            gate.acquire();
            static_cast<void>(self->ready());
            try {
                self->get();
            } catch (const ValueError &) {
            }
        };
        self = pool.applyAsync(python("same"), {1}, options);
        gate.release();
        QCOMPARE(self->get<int>(patience), 1);
        QCOMPARE(self->callback(), Callback::Returned);
    }

    void joinInACallbackIsRefused() // S5.16, S7.1
    {
        Pool pool(workers(2));
        QSemaphore closed;
        bool refused = false;
        CallOptions options;
        options.callback = [&](const Value &) {
            closed.acquire();
            refused = thrown<ValueError>([&pool] { pool.join(); }).has_value() &&
                      thrown<ValueError>([&pool] { pool.join(1s); }).has_value();
        };
        const AsyncResult result = pool.applyAsync("square", {3}, options);
        pool.close();
        closed.release();
        QVERIFY(pool.join(patience));
        QCOMPARE(result.get<int>(0s), 9);
        QVERIFY(refused);
    }

    void terminateInACallbackEndsThePool() // S5.16, S7.5
    {
        Pool pool(workers(2));
        const AsyncResult endless = pool.applyAsync("sleep_for", {3600});
        CallOptions options;
        options.callback = [&pool](const Value &) {
            pool.close();
            pool.terminate();
        };
        const AsyncResult result = pool.applyAsync("square", {3}, options);
        QCOMPARE(result.get<int>(patience), 9);
        VERIFY_THROWS(Cancelled, endless.get(patience));
        QVERIFY(pool.join(patience));
        QCOMPARE(statuses(endless.records()), QStringLiteral("c"));
        VERIFY_CONSERVED(endless.records(), 1);
    }

    void terminateCallsTheErrorCallbacksOfWhatIsCancelled() // S5.15, S7.5
    {
        Log log;
        Pool pool(workers(1));
        const AsyncResult running = pool.applyAsync("sleep_for", {3600}, logsTo(log));
        const AsyncResult queued = pool.mapAsync("square", numbers(10), logsTo(log));
        TRY_COMPARE(running.state(), State::Running);
        pool.terminate();
        QVERIFY(pool.join(patience));
        QCOMPARE(log.lines().size(), 2);
        for (const QString &line : log.lines())
            QVERIFY2(line.startsWith("error "), qPrintable(line));
        QCOMPARE(running.callback(), Callback::Returned);
        QCOMPARE(queued.callback(), Callback::Returned);
        VERIFY_CONSERVED(queued.records(), 10);
    }

private:
    static const char *what(const Error &error) { return error.what(); }
};

QTEST_GUILESS_MAIN(AsyncResultTest)
#include "tst_asyncresult.moc"
