// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/comparison/contestantrun.h"

#include <unordered_map>

namespace Poolscope {

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
    std::vector<RaceItem> delivered(std::size_t from, std::size_t most) const override;
    std::vector<RaceItem> soFar() const override;
    std::uint32_t workers() const override { return std::uint32_t(m_job.processes); }
    std::optional<JobProblem> failure() const override;
    RaceRound round(const Replay &replay) const override;

private:
    /// A process or thread in its place.
    struct Lane
    {
        std::uint32_t who = 0;
        double until = -1; ///< When it ended what is known of it last.
    };

    RecordedWork work() const;
    std::optional<std::uint64_t> waiting(std::uint64_t delivered) const;
    std::uint32_t laneOf(std::uint32_t who, double until) const;
    std::uint64_t chunksize() const;

    const JobSpec m_job;
    const Contestant m_contestant;
    std::unique_ptr<RecordedProcess> m_process;
    // Filled in as results are looked at for the first time.
    mutable std::unordered_map<std::uint32_t, std::uint32_t> m_laneOf;
    mutable std::vector<Lane> m_lanes;
};

} // namespace Poolscope
