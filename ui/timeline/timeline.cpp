// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/timeline.h"

#include "ui/export/pictureexport.h"
#include "ui/models/format.h"
#include "ui/theme/theme.h"
#include "ui/timeline/filterchips.h"
#include "ui/timeline/lanepainter.h"
#include "ui/timeline/timelineaccess.h"
#include "ui/timeline/timelinepainter.h"
#include "ui/timeline/timelinetext.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QScrollBar>
#include <QStyleOption>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <bit>
#include <cmath>

namespace Poolscope {

namespace {

constexpr double zoomOfAKey = 1.5;
constexpr double zoomOfANotch = 1.2; // a turn of the wheel by one step
constexpr double panOfAKey = 0.15;   // of what is seen

/// The worker that is at this item now; null when none is.
const WorkerSnapshot *runnerOf(std::uint64_t item, const RunSnapshot &snapshot)
{
    const auto runner =
        std::find_if(snapshot.workers.begin(), snapshot.workers.end(), [item](const WorkerSnapshot &worker) {
            return worker.state == WorkerState::Running && worker.item == item;
        });
    return runner == snapshot.workers.end() ? nullptr : &*runner;
}

} // namespace

Timeline::Timeline(const RunLog *log, TimeWindow *window, SelectedItem *selection, RunFilter *filter,
                   QWidget *parent)
    : QAbstractScrollArea(parent), m_log(log), m_window(window), m_selection(selection), m_filter(filter)
{
    TimelineAccess::install();
    setAccessibleName(tr("Timeline"));
    setAccessibleDescription(tr("What every worker does when: a lane for each worker, a bar for each item"));
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setBackgroundRole(QPalette::Base);
    viewport()->setMouseTracking(true);
    connect(m_window, &TimeWindow::changed, viewport(), qOverload<>(&QWidget::update));
    connect(m_selection, &SelectedItem::changed, this, &Timeline::revealSelected);
    connect(m_filter, &RunFilter::changed, viewport(), qOverload<>(&QWidget::update));
    updateMetrics();
}

Timeline::~Timeline() = default;

void Timeline::clear(const RunFeed *feed)
{
    m_feed = feed;
    m_snapshot = {};
    m_scale = 1;
    m_lane = 0;
    m_measured.reset();
    m_crosshair.reset();
    m_drag = Drag::None;
    verticalScrollBar()->setValue(0);
    updateMetrics();
    viewport()->update();
}

void Timeline::apply(const RunSnapshot &snapshot)
{
    m_snapshot = snapshot;
    // Without a total the ramp is stretched in doublings, so that colours change seldom.
    m_scale = snapshot.total ? std::max<std::uint64_t>(*snapshot.total, 1)
                             : std::bit_ceil(std::max<std::uint64_t>(snapshot.items.read, 64));
    if (laneCount() != m_lanesShown)
        updateMetrics();
    viewport()->update();
}

void Timeline::setCrosshair(std::optional<double> time)
{
    if (time == m_crosshair)
        return;
    m_crosshair = time;
    viewport()->update();
}

QSize Timeline::sizeHint() const
{
    return {600, m_axisHeight + 4 * TimelineLayout::mostHeight(textHeight())};
}

QSize Timeline::minimumSizeHint() const
{
    return {m_labelWidth + 120, m_axisHeight + 2 * TimelineLayout::leastHeight(textHeight()) + Theme::space};
}

int Timeline::labelWidth()
{
    const QFontMetrics metrics(Theme::smallFont());
    return metrics.horizontalAdvance(tr("worker %1").arg(QStringLiteral("000"))) + metrics.height() +
           metrics.horizontalAdvance(
               tr("pid %1 · %2").arg(QStringLiteral("0000000"), QStringLiteral("g000"))) +
           3 * Theme::space;
}

void Timeline::updateMetrics()
{
    const QFontMetrics metrics(Theme::smallFont());
    m_axisHeight = metrics.height() + Theme::space;
    m_labelWidth = labelWidth();
    const TimelineLayout now = laneLayout();
    verticalScrollBar()->setRange(0, now.mostScrolled());
    verticalScrollBar()->setPageStep(std::max(now.room(), 1));
    verticalScrollBar()->setSingleStep(now.laneHeight());
    if (m_lanesShown != laneCount()) {
        m_lanesShown = laneCount();
        m_lane = std::min(m_lane, m_lanesShown > 0 ? m_lanesShown - 1 : 0);
        Q_EMIT lanesChanged();
    }
}

/// Of a number in a bar, below the bracket of its chunk.
int Timeline::textHeight() const
{
    return QFontMetrics(Theme::smallFont()).ascent() +
           (m_log->chunksize() > 1 ? int(LanePainter::bracketHeight) : 0);
}

std::size_t Timeline::laneCount() const
{
    return std::max<std::size_t>(m_snapshot.workers.size(), m_log->laneCount());
}

TimelineLayout Timeline::laneLayout() const
{
    return {viewport()->size(),           m_axisHeight, m_labelWidth, laneCount(),
            verticalScrollBar()->value(), textHeight()};
}

TimelineCoordinates Timeline::coordinates() const
{
    TimelineCoordinates result;
    result.left = m_labelWidth;
    result.width = std::max(viewport()->width() - m_labelWidth - Theme::space, 1);
    result.begin = m_window->begin();
    result.end = m_window->end();
    if (!m_window->isFollowing() || m_window->isOver())
        return result;
    // Moved by whole pixels only, or what is gathered under a pixel would change with every frame: shimmer.
    const double step = result.secondsPerPixel();
    const double shift = std::ceil(result.begin / step) * step - result.begin;
    result.begin += shift;
    result.end += shift;
    return result;
}

void Timeline::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    paint(painter);
}

