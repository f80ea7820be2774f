// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measurement/snapshot.h"
#include "ui/models/timeseries.h"

#include <vector>

namespace Poolscope {

/// The figures of a run over time, from its snapshots: what the charts draw.
class RunHistory
{
public:
    void clear();
    void add(const RunSnapshot &snapshot);

    const TimeSeries &completed() const { return m_completed; } ///< Items, counted.
    const TimeSeries &delivered() const { return m_delivered; } ///< Items, counted.
    const TimeSeries &buffered() const { return m_buffered; }   ///< Results that wait.
    const TimeSeries &busy() const { return m_busy; }           ///< Workers that run items.
    const TimeSeries &bufferedBytes() const { return m_bufferedBytes; }
    const TimeSeries &memory() const { return m_memory; } ///< Of this program, bytes.
    /// Of each worker, bytes; nothing while its place has no process.
    const std::vector<TimeSeries> &workerMemory() const { return m_workerMemory; }
    double lastTime() const { return m_lastTime; }

    /// Seconds over which a rate is taken: long enough to hold several items, short enough to follow.
    double rateWindow() const;
    /// Completed items a second, by now.
    double currentRate() const;

private:
    void addMemory(const RunSnapshot &snapshot);

    TimeSeries m_completed{TimeSeries::Merge::Last};
    TimeSeries m_delivered{TimeSeries::Merge::Last};
    TimeSeries m_buffered{TimeSeries::Merge::Peak};
    TimeSeries m_busy{TimeSeries::Merge::Last};
    TimeSeries m_bufferedBytes{TimeSeries::Merge::Peak};
    TimeSeries m_memory{TimeSeries::Merge::Peak};
    std::vector<TimeSeries> m_workerMemory;
    double m_lastTime = 0;
};

} // namespace Poolscope
