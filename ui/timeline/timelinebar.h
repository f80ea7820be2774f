// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/timewindow.h"

#include <QWidget>

class QToolButton;

namespace Poolscope {

/// The buttons beside the timeline's title: closer, further, all of it, back and forward, and the way back to
/// the moment once someone has gone elsewhere.
class TimelineBar final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TimelineBar)

public:
    /// \param window  not owned, outlives the bar
    explicit TimelineBar(TimeWindow *window, QWidget *parent = nullptr);

private:
    QToolButton *add(const QString &text, const QString &name, const QString &toolTip);
    void refresh();

    TimeWindow *const m_window;
    QToolButton *m_back;
    QToolButton *m_forward;
    QToolButton *m_live;
};

} // namespace Poolscope
