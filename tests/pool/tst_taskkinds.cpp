// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "pooltest.h"
#endif

using namespace PoolTest;

/// Tasks of all kinds on one pool, and those that cannot be found or loaded.
class TaskKindsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
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
};

QTEST_GUILESS_MAIN(TaskKindsTest)
#include "tst_taskkinds.moc"
