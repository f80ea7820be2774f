// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "machinetest.h"
#endif

#include <array>
#include <random>

using namespace MachineTest;

class ConservationTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// Every promise at once, over pools, jobs and accidents of all kinds.
    void conservationHoldsWhateverHappens_data()
    {
        QTest::addColumn<quint32>("seed");
        for (quint32 seed = 1; seed <= 400; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }
    void conservationHoldsWhateverHappens()
    {
        QFETCH(quint32, seed);
        std::mt19937 random(seed);
        const auto pick = [&random](std::uint32_t least, std::uint32_t most) {
            return least + random() % (most - least + 1);
        };
        const std::uint32_t deadly = pick(0, 8);
        const std::uint32_t faulty = pick(0, 8);
        const std::uint32_t salt = random();
        VirtualPool::Plan plan;
        plan.startTime = pick(1, 30) * ms;
        plan.latency = pick(1, 100) * 1000;
        plan.item = [=](std::uint64_t item, std::uint32_t attempt) {
            std::mt19937 own(std::uint32_t(item * 31 + attempt * 7 + salt));
            const Time duration = own() % 50 == 0 ? 30 * ms : Time(1000 + own() % 200'000);
            const std::uint32_t luck = own() % 100;
            const Outcome outcome = luck < deadly            ? Outcome::Death
                                    : luck < deadly + faulty ? Outcome::Error
                                                             : Outcome::Ok;
            return std::pair(duration, outcome);
        };
        const std::uint32_t processes = pick(1, 8);
        PoolConfig config = pool(processes, pick(0, 1) ? std::optional(pick(1, 20)) : std::nullopt);
        config.launches = pick(1, 3);
        config.sharing = pick(0, 1) ? Sharing::RoundRobin : Sharing::Fifo;
        VirtualPool virtualPool(config, plan);
        JobConfig shared;
        shared.stopOnError = pick(0, 1);
        shared.retries = pick(0, 2);
        if (pick(0, 2) == 0)
            shared.timeout = pick(5, 40) * ms;
        std::uint64_t items = 0;
        for (std::uint32_t jobs = pick(1, 4); jobs > 0; --jobs) {
            JobConfig one = shared;
            one.delivery = std::array{Delivery::AllAtEnd, Delivery::Ordered, Delivery::Unordered}[pick(0, 2)];
            one.window = pick(1, 100);
            one.launch = LaunchId(pick(0, config.launches - 1));
            const std::uint32_t count = pick(0, 700);
            const std::uint32_t chunksize = pick(0, 2) ? pick(1, 10) : pick(1, 300);
            if (pick(0, 2) == 0)
                one.halt = HaltPolicy{.when = HaltPolicy::When(pick(0, 1)),
                                      .why = HaltPolicy::Why(pick(0, 1)),
                                      .amount = std::uint32_t(pick(1, 40)),
                                      .isPercent = pick(0, 2) == 0};
            items += count;
            virtualPool.at(pick(0, 200) * ms, [&virtualPool, one, count, chunksize] {
                virtualPool.submit(one, count, chunksize);
            });
        }
        if (pick(0, 5) == 0)
            virtualPool.at(pick(1, 300) * ms, [&] { virtualPool.machine.terminate(virtualPool.now); });
        if (pick(0, 1) == 0) // as soon as all is submitted, or when all is done
            virtualPool.at(201 * ms, [&] { virtualPool.machine.close(virtualPool.now); });
        virtualPool.run();
        virtualPool.at(virtualPool.now, [&] { virtualPool.machine.close(virtualPool.now); });
        virtualPool.run();

        QVERIFY(virtualPool.finished); // I2
        QVERIFY(virtualPool.machine.isOver());
        for (const std::string &violation : virtualPool.violations)
            QFAIL(violation.c_str());
        QVERIFY(virtualPool.outcomes.size() <= items); // I1
        QCOMPARE(virtualPool.delivered.size(), virtualPool.outcomes.size());
        std::vector<std::uint64_t> once = virtualPool.delivered;
        std::sort(once.begin(), once.end());
        QVERIFY(std::adjacent_find(once.begin(), once.end()) == once.end());
        for (const auto &[item, times] : virtualPool.executions)
            QVERIFY(times <= int(shared.retries) + 1 || shared.stopOnError); // I3
        QVERIFY(virtualPool.mostBusy <= processes);                          // I4
        QCOMPARE(virtualPool.begunAfterHalt, 0u);
    }
};

QTEST_APPLESS_MAIN(ConservationTest)
#include "tst_conservation.moc"
