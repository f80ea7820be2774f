// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace Poolscope {

/// Mean and spread of values seen one at a time (Welford's method: no loss of digits over long runs).
class RunningStatistics
{
public:
    void add(double value);

    std::uint64_t count() const { return m_count; }
    double mean() const { return m_mean; }
    double sum() const { return m_mean * double(m_count); }
    double standardDeviation() const; ///< Of the values seen; 0 for fewer than two.

private:
    std::uint64_t m_count = 0;
    double m_mean = 0;
    double m_squares = 0;
};

} // namespace Poolscope
