// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/timeline.h"

#include "ui/models/format.h"
#include "ui/models/runfigures.h"
#include "ui/theme/theme.h"

#include <QEvent>
#include <QHelpEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <bit>
#include <cmath>

namespace Poolscope {

namespace {

constexpr double followedLength = 30;
constexpr int smallestLane = 14;
constexpr int largestLane = 30;
// Below this a bar is no longer told from its neighbours, and columns of pixels are painted instead.
constexpr double narrowestBar = 2;

QColor blended(const QColor &over, const QColor &under, double share)
{
    const auto mix = [share](int a, int b) { return int(std::lround(a * share + b * (1 - share))); };
    return QColor(mix(over.red(), under.red()), mix(over.green(), under.green()),
                  mix(over.blue(), under.blue()));
}

} // namespace

Timeline::Timeline(QWidget *parent) : QAbstractScrollArea(parent)
{
    setAccessibleName(tr("Timeline"));
    setAccessibleDescription(tr("What every worker does when: a lane for each worker, a bar for each item"));
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setBackgroundRole(QPalette::Base);
    updateMetrics();
}

void Timeline::clear()
{
    m_spans.clear();
    m_snapshot = {};
    m_scale = 1;
    verticalScrollBar()->setValue(0);
    viewport()->update();
}

void Timeline::apply(const RunSnapshot &snapshot)
{
    const std::size_t lanes = laneCount();
    m_snapshot = snapshot;
    // Without a total the ramp is stretched in doublings, so that colours change seldom.
    m_scale = snapshot.total ? std::max<std::uint64_t>(*snapshot.total, 1)
                             : std::bit_ceil(std::max<std::uint64_t>(snapshot.items.read, 64));
    if (laneCount() != lanes)
        updateMetrics();
    viewport()->update();
}

QSize Timeline::sizeHint() const
{
    return {600, m_axisHeight + 4 * largestLane};
}

QSize Timeline::minimumSizeHint() const
{
    return {m_labelWidth + 120, m_axisHeight + 2 * smallestLane + Theme::space};
}

void Timeline::updateMetrics()
{
    const QFontMetrics metrics(Theme::smallFont());
    m_axisHeight = metrics.height() + Theme::space;
    m_labelWidth =
        metrics.horizontalAdvance(tr("worker %1").arg(QStringLiteral("000"))) +
        metrics.horizontalAdvance(tr("pid %1 · %2").arg(QStringLiteral("0000000"), QStringLiteral("g000"))) +
        3 * Theme::space;
    const int content = int(laneCount()) * laneHeight();
    const int room = viewport()->height() - m_axisHeight;
    verticalScrollBar()->setRange(0, std::max(content - room, 0));
    verticalScrollBar()->setPageStep(std::max(room, 1));
    verticalScrollBar()->setSingleStep(laneHeight());
}

std::size_t Timeline::laneCount() const
{
    return std::max<std::size_t>(m_snapshot.workers.size(), m_spans.laneCount());
}

int Timeline::laneHeight() const
{
    const int room = viewport()->height() - m_axisHeight - Theme::spaceSmall;
    return std::clamp(room / std::max(int(laneCount()), 1), smallestLane, largestLane);
}

QRectF Timeline::laneRect(std::size_t lane) const
{
    const int height = laneHeight();
    const int gap = height >= 20 ? 3 : 1;
    const double top = m_axisHeight + double(lane) * height - verticalScrollBar()->value();
    return {double(m_labelWidth), top + gap, double(viewport()->width() - m_labelWidth - Theme::space),
            double(height - 2 * gap)};
}

double Timeline::fractionOf(std::uint64_t item) const
{
    return m_scale > 1 ? double(item) / double(m_scale - 1) : 0.0;
}

TimelineCoordinates Timeline::coordinates() const
{
    TimelineCoordinates result;
    result.left = m_labelWidth;
    result.width = std::max(viewport()->width() - m_labelWidth - Theme::space, 1);
    if (isOver(m_snapshot.phase)) {
        result.begin = 0;
        result.end = std::max(m_snapshot.now, 1e-6) * 1.01;
        return result;
    }
    std::tie(result.begin, result.end) = followedRange(m_snapshot.now, followedLength);
    // Moved by whole pixels only, or what is gathered under a pixel would change with every frame: shimmer.
    const double step = result.secondsPerPixel();
    const double shift = std::ceil(result.begin / step) * step - result.begin;
    result.begin += shift;
    result.end += shift;
    return result;
}

void Timeline::paintEvent(QPaintEvent *)
{
    m_paintedRectangles = 0;
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), Theme::dataBackground());
    if (laneCount() == 0) {
        painter.setPen(Theme::quietText());
        painter.drawText(
            viewport()->rect().adjusted(Theme::spaceLarge, 0, -Theme::spaceLarge, 0),
            Qt::AlignCenter | Qt::TextWordWrap,
            tr("Each worker will get a lane here and each item a bar: press Run to see them grow."));
        return;
    }
    const TimelineCoordinates range = coordinates();
    paintAxis(painter, range);
    painter.setClipRect(0, m_axisHeight, viewport()->width(), viewport()->height() - m_axisHeight);
    for (std::size_t lane = 0; lane < laneCount(); ++lane) {
        const QRectF rect = laneRect(lane);
        if (rect.bottom() < m_axisHeight || rect.top() > viewport()->height())
            continue;
        paintLabel(painter, lane, rect);
        paintLane(painter, lane, rect, range);
    }
}

