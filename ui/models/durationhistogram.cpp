// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/durationhistogram.h"

#include "ui/models/axissteps.h"

#include <algorithm>
#include <cmath>

namespace Poolscope {

std::size_t DurationHistogram::classOf(double seconds)
{
    if (!(seconds > finest))
        return 0;
    const double position = std::log2(seconds / finest) * classesPerDoubling;
    return std::min(std::size_t(position), std::size_t(classesPerDoubling) * doublings - 1);
}

double DurationHistogram::lowerEdge(std::size_t at)
{
    return at == 0 ? 0 : finest * std::exp2(double(at) / classesPerDoubling);
}

void DurationHistogram::add(double seconds, std::uint64_t times)
{
    m_smallest = m_count == 0 ? seconds : std::min(m_smallest, seconds);
    m_largest = std::max(m_largest, seconds);
    m_count += times;
    m_classes[classOf(seconds)] += times;
}

double DurationHistogram::countBelow(double seconds) const
{
    if (seconds > m_largest)
        return double(m_count);
    const std::size_t last = classOf(seconds);
    double count = 0;
    for (std::size_t at = 0; at < last; ++at)
        count += double(m_classes[at]);
    // Within a class they are taken as evenly spread, and none lies beyond the smallest and the largest.
    const double from = std::max(lowerEdge(last), std::min(m_smallest, seconds));
    const double to = std::min(lowerEdge(last + 1), m_largest);
    if (to > from)
        count += double(m_classes[last]) * std::clamp((seconds - from) / (to - from), 0.0, 1.0);
    return count;
}

double DurationHistogram::quantile(double share) const
{
    const double wanted = share * double(m_count);
    double count = 0;
    for (std::size_t at = 0; at < m_classes.size(); ++at) {
        count += double(m_classes[at]);
        if (count >= wanted && m_classes[at] > 0)
            return std::clamp(lowerEdge(at + 1), m_smallest, m_largest);
    }
    return m_largest;
}

DurationHistogram::Bars DurationHistogram::bars(int most) const
{
    Bars result;
    if (m_count == 0)
        return result;
    const double low = std::max(m_smallest, finest);
    const double high = std::max(m_largest, low);
    // A few long ones would press all others into the first bar.
    const bool isSkewed = high / low > 50 || high > 8 * std::max(quantile(0.5), low);
    std::vector<double> edges;
    if (isSkewed) {
        result.scale = Scale::Logarithmic;
        const double doublingsSeen = std::log2(high / low) + 1;
        double perDoubling = 4;
        while (perDoubling > 0.25 && doublingsSeen * perDoubling > most)
            perDoubling /= 2;
        const double first = std::floor(std::log2(low) * perDoubling);
        for (double n = first; edges.size() < 2 || edges.back() <= high; ++n)
            edges.push_back(std::exp2(n / perDoubling));
    } else {
        const double width = niceAtLeast(std::max((high - low) / std::max(most - 2, 1), low * 0.01));
        for (double n = std::floor(low / width); edges.size() < 2 || edges.back() <= high; ++n)
            edges.push_back(n * width);
    }
    double below = 0;
    for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
        const double until = i + 2 == edges.size() ? double(m_count) : countBelow(edges[i + 1]);
        result.bars.push_back({edges[i], edges[i + 1], std::max(until - below, 0.0)});
        below = until;
    }
    return result;
}

} // namespace Poolscope
