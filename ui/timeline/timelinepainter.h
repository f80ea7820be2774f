// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/runfeed.h"
#include "ui/models/timewindow.h"
#include "ui/timeline/lanepainter.h"
#include "ui/timeline/timelinelayout.h"

#include <QPalette>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace Poolscope {

/// All that a picture of the timeline shows.
struct TimelineScene
{
    LaneScene lanes;
    TimelineLayout layout;
    QPalette palette;
    const RunFeed *feed = nullptr;                ///< What the chosen item is looked up in.
    std::optional<std::size_t> focusedLane = {};  ///< The one that the keys speak of.
    std::optional<std::uint32_t> singledOut = {}; ///< The only worker that is not veiled.
    std::optional<double> crosshair = {};
    std::optional<TimeSpan> measured = {};
};

/// Paints the axis, the labels and the lanes, and what lies over them.
class TimelinePainter
{
public:
    TimelinePainter(QPainter &painter, const TimelineScene &scene);

    /// \returns rectangles painted for items and phases
    int paint();

private:
    void paintAxis();
    void paintLabel(std::size_t lane, const QRectF &rect);
    void paintWay();
    void paintPoolMarks();
    void paintMeasured();
    void paintCrosshair();
    void paintStuckBeyond();

    const RunSnapshot &snapshot() const { return m_scene.lanes.snapshot; }
    QColor textColour() const { return m_scene.palette.color(QPalette::Text); }
    /// Moved to where all of it is seen.
    QRectF kept(QRectF box) const;

    QPainter &m_painter;
    const TimelineScene &m_scene;
    const TimelineLayout &m_layout;
    const TimelineCoordinates &m_range;
};

} // namespace Poolscope
