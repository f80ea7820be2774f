// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/axissteps.h"

#include <algorithm>
#include <cmath>
#include <vector>

/// Time to pixels and back; pure arithmetic, so that painting, hit tests and tests agree.
namespace Poolscope {

/// The stretch of time that is seen, laid over `width` pixels that begin at `left`.
struct TimelineCoordinates
{
    double begin = 0; ///< Seconds.
    double end = 1;
    double left = 0; ///< Pixels.
    double width = 1;

    double secondsPerPixel() const { return (end - begin) / width; }
    double xAt(double time) const { return left + (time - begin) / (end - begin) * width; }
    double timeAt(double x) const { return begin + (x - left) * secondsPerPixel(); }
};

/// Moments to label, at least `spacing` pixels apart.
inline std::vector<double> ticksOf(const TimelineCoordinates &coordinates, double spacing)
{
    const double step = clockStepAtLeast(coordinates.secondsPerPixel() * std::max(spacing, 1.0));
    std::vector<double> ticks;
    // Counted, not added up: after a thousand additions of 0.1 a tick would not lie where its label says.
    for (double n = std::ceil(coordinates.begin / step - 1e-9); n * step <= coordinates.end + step * 1e-9;
         ++n)
        ticks.push_back(n * step);
    return ticks;
}

} // namespace Poolscope
