// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measurement/statistics.h"

#include <cmath>

namespace Poolscope {

void RunningStatistics::add(double value)
{
    ++m_count;
    const double distance = value - m_mean;
    m_mean += distance / double(m_count);
    m_squares += distance * (value - m_mean);
}

double RunningStatistics::standardDeviation() const
{
    return m_count < 2 ? 0 : std::sqrt(m_squares / double(m_count - 1));
}

} // namespace Poolscope
