// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "core/pool/jobspec.h"
#include "pooltest.h"
#endif

#include <QProcess>
#include <QScopeGuard>
#include <QSemaphore>

#include <atomic>
#include <thread>
#include <type_traits>

#include <sys/resource.h>

using namespace PoolTest;
using State = AsyncResult::State;

static_assert(!std::is_copy_constructible_v<Pool>, "S7.13: a pool cannot be passed on");
static_assert(!std::is_copy_constructible_v<ResultIterator>, "S4.6: its results can be gone through once");

namespace {

/// Every method that takes a job, by name.
struct Submitter
{
    const char *name;
    std::function<void(Pool &, const CallOptions &)> submit;
};

const std::vector<Submitter> &submitters()
{
    static const std::vector<Submitter> all = {
        {"apply", [](Pool &pool, const CallOptions &) { pool.apply("square", {1}); }},
        {"applyAsync", [](Pool &pool, const CallOptions &) { pool.applyAsync("square", {1}); }},
        {"map", [](Pool &pool, const CallOptions &options) { pool.map("square", {1}, options); }},
        {"mapAsync", [](Pool &pool, const CallOptions &options) { pool.mapAsync("square", {1}, options); }},
        {"starmap",
         [](Pool &pool, const CallOptions &options) {
             pool.starmap("add", {{1, 2}}, options);
         }},
        {"starmapAsync",
         [](Pool &pool, const CallOptions &options) {
             pool.starmapAsync("add", {{1, 2}}, options);
         }},
        {"imap", [](Pool &pool, const CallOptions &options) { pool.imap("square", {1}, options); }},
        {"imapUnordered",
         [](Pool &pool, const CallOptions &options) { pool.imapUnordered("square", {1}, options); }},
    };
    return all;
}

QString messageOf(const std::function<void()> &call)
{
    const auto error = thrown<ValueError>(call);
    return error ? error->message() : QStringLiteral("no ValueError");
}

} // namespace

class PoolLifecycleTest final : public QObject
{
    Q_OBJECT

    static inline std::optional<PoolFailed> s_withoutApplication;

public:
    /// Called before there is a QCoreApplication.
    static void initMain()
    {
        s_withoutApplication = thrown<PoolFailed>([] { Pool pool(workers(1)); });
    }

private Q_SLOTS:
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

    // ---- the constructor

    void aPoolNeedsAnApplication()
    {
        QVERIFY(s_withoutApplication);
        QVERIFY2(s_withoutApplication->message().contains("QCoreApplication"), s_withoutApplication->what());
    }

    void optionsThatMakeNoSenseAreNamed_data() // S1.3, S1.4, S1.5
    {
        QTest::addColumn<QString>("option");
        QTest::addColumn<QString>("value");
        for (const char *value : {"0", "-1", "4097", "999999999"})
            QTest::addRow("processes %s", value) << "processes" << value;
        for (const char *value : {"0", "-1"})
            QTest::addRow("maxtasksperchild %s", value) << "maxtasksperchild" << value;
        for (const char *value : {"0", "-2"})
            QTest::addRow("buffersize %s", value) << "buffersize" << value;
        for (const char *value : {"0", "-0.5", "nan"})
            QTest::addRow("timeout %s", value) << "timeout" << value;
        QTest::addRow("retries") << "retries"
                                 << "-1";
    }
    void optionsThatMakeNoSenseAreNamed()
    {
        QFETCH(QString, option);
        QFETCH(QString, value);
        PoolOptions options = workers(2);
        if (option == QLatin1String("processes"))
            options.processes = value.toInt();
        else if (option == QLatin1String("maxtasksperchild"))
            options.maxtasksperchild = value.toInt();
        else if (option == QLatin1String("buffersize"))
            options.buffersize = value.toInt();
        else if (option == QLatin1String("timeout"))
            options.timeout = value.toDouble();
        else
            options.retries = value.toInt();
        const auto error = thrown<ValueError>([&options] { Pool pool(options); });
        QVERIFY(error);
        QVERIFY2(error->message().contains(option), error->what());
        QVERIFY2(error->message().contains(value), error->what());
        QVERIFY(childProcesses().empty());
    }

