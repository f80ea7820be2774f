// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/comparison/contestantrun.h"

#include <QList>
#include <QObject>

#include <memory>
#include <optional>
#include <vector>

namespace Poolscope {

/// Runs the contestants for real, one after the other, round after round: the first round of all, then the
/// second, so that what changes on the machine meanwhile meets all alike.
class ComparisonRunner final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ComparisonRunner)
public:
    /// \param rounds  of each contestant, at least one
    ComparisonRunner(const JobSpec &job, const QList<Contestant> &contestants, int rounds,
                     QObject *parent = nullptr);
    ~ComparisonRunner() override;

    void start();
    /// Ends the run that goes on; ended() follows, and what was measured so far stays.
    void stop();

    int rounds() const { return m_rounds; }
    int round() const { return m_round; }           ///< From 0.
    int contestant() const { return m_contestant; } ///< Which one runs.
    /// The one that goes on; null before the first and after the last.
    const ContestantRun *run() const { return m_run.get(); }
    /// Complete when ended() was sent and wasStopped() and failure() say nothing else.
    const Comparison &comparison() const { return m_comparison; }
    bool wasStopped() const { return m_isStopped; }
    /// Why nothing could be compared: the first that ran could not do the job at all, or the input cannot be
    /// read. One that fails later is a contestant that failed, and the others go on.
    const std::optional<JobProblem> &failure() const { return m_failure; }

Q_SIGNALS:
    void runStarted(); ///< run(), round() and contestant() are new.
    void runEnded();   ///< comparison() has one more round, and the next run has not begun.
    void ended();

private:
    void startNext();
    bool isOut(int contestant) const;
    void takeRun();
    void takeFailure(const JobProblem &problem);
    void takeReplay(Replay replay);

    const JobSpec m_job;
    const QList<Contestant> m_contestants;
    const int m_rounds;
    Comparison m_comparison;
    /// By contestant, those nearest to the median so far: a million items take 50 MB each.
    std::vector<std::vector<Replay>> m_replays;
    int m_round = 0;
    int m_contestant = -1;
    bool m_isStopped = false;
    std::optional<JobProblem> m_failure;
    std::unique_ptr<ContestantRun> m_run;
};

} // namespace Poolscope
