// SPDX-License-Identifier: GPL-3.0-or-later
// What mouse, wheel, keys and menu do in a timeline.
#include "ui/export/pictureexport.h"
#include "ui/timeline/filterchips.h"
#include "ui/timeline/timeline.h"
#include "ui/timeline/timelineaccess.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QScrollBar>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <utility>

namespace Poolscope {

namespace {

constexpr double zoomOfAKey = 1.5;
constexpr double zoomOfANotch = 1.2; // a turn of the wheel by one step
constexpr double panOfAKey = 0.15;   // of what is seen

} // namespace

void Timeline::mousePressEvent(QMouseEvent *event)
{
    m_pressed = m_pointer = event->position();
    m_pressedTime = coordinates().timeAt(m_pressed.x());
    if (event->button() == Qt::MiddleButton ||
        (event->button() == Qt::LeftButton &&
         (event->modifiers().testFlag(Qt::ShiftModifier) || m_pressed.y() < m_axisHeight))) {
        m_drag = Drag::Pan;
        viewport()->setCursor(Qt::ClosedHandCursor);
    } else if (event->button() == Qt::LeftButton) {
        m_drag = Drag::Undecided;
    } else if (event->button() == Qt::BackButton) {
        m_window->goBack();
    } else if (event->button() == Qt::ForwardButton) {
        m_window->goForward();
    }
}

void Timeline::mouseMoveEvent(QMouseEvent *event)
{
    const QPointF before = std::exchange(m_pointer, event->position());
    const TimelineCoordinates range = coordinates();
    if (m_drag == Drag::Undecided &&
        std::abs(m_pointer.x() - m_pressed.x()) >= QApplication::startDragDistance() &&
        m_pressed.x() >= range.left)
        m_drag = Drag::Measure;
    if (m_drag == Drag::Measure) {
        const double time = std::clamp(range.timeAt(m_pointer.x()), range.begin, range.end);
        setMeasured(TimeSpan{std::min(time, m_pressedTime), std::max(time, m_pressedTime)});
    } else if (m_drag == Drag::Pan) {
        m_window->pan((before.x() - m_pointer.x()) * range.secondsPerPixel());
    }
    Q_EMIT hovered(m_pointer.x() >= range.left ? std::optional(range.timeAt(m_pointer.x())) : std::nullopt);
}

void Timeline::mouseReleaseEvent(QMouseEvent *event)
{
    const Drag drag = std::exchange(m_drag, Drag::None);
    viewport()->unsetCursor();
    if (drag != Drag::Undecided)
        return;
    setMeasured(std::nullopt);
    if (const auto hint = hintAt(event->position())) {
        revealLane(hint->lane);
        return;
    }
    selectAt(event->position());
}

void Timeline::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_drag = Drag::None;
    if (const auto place = placeAt(event->position())) {
        const SpanStore::Span span = m_log->spans().at(place->lane, place->position);
        const double half = std::max((span.end - span.begin) / 2, TimeWindow::shortest / 4);
        m_window->show(span.begin - half, span.end + half);
    } else {
        m_window->fit();
    }
}

void Timeline::selectAt(const QPointF &position)
{
    if (const auto lane = laneLayout().laneAt(position.y()))
        m_lane = *lane;
    viewport()->update();
    if (position.x() < m_labelWidth)
        return;
    if (const auto place = placeAt(position)) {
        m_selection->select(m_log->spans().at(place->lane, place->position).item);
        return;
    }
    const double time = coordinates().timeAt(position.x());
    if (m_lane < m_snapshot.workers.size()) {
        const WorkerSnapshot &worker = m_snapshot.workers[m_lane];
        if (worker.item && worker.state == WorkerState::Running && time >= worker.itemStarted &&
            time <= m_snapshot.now) {
            m_selection->select(worker.item);
            return;
        }
    }
    m_selection->select(std::nullopt);
}

