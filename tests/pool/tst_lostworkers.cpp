// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "pooltest.h"
#endif

using namespace PoolTest;

/// Workers that vanish: the item they ran is lost, all else gets its outcome, the pool goes on.
class LostWorkersTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theItemIsLostWithWhatIsKnown_data() // S8.1, S8.5
    {
        QTest::addColumn<int>("item");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QString>("signal");
        QTest::addColumn<QString>("errorOutput");
        QTest::addRow("exit 7") << -1 << 7 << ""
                                << "last words";
        QTest::addRow("exit 0") << -2 << 0 << ""
                                << "";
        QTest::addRow("SIGKILL") << -3 << 0 << "SIGKILL"
                                 << "";
        QTest::addRow("SIGSEGV") << -4 << 0 << "SIGSEGV"
                                 << "";
        QTest::addRow("SIGTERM") << -5 << 0 << "SIGTERM"
                                 << "";
    }
    void theItemIsLostWithWhatIsKnown()
    {
        QFETCH(int, item);
        QFETCH(int, exitCode);
        QFETCH(QString, signal);
        QFETCH(QString, errorOutput);
        const Log reports;
        PoolOptions options = pythonWorkers(2);
        options.report = [reports](const QString &text) { reports.add(text); };
        Pool pool(options);
        TRY_VERIFY(allReady(pool));
        const std::vector<std::int64_t> before = pool.pids();

        const AsyncResult result = pool.applyAsync(python("die"), {item});
        const auto error = thrown<WorkerLost>([&result] { result.get(patience); });
        QVERIFY(error);
        QCOMPARE(error->index(), 0u);
        QCOMPARE(error->type(), QStringLiteral("WorkerLost"));
        QVERIFY(std::ranges::count(before, error->pid()) == 1);
        QCOMPARE(error->signal(), signal);
        if (signal.isEmpty())
            QCOMPARE(error->exitCode(), exitCode);
        QVERIFY2(error->errorOutput().contains(errorOutput), qPrintable(error->errorOutput()));
        QCOMPARE(error->input(), QString::number(item));
        QVERIFY(error->peakMemory() > 1'000'000);
        QVERIFY(!result.successful());
        VERIFY_CONSERVED(result.records(), 1);
        QCOMPARE(statuses(result.records()), QStringLiteral("l"));
        QCOMPARE(result.records()[0].pid, error->pid());

        // Exactly one replacement, and the other worker is as it was (S8.2).
        QCOMPARE(pool.map<int>(python("square"), numbers(20)), squares(20));
        TRY_VERIFY(std::ranges::count(pool.pids(), 0) == 0);
        const std::vector<std::int64_t> after = pool.pids();
        QVERIFY(std::ranges::count(after, error->pid()) == 0);
        QCOMPARE(std::ranges::count_if(
                     after, [&before](std::int64_t pid) { return std::ranges::count(before, pid) == 1; }),
                 1);
        TRY_COMPARE(snapshotOf(pool).workersStarted, 3u);
        QCOMPARE(snapshotOf(pool).workersLost, 1u);
        TRY_COMPARE(reports.lines().size(), 1);
        QVERIFY2(reports.lines()[0].contains(QString::number(error->pid())), qPrintable(reports.lines()[0]));
    }

    void onlyTheItemIsLostAndNothingRunsTwice_data() // S8.1, S8.3, I1, I3
    {
        QTest::addColumn<int>("chunksize");
        QTest::addColumn<QString>("raise");
        QTest::addRow("1") << 1 << "oooolooooooo";
        QTest::addRow("3") << 3 << "oooolnoooooo";
        QTest::addRow("12") << 12 << "oooolnnnnnnn";
    }
    void onlyTheItemIsLostAndNothingRunsTwice()
    {
        QFETCH(int, chunksize);
        QFETCH(QString, raise);
        const std::vector<int> items = {0, 1, 2, 3, -1, 5, 6, 7, 8, 9, 10, 11};
        for (const OnError onError : {OnError::Raise, OnError::Collect}) {
            const QString expected = onError == OnError::Raise ? raise : QStringLiteral("oooolooooooo");
            Gates gates;
            Pool pool(pythonWorkers(2));
            const AsyncResult result = pool.mapAsync(gates.task("die"), items, chunks(chunksize, onError));
            const auto error = thrown<WorkerLost>([&result] { result.get(patience); });
            QVERIFY(error);
            QCOMPARE(error->index(), 4u);
            VERIFY_CONSERVED(result.records(), 12);
            QCOMPARE(statuses(result.records()), expected);
            std::vector<int> ran;
            for (std::size_t item = 0; item < items.size(); ++item)
                if (expected[qsizetype(item)] != QLatin1Char('n'))
                    ran.push_back(items[item]);
            QCOMPARE(sorted(gates.runs()), sorted(ran));
        }
    }

    void anIteratorGoesOnBehindALoss() // S8.1
    {
        Pool pool(pythonWorkers(2));
        ResultIterator results = pool.imap(python("die"), {0, -1, 2, -3, 4});
        QCOMPARE(results.next<int>(patience), 0);
        const auto exited = thrown<WorkerLost>([&results] { results.next(patience); });
        QVERIFY(exited);
        QCOMPARE(exited->index(), 1u);
        QCOMPARE(exited->exitCode(), 7);
        QCOMPARE(results.next<int>(patience), 2);
        const auto killed = thrown<WorkerLost>([&results] { results.next(patience); });
        QVERIFY(killed);
        QCOMPARE(killed->index(), 3u);
        QCOMPARE(killed->signal(), QStringLiteral("SIGKILL"));
        QCOMPARE(takeValues<int>(results), std::vector<int>{4});
    }

    void aJobOfWhichEachItemKillsItsWorkerEnds() // S8.1, S8.2, I2
    {
        Pool pool(pythonWorkers(2));
        const AsyncResult result =
            pool.mapAsync(python("die"), std::vector<int>(12, -1), chunks(4, OnError::Collect));
        VERIFY_THROWS(WorkerLost, result.get(patience));
        VERIFY_CONSERVED(result.records(), 12);
        QCOMPARE(statuses(result.records()), QStringLiteral("llllllllllll"));
        QCOMPARE(pool.apply<int>(python("square"), {3}), 9); // I5
    }

    void aLossConcernsItsOwnJobOnly() // I5
    {
        Gates gates;
        Pool pool(pythonWorkers(3));
        const AsyncResult other = pool.mapAsync(gates.task(), numbers(2), chunks(1));
        TRY_VERIFY(gates.runs().size() == 2);
        for (const int item : {-1, -3})
            VERIFY_THROWS(WorkerLost, pool.apply(python("die"), {item}));
        gates.openAll();
        QCOMPARE(other.get<std::vector<int>>(patience), numbers(2));
        QCOMPARE(sorted(gates.runs()), numbers(2));
    }

    void idleWorkersMayBeKilled_data() // S8.4
    {
        QTest::addColumn<int>("killed");
        QTest::addColumn<int>("signal");
        QTest::addRow("one") << 1 << SIGKILL;
        QTest::addRow("all") << 3 << SIGKILL;
        QTest::addRow("all, politely") << 3 << SIGTERM;
    }
    void idleWorkersMayBeKilled()
    {
        QFETCH(int, killed);
        QFETCH(int, signal);
        Pool pool(workers(3));
        QCOMPARE(pool.map<int>("square", numbers(20)), squares(20));
        TRY_VERIFY(allReady(pool));
        const std::vector<std::int64_t> before = pool.pids();
        for (int slot = 0; slot < killed; ++slot)
            QCOMPARE(::kill(pid_t(before[std::size_t(slot)]), signal), 0);
        const AsyncResult result = pool.mapAsync("square", numbers(100));
        QCOMPARE(result.get<std::vector<int>>(patience), squares(100));
        VERIFY_CONSERVED(result.records(), 100);
        TRY_COMPARE(snapshotOf(pool).workersLost, std::uint64_t(killed));
        TRY_VERIFY(std::ranges::count(pool.pids(), 0) == 0);
        QCOMPARE(snapshotOf(pool).workersStarted, std::uint64_t(3 + killed));
        for (int slot = 0; slot < killed; ++slot)
            QVERIFY(pool.pids()[std::size_t(slot)] != before[std::size_t(slot)]);
        pool.close();
        QVERIFY(pool.join(patience)); // S7.9
    }

    void terminateAfterIdleWorkersWereKilled() // S7.9, S8.4
    {
        Pool pool(workers(2));
        TRY_VERIFY(allReady(pool));
        for (const std::int64_t pid : pool.pids())
            ::kill(pid_t(pid), SIGKILL);
        pool.terminate();
        QVERIFY(pool.join(patience));
        QVERIFY(childProcesses().empty());
    }

    void aWorkerKilledAmongLargeResultsLosesNoOtherItem() // S8.6
    {
        Pool pool(pythonWorkers(2));
        ResultIterator results = pool.imap(python("large"), numbers(60));
        std::vector<ItemRecord> records;
        int killed = 0;
        while (std::optional<ItemRecord> record = results.nextRecord(patience)) {
            if (record->index % 20 == 10) {
                // Whatever it is doing now: running, writing or waiting.
                const std::int64_t pid = pool.pids()[std::size_t(killed % 2)];
                if (pid > 0 && ::kill(pid_t(pid), SIGKILL) == 0)
                    ++killed;
            }
            records.push_back(std::move(*record));
        }
        QVERIFY(killed > 0);
        VERIFY_CONSERVED(records, 60);
        int lost = 0;
        for (const ItemRecord &record : records) {
            if (record.status == ItemStatus::Ok)
                QCOMPARE(record.value.size(), std::size_t(1'000'002));
            else
                lost += record.status == ItemStatus::Lost;
        }
        QVERIFY(lost <= killed);
        QCOMPARE(std::ranges::count(records, ItemStatus::Ok, &ItemRecord::status), 60 - lost);
        QCOMPARE(pool.map<int>(python("square"), numbers(10)), squares(10));
    }

    void closingDescriptorsNeverHangs_data() // S8.7
    {
        QTest::addColumn<int>("item");
        QTest::addRow("the standard ones") << -2;
        QTest::addRow("all others") << -1;
    }
    void closingDescriptorsNeverHangs()
    {
        QFETCH(int, item);
        Pool pool(pythonWorkers(2));
        const AsyncResult result = pool.mapAsync(python("close_descriptors"), {0, item, 2, 3}, chunks(1));
        QVERIFY(result.wait(patience));
        VERIFY_CONSERVED(result.records(), 4);
        QString others = statuses(result.records());
        const QChar own = others[1];
        others.remove(1, 1);
        QCOMPARE(others, QStringLiteral("ooo"));
        if (item == -2)
            QCOMPARE(own, QLatin1Char('o'));
        QCOMPARE(pool.apply<int>(python("square"), {3}), 9);
    }

    void aTaskThatForksIsAnsweredOnce() // S8.8
    {
        {
            Pool pool(pythonWorkers(2));
            ResultIterator results = pool.imap(python("fork_and_return_twice"), {0, -1, 2, -1, 4});
            const std::vector<ItemRecord> records = takeAll(results);
            VERIFY_CONSERVED(records, 5);
            for (const std::size_t item : {0, 2, 4})
                QCOMPARE(records[item].status, ItemStatus::Ok);
            QCOMPARE(pool.map<int>(python("square"), numbers(10)), squares(10));
        }
        QVERIFY(childProcesses().empty());
    }

    void anItemOverItsTimeIsLost_data()
    {
        QTest::addColumn<bool>("ofThePool");
        QTest::addRow("the pool's") << true;
        QTest::addRow("the call's") << false;
    }
    void anItemOverItsTimeIsLost() // S6.6, S8.1
    {
        QFETCH(bool, ofThePool);
        PoolOptions settings = pythonWorkers(2);
        CallOptions options = chunks(2, OnError::Collect);
        (ofThePool ? settings.timeout : options.timeout) = 0.5;
        Pool pool(settings);
        const AsyncResult result = pool.mapAsync(python("hang_negative"), {1, -1, 2, 3}, options);
        const auto error = thrown<WorkerLost>([&result] { result.get(patience); });
        QVERIFY(error);
        QCOMPARE(error->type(), QStringLiteral("TimeoutError"));
        QCOMPARE(error->index(), 1u);
        VERIFY_CONSERVED(result.records(), 4);
        QCOMPARE(statuses(result.records()), QStringLiteral("oloo"));
        QCOMPARE(pool.apply<int>(python("square"), {3}), 9);
    }

    void whatFailedIsTriedAgainWhenAskedTo_data() // I3, S8.1
    {
        QTest::addColumn<QString>("function");
        QTest::addColumn<bool>("ofThePool");
        for (const char *function : {"fail_until_third", "die_until_third"}) {
            QTest::addRow("%s, the pool's", function) << function << true;
            QTest::addRow("%s, the call's", function) << function << false;
        }
    }
    void whatFailedIsTriedAgainWhenAskedTo()
    {
        QFETCH(QString, function);
        QFETCH(bool, ofThePool);
        const std::vector<QString> names = {"a", "b", "c"};
        Gates gates;
        PoolOptions settings = pythonWorkers(2);
        CallOptions options = chunks(1);
        if (ofThePool)
            settings.retries = 2;
        else
            options.retries = 2;
        Pool pool(settings);
        const AsyncResult result = pool.mapAsync(gates.task(function.toLatin1().constData()), names, options);
        QCOMPARE(result.get<std::vector<QString>>(patience), names);
        VERIFY_CONSERVED(result.records(), 3);
        for (const ItemRecord &record : result.records()) {
            QCOMPARE(record.attempt, 3u);
            QCOMPARE(record.earlier.size(), std::size_t(2));
            double before = 0;
            for (std::uint32_t attempt = 1; attempt <= 2; ++attempt) {
                const ItemRecord &earlier = record.earlier[attempt - 1];
                QCOMPARE(earlier.attempt, attempt);
                QCOMPARE(earlier.index, record.index);
                const bool dies = function == QStringLiteral("die_until_third");
                QCOMPARE(earlier.status, dies ? ItemStatus::Lost : ItemStatus::Error);
                const char *type = dies ? "WorkerLost" : "ValueError";
                QVERIFY2(earlier.value.find(type) != std::string::npos, earlier.value.c_str());
                QVERIFY(earlier.pid > 0);
                QVERIFY(before <= earlier.started && earlier.started <= earlier.finished);
                before = earlier.finished;
            }
            QVERIFY(before <= record.started);
        }
    }

    void nothingIsTriedAgainUnasked() // I3
    {
        Gates gates;
        Pool pool(pythonWorkers(1));
        const AsyncResult result = pool.mapAsync(gates.task("die"), {1, -1, -3}, chunks(1));
        VERIFY_THROWS(WorkerLost, result.get(patience));
        QCOMPARE(gates.runs(), (std::vector<int>{1, -1, -3}));
        QCOMPARE(statuses(result.records()), QStringLiteral("oll"));
        for (const ItemRecord &record : result.records())
            QCOMPARE(record.attempt, 1u);
    }
};

QTEST_GUILESS_MAIN(LostWorkersTest)
#include "tst_lostworkers.moc"
