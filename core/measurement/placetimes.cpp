// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measurement/placetimes.h"

#include <algorithm>
#include <cmath>

namespace Poolscope {

void PlaceTimes::set(std::size_t place, bool exists, double time)
{
    if (place >= m_places.size())
        m_places.resize(place + 1);
    std::vector<Span> &spans = m_places[place];
    const bool didExist = !spans.empty() && std::isinf(spans.back().end);
    if (exists && !didExist)
        spans.push_back({time});
    else if (!exists && didExist)
        spans.back().end = time;
}

double PlaceTimes::of(std::size_t place, double begin, double end) const
{
    double seconds = 0;
    if (place < m_places.size())
        for (const Span &span : m_places[place])
            seconds += std::max(std::min(span.end, end) - std::max(span.begin, begin), 0.0);
    return seconds;
}

double PlaceTimes::all(double begin, double end) const
{
    double seconds = 0;
    for (std::size_t place = 0; place < m_places.size(); ++place)
        seconds += of(place, begin, end);
    return seconds;
}

} // namespace Poolscope