void Timeline::wheelEvent(QWheelEvent *event)
{
    const QPoint angle = event->angleDelta();
    const TimelineCoordinates range = coordinates();
    // The labels scroll the lanes; so does the wheel where a style wants that.
    if (event->position().x() < range.left && angle.y() != 0) {
        verticalScrollBar()->setValue(verticalScrollBar()->value() -
                                      angle.y() * laneLayout().laneHeight() / 120);
    } else if (angle.x() != 0 || event->modifiers().testFlag(Qt::ShiftModifier)) {
        const int amount = angle.x() != 0 ? angle.x() : angle.y();
        m_window->pan(-amount / 120.0 * panOfAKey * m_window->length());
    } else if (angle.y() != 0) {
        m_window->zoom(std::pow(zoomOfANotch, angle.y() / 120.0), range.timeAt(event->position().x()));
    }
    event->accept();
}

/// What keys zoom at: the pointer, where it is in the picture; else the moment, or the middle.
double Timeline::anchor() const
{
    const TimelineCoordinates range = coordinates();
    if (viewport()->underMouse() && m_pointer.x() >= range.left)
        return range.timeAt(m_pointer.x());
    if (m_window->isFollowing() && !m_window->isOver())
        return m_window->now();
    return (range.begin + range.end) / 2;
}

void Timeline::keyPressEvent(QKeyEvent *event)
{
    if (event->modifiers() & (Qt::ControlModifier | Qt::MetaModifier)) {
        event->ignore();
        return;
    }
    const bool isAlt = event->modifiers().testFlag(Qt::AltModifier);
    switch (event->key()) {
    case Qt::Key_W:
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        m_window->zoom(zoomOfAKey, anchor());
        return;
    case Qt::Key_S:
    case Qt::Key_Minus:
        m_window->zoom(1 / zoomOfAKey, anchor());
        return;
    case Qt::Key_Left:
        if (isAlt)
            m_window->goBack();
        else
            m_window->pan(-panOfAKey * m_window->length());
        return;
    case Qt::Key_Right:
        if (isAlt)
            m_window->goForward();
        else
            m_window->pan(panOfAKey * m_window->length());
        return;
    case Qt::Key_A:
        m_window->pan(-panOfAKey * m_window->length());
        return;
    case Qt::Key_D:
        m_window->pan(panOfAKey * m_window->length());
        return;
    case Qt::Key_Home:
        m_window->show(0, m_window->length());
        return;
    case Qt::Key_End:
    case Qt::Key_L:
        m_window->follow();
        return;
    case Qt::Key_Backspace:
        m_window->goBack();
        return;
    case Qt::Key_0:
        m_window->fit();
        return;
    case Qt::Key_F:
    case Qt::Key_Return:
    case Qt::Key_Enter:
        zoomToChosen();
        return;
    case Qt::Key_Escape:
        setMeasured(std::nullopt);
        m_selection->select(std::nullopt);
        return;
    case Qt::Key_Period:
        stepItem(1);
        return;
    case Qt::Key_Comma:
        stepItem(-1);
        return;
    case Qt::Key_Up:
        stepLane(-1);
        return;
    case Qt::Key_Down:
        stepLane(1);
        return;
    case Qt::Key_Menu: {
        QContextMenuEvent menu(QContextMenuEvent::Keyboard, rect().center(), mapToGlobal(rect().center()));
        contextMenuEvent(&menu);
        return;
    }
    default:
        QAbstractScrollArea::keyPressEvent(event);
    }
}

/// The next item of the lane, or the one before; without a chosen one the first that is seen.
void Timeline::stepItem(int direction)
{
    const SpanStore &spans = m_log->spans();
    std::optional<RunLog::Place> place;
    if (m_selection->item() && m_feed)
        if (const auto item = m_feed->item(*m_selection->item()))
            place = m_log->placeOf(item->record);
    if (!place || place->lane != m_lane) {
        const std::size_t first = spans.firstEndingAfter(m_lane, m_window->begin());
        if (first >= spans.size(m_lane))
            return;
        place = RunLog::Place{m_lane, first};
    } else if (direction > 0 ? place->position + 1 < spans.size(m_lane) : place->position > 0) {
        place->position = direction > 0 ? place->position + 1 : place->position - 1;
    }
    m_selection->select(spans.at(m_lane, place->position).item);
}

