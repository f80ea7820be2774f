// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/compare/racelane.h"
#include "ui/compare/racelayout.h"

#include <QColor>
#include <QFont>
#include <QPalette>
#include <QString>

#include <cstdint>
#include <vector>

class QPainter;

namespace Poolscope {

/// All that a picture of a race shows.
struct RaceScene
{
    const std::vector<RaceLane> &lanes;
    RaceLayout layout;
    QFont font;
    QPalette palette;
    std::uint64_t items = 1; ///< That the colours are spread over.
    double time = 0;         ///< Where the clock stands, in seconds,
    double length = 0;       ///< of so many.

    /// What the label says of how far a lane is: "34 of 200", "to come".
    QString progressOf(const RaceLane &lane) const;
};

/// Paints the axis, and of every lane its label, its workers and its results, as they were at the clock's
/// time.
class RacePainter
{
public:
    RacePainter(QPainter &painter, const RaceScene &scene) : m_painter(painter), m_scene(scene) {}

    void paint();
    static int axisHeight();
    /// Room for the longest of the labels and the key of the colours.
    static int labelWidth(const RaceScene &scene);

private:
    void paintAxis();
    void paintKey();
    void paintLabel(std::size_t lane);
    void paintWorkers(std::size_t lane);
    void paintRow(const RaceLane &lane, const std::vector<std::uint32_t> &positions, const QRect &row);
    void paintItem(const RaceItem &item, const QRect &bar);
    void paintNoMore(const RaceLane &lane, const QRect &area);
    void paintResults(std::size_t lane);
    void paintClock();

    QColor colourOf(std::uint64_t item) const;
    /// Pixels per second.
    double scale() const;

    QPainter &m_painter;
    const RaceScene &m_scene;
};

} // namespace Poolscope
