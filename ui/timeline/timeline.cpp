// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/timeline.h"

#include "ui/models/format.h"
#include "ui/models/runfigures.h"
#include "ui/theme/theme.h"
#include "ui/timeline/timelineaccess.h"
#include "ui/timeline/timelinepainter.h"
#include "ui/timeline/timelinetext.h"

#include <QEvent>
#include <QHelpEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <bit>
#include <cmath>

namespace Poolscope {

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
