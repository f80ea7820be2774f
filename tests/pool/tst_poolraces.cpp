// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "pooltest.h"
#endif

#include <algorithm>
#include <atomic>
#include <ctime>
#include <random>
#include <thread>

using namespace PoolTest;

/// What happens when much happens at once: every call still ends, and every item with it (I1, I2, I3).
class PoolRacesTest final : public QObject
{
    Q_OBJECT

    struct Tally
    {
        std::atomic<int> answered = 0;
        std::atomic<int> refused = 0;
        std::atomic<int> cancelled = 0;
        std::atomic<int> wrong = 0;
    };

    /// Calls until the pool takes no more.
    static void callUntilTheEnd(Pool &pool, Tally &tally, int seed)
    {
        for (int number = seed;; ++number) {
            try {
                bool right = false;
                switch (number % 3) {
                case 0:
                    right = pool.apply<int>("square", {number}) == number * number;
                    break;
                case 1:
                    right = pool.map<int>("square", numbers(7, number), chunks(2)) == squares(7, number);
                    break;
                default:
                    ResultIterator results = pool.imap("square", numbers(7, number), chunks(2));
                    std::vector<int> values;
                    for (const Value &value : results)
                        values.push_back(value.to<int>());
                    right = values == squares(7, number);
                    break;
                }
                ++(right ? tally.answered : tally.wrong);
            } catch (const ValueError &error) {
                ++(error.message().contains("Pool not running") ? tally.refused : tally.wrong);
                return;
            } catch (const Cancelled &) {
                ++tally.cancelled;
            }
        }
    }

private Q_SLOTS:
    void callsMeetTheEndOfThePool_data() // S7.1, S7.2, S7.5, I2
    {
        QTest::addColumn<bool>("terminated");
        QTest::addRow("close") << false;
        QTest::addRow("terminate") << true;
    }
    void callsMeetTheEndOfThePool()
    {
        QFETCH(bool, terminated);
        for (int round = 0; round < 10; ++round) {
            Tally tally;
            Pool pool(workers(2));
            std::vector<std::thread> threads;
            for (int thread = 0; thread < 6; ++thread)
                threads.emplace_back([&pool, &tally, thread] { callUntilTheEnd(pool, tally, thread * 100); });
            const bool worked =
                QTest::qWaitFor([&tally, round] { return tally.answered > round * 3; }, 60'000);
            terminated ? pool.terminate() : pool.close();
            for (std::thread &thread : threads)
                thread.join();
            QVERIFY(worked);
            QVERIFY(pool.join(patience));
            QCOMPARE(tally.wrong, 0);
            QCOMPARE(tally.refused, 6);
            if (!terminated)
                QCOMPARE(tally.cancelled, 0); // what was taken is finished
            QCOMPARE(snapshotOf(pool).openJobs, 0u);
        }
        QVERIFY(childProcesses().empty());
    }

    void theEndComesAtAnyMoment_data() // S7.3, I1, I2
    {
        QTest::addColumn<bool>("interpreted");
        QTest::addRow("native") << false;
        QTest::addRow("python") << true;
    }
    void theEndComesAtAnyMoment()
    {
        QFETCH(bool, interpreted);
        const Task task = interpreted ? python("square") : Task("square");
        for (int done = 0; done < 12; ++done) {
            Pool pool(interpreted ? pythonWorkers(2, 3) : workers(2, 3));
            const AsyncResult result = pool.mapAsync(task, numbers(30), chunks(1));
            TRY_VERIFY(itemsDone(pool) >= std::uint64_t(done));
            pool.terminate();
            QVERIFY(pool.join(patience));
            QVERIFY(result.ready());
            const std::vector<ItemRecord> records = result.records();
            VERIFY_CONSERVED(records, 30);
            const auto finished = std::ranges::count(records, ItemStatus::Ok, &ItemRecord::status);
            QVERIFY(finished >= done);
            QCOMPARE(std::ranges::count(records, ItemStatus::Cancelled, &ItemRecord::status), 30 - finished);
            QCOMPARE(result.successful(), finished == 30);
        }
        QVERIFY(childProcesses().empty());
    }

    void jobsOfAllKindsWithFailuresOfAllKinds_data() // I1, I2, I3, I4, I5
    {
        QTest::addColumn<bool>("roundRobin");
        QTest::addColumn<bool>("recycled");
        QTest::addRow("in order") << false << false;
        QTest::addRow("in order, recycled") << false << true;
        QTest::addRow("in turn, recycled") << true << true;
    }
    void jobsOfAllKindsWithFailuresOfAllKinds()
    {
        QFETCH(bool, roundRobin);
        QFETCH(bool, recycled);
        PoolOptions settings = workers(3);
        if (recycled)
            settings.maxtasksperchild = 4;
        settings.sharing = roundRobin ? Sharing::RoundRobin : Sharing::Fifo;
        settings.report = [](const QString &) {};
        Pool pool(settings);

        std::mt19937 random(20'240'229);
        const auto pick = [&random](int most) { return int(random() % unsigned(most)); };
        struct Job
        {
            Gates folder;
            std::vector<int> items;
            bool traced = false;
            std::optional<AsyncResult> result;
            std::optional<ResultIterator> iterator;
        };
        std::vector<std::unique_ptr<Job>> jobs;
        for (int number = 0; number < 36; ++number) {
            auto job = std::make_unique<Job>();
            const int kind = pick(4);
            job->traced = kind < 2;
            for (int item = 1 + pick(12); item > 0; --item)
                job->items.push_back(kind < 2 && pick(8) == 0 ? -1 - pick(3) : item * 100 + number);
            const Task task = kind == 0   ? job->folder.task("die")
                              : kind == 1 ? job->folder.task("logged")
                              : kind == 2 ? Task("square")
                                          : Task::command("echo {}");
            const CallOptions options = chunks(1 + pick(4), pick(2) ? OnError::Raise : OnError::Collect);
            switch (pick(3)) {
            case 0:
                job->result = pool.mapAsync(task, job->items, options);
                break;
            case 1:
                job->iterator = pool.imap(task, job->items, options);
                break;
            default:
                job->iterator = pool.imapUnordered(task, job->items, options);
                break;
            }
            jobs.push_back(std::move(job));
        }

        std::vector<ItemRecord> all;
        for (const auto &job : jobs) {
            if (job->result)
                QVERIFY(job->result->wait(patience));
            const std::vector<ItemRecord> records =
                byIndex(job->result ? job->result->records() : takeAll(*job->iterator));
            VERIFY_CONSERVED(records, job->items.size());
            std::vector<int> ran;
            for (const ItemRecord &record : records) {
                QVERIFY(record.status != ItemStatus::Cancelled);
                const int item = job->items[record.index];
                if (record.status != ItemStatus::NotRun)
                    ran.push_back(item);
                QCOMPARE(record.status == ItemStatus::Error || record.status == ItemStatus::Lost,
                         item < 0 && record.status != ItemStatus::NotRun);
            }
            if (job->traced)
                QCOMPARE(sorted(job->folder.runs()), sorted(ran));
            all.insert(all.end(), records.begin(), records.end());
        }
        QVERIFY(mostAtOnce(all) <= 3);
        QCOMPARE(pool.map<int>(python("square"), numbers(10)), squares(10));
        pool.close();
        QVERIFY(pool.join(patience));
        QVERIFY(childProcesses().empty());
    }

    void aCallCostsTheSameHoweverManyAreOpen() // S10.7
    {
        Pool pool(workers(2));
        const auto cpuTimeOf = [&pool](int calls) {
            const std::clock_t before = std::clock(); // what others do on this machine does not count
            std::vector<AsyncResult> results;
            for (int call = 0; call < calls; ++call)
                results.push_back(pool.applyAsync("echo", {call}));
            for (const AsyncResult &result : results)
                result.wait();
            return double(std::clock() - before);
        };
        // Memory comes first: what its pages cost, and under a sanitizer their shadows, is no cost of calls.
        cpuTimeOf(8000);
        // The least of several: a cost that grows with the calls is in each of them, a sanitizer's own is
        // not.
        double few = cpuTimeOf(1000);
        double many = cpuTimeOf(8000);
        for (int again = 0; again < 3; ++again) {
            few = std::min(few, cpuTimeOf(1000));
            many = std::min(many, cpuTimeOf(8000));
        }
        QVERIFY2(many < 40 * few, qPrintable(QString::number(many / few)));
    }

    void aCallMayBeTheLastThatHoldsItsPool_data() // I2
    {
        QTest::addColumn<QString>("holder");
        QTest::addRow("callback that is called") << "callback";
        QTest::addRow("callback that is not called") << "errorCallback";
        QTest::addRow("input") << "input";
    }
    void aCallMayBeTheLastThatHoldsItsPool()
    {
        QFETCH(QString, holder);
        for (int round = 0; round < 20; ++round) {
            auto pool = std::make_shared<Pool>(workers(1));
            const std::weak_ptr<Pool> watched = pool;
            CallOptions options;
            if (holder == "callback")
                options.callback = [pool](const Value &) {};
            else if (holder == "errorCallback")
                options.errorCallback = [pool](const std::exception &) {};
            if (holder == "input")
                pool->imap("square", Items::generate([pool]() -> std::optional<Value> { return {}; }));
            else
                pool->applyAsync("square", {round}, options);
            pool.reset();
            options = {};
            TRY_VERIFY(watched.expired());
            TRY_VERIFY(childProcesses().empty());
        }
    }

    void whatGivenFunctionsThrowHarmsNothing() // I5
    {
        PoolOptions options = pythonWorkers(1);
        options.printed = [](const PrintedLine &) { throw std::runtime_error("printed"); };
        options.report = [](const QString &) { throw 1; };
        Pool pool(options);
        CallOptions call;
        call.callback = [](const Value &) { throw std::runtime_error("callback"); };
        QCOMPARE(pool.applyAsync(python("print_lines").with("lines", 1), {3}, call).get<int>(), 3);
        QCOMPARE(pool.apply<int>("square", {3}), 9);
        pool.close();
        QVERIFY(pool.join(patience));
    }

    void iteratorsAreDroppedWhileTheirResultsCome() // S4.6, I2
    {
        Pool pool(workers(2));
        for (int round = 0; round < 200; ++round) {
            ResultIterator results = pool.imapUnordered("square", numbers(50), chunks(1 + round % 7));
            for (int taken = 0; taken < round % 11; ++taken)
                QVERIFY(results.next(patience));
        }
        pool.close();
        QVERIFY(pool.join(patience));
        QCOMPARE(itemsDone(pool), 200u * 50u);
    }
};

QTEST_GUILESS_MAIN(PoolRacesTest)
#include "tst_poolraces.moc"