void Timeline::paint(QPainter &painter)
{
    const QRect all = viewport()->rect();
    painter.fillRect(all, Theme::dataBackground());
    if (laneCount() == 0) {
        m_paintedRectangles = 0;
        painter.setPen(Theme::quietText());
        painter.drawText(
            all.adjusted(Theme::spaceLarge, 0, -Theme::spaceLarge, 0), Qt::AlignCenter | Qt::TextWordWrap,
            tr("Each worker will get a lane here and each item a bar: press Run to see them grow."));
        return;
    }
    const TimelineScene scene{
        .lanes = {*m_log, m_snapshot, coordinates(), m_scale, m_selection->item()},
        .layout = laneLayout(),
        .palette = palette(),
        .feed = m_feed,
        .focusedLane = hasFocus() ? std::optional(m_lane) : std::nullopt,
        .singledOut = m_filter->worker(),
        .crosshair = m_crosshair,
        .measured = m_measured,
    };
    m_paintedRectangles = TimelinePainter(painter, scene).paint();
}

std::optional<StuckHint> Timeline::hintAt(const QPointF &position) const
{
    for (const StuckHint::Edge edge : {StuckHint::Edge::Top, StuckHint::Edge::Bottom})
        if (auto hint = StuckHint::at(edge, m_snapshot, laneLayout()); hint && hint->rect.contains(position))
            return hint;
    return std::nullopt;
}

std::optional<RunLog::Place> Timeline::placeAt(const QPointF &position) const
{
    const TimelineCoordinates range = coordinates();
    const auto lane = laneLayout().laneAt(position.y());
    if (!lane || position.x() < range.left)
        return std::nullopt;
    const double time = range.timeAt(position.x());
    if (const auto place = m_log->placeAt(*lane, time))
        return place;
    // One that is narrower than the pointer is precise.
    const double near = 2 * range.secondsPerPixel();
    const std::size_t at = m_log->spans().firstEndingAfter(*lane, time - near);
    if (at < m_log->spans().size(*lane) && m_log->spans().at(*lane, at).begin <= time + near)
        return RunLog::Place{*lane, at};
    return std::nullopt;
}

QString Timeline::toolTipAt(const QPoint &position) const
{
    if (const auto hint = hintAt(position))
        return laneText(hint->lane);
    const TimelineCoordinates range = coordinates();
    const auto lane = laneLayout().laneAt(position.y());
    if (!lane)
        return {};
    if (position.x() < range.left)
        return laneText(*lane);
    const double time = range.timeAt(position.x());
    const std::size_t first = m_log->spans().firstEndingAfter(*lane, time);
    const std::size_t after = m_log->spans().firstBeginningFrom(*lane, time + range.secondsPerPixel());
    if (after > first + 1)
        return tr("Worker %1 at %2: %3 under this pixel")
            .arg(*lane)
            .arg(Format::exactDuration(time), Format::items(after - first));
    const auto place = placeAt(position);
    if (!place) {
        const bool isNow = *lane < m_snapshot.workers.size() && m_snapshot.workers[*lane].item &&
                           time >= m_log->runningSince(*lane).value_or(m_snapshot.now) &&
                           time <= m_snapshot.now;
        return isNow ? laneText(*lane) : TimelineText::idle(*m_log, *lane, time);
    }
    const SpanStore::Span span = m_log->spans().at(place->lane, place->position);
    const auto item = m_feed ? m_feed->item(span.item) : std::nullopt;
    return item ? TimelineText::item(*item) : TimelineText::span(span, place->lane);
}

QString Timeline::laneText(std::size_t lane) const
{
    return TimelineText::lane(*m_log, m_snapshot, lane);
}

bool Timeline::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        QToolTip::showText(help->globalPos(), Format::plainToolTip(toolTipAt(help->pos())), viewport());
        return true;
    }
    if (event->type() == QEvent::Leave)
        Q_EMIT hovered(std::nullopt);
    return QAbstractScrollArea::viewportEvent(event);
}

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

/// What was chosen elsewhere is to be seen here, too, also when it still runs.
void Timeline::revealSelected()
{
    viewport()->update();
    if (!m_selection->item() || !m_feed)
        return;
    const auto item = m_feed->item(*m_selection->item());
    const WorkerSnapshot *const runner = runnerOf(*m_selection->item(), m_snapshot);
    if (item && item->record.started >= 0) {
        m_window->reveal(item->record.started, item->record.finished);
        revealLane(item->record.worker);
    } else if (runner) {
        // Its bar reaches to this moment: who follows the run sees it.
        if (m_window->end() < runner->itemStarted || m_window->begin() > m_snapshot.now)
            m_window->reveal(runner->itemStarted, m_snapshot.now);
        revealLane(runner->slot);
    }
}

void Timeline::revealLane(std::size_t lane)
{
    m_lane = std::min<std::size_t>(lane, laneCount() > 0 ? laneCount() - 1 : 0);
    if (!laneLayout().isSeen(m_lane))
        verticalScrollBar()->setValue(laneLayout().scrollTo(m_lane));
    viewport()->update();
}

void Timeline::setMeasured(std::optional<TimeSpan> span)
{
    m_measured = span;
    // Those who cannot see the box are told the same.
    setAccessibleDescription(
        span ? TimelineText::measure(span->end - span->begin, m_log->measure(span->begin, span->end))
             : tr("What every worker does when: a lane for each worker, a bar for each item"));
    viewport()->update();
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

void Timeline::focusInEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void Timeline::focusOutEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

void Timeline::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    updateMetrics();
}

void Timeline::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (Theme::isChangedBy(*event)) {
        updateMetrics();
        updateGeometry();
        viewport()->update();
    }
}

} // namespace Poolscope
