// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/minimap.h"

#include "ui/models/axissteps.h"
#include "ui/theme/theme.h"
#include "ui/timeline/timeline.h"

#include <QEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStyle>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace Poolscope {

namespace {

// It is looked at for orientation: five times a second is enough, and 64 lanes take some milliseconds.
constexpr qint64 drawingInterval = 200;
constexpr double gripWidth = 5;
constexpr double narrowestFrame = 6;

} // namespace

Minimap::Minimap(RunLog *log, TimeWindow *window, SelectedItem *selection, QWidget *parent)
    : QWidget(parent), m_log(log), m_window(window), m_selection(selection)
{
    setAccessibleName(tr("Overview of the run"));
    setToolTip(
        tr("The whole run: how busy the workers were, a mark where an item failed. Drag the frame to go "
           "elsewhere, its edges to see more or less."));
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(window, &TimeWindow::changed, this, qOverload<>(&QWidget::update));
    connect(selection, &SelectedItem::changed, this, qOverload<>(&QWidget::update));
}

void Minimap::clear(const RunFeed *feed)
{
    m_feed = feed;
    m_picture = {};
    m_load.clear();
    m_sinceDrawn.invalidate();
    update();
}

void Minimap::refresh()
{
    if (m_sinceDrawn.isValid() && m_sinceDrawn.elapsed() < drawingInterval && !m_window->isOver())
        return;
    m_picture = {};
    update();
}

QSize Minimap::sizeHint() const
{
    return {600, QFontMetrics(Theme::smallFont()).height() + Theme::space};
}

double Minimap::length() const
{
    const double now = std::max(m_window->now(), 1e-3);
    // Growing in steps, as the axis does.
    return m_window->isOver() ? now : clockStepAtLeast(now);
}

/// As the axis of the timeline above.
QRect Minimap::area() const
{
    const int left = Timeline::labelWidth();
    const int scrollBar = style()->pixelMetric(QStyle::PM_ScrollBarExtent, nullptr, this);
    return {left, 0, std::max(width() - left - Theme::space - scrollBar, 1), height()};
}

double Minimap::xAt(double time) const
{
    return area().left() + time / length() * area().width();
}

double Minimap::timeAt(double x) const
{
    return (x - area().left()) / area().width() * length();
}

QRectF Minimap::frame() const
{
    const QRectF all = area();
    const double left = std::clamp(xAt(m_window->begin()), all.left(), all.right());
    const double right = std::clamp(xAt(m_window->end()), left, all.right());
    const double missing = std::max(narrowestFrame - (right - left), 0.0) / 2;
    return {left - missing, 0.5, right - left + 2 * missing, height() - 1.0};
}

Minimap::Grip Minimap::gripAt(double x) const
{
    const QRectF at = frame();
    if (at.width() > 3 * gripWidth && std::abs(x - at.left()) <= gripWidth)
        return Grip::Left;
    if (at.width() > 3 * gripWidth && std::abs(x - at.right()) <= gripWidth)
        return Grip::Right;
    return Grip::Frame;
}

/// Looks again at the columns that have changed: of a run of a million items all of them take 20 ms.
void Minimap::measure(int columns)
{
    const double step = length() / columns;
    double from = m_log->changedFrom();
    if (m_drawnLength != length() || m_load.size() != std::size_t(columns))
        from = 0;
    m_drawnLength = length();
    m_log->forgetChanges();
    m_load.resize(std::size_t(columns));
    m_hasFailed.resize(std::size_t(columns));
    if (from >= m_drawnLength)
        return;
    const int first = std::clamp(int(from / step) - 1, 0, columns);
    std::fill(m_load.begin() + first, m_load.end(), 0.0F);
    std::fill(m_hasFailed.begin() + first, m_hasFailed.end(), false);
    const SpanStore &spans = m_log->spans();
    for (std::size_t lane = 0; lane < spans.laneCount(); ++lane) {
        if (spans.size(lane) == 0)
            continue;
        std::size_t next = spans.firstBeginningFrom(lane, first * step);
        std::size_t inLast = 1;
        double before = spans.busyUntil(lane, first * step, next);
        for (int column = first; column < columns; ++column) {
            const double end = (column + 1) * step;
            const std::size_t begun = next;
            next = spans.firstBeginningFrom(lane, end, next, inLast);
            inLast = next - begun;
            const double busy = spans.busyUntil(lane, end, next);
            m_load[std::size_t(column)] += float((busy - before) / step);
            if (next > begun && spans.worstOf(lane, begun, next) != SpanEnd::Ok)
                m_hasFailed[std::size_t(column)] = true;
            before = busy;
        }
    }
}

/// What runs and is in no record yet.
std::vector<float> Minimap::openLoad(int columns) const
{
    std::vector<float> load(std::size_t(columns), 0.0F);
    const double step = length() / columns;
    const double now = std::min(m_log->now(), length());
    for (std::size_t lane = 0; lane < m_log->laneCount(); ++lane) {
        const auto since = m_log->runningSince(lane);
        if (!since)
            continue;
        for (int column = int(*since / step); column < columns && column * step < now; ++column)
            load[std::size_t(column)] +=
                float((std::min(now, (column + 1) * step) - std::max(*since, column * step)) / step);
    }
    return load;
}

