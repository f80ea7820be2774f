// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "virtualpool.h"

#include <QtTest>

#include <algorithm>

/// What the tests of the pool machine share: pools, jobs and plans that are told in a word.
namespace MachineTest {

using namespace Poolscope;
using Outcome = VirtualPool::Outcome;

inline constexpr Time ms = 1'000'000;

inline PoolConfig pool(std::uint32_t processes, std::optional<std::uint32_t> maxTasksPerChild = {})
{
    PoolConfig config;
    config.processes = processes;
    config.maxTasksPerChild = maxTasksPerChild;
    return config;
}

inline JobConfig job(Delivery delivery)
{
    JobConfig config;
    config.delivery = delivery;
    return config;
}

/// All items are well, and take so long in turn.
inline VirtualPool::Plan durations(std::vector<Time> each)
{
    VirtualPool::Plan plan;
    plan.item = [each](std::uint64_t item, std::uint32_t) {
        return std::pair(each[item % each.size()], Outcome::Ok);
    };
    return plan;
}

/// Items that ended so.
inline std::uint64_t count(const VirtualPool &virtualPool, const std::string &outcome)
{
    return std::uint64_t(std::count_if(virtualPool.outcomes.begin(), virtualPool.outcomes.end(),
                                       [&outcome](const auto &entry) { return entry.second == outcome; }));
}

} // namespace MachineTest
