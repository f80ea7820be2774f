// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measurement/snapshot.h"
#include "ui/models/runfeed.h"
#include "ui/models/runfilter.h"
#include "ui/models/runlog.h"
#include "ui/models/selecteditem.h"
#include "ui/models/timewindow.h"
#include "ui/timeline/stuckhint.h"
#include "ui/timeline/timelinecoordinates.h"
#include "ui/timeline/timelinelayout.h"

#include <QAbstractScrollArea>

#include <optional>

class QMenu;

namespace Poolscope {

/// What every worker did when: a lane each, an item a bar, coloured by its place in the input.
///
/// While a run lasts it follows the moment until someone goes elsewhere. Wheel and keys zoom at the pointer,
/// dragging measures a stretch of time, dragging the axis (or with Shift) moves it.
class Timeline final : public QAbstractScrollArea
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Timeline)

public:
    /// \param log, window, selection, filter  not owned, outlive the timeline
    Timeline(const RunLog *log, TimeWindow *window, SelectedItem *selection, RunFilter *filter,
             QWidget *parent = nullptr);
    ~Timeline() override;

    /// Another run, which begins. \param feed  what items are looked up in; nothing: nowhere
    void clear(const RunFeed *feed);
    /// Takes over what a snapshot says of the workers, the time and the number of items.
    void apply(const RunSnapshot &snapshot);
    /// A moment to be marked in all views; nothing: none.
    void setCrosshair(std::optional<double> time);

    /// Rectangles that the last painting took; for tests.
    int paintedRectangles() const { return m_paintedRectangles; }
    std::size_t laneCount() const;
    TimelineLayout laneLayout() const;
    /// In the viewport.
    QRectF laneRect(std::size_t lane) const { return laneLayout().laneRect(lane); }
    TimelineCoordinates coordinates() const;
    /// Zoom, history and the like, for a menu and for buttons.
    void fillMenu(QMenu *menu);
    QString laneText(std::size_t lane) const;
    /// Room for the labels of the lanes, at the left of the axis.
    static int labelWidth();
    std::size_t currentLane() const { return m_lane; }
    const std::optional<TimeSpan> &measured() const { return m_measured; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void hovered(std::optional<double> time);
    void lanesChanged();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    enum class Drag
    {
        None,
        Undecided, ///< pressed, and not moved far enough to mean anything
        Measure,
        Pan,
    };

    void updateMetrics();
    int textHeight() const;
    void paint(QPainter &painter);
    QString toolTipAt(const QPoint &position) const;
    std::optional<StuckHint> hintAt(const QPointF &position) const;
    std::optional<RunLog::Place> placeAt(const QPointF &position) const;
    double anchor() const;
    void selectAt(const QPointF &position);
    void stepItem(int direction);
    void stepLane(int direction);
    void zoomToChosen();
    void revealSelected();
    void revealLane(std::size_t lane);
    void setMeasured(std::optional<TimeSpan> span);

    const RunLog *const m_log;
    TimeWindow *const m_window;
    SelectedItem *const m_selection;
    RunFilter *const m_filter;
    const RunFeed *m_feed = nullptr;
    RunSnapshot m_snapshot;
    std::uint64_t m_scale = 1; ///< Number of items that the colours are spread over.
    int m_axisHeight = 0;
    int m_labelWidth = 0;
    int m_paintedRectangles = 0;
    std::size_t m_lane = 0; ///< The one that the keys speak of.
    std::size_t m_lanesShown = 0;
    std::optional<double> m_crosshair;
    std::optional<TimeSpan> m_measured;
    Drag m_drag = Drag::None;
    QPointF m_pressed;
    double m_pressedTime = 0;
    QPointF m_pointer; ///< Where it was last.
};

} // namespace Poolscope