void Minimap::draw()
{
    const double ratio = devicePixelRatioF();
    m_picture = QImage(size() * ratio, QImage::Format_ARGB32_Premultiplied);
    m_picture.setDevicePixelRatio(ratio);
    m_picture.fill(Qt::transparent);
    m_sinceDrawn.start();
    const std::size_t lanes = m_log->laneCount();
    const QRect all = area();
    const int columns = all.width();
    measure(columns);
    if (lanes == 0)
        return;
    QPainter painter(&m_picture);
    const QColor busyColour = Theme::color(Theme::State::Running);
    const QColor failureColour = Theme::color(Theme::State::Error);
    const int bottom = height() - 3;
    const int room = height() - 8;
    const std::vector<float> open = openLoad(columns);
    for (int column = 0; column < columns; ++column) {
        const auto at = std::size_t(column);
        const double share = std::clamp(double(m_load[at] + open[at]) / double(lanes), 0.0, 1.0);
        const int x = all.left() + column;
        if (share > 0) {
            // Whole pixels: a rectangle between them takes Qt thirty times as long.
            const int rise = std::max(int(std::lround(share * room)), 1);
            painter.fillRect(QRect(x, bottom - rise, 1, rise), busyColour);
        }
        if (m_hasFailed[std::size_t(column)])
            painter.fillRect(QRect(x, 1, 2, 4), failureColour);
    }
}

void Minimap::paintEvent(QPaintEvent *)
{
    if (m_picture.size() != size() * devicePixelRatioF() || m_drawnLength != length())
        draw();
    QPainter painter(this);
    painter.fillRect(rect(), Theme::dataBackground());
    painter.drawImage(QPointF(0, 0), m_picture);
    if (m_log->laneCount() == 0)
        return;
    painter.setFont(Theme::smallFont());
    painter.setPen(Theme::quietText());
    painter.drawText(QRect(Theme::space, 0, area().left() - 2 * Theme::space, height()),
                     Qt::AlignRight | Qt::AlignVCenter, tr("the whole run"));
    if (m_selection->item() && m_feed) {
        if (const auto item = m_feed->item(*m_selection->item()); item && item->record.started >= 0) {
            const double x = std::round(xAt(item->record.started)) + 0.5;
            painter.setPen(QPen(palette().color(QPalette::Text), 2));
            painter.drawLine(QPointF(x, 0), QPointF(x, height()));
        }
    }
    if (m_window->isWhole())
        return;
    // What is not seen above is veiled.
    QColor veil = palette().color(QPalette::Window);
    veil.setAlphaF(0.65F);
    const QRectF seen = frame();
    const QRectF all = area();
    painter.fillRect(QRectF(all.left(), 0, seen.left() - all.left(), height()), veil);
    painter.fillRect(QRectF(seen.right(), 0, all.right() - seen.right(), height()), veil);
    painter.setPen(QPen(Theme::accent(), 1));
    painter.drawRect(seen);
}

void Minimap::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || m_log->laneCount() == 0)
        return;
    const double x = event->position().x();
    m_grip = gripAt(x);
    const double time = timeAt(x);
    // Beside the frame: it comes to the pointer.
    const bool isInside = time >= m_window->begin() && time <= m_window->end();
    m_gripOffset = isInside ? time - m_window->begin() : m_window->length() / 2;
    if (m_grip == Grip::Frame && !isInside)
        m_window->show(time - m_gripOffset, time - m_gripOffset + m_window->length());
}

void Minimap::mouseMoveEvent(QMouseEvent *event)
{
    const double x = event->position().x();
    const double time = timeAt(x);
    switch (m_grip) {
    case Grip::None:
        setCursor(!m_window->isWhole() && gripAt(x) != Grip::Frame ? Qt::SizeHorCursor : Qt::ArrowCursor);
        break;
    case Grip::Frame:
        m_window->pan(time - m_gripOffset - m_window->begin());
        break;
    case Grip::Left:
        if (time < m_window->end())
            m_window->zoom(m_window->length() / (m_window->end() - time), m_window->end());
        break;
    case Grip::Right:
        if (time > m_window->begin())
            m_window->zoom(m_window->length() / (time - m_window->begin()), m_window->begin());
        break;
    }
}

void Minimap::mouseReleaseEvent(QMouseEvent *)
{
    m_grip = Grip::None;
}

void Minimap::wheelEvent(QWheelEvent *event)
{
    if (event->angleDelta().y() != 0)
        m_window->zoom(std::pow(1.2, event->angleDelta().y() / 120.0), timeAt(event->position().x()));
    event->accept();
}

void Minimap::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (Theme::isChangedBy(*event)) {
        m_picture = {};
        update();
    }
}

} // namespace Poolscope
