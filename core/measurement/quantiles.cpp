// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measurement/quantiles.h"

#include <algorithm>
#include <cmath>

namespace Poolscope {

namespace {

constexpr double shortest = 1e-6;

} // namespace

void DurationQuantiles::add(double seconds)
{
    // The comparison is false for NaN.
    const double position = seconds > shortest ? std::log2(seconds / shortest) * classesPerDoubling : 0;
    const auto last = double(m_classes.size() - 1);
    ++m_classes[std::size_t(std::min(position, last))];
    ++m_count;
}

std::optional<double> DurationQuantiles::quantile(double share) const
{
    if (m_count == 0)
        return std::nullopt;
    const double wanted = std::max(1.0, std::ceil(share * double(m_count)));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < m_classes.size(); ++i) {
        seen += m_classes[i];
        if (double(seen) >= wanted)
            return shortest * std::exp2((double(i) + 0.5) / classesPerDoubling);
    }
    return std::nullopt;
}

} // namespace Poolscope
