// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/minimap.h"

#include "ui/models/axissteps.h"
#include "ui/theme/theme.h"

#include <QEvent>
#include <QMouseEvent>
#include <QPainter>
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

Minimap::Minimap(const RunLog *log, TimeWindow *window, SelectedItem *selection, QWidget *parent)
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
    return {600, 26};
}

double Minimap::length() const
{
    const double now = std::max(m_window->now(), 1e-3);
    // Growing in steps, as the axis does.
    return m_window->isOver() ? now : clockStepAtLeast(now);
}

double Minimap::xAt(double time) const
{
    return Theme::space + time / length() * (width() - 2 * Theme::space);
}

double Minimap::timeAt(double x) const
{
    return (x - Theme::space) / std::max(width() - 2 * Theme::space, 1) * length();
}

QRectF Minimap::frame() const
{
    const double left =
        std::clamp(xAt(m_window->begin()), double(Theme::space), double(width() - Theme::space));
    const double right = std::clamp(xAt(m_window->end()), left, double(width() - Theme::space));
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

void Minimap::draw()
{
    const double ratio = devicePixelRatioF();
    m_picture = QImage(size() * ratio, QImage::Format_ARGB32_Premultiplied);
    m_picture.setDevicePixelRatio(ratio);
    m_picture.fill(Qt::transparent);
    m_drawnLength = length();
    m_sinceDrawn.start();
    const std::size_t lanes = m_log->laneCount();
    const int columns = width() - 2 * Theme::space;
    if (lanes == 0 || columns <= 0)
        return;
    const double step = m_drawnLength / columns;
    const SpanStore &spans = m_log->spans();
    std::vector<float> load(std::size_t(columns), 0.0F);
    std::vector<bool> failed(std::size_t(columns), false);
    for (std::size_t lane = 0; lane < spans.laneCount(); ++lane) {
        std::size_t next = 0;
        double before = 0;
        for (int column = 0; column < columns && spans.size(lane) > 0; ++column) {
            const double end = (column + 1) * step;
            const std::size_t from = next;
            next = spans.firstBeginningFrom(lane, end, next);
            const double busy = spans.busyUntil(lane, end, next);
            load[std::size_t(column)] += float((busy - before) / step);
            if (next > from && spans.worstOf(lane, from, next) != SpanEnd::Ok)
                failed[std::size_t(column)] = true;
            before = busy;
        }
    }
    QPainter painter(&m_picture);
    const QColor busyColour = Theme::color(Theme::State::Running);
    const QColor failureColour = Theme::color(Theme::State::Error);
    const double bottom = height() - 3;
    const double room = height() - 8;
    for (int column = 0; column < columns; ++column) {
        const double share = std::clamp(double(load[std::size_t(column)]) / double(lanes), 0.0, 1.0);
        const double x = Theme::space + column;
        if (share > 0) {
            const double rise = std::max(share * room, 1.0);
            painter.fillRect(QRectF(x, bottom - rise, 1, rise), busyColour);
        }
        if (failed[std::size_t(column)])
            painter.fillRect(QRectF(x - 0.5, 1, 2, 4), failureColour);
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
    painter.fillRect(QRectF(0, 0, seen.left(), height()), veil);
    painter.fillRect(QRectF(seen.right(), 0, width() - seen.right(), height()), veil);
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
    if (event->type() == QEvent::PaletteChange) {
        m_picture = {};
        update();
    }
}

} // namespace Poolscope