    void optionsAreCheckedInOrder() // S1.6
    {
        PoolOptions options = workers(0, 0);
        options.initializer = QStringLiteral("no initializer");
        QVERIFY(messageOf([&] { Pool pool(options); }).contains("processes"));
        options.processes = 1;
        QVERIFY(messageOf([&] { Pool pool(options); }).contains("maxtasksperchild"));
        options.maxtasksperchild = 1;
        QVERIFY(messageOf([&] { Pool pool(options); }).contains("initializer"));
    }

    void asManyProcessesAsCpusUnlessGiven() // S1.1
    {
        Pool pool;
        QCOMPARE(pool.pids().size(), std::size_t(JobSpec::usableCpus()));
        QVERIFY(!pool.options().processes);
    }

    void allWorkersStartBeforeThereIsWork() // S1.2
    {
        Pool pool(workers(5));
        TRY_VERIFY(allReady(pool));
        const std::vector<std::int64_t> pids = pool.pids();
        QCOMPARE(std::set(pids.begin(), pids.end()).size(), std::size_t(5));
        for (const std::int64_t pid : pids)
            QVERIFY(childProcesses().contains(pid_t(pid)));
        QCOMPARE(pool.map<int>("square", {1, 2}), (std::vector<int>{1, 4}));
        QCOMPARE(snapshotOf(pool).workersStarted, 5u);
        QCOMPARE(pool.state(), PoolState::Open);
    }