void Timeline::paintAxis(QPainter &painter, const TimelineCoordinates &range)
{
    painter.setFont(Theme::smallFont());
    const QFontMetrics metrics(painter.font());
    const double spacing = metrics.horizontalAdvance(QStringLiteral("00:00.0")) + Theme::spaceSection * 2;
    for (const double tick : ticksOf(range, spacing)) {
        const double x = std::round(range.xAt(tick)) + 0.5;
        painter.setPen(Theme::hairline());
        painter.drawLine(QPointF(x, m_axisHeight - Theme::spaceSmall), QPointF(x, viewport()->height()));
        const QString text = Format::axisTime(tick);
        const double width = metrics.horizontalAdvance(text);
        // The label stays inside; its tick does not move for it.
        const double left = std::clamp(x - width / 2, range.left, range.left + range.width - width);
        painter.setPen(Theme::quietText());
        painter.drawText(QPointF(left, metrics.ascent() + 2), text);
    }
    if (!isOver(m_snapshot.phase)) {
        const double x = std::round(range.xAt(m_snapshot.now)) + 0.5;
        painter.setPen(QPen(Theme::quietText(), 1, Qt::DotLine));
        painter.drawLine(QPointF(x, m_axisHeight - Theme::spaceSmall), QPointF(x, viewport()->height()));
    }
}

void Timeline::paintLabel(QPainter &painter, std::size_t lane, const QRectF &rect) const
{
    painter.setFont(Theme::smallFont());
    const QFontMetrics metrics(painter.font());
    const QRectF area(Theme::space, rect.top(), m_labelWidth - 2 * Theme::space, rect.height());
    // Where lanes are lower than their labels, only every second one has room for its own.
    const int each = (metrics.ascent() + laneHeight() - 1) / laneHeight();
    if (each > 1 && lane % std::size_t(each) != 0)
        return;
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(area, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, tr("worker %1").arg(lane));
    if (lane >= m_snapshot.workers.size())
        return;
    const WorkerSnapshot &worker = m_snapshot.workers[lane];
    if (worker.generation == 0)
        return;
    const QString generation = QStringLiteral("g%1").arg(worker.generation);
    painter.setPen(Theme::quietText());
    painter.drawText(area, Qt::AlignRight | Qt::AlignVCenter | Qt::TextDontClip,
                     worker.pid > 0 ? tr("pid %1 · %2").arg(worker.pid).arg(generation) : generation);
}

