// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "pooltest.h"
#endif

using namespace PoolTest;

/// What a task is called with.
class ArgumentsTest final : public QObject
{
    Q_OBJECT

    static const char *describe(const std::optional<TaskFailed> &error)
    {
        return error ? error->what() : "no TaskFailed";
    }

private Q_SLOTS:
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
};

QTEST_GUILESS_MAIN(ArgumentsTest)
#include "tst_arguments.moc"
