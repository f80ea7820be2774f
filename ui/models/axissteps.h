// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cmath>

/// Round distances between the ticks of an axis.
namespace Poolscope {

/// 1, 2 or 5 times a power of ten, the smallest that is not below `value`.
inline double niceAtLeast(double value)
{
    if (!(value > 0))
        return 1;
    const double power = std::pow(10, std::floor(std::log10(value)));
    for (const double factor : {1.0, 2.0, 5.0})
        // The tolerance takes up what log10 and pow lose.
        if (factor * power >= value * (1 - 1e-9))
            return factor * power;
    return 10 * power;
}

/// Lengths that people know on a clock: 1, 2, 5, 10, 20, 30 s, then minutes and hours.
inline double clockStepAtLeast(double seconds)
{
    constexpr std::array steps = {30.0,   60.0,   120.0,   300.0,   600.0,   900.0,  1800.0,
                                  3600.0, 7200.0, 10800.0, 21600.0, 43200.0, 86400.0};
    if (seconds <= 20)
        return niceAtLeast(seconds);
    for (const double step : steps)
        if (step >= seconds)
            return step;
    return std::ceil(seconds / 86400) * 86400;
}

} // namespace Poolscope
