// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/workerlives.h"

#include <cstddef>
#include <vector>

namespace Poolscope {

/// When workers made values of texts (unpacking an item) and texts of values (packing a result), of those
/// texts that are long enough for it to be measured.
class Conversions
{
public:
    void clear() { m_lanes.clear(); }
    /// \param phase  Unpacking or Packing. Those of a lane do not overlap.
    void add(std::size_t lane, double begin, double end, LanePhase phase);

    /// Seconds in which the lane did that.
    double unpackingBetween(std::size_t lane, double begin, double end) const;
    double packingBetween(std::size_t lane, double begin, double end) const;
    /// Those that reach into this stretch of time, in the order of time; of many the first 100.
    std::vector<WorkerLives::Stretch> between(std::size_t lane, double begin, double end) const;

private:
    struct Entry
    {
        double begin;
        double end;
        double unpackingBefore; ///< Seconds, of all before it.
        double packingBefore;
        LanePhase phase;
    };
    using Lane = std::vector<Entry>;

    static std::size_t firstEndingAfter(const Lane &lane, double time);
    static double until(const Lane &lane, double time, LanePhase phase);
    double secondsBetween(std::size_t lane, double begin, double end, LanePhase phase) const;

    std::vector<Lane> m_lanes;
};

} // namespace Poolscope
