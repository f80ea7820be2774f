// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/raceclock.h"

#include <algorithm>
#include <chrono>

namespace Poolscope {

using namespace std::chrono_literals;

RaceClock::RaceClock(QObject *parent) : QObject(parent)
{
    m_timer.setInterval(16ms);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &RaceClock::tick);
}

void RaceClock::setLength(double seconds)
{
    m_timer.stop();
    m_length = std::max(seconds, 0.0);
    m_time = m_length;
    Q_EMIT changed();
}

void RaceClock::setSpeed(double speed)
{
    m_speed = std::clamp(speed, slowest, quickest);
    Q_EMIT changed();
}

void RaceClock::play()
{
    if (m_length <= 0 || isPlaying())
        return;
    if (m_time >= m_length)
        m_time = 0;
    m_sinceTick.start();
    m_timer.start();
    Q_EMIT changed();
}

void RaceClock::pause()
{
    m_timer.stop();
    Q_EMIT changed();
}

void RaceClock::restart()
{
    m_time = 0;
    m_timer.stop();
    play();
}

void RaceClock::seek(double seconds)
{
    m_time = std::clamp(seconds, 0.0, m_length);
    Q_EMIT changed();
}

void RaceClock::tick()
{
    m_time = std::min(m_time + double(m_sinceTick.nsecsElapsed()) * 1e-9 * m_speed, m_length);
    m_sinceTick.start();
    if (m_time >= m_length)
        m_timer.stop();
    Q_EMIT changed();
}

} // namespace Poolscope
