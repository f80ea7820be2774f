// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/theme.h"

#include <QFontMetrics>
#include <QRect>
#include <QSize>

#include <algorithm>
#include <cstddef>

namespace Poolscope {

/// Where the parts of a race are: an axis, and below it a lane for each contestant, with its label at the
/// left, its workers over time, and under these the results in the order in which they were handed out.
struct RaceLayout
{
    static constexpr int highestLane = 150;
    /// Three lines have room beside it.
    static int lowestLane()
    {
        return std::max(56, 3 * QFontMetrics(Theme::smallFont()).height() + Theme::space);
    }
    /// Workers in rows lower than this could not be told apart.
    static constexpr int lowestRow = 4;

    QSize size;
    std::size_t lanes = 0;
    int axisHeight = 0;
    int labelWidth = 0;

    int laneHeight() const
    {
        const int lowest = lowestLane();
        return std::clamp((size.height() - axisHeight) / std::max(int(lanes), 1), lowest,
                          std::max(highestLane, lowest));
    }
    /// \returns a number that is no lane's where there is none
    std::size_t laneAt(int y) const
    {
        return y < axisHeight ? lanes : std::size_t((y - axisHeight) / laneHeight());
    }
    int bottom() const { return axisHeight + laneHeight() * int(lanes); }

    QRect axis() const { return {labelWidth, 0, pictureWidth(), axisHeight}; }
    QRect label(std::size_t lane) const
    {
        return {Theme::space, top(lane), labelWidth - 2 * Theme::space, inside()};
    }
    QRect workers(std::size_t lane) const
    {
        return {labelWidth, top(lane), pictureWidth(), inside() - resultsHeight() - Theme::spaceSmall};
    }
    QRect results(std::size_t lane) const
    {
        return {labelWidth, top(lane) + inside() - resultsHeight(), pictureWidth(), resultsHeight()};
    }
    /// Of so many workers those that there is room for.
    int rowsOf(std::size_t workers) const
    {
        return std::min(int(workers), std::max(this->workers(0).height() / lowestRow, 1));
    }

private:
    int top(std::size_t lane) const { return axisHeight + int(lane) * laneHeight() + Theme::space / 2; }
    int inside() const { return laneHeight() - Theme::space; }
    int resultsHeight() const { return std::max(inside() / 3, 14); }
    int pictureWidth() const { return std::max(size.width() - labelWidth - Theme::spaceLarge, 1); }
};

} // namespace Poolscope
