// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/comparison/comparisonrunner.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace Poolscope {

namespace {

constexpr std::size_t replaysKept = 3;

} // namespace

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
    do {
        if (++m_contestant == int(m_contestants.size())) {
            m_contestant = 0;
            ++m_round;
        }
    } while (m_round < m_rounds && isOut(m_contestant));
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

/// One that did not come to its end is compared with nobody: to see that again is worth no time.
bool ComparisonRunner::isOut(int contestant) const
{
    return m_comparison.racers[std::size_t(contestant)].trouble() != nullptr;
}

void ComparisonRunner::takeRun()
{
    if (!m_isStopped) {
        if (const std::optional<JobProblem> problem = m_run->failure())
            takeFailure(*problem);
        else
            takeReplay(m_run->replay());
    }
    m_run.reset();
    Q_EMIT runEnded();
    startNext();
}

void ComparisonRunner::takeFailure(const JobProblem &problem)
{
    const bool isFirst = std::all_of(m_comparison.racers.begin(), m_comparison.racers.end(),
                                     [](const Racer &racer) { return racer.rounds.empty(); });
    if (isFirst || problem.kind != JobProblem::Kind::Task) {
        m_failure = problem;
        return;
    }
    Racer &racer = m_comparison.racers[std::size_t(m_contestant)];
    RaceRound round;
    round.failed = m_comparison.items;
    round.outcome = RaceOutcome::Failed;
    round.message = problem.message.section(QLatin1Char('\n'), 0, 0); // a traceback is none for a sentence
    racer.rounds.push_back(round);
    if (!racer.replay)
        racer.replay.emplace(std::vector<RaceItem>(), 1);
}

void ComparisonRunner::takeReplay(Replay replay)
{
    Racer &racer = m_comparison.racers[std::size_t(m_contestant)];
    racer.rounds.push_back(m_run->round(replay));
    m_comparison.items = std::max(m_comparison.items, racer.rounds.back().ok + racer.rounds.back().failed);
    // The one to be shown: that in the middle of those there are.
    std::vector<Replay> &kept = m_replays[std::size_t(m_contestant)];
    kept.push_back(std::move(replay));
    const double median = racer.spread([](const RaceRound &round) { return round.figures.last; }).median;
    std::stable_sort(kept.begin(), kept.end(), [median](const Replay &a, const Replay &b) {
        return std::abs(a.length() - median) < std::abs(b.length() - median);
    });
    if (kept.size() > replaysKept)
        kept.erase(kept.begin() + replaysKept, kept.end());
    racer.replay = kept.front();
}

} // namespace Poolscope
