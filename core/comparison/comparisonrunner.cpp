// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/comparison/comparisonrunner.h"

#include <algorithm>

namespace Poolscope {

namespace {

constexpr std::size_t recordsAtOnce = 10'000;

Replay replayOf(const Run &run, const RunSnapshot &figures)
{
    std::vector<RaceItem> items;
    const double began = std::max(figures.firstDispatch, 0.0);
    for (std::size_t from = 0;;) {
        const std::vector<ItemRecord> records = run.delivered(from, recordsAtOnce);
        if (records.empty())
            break;
        from += records.size();
        for (const ItemRecord &record : records)
            items.push_back({.index = record.index,
                             .worker = record.worker,
                             .started = record.started < 0 ? -1 : record.started - began,
                             .finished = record.started < 0 ? -1 : record.finished - began,
                             .delivered = std::max(record.delivered - began, 0.0),
                             .ok = record.status == ItemStatus::Ok});
    }
    return Replay(std::move(items), figures.processes);
}

} // namespace

ComparisonRunner::ComparisonRunner(const JobSpec &job, const QList<Contestant> &contestants, int rounds,
                                   QObject *parent)
    : QObject(parent)
    , m_job(job)
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
    RunOptions options;
    options.record = true;
    m_run = Run::start(m_contestants.at(m_contestant).appliedTo(m_job), options);
    Q_EMIT runStarted();
    m_run->whenOver(
        [this] { QMetaObject::invokeMethod(this, &ComparisonRunner::takeRun, Qt::QueuedConnection); });
}

void ComparisonRunner::takeRun()
{
    const RunSnapshot figures = m_run->snapshot();
    m_failure = m_run->failure();
    const bool isWhole = !m_failure && !m_isStopped;
    if (isWhole) {
        Racer &racer = m_comparison.racers[std::size_t(m_contestant)];
        std::vector<Replay> &replays = m_replays[std::size_t(m_contestant)];
        replays.push_back(replayOf(*m_run, figures));
        racer.rounds.push_back({.figures = replays.back().figures(),
                                .processesStarted = figures.workersStarted,
                                .chunksize = figures.chunksize,
                                .ok = figures.items.ok,
                                .failed = figures.items.read - figures.items.ok});
        m_comparison.items = figures.items.read;
        // The one to be shown: the middle of those there are.
        std::vector<std::size_t> order(replays.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        std::sort(order.begin(), order.end(), [&replays](std::size_t a, std::size_t b) {
            return replays[a].length() < replays[b].length();
        });
        racer.replay = replays[order[(order.size() - 1) / 2]];
    }
    m_run.reset();
    startNext();
}

} // namespace Poolscope