void Timeline::paintLane(QPainter &painter, std::size_t lane, const QRectF &rect,
                         const TimelineCoordinates &range)
{
    const std::size_t count = m_spans.size(lane);
    std::size_t next = m_spans.firstEndingAfter(lane, range.begin);
    double x = range.left;
    const double right = range.left + range.width;
    while (next < count && x < right) {
        const SpanStore::Span span = m_spans.at(lane, next);
        const double from = range.xAt(span.begin);
        const double to = range.xAt(span.end);
        if (from >= right)
            break;
        if (to - from >= narrowestBar) {
            // A bar keeps its own edges; only what is outside is cut.
            const double left = std::max(from, range.left);
            paintSpan(painter, span, {left, rect.top(), std::min(to, right) - left, rect.height()});
            x = to;
            ++next;
            continue;
        }
        // The pixel column in which it begins, with all that lies in it.
        const double column = std::max(std::floor(std::max(from, x)), range.left);
        const double begin = range.timeAt(column);
        const double end = range.timeAt(column + 1);
        paintDense(painter, lane, {column, rect.top(), 1, rect.height()}, begin, end, next);
        next = std::max(m_spans.firstEndingAfter(lane, end), next + 1);
        x = column + 1;
    }

    painter.setPen(QPen(Theme::color(Theme::State::Ending), 1, Qt::DotLine));
    const std::vector<double> &recycled = m_spans.recycledAt(lane);
    double last = -10;
    for (auto at = std::lower_bound(recycled.begin(), recycled.end(), range.begin); at != recycled.end();) {
        const double mark = std::round(range.xAt(*at)) - 0.5;
        if (mark > right)
            break;
        if (mark - last >= 4)
            painter.drawLine(QPointF(mark, rect.top() - 1), QPointF(mark, rect.bottom() + 1));
        last = mark;
        at = std::lower_bound(at + 1, recycled.end(), range.timeAt(mark + 4));
    }
    paintNow(painter, lane, rect, range);
}

void Timeline::paintDense(QPainter &painter, std::size_t lane, const QRectF &rect, double begin, double end,
                          std::size_t from)
{
    const std::size_t to = std::max(m_spans.firstBeginningFrom(lane, end), from + 1);
    const double load = std::clamp(m_spans.busyBetween(lane, begin, end) / (end - begin), 0.0, 1.0);
    const SpanEnd worst = m_spans.worstOf(lane, from, to);
    if (worst != SpanEnd::Ok) {
        painter.fillRect(rect,
                         Theme::color(worst == SpanEnd::Lost ? Theme::State::Lost : Theme::State::Error));
    } else {
        const QColor color = Theme::itemColor(fractionOf(m_spans.at(lane, (from + to - 1) / 2).item));
        // Never so faint that an item could be missed.
        painter.fillRect(rect, blended(color, Theme::dataBackground(), 0.35 + 0.65 * load));
    }
    ++m_paintedRectangles;
}

void Timeline::paintSpan(QPainter &painter, const SpanStore::Span &span, const QRectF &rect)
{
    ++m_paintedRectangles;
    const double left = std::round(rect.left());
    const double width = std::max(std::round(rect.right()) - left - (rect.width() >= 6 ? 1 : 0), 1.0);
    const QRectF bar(left, rect.top(), width, rect.height());
    if (span.how == SpanEnd::Ok) {
        const QColor fill = Theme::itemColor(fractionOf(span.item));
        painter.fillRect(bar, fill);
        paintItemNumber(painter, span.item, bar, fill);
        return;
    }
    const bool lost = span.how == SpanEnd::Lost;
    const QColor mark = Theme::color(lost ? Theme::State::Lost : Theme::State::Error);
    const QColor fill =
        lost ? blended(Theme::itemColor(fractionOf(span.item)), Theme::dataBackground(), 0.4) : mark;
    painter.fillRect(bar, fill);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    if (lost) {
        painter.setPen(QPen(mark, 2));
        painter.drawRect(bar.adjusted(1, 1, -1, -1));
    }
    const double size = std::min({bar.width() - 2, bar.height() - 4, 12.0});
    if (size >= 4) {
        // A failure is crossed where it stands, a death at its end.
        const double centre = lost ? bar.right() - size / 2 - 3 : bar.left() + size / 2 + 3;
        const QRectF cross(std::max(centre - size / 2, bar.left()), bar.center().y() - size / 2, size, size);
        painter.setPen(QPen(lost ? mark : QColor(Qt::white), 2, Qt::SolidLine, Qt::RoundCap));
        painter.drawLine(cross.topLeft(), cross.bottomRight());
        painter.drawLine(cross.topRight(), cross.bottomLeft());
    }
    painter.restore();
    paintItemNumber(painter, span.item, bar.adjusted(lost ? 0 : 16, 0, lost ? -16 : 0, 0), fill);
}

