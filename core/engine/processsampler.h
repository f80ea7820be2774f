// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/scheduling/ids.h"

#include <cstdint>

namespace Poolscope {

/// Resident memory of a process of this host, in bytes; 0 when unknown.
std::uint64_t residentMemory(std::int64_t pid);
/// The same with the programs that its main thread has started, and those that they have started.
std::uint64_t residentMemoryOfAll(std::int64_t pid);

/// CPU share and memory of one process of this host, from /proc.
class ProcessSampler
{
public:
    /// Reads the figures of `pid`. The CPU share covers the time since the last call for the same process.
    void sample(std::int64_t pid, Time now);

    double cpuShare() const { return m_share; }              ///< 1 = one CPU.
    std::uint64_t residentBytes() const { return m_memory; } ///< 0 when unknown.

private:
    std::int64_t m_pid = 0;
    Time m_time = 0;
    Time m_cpu = 0;
    double m_share = 0;
    std::uint64_t m_memory = 0;
};

} // namespace Poolscope
