// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <limits>
#include <vector>

namespace Poolscope {

/// When a pool had which places for workers: what the time that these ran items is a share of. Times are
/// seconds of any clock.
class PlaceTimes
{
public:
    /// From now on the place exists, or does not.
    /// \param time  no earlier than that of the call before
    void set(std::size_t place, bool exists, double time);

    /// Seconds in which a place existed between the two.
    double of(std::size_t place, double begin, double end) const;
    /// The sum over all places.
    double all(double begin, double end) const;

private:
    struct Span
    {
        double begin;
        double end = std::numeric_limits<double>::infinity();
    };
    std::vector<std::vector<Span>> m_places;
};

} // namespace Poolscope
