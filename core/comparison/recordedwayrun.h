// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/comparison/contestantrun.h"

namespace Poolscope {

namespace Wire {
class TimeSheet;
}

class RecordedProcess;
struct RecordedWork;

/// A contestant that does without this pool: a process of its own does all the work and notes the times.
class RecordedWayRun final : public ContestantRun
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RecordedWayRun)
public:
    RecordedWayRun(const JobSpec &job, const Contestant &contestant);
    ~RecordedWayRun() override;

    void start() override;
    void stop() override;
    RaceProgress progress() const override;
    std::vector<RaceItem> delivered() const override;
    std::vector<RaceItem> soFar() const override;
    std::uint32_t workers() const override { return std::uint32_t(m_job.processes); }
    std::optional<JobProblem> failure() const override;
    RaceRound round(const Replay &replay) const override;

private:
    RecordedWork work() const;
    std::optional<std::uint64_t> waiting(std::uint64_t delivered) const;
    std::vector<RaceItem> notedResults() const;
    static void addNotHandedOut(const Wire::TimeSheet &sheet, std::vector<RaceItem> &items);
    std::uint64_t chunksize() const;

    const JobSpec m_job;
    const Contestant m_contestant;
    std::unique_ptr<RecordedProcess> m_process;
};

} // namespace Poolscope
