// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <functional>

class QLabel;
class QPushButton;
class QSlider;
class QToolButton;

namespace Poolscope {

class RaceClock;

/// Play, pause, restart, to the next delivery, the speed, and where the replay stands.
class Transport final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Transport)

public:
    /// \param clock         not owned, outlives the controls
    /// \param nextDelivery  after a time, of any contestant; negative when there is none
    Transport(RaceClock *clock, std::function<double(double)> nextDelivery, QWidget *parent = nullptr);

protected:
    void changeEvent(QEvent *event) override;

private:
    void refresh();
    void applyTheme();

    RaceClock *const m_clock;
    QToolButton *m_restart;
    QPushButton *m_play;
    QToolButton *m_step;
    QSlider *m_scrubber;
    QLabel *m_time;
    QSlider *m_speed;
    QLabel *m_speedText;
};

} // namespace Poolscope
