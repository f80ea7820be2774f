// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/comparison/contestantrun.h"
#include "core/pool/run.h"

#include <QTimer>

namespace Poolscope {

/// A contestant on this pool.
class PoolRun final : public ContestantRun
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PoolRun)
public:
    PoolRun(const JobSpec &job, const Contestant &contestant);
    ~PoolRun() override;

    void start() override;
    void stop() override;
    RaceProgress progress() const override;
    std::vector<RaceItem> delivered() const override;
    std::vector<RaceItem> soFar() const override;
    std::uint32_t workers() const override { return std::uint32_t(m_job.processes); }
    std::optional<JobProblem> failure() const override;
    RaceRound round(const Replay &replay) const override;

private:
    double began() const;
    void sampleMemory();
    double deliveryOf(const ItemRecord &record) const;
    static std::uint64_t withAnItem(const RunSnapshot &figures);
    bool isRead(std::uint64_t item) const;

    const JobSpec m_job;
    const Way m_way;
    std::unique_ptr<Run> m_run;
    QTimer m_sampler;
    std::uint64_t m_peakMemory = 0;
    // Read so far for soFar():
    mutable std::vector<RaceItem> m_items;
    mutable std::vector<std::uint32_t> m_positionOf; ///< In m_items, by item index.
    mutable std::size_t m_deliveredRead = 0;
};

} // namespace Poolscope
