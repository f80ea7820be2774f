// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/timewindow.h"

#include "ui/models/axissteps.h"

#include <algorithm>
#include <tuple>

namespace Poolscope {

namespace {

constexpr std::size_t mostRemembered = 100;
constexpr double margin = 0.01; // of the length, so that the end of the run is not the edge of the picture

} // namespace

std::pair<double, double> followedRange(double now, double length)
{
    if (now <= length)
        return {0, std::min(clockStepAtLeast(std::max(now, 0.001)), length)};
    return {now - length, now};
}

TimeWindow::TimeWindow(QObject *parent) : QObject(parent) {}

void TimeWindow::clear()
{
    m_now = 0;
    m_isOver = false;
    m_mode = Mode::Latest;
    m_last = Step::None;
    m_past.clear();
    m_future.clear();
    apply();
}

void TimeWindow::setNow(double now, bool isOver)
{
    m_now = now;
    m_isOver = isOver;
    apply();
}

void TimeWindow::apply()
{
    double begin = m_begin;
    double end = m_end;
    if (m_mode != Mode::Held && m_isOver) {
        begin = 0;
        end = std::max(m_now, 1e-6) * (1 + margin);
    } else if (m_mode == Mode::Latest) {
        std::tie(begin, end) = followedRange(m_now, latestLength);
    } else if (m_mode == Mode::Whole) {
        begin = 0;
        end = clockStepAtLeast(std::max(m_now, 0.001));
    }
    if (begin == m_begin && end == m_end)
        return;
    m_begin = begin;
    m_end = end;
    Q_EMIT changed();
}

/// Steps of one kind are one place to go back to: where they began.
void TimeWindow::remember(Step step)
{
    if (step != Step::None && step == m_last)
        return;
    m_last = step;
    m_past.push_back({m_mode, m_begin, m_end});
    if (m_past.size() > mostRemembered)
        m_past.erase(m_past.begin());
    m_future.clear();
}

void TimeWindow::hold(double begin, double end)
{
    // Nothing is to be seen before the run and long after it.
    const double most = std::max(m_now, shortest) * (1 + 2 * margin);
    const double length = std::clamp(end - begin, shortest, std::max(most, shortest));
    const double middle = (begin + end) / 2;
    m_mode = Mode::Held;
    const double lowest = -margin * length;
    const double highest = std::max(m_now * (1 + margin), length + lowest) - length;
    m_begin = std::clamp(middle - length / 2, lowest, std::max(highest, lowest));
    m_end = m_begin + length;
    Q_EMIT changed();
}

void TimeWindow::zoom(double factor, double at)
{
    if (!(factor > 0))
        return;
    remember(Step::Zoom);
    const double begin = at - (at - m_begin) / factor;
    hold(begin, begin + length() / factor);
}

void TimeWindow::pan(double seconds)
{
    remember(Step::Pan);
    hold(m_begin + seconds, m_end + seconds);
}

void TimeWindow::show(double begin, double end)
{
    remember(Step::None);
    hold(begin, end);
}

void TimeWindow::reveal(double begin, double end)
{
    if (begin >= m_begin && end <= m_end)
        return;
    const double room = std::max(length(), (end - begin) * 1.2);
    const double middle = (begin + end) / 2;
    show(middle - room / 2, middle + room / 2);
}

void TimeWindow::fit()
{
    remember(Step::None);
    m_mode = Mode::Whole;
    apply();
    Q_EMIT changed();
}

void TimeWindow::follow()
{
    remember(Step::None);
    m_mode = Mode::Latest;
    apply();
    Q_EMIT changed();
}

void TimeWindow::go(const Place &place)
{
    m_last = Step::None;
    m_mode = place.mode;
    m_begin = place.begin;
    m_end = place.end;
    apply();
    Q_EMIT changed();
}

void TimeWindow::goBack()
{
    if (m_past.empty())
        return;
    m_future.push_back({m_mode, m_begin, m_end});
    const Place place = m_past.back();
    m_past.pop_back();
    go(place);
}

void TimeWindow::goForward()
{
    if (m_future.empty())
        return;
    m_past.push_back({m_mode, m_begin, m_end});
    const Place place = m_future.back();
    m_future.pop_back();
    go(place);
}

} // namespace Poolscope
