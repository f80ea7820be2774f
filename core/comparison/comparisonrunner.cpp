// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/comparison/comparisonrunner.h"

#include <algorithm>
#include <utility>

namespace Poolscope {

ComparisonRunner::ComparisonRunner(const JobSpec &job, const QList<Contestant> &contestants, int rounds,
                                   QObject *parent)
    : QObject(parent)
    , m_job(sharedJob(job, contestants))
    , m_contestants(contestants)
    , m_rounds(std::max(rounds, 1))
    , m_replays(std::size_t(contestants.size()))
{
    m_comparison.task = job.commandTemplate.isEmpty() ? job.task : job.commandTemplate;
    m_comparison.input = job.input;
    m_comparison.processes = job.processes;
    for (const Contestant &contestant : contestants)
        m_comparison.racers.push_back({.contestant = contestant, .rounds = {}, .replay = {}});
}

ComparisonRunner::~ComparisonRunner() = default;

void ComparisonRunner::start()
{
    startNext();
}

void ComparisonRunner::stop()
{
    m_isStopped = true;
    if (m_run)
        m_run->stop();
}

void ComparisonRunner::startNext()
{
    if (++m_contestant == int(m_contestants.size())) {
        m_contestant = 0;
        ++m_round;
    }
    if (m_round == m_rounds || m_isStopped || m_failure) {
        Q_EMIT ended();
        return;
    }
    m_run = ContestantRun::create(m_job, m_contestants.at(m_contestant));
    // Queued: a run is not ended while it tells that it has.
    connect(m_run.get(), &ContestantRun::ended, this, &ComparisonRunner::takeRun, Qt::QueuedConnection);
    m_run->start();
    Q_EMIT runStarted();
}

void ComparisonRunner::takeRun()
{
    m_failure = m_run->failure();
    if (!m_failure && !m_isStopped) {
        Racer &racer = m_comparison.racers[std::size_t(m_contestant)];
        std::vector<Replay> &replays = m_replays[std::size_t(m_contestant)];
        replays.push_back(m_run->replay());
        racer.rounds.push_back(m_run->round(replays.back()));
        m_comparison.items = racer.rounds.back().ok + racer.rounds.back().failed;
        // The one to be shown: the middle of those there are.
        std::vector<std::size_t> order(replays.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        const auto rank = [&](std::size_t i) {
            return std::pair(racer.rounds[i].outcome != RaceOutcome::Ended, replays[i].length());
        };
        std::sort(order.begin(), order.end(),
                  [&rank](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
        racer.replay = replays[order[(order.size() - 1) / 2]];
    }
    m_run.reset();
    startNext();
}

} // namespace Poolscope
