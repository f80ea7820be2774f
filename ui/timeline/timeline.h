// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measurement/snapshot.h"
#include "ui/timeline/spanstore.h"
#include "ui/timeline/timelinecoordinates.h"

#include <QAbstractScrollArea>

#include <optional>

namespace Poolscope {

/// What every worker did when: a lane each, an item a bar, coloured by its place in the input.
///
/// While a run lasts it follows the moment; afterwards it shows the whole run. However many items there are,
/// it paints at most one rectangle for each pixel column of a lane.
class Timeline final : public QAbstractScrollArea
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Timeline)

public:
    explicit Timeline(QWidget *parent = nullptr);

    void clear();
    /// The spans are added to by whoever reads the recording.
    SpanStore &spans() { return m_spans; }
    /// Takes over what a snapshot says of the workers, the time and the number of items.
    void apply(const RunSnapshot &snapshot);

    /// Rectangles that the last painting took; for tests.
    int paintedRectangles() const { return m_paintedRectangles; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool viewportEvent(QEvent *event) override;

private:
    void updateMetrics();
    TimelineCoordinates coordinates() const;
    std::size_t laneCount() const;
    int laneHeight() const;
    QRectF laneRect(std::size_t lane) const;
    double fractionOf(std::uint64_t item) const;

    void paintAxis(QPainter &painter, const TimelineCoordinates &coordinates);
    void paintLabel(QPainter &painter, std::size_t lane, const QRectF &rect) const;
    void paintLane(QPainter &painter, std::size_t lane, const QRectF &rect,
                   const TimelineCoordinates &coordinates);
    void paintDense(QPainter &painter, std::size_t lane, const QRectF &rect, double begin, double end,
                    std::size_t from);
    void paintSpan(QPainter &painter, const SpanStore::Span &span, const QRectF &rect);
    void paintNow(QPainter &painter, std::size_t lane, const QRectF &rect,
                  const TimelineCoordinates &coordinates);
    void paintItemNumber(QPainter &painter, std::uint64_t item, const QRectF &rect, const QColor &fill) const;
    QString toolTipAt(const QPoint &position) const;

    SpanStore m_spans;
    RunSnapshot m_snapshot;
    std::uint64_t m_scale = 1; ///< Number of items that the colours are spread over.
    int m_axisHeight = 0;
    int m_labelWidth = 0;
    int m_paintedRectangles = 0;
};

} // namespace Poolscope
