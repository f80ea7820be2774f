// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

namespace Poolscope {

/// The one clock that all contestants are played back on.
class RaceClock final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RaceClock)

public:
    static constexpr double slowest = 0.1; ///< Times as fast as it was.
    static constexpr double quickest = 10;

    explicit RaceClock(QObject *parent = nullptr);

    /// Another race, shown at its end.
    void setLength(double seconds);
    double length() const { return m_length; }
    double time() const { return m_time; }
    bool isPlaying() const { return m_timer.isActive(); }
    double speed() const { return m_speed; }

    void setSpeed(double speed);
    /// From where it is; from the beginning when it is at the end.
    void play();
    void pause();
    void restart();
    /// Goes there, and stops there unless it plays.
    void seek(double seconds);

Q_SIGNALS:
    void changed();

private:
    void tick();

    QTimer m_timer;
    QElapsedTimer m_sinceTick;
    double m_length = 0;
    double m_time = 0;
    double m_speed = 1;
};

} // namespace Poolscope