void Timeline::stepLane(int direction)
{
    if (laneCount() == 0)
        return;
    m_lane =
        direction > 0 ? std::min(m_lane + 1, laneCount() - 1) : m_lane - std::min<std::size_t>(m_lane, 1);
    const QRectF rect = laneRect(m_lane);
    if (rect.top() < m_axisHeight)
        verticalScrollBar()->setValue(verticalScrollBar()->value() - int(m_axisHeight - rect.top()) - 2);
    else if (rect.bottom() > viewport()->height())
        verticalScrollBar()->setValue(verticalScrollBar()->value() +
                                      int(rect.bottom() - viewport()->height()) + 2);
    TimelineAccess::laneFocused(this, int(m_lane));
    viewport()->update();
}

void Timeline::zoomToChosen()
{
    if (m_measured) {
        m_window->show(m_measured->begin, m_measured->end);
        setMeasured(std::nullopt);
        return;
    }
    const auto item = m_selection->item() && m_feed ? m_feed->item(*m_selection->item()) : std::nullopt;
    if (!item || item->record.started < 0) {
        m_window->fit();
        return;
    }
    const double half =
        std::max((item->record.finished - item->record.started) / 2, TimeWindow::shortest / 4);
    m_window->show(item->record.started - half, item->record.finished + half);
}

void Timeline::fillMenu(QMenu *menu)
{
    const auto add = [this, menu](const QString &text, const QString &keys, bool isEnabled, auto action) {
        QAction *const entry = menu->addAction(text + QLatin1Char('\t') + keys);
        entry->setEnabled(isEnabled);
        connect(entry, &QAction::triggered, this, action);
    };
    const bool hasRun = laneCount() > 0;
    add(tr("Zoom in on the chosen"), tr("F"), m_measured || m_selection->item(), [this] { zoomToChosen(); });
    add(tr("Zoom in"), tr("W"), hasRun, [this] { m_window->zoom(zoomOfAKey, anchor()); });
    add(tr("Zoom out"), tr("S"), hasRun, [this] { m_window->zoom(1 / zoomOfAKey, anchor()); });
    add(tr("The whole run"), tr("0"), hasRun, [this] { m_window->fit(); });
    add(tr("Back"), tr("Backspace"), m_window->canGoBack(), [this] { m_window->goBack(); });
    add(tr("Forward"), tr("Alt+Right"), m_window->canGoForward(), [this] { m_window->goForward(); });
    add(tr("Back to live"), tr("L"), hasRun && !m_window->isOver() && !m_window->isFollowing(),
        [this] { m_window->follow(); });
    menu->addSeparator();
    add(tr("Next item of the worker"), tr("."), hasRun, [this] { stepItem(1); });
    add(tr("Previous item of the worker"), tr(","), hasRun, [this] { stepItem(-1); });
    if (hasRun)
        FilterChips::addWorkerTo(menu, m_filter, std::uint32_t(m_lane));
    menu->addSeparator();
    PictureExport::addTo(menu, this,
                         {tr("timeline"), [this] { return viewport()->size(); },
                          [this](QPainter &painter) { paint(painter); }});
}

void Timeline::contextMenuEvent(QContextMenuEvent *event)
{
    if (event->reason() == QContextMenuEvent::Mouse)
        if (const auto lane = laneLayout().laneAt(event->pos().y()))
            m_lane = *lane;
    auto *const menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    fillMenu(menu);
    menu->popup(event->globalPos());
}

} // namespace Poolscope
