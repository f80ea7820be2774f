// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/runfeed.h"
#include "ui/models/runlog.h"
#include "ui/models/selecteditem.h"
#include "ui/models/timewindow.h"

#include <QElapsedTimer>
#include <QImage>
#include <QWidget>

#include <vector>

namespace Poolscope {

/// The whole run in one strip: how busy the pool was, where items failed, and the stretch that the page
/// shows as a frame that can be moved and widened.
class Minimap final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Minimap)

public:
    /// \param log, window, selection  not owned, outlive the map
    Minimap(RunLog *log, TimeWindow *window, SelectedItem *selection, QWidget *parent = nullptr);

    void clear(const RunFeed *feed);
    /// The recording was read on.
    void refresh();

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    enum class Grip
    {
        None,
        Frame,
        Left,
        Right
    };

    QRect area() const;
    double length() const;
    double xAt(double time) const;
    double timeAt(double x) const;
    QRectF frame() const;
    Grip gripAt(double x) const;
    void measure(int columns);
    std::vector<float> openLoad(int columns) const;
    void draw();

    RunLog *const m_log;
    TimeWindow *const m_window;
    SelectedItem *const m_selection;
    const RunFeed *m_feed = nullptr;
    QImage m_picture; ///< Without the frame: drawn anew only so often.
    double m_drawnLength = 0;
    std::vector<float> m_load; ///< Workers busy, by column.
    std::vector<bool> m_hasFailed;
    QElapsedTimer m_sinceDrawn;
    Grip m_grip = Grip::None;
    double m_gripOffset = 0; ///< Seconds from the frame's begin to where it was taken.
};

} // namespace Poolscope
