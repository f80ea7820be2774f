// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/theme.h"

#include <QRectF>
#include <QSize>

#include <algorithm>
#include <cstddef>
#include <optional>

namespace Poolscope {

/// Where the lanes are: below the axis, one under the other, right of their labels, scrolled as a whole.
/// Pixels; pure arithmetic, so that painting, hit tests and tests agree.
struct TimelineLayout
{
    static constexpr int smallestLane = 14;
    static constexpr int largestLane = 32;

    QSize size; ///< Of all that is seen.
    int axisHeight = 0;
    int labelWidth = 0;
    std::size_t lanes = 0;
    int scroll = 0;
    int textHeight = 0; ///< Of the numbers in the bars: no lane is too low for them.

    /// Between the bars of a lane of that height and its edges.
    static constexpr int gapOf(int height) { return height >= 20 ? 3 : 1; }
    static int leastHeight(int text)
    {
        const int close = std::max(text + 2, smallestLane);
        return close < 20 ? close : text + 2 * gapOf(close);
    }
    static int mostHeight(int text) { return std::max(2 * text + 6, largestLane); }
    /// Height that is left for lanes.
    int room() const { return size.height() - axisHeight; }
    int laneHeight() const
    {
        return std::clamp((room() - Theme::spaceSmall) / std::max(int(lanes), 1), leastHeight(textHeight),
                          mostHeight(textHeight));
    }
    int mostScrolled() const { return std::max(int(lanes) * laneHeight() - room(), 0); }

    /// The bars of a lane, whether they are seen or not.
    QRectF laneRect(std::size_t lane) const
    {
        const int height = laneHeight();
        const int gap = gapOf(height);
        const double top = axisHeight + double(lane) * height - scroll;
        return {double(labelWidth), top + gap, double(size.width() - labelWidth - Theme::space),
                double(height - 2 * gap)};
    }
    std::optional<std::size_t> laneAt(double y) const
    {
        if (y < axisHeight)
            return std::nullopt;
        const double at = (y - axisHeight + scroll) / laneHeight();
        return at < double(lanes) ? std::optional(std::size_t(at)) : std::nullopt;
    }
    bool isSeen(std::size_t lane) const
    {
        const QRectF rect = laneRect(lane);
        return rect.top() >= axisHeight && rect.bottom() <= size.height();
    }
    /// How far to scroll for a lane to be in the middle.
    int scrollTo(std::size_t lane) const
    {
        return std::clamp(int(lane) * laneHeight() - (room() - laneHeight()) / 2, 0, mostScrolled());
    }
};

} // namespace Poolscope