    void withoutDescriptorsThereIsNoPool() // S1.10
    {
        if (!qEnvironmentVariableIsSet("FEW_DESCRIPTORS")) {
            // The limit of this process could not be put back.
            QProcess limited;
            QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
            environment.insert(QStringLiteral("FEW_DESCRIPTORS"), QStringLiteral("1"));
            limited.setProcessEnvironment(environment);
            limited.setProcessChannelMode(QProcess::ForwardedErrorChannel);
            limited.start(QStringLiteral("/bin/sh"), {"-c", "ulimit -n 60 && exec \"$0\" \"$1\"",
                                                      QCoreApplication::applicationFilePath(),
                                                      QString::fromLatin1(QTest::currentTestFunction())});
            QVERIFY(limited.waitForFinished(60'000));
            QVERIFY2(limited.exitCode() == 0, limited.readAllStandardOutput().constData());
            return;
        }
        const int before = openDescriptors();
        const auto error = thrown<PoolFailed>([] { Pool pool(workers(100)); });
        QVERIFY(error);
        QVERIFY2(error->message().contains("open files"), error->what());
        QVERIFY2(error->message().contains("100"), error->what());
        QVERIFY(childProcesses().empty());
        QCOMPARE(openDescriptors(), before);
    }

    void aLowSoftLimitIsRaisedForEachPool() // S1.10
    {
        rlimit limit;
        QCOMPARE(getrlimit(RLIMIT_NOFILE, &limit), 0);
        if (limit.rlim_max < 1024)
            QSKIP("the hard limit of open files leaves no room to raise the soft one");
        const rlimit old = limit;
        limit.rlim_cur = rlim_t(openDescriptors() + 100);
        QCOMPARE(setrlimit(RLIMIT_NOFILE, &limit), 0);
        const auto putBack = qScopeGuard([&old] { setrlimit(RLIMIT_NOFILE, &old); });
        // Neither must count on the descriptors that the other has in use.
        QString failure;
        try {
            Pool first(workers(60));
            QCOMPARE(first.map<int>("square", numbers(100)), squares(100));
            Pool second(workers(60));
            QCOMPARE(second.map<int>("square", numbers(100)), squares(100));
        } catch (const PoolFailed &error) {
            failure = error.message();
        }
        QCOMPARE(failure, QString());
    }

    // ---- close, terminate, join

    void nothingIsTakenAfterTheEnd_data() // S7.1
    {
        QTest::addColumn<QString>("end");
        for (const char *end : {"close", "terminate", "close and join", "terminate and join"})
            QTest::addRow("%s", end) << QString::fromLatin1(end);
    }
    void nothingIsTakenAfterTheEnd()
    {
        QFETCH(QString, end);
        Pool pool(workers(1));
        if (end.startsWith(QLatin1String("close")))
            pool.close();
        else
            pool.terminate();
        if (end.endsWith(QLatin1String("join")))
            pool.join();
        for (const Submitter &submitter : submitters()) {
            // The state is asked about before the chunk size.
            for (const CallOptions &options : {CallOptions(), chunks(0)})
                QVERIFY2(messageOf([&] { submitter.submit(pool, options); }).contains("Pool not running"),
                         submitter.name);
        }
    }

    void joinWantsAnEndFirst() // S7.1
    {
        Pool pool(workers(1));
        QVERIFY(messageOf([&pool] { pool.join(); }).contains("Pool is still running"));
        QVERIFY(messageOf([&pool] { pool.join(1s); }).contains("Pool is still running"));
        QCOMPARE(pool.apply<int>("square", {3}), 9);
    }

    void endingMayBeRepeatedInAnyOrder_data() // S7.1
    {
        QTest::addColumn<QString>("calls");
        for (const char *calls : {"ccjj", "ctj", "tcj", "ttjj", "cjtcj", "tjtcj", "ctctjjct"})
            QTest::addRow("%s", calls) << QString::fromLatin1(calls);
    }
    void endingMayBeRepeatedInAnyOrder()
    {
        QFETCH(QString, calls);
        Pool pool(workers(2));
        const AsyncResult result = pool.applyAsync("square", {3});
        QCOMPARE(result.get<int>(patience), 9);
        for (const QChar call : calls) {
            if (call == QLatin1Char('c'))
                pool.close();
            else if (call == QLatin1Char('t'))
                pool.terminate();
            else
                QVERIFY(pool.join(patience));
        }
        QVERIFY(pool.join(0s));
        QCOMPARE(pool.state(), PoolState::Over);
        QVERIFY(childProcesses().empty());
        QCOMPARE(result.get<int>(0s), 9);
    }

    void theStateSaysHowFarItIs()
    {
        Pool pool(workers(1));
        QCOMPARE(pool.state(), PoolState::Open);
        const AsyncResult result = pool.applyAsync("sleep_for", {3600});
        TRY_COMPARE(result.state(), State::Running);
        pool.close();
        QCOMPARE(pool.state(), PoolState::Closed);
        QVERIFY(!pool.join(1ms));
        QVERIFY(!pool.join(-1s));
        pool.terminate();
        QVERIFY(pool.state() == PoolState::Terminated || pool.state() == PoolState::Over);
        pool.join();
        QCOMPARE(pool.state(), PoolState::Over);
        QCOMPARE(pool.pids(), std::vector<std::int64_t>{0});
        QCOMPARE(snapshotOf(pool).openJobs, 0u);
    }

    void aPoolShowsItsWorkersFromTheStartToTheEnd()
    {
        Pool pool(workers(2));
        QCOMPARE(pool.snapshot().workers.size(), std::size_t(2));
        pool.terminate();
        pool.join();
        const PoolSnapshot snapshot = pool.snapshot();
        QCOMPARE(snapshot.state, PoolState::Over);
        for (const WorkerSnapshot &worker : snapshot.workers)
            QCOMPARE(worker.state, WorkerState::Gone);
    }

    void closeLetsAllFinish() // S7.2
    {
        Gates gates;
        Pool pool(pythonWorkers(2));
        const AsyncResult map = pool.mapAsync(gates.task(), numbers(20), chunks(3));
        ResultIterator results = pool.imap(python("square"), numbers(20));
        const AsyncResult call = pool.applyAsync(python("square"), {5});
        TRY_VERIFY(!gates.runs().empty());
        pool.close();
        QVERIFY(!pool.join(10ms));
        gates.openAll();
        QVERIFY(pool.join(patience));
        QVERIFY(childProcesses().empty());
        QCOMPARE(map.get<std::vector<int>>(0s), numbers(20));
        QCOMPARE(takeValues<int>(results), squares(20));
        QCOMPARE(call.get<int>(0s), 25);
        VERIFY_CONSERVED(map.records(), 20);
        QCOMPARE(sorted(gates.runs()), numbers(20));
    }

    void terminateCancelsWhatHasNoResult() // S7.3, S7.5
    {
        Gates gates;
        Pool pool(pythonWorkers(1));
        const AsyncResult done = pool.applyAsync(python("square"), {5});
        const AsyncResult running = pool.mapAsync(gates.task(), numbers(10), chunks(2));
        const AsyncResult queued = pool.mapAsync(python("square"), numbers(10));
        const AsyncResult empty = pool.mapAsync(python("square"), std::vector<int>());
        gates.open(0);
        TRY_VERIFY(itemsDone(pool) == 2 && gates.began(1));
        pool.terminate();
        QCOMPARE(done.get<int>(patience), 25);
        VERIFY_THROWS(Cancelled, running.get(patience));
        VERIFY_THROWS(Cancelled, queued.get(patience));
        VERIFY_THROWS(Cancelled, queued.get());
        QVERIFY(!running.successful());
        QVERIFY(empty.get(patience).elements().empty());
        pool.join();
        VERIFY_CONSERVED(running.records(), 10);
        QCOMPARE(statuses(running.records()), QStringLiteral("occccccccc"));
        VERIFY_CONSERVED(queued.records(), 10);
        QCOMPARE(statuses(queued.records()), QStringLiteral("cccccccccc"));
        QCOMPARE(gates.runs(), (std::vector<int>{0, 1}));
    }

    void whoWaitsIsWokenByTerminate() // S7.5, I2
    {
        Pool pool(workers(1));
        std::atomic<int> cancelled = 0;
        std::vector<std::thread> threads;
        threads.emplace_back([&] {
            cancelled += thrown<Cancelled>([&pool] { pool.map("sleep_for", {3600, 3600}); }).has_value();
        });
        threads.emplace_back([&] {
            cancelled += thrown<Cancelled>([&pool] { pool.apply("sleep_for", {3600}); }).has_value();
        });
        threads.emplace_back([&] {
            cancelled += thrown<Cancelled>([&pool] {
                             const AsyncResult result = pool.applyAsync("sleep_for", {3600});
                             result.wait();
                             result.get();
                         }).has_value();
        });
        TRY_VERIFY(snapshotOf(pool).openJobs == 3);
        pool.terminate();
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(cancelled, 3);
    }

    void whoJoinsIsWokenAtTheEnd() // I2
    {
        Pool pool(workers(1));
        const AsyncResult result = pool.applyAsync("sleep_for", {3600});
        pool.close();
        std::atomic<int> joined = 0;
        std::vector<std::thread> threads;
        for (int number = 0; number < 3; ++number)
            threads.emplace_back([&] {
                pool.join();
                ++joined;
            });
        TRY_COMPARE(result.state(), State::Running);
        QCOMPARE(joined, 0);
        pool.terminate();
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(joined, 3);
    }

    void aWorkerThatIgnoresTheSignalAndItsChildrenAreEnded_data() // S7.6, S7.7
    {
        QTest::addColumn<bool>("destroyed");
        QTest::addRow("terminate") << false;
        QTest::addRow("destructor") << true;
    }
    void aWorkerThatIgnoresTheSignalAndItsChildrenAreEnded()
    {
        QFETCH(bool, destroyed);
        Gates gates;
        std::optional<Pool> pool(pythonWorkers(2));
        const AsyncResult result = pool->mapAsync(gates.task("deaf"), numbers(2), chunks(1));
        TRY_VERIFY(gates.traces().size() == 2);
        if (destroyed) {
            pool.reset();
        } else {
            pool->terminate();
            QVERIFY(pool->join(patience));
        }
        for (const QString &trace : gates.traces())
            for (const QString &pid : trace.split(' '))
                TRY_VERIFY(isGone(pid.toLongLong()));
        VERIFY_CONSERVED(result.records(), 2);
        QCOMPARE(statuses(result.records()), QStringLiteral("cc"));
    }

    void childrenThatATaskLeftBehindEndWithThePool() // S7.7
    {
        std::vector<std::int64_t> stayed;
        {
            Pool pool(pythonWorkers(2));
            stayed = pool.map<std::int64_t>(python("child_that_stays"), numbers(4));
            QVERIFY(std::ranges::none_of(stayed, isGone));
            pool.close();
            pool.join();
        }
        for (const std::int64_t pid : stayed)
            TRY_VERIFY(isGone(pid));
    }

    // ---- the destructor

    void aPoolLeavesNothingBehind_data()
    {
        QTest::addColumn<QString>("work");
        for (const char *work : {"idle", "done", "running", "closed", "python", "half read"})
            QTest::addRow("%s", work) << QString::fromLatin1(work);
    }
    void aPoolLeavesNothingBehind() // S7.7, I2
    {
        QFETCH(QString, work);
        const auto once = [&work] {
            Pool pool(work == QLatin1String("python") ? pythonWorkers(2) : workers(3));
            if (work == QLatin1String("done"))
                pool.map("square", numbers(20));
            if (work == QLatin1String("running"))
                pool.mapAsync("sleep_for", std::vector<int>(20, 3600));
            if (work == QLatin1String("python"))
                pool.mapAsync(python("hang_negative"), {1, -1, -1, -1}, chunks(1));
            if (work == QLatin1String("half read"))
                pool.imap("square", numbers(1000)).next();
            if (work == QLatin1String("closed")) {
                pool.mapAsync("square", numbers(20));
                pool.close();
            }
        };
        once(); // what is opened once and kept
        const int before = openDescriptors();
        for (int round = 0; round < 30; ++round)
            once();
        QVERIFY2(childProcesses().empty(), qPrintable(QString::number(childProcesses().size())));
        QCOMPARE(openDescriptors(), before);
    }

    void aPoolMayLiveAndDieInAnyThread()
    {
        const int before = openDescriptors();
        std::atomic<int> sum = 0;
        std::thread([&sum] {
            Pool pool(workers(2));
            sum += int(pool.map<int>("square", {1, 2, 3}).size());
            pool.mapAsync("sleep_for", {3600, 3600});
        }).join();
        std::unique_ptr<Pool> elsewhere;
        std::thread([&] { elsewhere = std::make_unique<Pool>(workers(2)); }).join();
        sum += elsewhere->apply<int>("square", {3});
        std::thread([&] { elsewhere.reset(); }).join();
        QCOMPARE(sum, 12);
        QVERIFY(childProcesses().empty());
        QCOMPARE(openDescriptors(), before);
    }

    void aPoolMayBeDestroyedInItsOwnCallback() // S5.16, I2
    {
        auto pool = std::make_unique<Pool>(workers(2));
        QSemaphore submitted;
        QSemaphore destroyed;
        CallOptions options;
        options.callback = [&](const Value &) {
            submitted.acquire();
            pool.reset();
            destroyed.release();
        };
        const AsyncResult result = pool->applyAsync("square", {3}, options);
        submitted.release();
        destroyed.acquire();
        QCOMPARE(result.get<int>(patience), 9);
        QVERIFY(childProcesses().empty());
    }

    void poolsDoNotConcernEachOther() // I5
    {
        Pool first(workers(1));
        const AsyncResult endless = first.applyAsync("sleep_for", {3600});
        {
            Pool second(workers(1));
            QCOMPARE(second.apply<int>("square", {3}), 9);
            second.terminate();
        }
        TRY_COMPARE(endless.state(), State::Running);
        QCOMPARE(childProcesses().size(), std::size_t(1));
        first.terminate();
        VERIFY_THROWS(Cancelled, endless.get(patience));
    }

    void manyPoolsAtOnce() // I2
    {
        std::vector<std::unique_ptr<Pool>> pools;
        std::vector<AsyncResult> results;
        for (int number = 0; number < 8; ++number) {
            pools.push_back(std::make_unique<Pool>(workers(2)));
            results.push_back(pools.back()->mapAsync("square", numbers(50)));
        }
        for (const AsyncResult &result : results) {
            QCOMPARE(result.get<std::vector<int>>(patience), squares(50));
            VERIFY_CONSERVED(result.records(), 50);
        }
        pools.clear();
        QVERIFY(childProcesses().empty());
    }

    void resultsOutliveTheirPool() // S7.2
    {
        std::vector<AsyncResult> results;
        {
            Pool pool(workers(2));
            results.push_back(pool.mapAsync("square", numbers(10)));
            results[0].wait();
            results.push_back(pool.applyAsync("sleep_for", {3600}));
        }
        QCOMPARE(results[0].get<std::vector<int>>(), squares(10));
        QCOMPARE(results[0].records().size(), std::size_t(10));
        VERIFY_THROWS(Cancelled, results[1].get());
        QCOMPARE(results[1].state(), State::Ready);
        QVERIFY(!results[1].successful());
        VERIFY_CONSERVED(results[1].records(), 1);
    }

    // ---- what tasks print

    void printedLinesAreCompleteAndLabelled() // S7.10
    {
        struct Printed
        {
            std::mutex mutex;
            std::vector<PrintedLine> lines;
        };
        const auto printed = std::make_shared<Printed>();
        PoolOptions options = pythonWorkers(2);
        options.printed = [printed](const PrintedLine &line) {
            const std::lock_guard lock(printed->mutex);
            printed->lines.push_back(line);
        };
        QStringList expected;
        std::vector<ItemRecord> records;
        {
            Pool pool(options);
            const AsyncResult result =
                pool.mapAsync(python("print_lines").with("lines", 50), numbers(20), chunks(1));
            QVERIFY(result.wait(patience));
            records = result.records();
            pool.close();
            pool.join(); // every callback has returned
        }
        for (int item = 0; item < 20; ++item)
            for (int line = 0; line < 50; ++line)
                expected << QStringLiteral("item %1 line %2").arg(item).arg(line);
        QStringList lines;
        for (const PrintedLine &line : printed->lines) {
            const QString text = QString::fromStdString(line.text);
            lines << text;
            const auto item = text.split(' ')[1].toULongLong();
            QCOMPARE(line.pid, records[item].pid);
            QCOMPARE(line.worker, records[item].worker);
        }
        QCOMPARE(sorted(lines), sorted(expected));
    }

    void whatWasPrintedBeforeTheKillIsNotLost() // S7.10, S7.3
    {
        const Log log;
        Gates gates;
        PoolOptions options = pythonWorkers(1);
        options.printed = [log](const PrintedLine &line) { log.add(QString::fromStdString(line.text)); };
        Pool pool(options);
        const AsyncResult result = pool.applyAsync(gates.task("print_and_wait"), {4});
        TRY_VERIFY(gates.began(4));
        pool.terminate();
        pool.join();
        QCOMPARE(log.lines(), QStringList{"item 4 begins"});
        VERIFY_THROWS(Cancelled, result.get());
    }

    void aTasksStandardInputIsEmpty() // S8.7
    {
        Pool pool(pythonWorkers(1));
        QCOMPARE(pool.apply<QString>(python("read_standard_input"), {1}), QString());
    }
};

QTEST_GUILESS_MAIN(PoolLifecycleTest)
#include "tst_poollifecycle.moc"