void Timeline::paintItemNumber(QPainter &painter, std::uint64_t item, const QRectF &rect,
                               const QColor &fill) const
{
    const QString text = Format::count(item);
    const QFontMetrics metrics(painter.font());
    if (rect.height() < metrics.ascent() || rect.width() < metrics.horizontalAdvance(text) + Theme::space)
        return;
    const double luminance = 0.299 * fill.redF() + 0.587 * fill.greenF() + 0.114 * fill.blueF();
    painter.setPen(luminance > 0.5 ? QColor(0x14, 0x16, 0x18) : QColor(Qt::white));
    painter.drawText(rect.adjusted(Theme::spaceSmall, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, text);
}

void Timeline::paintNow(QPainter &painter, std::size_t lane, const QRectF &rect,
                        const TimelineCoordinates &range)
{
    if (lane >= m_snapshot.workers.size() || isOver(m_snapshot.phase))
        return;
    const WorkerSnapshot &worker = m_snapshot.workers[lane];
    const std::size_t count = m_spans.size(lane);
    double since = count > 0 ? m_spans.at(lane, count - 1).end : 0;
    if (worker.state == WorkerState::Running && worker.item) {
        // Records may be newer than the snapshot: the item it calls the current one is then a bar already.
        if (worker.itemStarted < since - 1e-9)
            return;
        since = worker.itemStarted;
    }
    const double left = std::round(std::max(range.xAt(since), range.left));
    const double right = std::round(std::min(range.xAt(m_snapshot.now), range.left + range.width));
    if (right - left < 1)
        return;
    const QRectF bar(left, rect.top(), right - left, rect.height());
    const QRectF outline = bar.adjusted(0.5, 0.5, -0.5, -0.5);
    switch (worker.state) {
    case WorkerState::Running:
        if (worker.item) {
            const QColor color = Theme::itemColor(fractionOf(*worker.item));
            const QColor fill = blended(color, Theme::dataBackground(), 0.55);
            painter.fillRect(bar, fill);
            painter.setPen(color);
            painter.drawRect(outline);
            paintItemNumber(painter, *worker.item, bar, fill);
        }
        break;
    case WorkerState::Waiting:
        painter.setPen(Theme::hairline());
        painter.drawRect(outline);
        break;
    case WorkerState::Starting:
        painter.fillRect(bar, QBrush(Theme::color(Theme::State::Starting), Qt::HorPattern));
        break;
    case WorkerState::Ending:
        painter.fillRect(bar, QBrush(Theme::color(Theme::State::Ending), Qt::BDiagPattern));
        break;
    case WorkerState::Gone:
        break;
    }
    ++m_paintedRectangles;
}

QString Timeline::toolTipAt(const QPoint &position) const
{
    const TimelineCoordinates range = coordinates();
    const double time = range.timeAt(position.x());
    for (std::size_t lane = 0; lane < laneCount(); ++lane) {
        const QRectF rect = laneRect(lane);
        if (position.y() < rect.top() || position.y() > rect.bottom())
            continue;
        const std::size_t first = m_spans.firstEndingAfter(lane, time);
        const std::size_t after = m_spans.firstBeginningFrom(lane, time + range.secondsPerPixel());
        if (after > first + 1)
            return tr("Worker %1 at %2: %3 under this pixel")
                .arg(lane)
                .arg(Format::exactDuration(time), Format::items(after - first));
        if (after <= first)
            return tr("Worker %1 at %2").arg(lane).arg(Format::exactDuration(time));
        const SpanStore::Span span = m_spans.at(lane, first);
        const QString how = span.how == SpanEnd::Ok      ? tr("ok")
                            : span.how == SpanEnd::Error ? tr("error")
                                                         : tr("lost");
        return tr("Item %1 on worker %2: %3\nfrom %4, took %5")
            .arg(Format::count(span.item))
            .arg(lane)
            .arg(how, Format::exactDuration(span.begin), Format::exactDuration(span.end - span.begin));
    }
    return {};
}

bool Timeline::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        QToolTip::showText(help->globalPos(), Format::plainToolTip(toolTipAt(help->pos())), viewport());
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void Timeline::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    updateMetrics();
}

void Timeline::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange) {
        updateMetrics();
        viewport()->update();
    }
}

} // namespace Poolscope
