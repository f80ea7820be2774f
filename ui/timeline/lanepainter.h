// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measurement/snapshot.h"
#include "ui/models/runlog.h"
#include "ui/timeline/timelinecoordinates.h"

#include <QColor>
#include <QImage>
#include <QRectF>

#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

class QPainter;

namespace Poolscope {

/// What all lanes of one picture share.
struct LaneScene
{
    const RunLog &log;
    const RunSnapshot &snapshot;
    TimelineCoordinates range;
    std::uint64_t scale = 1; ///< Number of items that the colours are spread over.
    std::optional<std::uint64_t> selected = {};
};

/// Paints one lane of the timeline in the detail there is room for: bars with their numbers and their chunk
/// as a bracket above them, bars, chunks with the number of their items, and where even these are too narrow
/// the load of each column of pixels. However many items there are, a column takes one rectangle.
class LanePainter
{
public:
    /// Of the bracket above the bars of a chunk.
    static constexpr double bracketHeight = 4;

    LanePainter(QPainter &painter, const LaneScene &scene);

    void paint(std::size_t lane, const QRectF &rect);
    /// Rectangles painted for items and phases.
    int rectangles() const { return m_rectangles; }

private:
    QRgb colourOf(std::uint64_t item) const;
    struct Bracket
    {
        std::uint64_t chunk;
        double from;
        double to;
    };

    void paintItems(std::size_t lane, const QRectF &bars, const QRectF &rect);
    std::size_t paintDense(std::size_t lane, const QRectF &bars, std::size_t next, double *x);
    void paintCluster(const QRectF &rect, std::size_t items);
    void paintBar(const SpanStore::Span &span, const QRectF &rect);
    void paintFailure(const SpanStore::Span &span, const QRectF &bar);
    void paintFlags(std::size_t lane, const QRectF &bars);
    void paintLabel(const QString &text, const QRectF &rect, const QColor &fill);
    void paintNumber(std::uint64_t item, const QRectF &rect, const QColor &fill);
    void paintText(double left, const QRectF &rect, const QString &text, const QColor &colour);
    void paintIdle(std::size_t lane, std::size_t before, double begin, double end, const QRectF &bars);
    void paintCurrent(std::size_t lane, const QRectF &bars, const QRectF &rect);
    void paintOpenChunk(const WorkerSnapshot &worker, double since, const QRectF &bars);
    void paintCurrentItem(const WorkerSnapshot &worker, const QRectF &bars);
    void paintRecycling(std::size_t lane, const QRectF &rect);
    void paintMarks(std::size_t lane, const QRectF &rect);
    void paintSelected(const QRectF &bar);
    void flush(std::optional<Bracket> &bracket, const QRectF &rect);
    double right() const { return m_scene.range.left + m_scene.range.width; }

    QRgb shadeOf(std::uint64_t item, double load) const;

    QPainter &m_painter;
    const LaneScene &m_scene;
    QImage m_row; ///< A column of pixels each, stretched to the lane's height at once.
    std::vector<std::pair<QRectF, std::size_t>> m_clusters; ///< To be labelled when the columns are painted.
    std::array<QRgb, 256> m_ramp; ///< The items' colours from the first to the last.
    const QRgb m_background;
    const QRgb m_errorColour;
    const QRgb m_lostColour;
    QColor m_textColour;
    int m_ascent = 0;
    int m_digitWidth = 0;
    int m_rectangles = 0;
};

} // namespace Poolscope
