// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "pooltest.h"
#endif

#include <atomic>
#include <thread>

using namespace PoolTest;

/// Jobs: their chunks, their workers, their kinds, and many of them on one pool.
class PoolJobsTest final : public QObject
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

    /// Which process ran the items, as a letter each: "aabbcc".
    static QString processes(const std::vector<ItemRecord> &records)
    {
        std::map<std::int64_t, char> letters;
        QString all;
        for (const ItemRecord &record : records)
            all += QLatin1Char(letters.try_emplace(record.pid, char('a' + letters.size())).first->second);
        return all;
    }

    static const char *describe(const std::optional<TaskFailed> &error)
    {
        return error ? error->what() : "no TaskFailed";
    }

private Q_SLOTS:
    // ---- chunks

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

    // ---- arguments

    void argumentsOfACall() // S2.8
    {
        Pool pool(pythonWorkers(2));
        const Task scaled = python("scaled");
        QCOMPARE(pool.apply<int>(scaled, {3}), 6);
        QCOMPARE(pool.apply<int>(scaled, {3, 5}), 15);
        QCOMPARE(pool.apply<int>(scaled, CallArguments{3}.with("factor", 7)), 21);
        QCOMPARE(pool.apply<int>(scaled, CallArguments().with("x", 2).with("factor", 4)), 8);
        QCOMPARE(pool.apply<int>(scaled.with("factor", 10), {3}), 30);
        QCOMPARE(pool.map<int>(scaled.with("factor", 10), {1, 2}), (std::vector<int>{10, 20}));
        QCOMPARE(pool.apply<QString>(scaled, {"ab"}), QStringLiteral("abab"));
        // A task with one set of parameters does not see those of another.
        QCOMPARE(pool.applyAsync(scaled, {3}).get<int>(), 6);
        QCOMPARE(pool.apply<int>("add", {3, 4}), 7);
    }

    void argumentsThatDoNotFitFailTheCallOnly() // S2.8, I5
    {
        Pool pool(pythonWorkers(1));
        const std::vector<CallArguments> wrong = {
            {}, {1, 2, 3}, CallArguments{3}.with("nonsense", 7), CallArguments{3}.with("x", 7)};
        for (const CallArguments &arguments : wrong) {
            const auto error = thrown<TaskFailed>([&] { pool.apply(python("scaled"), arguments); });
            QVERIFY(error);
            QCOMPARE(error->type(), QStringLiteral("TypeError"));
        }
        QCOMPARE(pool.apply<int>(python("scaled"), {3}), 6);
    }

    void nativeTasksHaveNoKeywords() // S2.8
    {
        Pool pool(workers(1));
        bool refused = false;
        try {
            pool.apply("square", CallArguments{3}.with("x", 3));
        } catch (const Error &) {
            refused = true;
        }
        QVERIFY(refused);
        QCOMPARE(pool.apply<int>("square", {3}), 9);
    }

    void starmapUnpacks() // S2.8
    {
        Pool pool(pythonWorkers(2));
        const Task multiply = python("multiply");
        QCOMPARE(pool.starmap<int>(multiply, {{2, 3}, {4, 5}}), (std::vector<int>{6, 20}));
        QCOMPARE(pool.starmap<QString>(multiply, std::vector<std::pair<QString, int>>{{"a", 3}}),
                 std::vector<QString>{"aaa"});
        const std::vector<std::vector<int>> counts = {{2, 3}, {1, 2, 3}, {4, 5}, {1}};
        const AsyncResult wrongCount = pool.starmapAsync(multiply, counts, chunks(1));
        const auto counted = thrown<TaskFailed>([&] { wrongCount.get(patience); });
        QVERIFY(counted);
        QCOMPARE(counted->type(), QStringLiteral("TypeError"));
        QCOMPARE(counted->index(), 1u);
        QVERIFY2(counted->taskMessage().contains("3 were given"), describe(counted));
        QCOMPARE(statuses(wrongCount.records()), QStringLiteral("oeoe"));
        VERIFY_CONSERVED(wrongCount.records(), 4);
        const AsyncResult noRow = pool.starmapAsync(multiply, std::vector<int>{5}, chunks(1));
        const auto notIterable = thrown<TaskFailed>([&] { noRow.get(patience); });
        QVERIFY(notIterable);
        QCOMPARE(notIterable->type(), QStringLiteral("TypeError"));
    }

    void aMapDoesNotUnpack() // S2.8
    {
        Pool pool(pythonWorkers(1));
        const std::vector<std::vector<int>> rows = {{1, 2}, {3}};
        QCOMPARE(pool.map<std::vector<int>>(python("same"), rows), rows);
    }

    void tasksThatDoNotExistAreRefusedAtTheCall_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addRow("built-in") << "no_such_task";
        QTest::addRow("file") << "/no/such/file.py:f";
        QTest::addRow("plugin") << "/no/such/plugin.so:f";
        QTest::addRow("nothing") << "";
    }
    void tasksThatDoNotExistAreRefusedAtTheCall()
    {
        QFETCH(QString, name);
        Pool pool(workers(1));
        VERIFY_THROWS(ValueError, pool.apply(name, {1}));
        VERIFY_THROWS(ValueError, pool.mapAsync(name, {1}));
        VERIFY_THROWS(ValueError, pool.imap(name, {1}));
        VERIFY_THROWS(ValueError, pool.map(Task::command(""), {1}));
        QCOMPARE(pool.apply<int>("square", {3}), 9);
    }

    // ---- several jobs

    void jobsBeginInTheOrderOfTheirCalls() // S4.5
    {
        Gates gates;
        Pool pool(pythonWorkers(1));
        const AsyncResult first = pool.mapAsync(gates.task(), numbers(6), chunks(1));
        ResultIterator second = pool.imap(gates.task(), numbers(3, 10));
        const AsyncResult third = pool.applyAsync(gates.task(), {20});
        TRY_VERIFY(gates.began(0));
        gates.openAll();
        QCOMPARE(third.get<int>(patience), 20);
        QVERIFY(first.wait(patience));
        QCOMPARE(takeValues<int>(second), numbers(3, 10));
        const std::vector<int> runs = gates.runs();
        QCOMPARE(runs.size(), std::size_t(10));
        QCOMPARE(std::vector<int>(runs.begin(), runs.begin() + 6), numbers(6));
        // An imap's items are read while the map runs; what counts is that they come after it, in order.
        std::vector<int> rest(runs.begin() + 6, runs.end());
        QCOMPARE(std::erase(rest, 20), std::size_t(1));
        QCOMPARE(rest, numbers(3, 10));
    }

    void aCallAfterAMapIsAnsweredAfterIt() // S4.5
    {
        Gates gates;
        Pool pool(pythonWorkers(2));
        const AsyncResult map = pool.mapAsync(gates.task(), numbers(6), chunks(1));
        const AsyncResult call = pool.applyAsync(gates.task(), {20});
        for (const int item : numbers(5)) {
            TRY_VERIFY(gates.began(item));
            QVERIFY(!gates.began(20));
            gates.open(item);
        }
        // One worker is at the last item of the map, the other takes what came after the map.
        TRY_VERIFY(gates.began(20));
        TRY_VERIFY(gates.began(5));
        gates.openAll();
        QCOMPARE(call.get<int>(patience), 20);
        QCOMPARE(map.get<std::vector<int>>(patience), numbers(6));
    }

    void roundRobinLetsALateCallThroughSoon() // S9.4
    {
        Gates gates;
        PoolOptions options = pythonWorkers(1);
        options.sharing = Sharing::RoundRobin;
        Pool pool(options);
        const AsyncResult map = pool.mapAsync(gates.task(), numbers(50), chunks(1));
        TRY_VERIFY(gates.began(0));
        const AsyncResult call = pool.applyAsync(gates.task(), {100});
        gates.openAll();
        QCOMPARE(call.get<int>(patience), 100);
        QVERIFY(map.wait(patience));
        const std::vector<int> runs = gates.runs();
        const auto place = std::ranges::find(runs, 100) - runs.begin();
        QVERIFY2(place <= 3, qPrintable(QString::number(place)));
        QCOMPARE(runs.size(), std::size_t(51));
    }

    void roundRobinTakesTurns() // S9.4
    {
        Gates gates;
        PoolOptions options = pythonWorkers(1);
        options.sharing = Sharing::RoundRobin;
        Pool pool(options);
        const AsyncResult blocker = pool.applyAsync(gates.task(), {-1000});
        TRY_VERIFY(gates.began(-1000));
        const AsyncResult first = pool.mapAsync(gates.task("logged"), numbers(100), chunks(1));
        const AsyncResult second = pool.mapAsync(gates.task("logged"), numbers(100, 100), chunks(1));
        gates.openAll();
        QCOMPARE(first.get<std::vector<int>>(patience), numbers(100));
        QCOMPARE(second.get<std::vector<int>>(patience), numbers(100, 100));
        std::vector<int> runs = gates.runs();
        runs.erase(runs.begin());
        int ahead = 0;
        for (const int item : runs) {
            ahead += item < 100 ? 1 : -1;
            QVERIFY2(std::abs(ahead) <= 1, qPrintable(QString::number(item)));
        }
        QVERIFY(blocker.wait(patience));
    }

    void manyJobsAtOnce() // S4.5, I1, I4
    {
        Pool pool(workers(3));
        std::vector<AsyncResult> maps;
        std::vector<AsyncResult> calls;
        std::vector<ResultIterator> iterators;
        for (int number = 0; number < 40; ++number) {
            maps.push_back(pool.mapAsync("square", numbers(30, number)));
            calls.push_back(pool.applyAsync("cube", {number}));
            iterators.push_back(pool.imap("square", numbers(30, number), chunks(1 + number % 5)));
        }
        std::vector<ItemRecord> all;
        for (int number = 0; number < 40; ++number) {
            const auto at = std::size_t(number);
            QCOMPARE(calls[at].get<int>(patience), number * number * number);
            QCOMPARE(maps[at].get<std::vector<int>>(patience), squares(30, number));
            const std::vector<ItemRecord> records = takeAll(iterators[at]);
            for (const auto &some : {maps[at].records(), calls[at].records(), records}) {
                VERIFY_CONSERVED(some, some.size() == 1 ? 1 : 30);
                QCOMPARE(std::ranges::count(some, ItemStatus::Ok, &ItemRecord::status),
                         std::ptrdiff_t(some.size()));
                all.insert(all.end(), some.begin(), some.end());
            }
        }
        QCOMPARE(all.size(), std::size_t(40 * 61));
        QVERIFY(mostAtOnce(all) <= 3);
        TRY_COMPARE(snapshotOf(pool).openJobs, 0u);
        QCOMPARE(snapshotOf(pool).workersStarted, 3u);
    }

    void callsFromManyThreads() // I1, I2
    {
        Pool pool(workers(3));
        std::atomic<int> right = 0;
        std::vector<std::thread> threads;
        for (int thread = 0; thread < 20; ++thread)
            threads.emplace_back([&pool, &right, thread] {
                for (int call = 0; call < 50; ++call) {
                    const int number = thread * 50 + call;
                    switch (call % 4) {
                    case 0:
                        right += pool.apply<int>("square", {number}) == number * number;
                        break;
                    case 1:
                        right += pool.map<int>("square", numbers(5, number)) == squares(5, number);
                        break;
                    case 2: {
                        const AsyncResult result = pool.starmapAsync("add", {{number, 1}, {number, 2}});
                        right += result.get<std::vector<int>>() == std::vector<int>{number + 1, number + 2};
                        break;
                    }
                    default: {
                        ResultIterator results = pool.imap("square", numbers(5, number));
                        right += takeValues<int>(results) == squares(5, number);
                        break;
                    }
                    }
                }
            });
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(right, 1000);
    }

    // ---- kinds

    void tasksOfAllKindsOnOnePool_data() // I4
    {
        QTest::addColumn<int>("processes");
        QTest::addRow("one process") << 1;
        QTest::addRow("three processes") << 3;
    }
    void tasksOfAllKindsOnOnePool()
    {
        QFETCH(int, processes);
        Pool pool(workers(processes));
        std::vector<AsyncResult> native;
        std::vector<AsyncResult> interpreted;
        std::vector<AsyncResult> commands;
        for (int number = 0; number < 5; ++number) {
            native.push_back(pool.mapAsync("square", numbers(4, number), chunks(1)));
            interpreted.push_back(pool.mapAsync(python("square"), numbers(4, number), chunks(2)));
            commands.push_back(pool.mapAsync(Task::command("echo {}"), numbers(2, number), chunks(1)));
        }
        std::vector<ItemRecord> all;
        for (int number = 0; number < 5; ++number) {
            const auto at = std::size_t(number);
            QCOMPARE(native[at].get<std::vector<int>>(patience), squares(4, number));
            QCOMPARE(interpreted[at].get<std::vector<int>>(patience), squares(4, number));
            const auto printed = commands[at].get<std::vector<QString>>(patience);
            QCOMPARE(printed.size(), std::size_t(2));
            QCOMPARE(printed[0].trimmed(), QString::number(number));
            for (const AsyncResult &result : {native[at], interpreted[at], commands[at]})
                for (const ItemRecord &record : result.records())
                    all.push_back(record);
        }
        QCOMPARE(all.size(), std::size_t(50));
        QVERIFY(mostAtOnce(all) <= processes);
        QCOMPARE(pool.pids().size(), std::size_t(processes));
        QCOMPARE(snapshotOf(pool).workersLost, 0u);
        TRY_VERIFY(childProcesses().size() <= std::size_t(processes));
    }

    void anotherKindIsServedWhileOneIsBusy() // I4, I5
    {
        Gates gates;
        Pool pool(pythonWorkers(2));
        const AsyncResult waiting = pool.applyAsync(gates.task(), {1});
        TRY_VERIFY(gates.began(1));
        QCOMPARE(pool.map<int>("square", numbers(10)), squares(10));
        QVERIFY(!waiting.ready());
        gates.openAll();
        QCOMPARE(waiting.get<int>(patience), 1);
    }

    void aTaskThatCannotBeLoadedFailsItsOwnJobOnly_data() // S8.12, I5
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("word");
        QTest::addRow("raises at import")
            << pythonFile("unloadable.py:same") << QStringLiteral("nothing to be had here");
        QTest::addRow("no such function") << pythonFile("pooltasks.py:no_such") << QStringLiteral("no_such");
        QTest::addRow("no function") << pythonFile("pooltasks.py:calls") << QStringLiteral("not a function");
    }
    void aTaskThatCannotBeLoadedFailsItsOwnJobOnly()
    {
        QFETCH(QString, name);
        QFETCH(QString, word);
        for (const TaskKind kind : {TaskKind::Python, TaskKind::Native}) {
            PoolOptions options = pythonWorkers(2);
            options.kind = kind;
            Gates gates;
            Pool pool(options);
            const AsyncResult waiting = pool.applyAsync(gates.task(), {1});
            const AsyncResult bad = pool.mapAsync(name, numbers(6));
            const AsyncResult native = pool.mapAsync("square", numbers(6));
            QString message;
            try {
                bad.get(patience);
            } catch (const Error &error) {
                message = error.message();
            }
            QVERIFY2(message.contains(word), qPrintable(message));
            QVERIFY(!bad.successful());
            VERIFY_CONSERVED(bad.records(), 6);
            QCOMPARE(native.get<std::vector<int>>(patience), squares(6));
            gates.openAll();
            QCOMPARE(waiting.get<int>(patience), 1);
            QCOMPARE(pool.map<int>(python("square"), numbers(6)), squares(6));
        }
    }

    void theTimeATaskTakesToLoadIsNotItsItems() // S8.12
    {
        PoolOptions options = pythonWorkers(1);
        options.timeout = 0.5;
        options.report = [](const QString &) {};
        Pool pool(options);
        QCOMPARE(pool.apply<int>(pythonFile("slowtasks.py:square"), {3}), 9);
        QCOMPARE(snapshotOf(pool).workersLost, 0u);
    }

    void anInterpreterThatIsNotThereFailsPythonJobsOnly() // S8.12, I5
    {
        PoolOptions options = workers(2);
        options.python = QStringLiteral("/no/such/python");
        std::optional<Pool> pool;
        try {
            pool.emplace(options);
        } catch (const ValueError &error) { // may be said at once
            QVERIFY2(error.message().contains("/no/such/python"), error.what());
            return;
        }
        const AsyncResult bad = pool->mapAsync(python("square"), numbers(3));
        QCOMPARE(pool->map<int>("square", numbers(6)), squares(6));
        const auto error = thrown<PoolFailed>([&bad] { bad.get(patience); });
        QVERIFY(error);
        QVERIFY2(error->message().contains("/no/such/python"), error->what());
        QCOMPARE(pool->map<int>("square", numbers(6)), squares(6));
        VERIFY_CONSERVED(bad.records(), 3);
    }

    // ---- initializers

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

    // ---- maxtasksperchild

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
                QCOMPARE(PoolJobsTest::processes(records), processes);
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

QTEST_GUILESS_MAIN(PoolJobsTest)
#include "tst_pooljobs.moc"
