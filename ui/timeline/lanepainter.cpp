// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/lanepainter.h"

#include "ui/models/format.h"
#include "ui/models/runfigures.h"
#include "ui/theme/theme.h"
#include "ui/timeline/phasebrush.h"

#include <QGuiApplication>
#include <QPainter>
#include <QPalette>

#include <algorithm>
#include <cmath>
#include <utility>

namespace Poolscope {

namespace {

// Below this a bar is no longer told from its neighbours, and columns of pixels are painted instead.
constexpr double narrowestBar = 2;
constexpr double narrowestGap = 2;
// A chunk whose items are too narrow is told from its neighbours from here on.
constexpr double narrowestChunk = 7;
constexpr double narrowestBracket = 6;
constexpr double bracketHeight = 4;
constexpr double marksApart = 12;

QColor blended(const QColor &over, const QColor &under, double share)
{
    const auto mix = [share](int a, int b) { return int(std::lround(a * share + b * (1 - share))); };
    return QColor(mix(over.red(), under.red()), mix(over.green(), under.green()),
                  mix(over.blue(), under.blue()));
}

QColor textOn(const QColor &fill)
{
    const double luminance = 0.299 * fill.redF() + 0.587 * fill.greenF() + 0.114 * fill.blueF();
    return luminance > 0.5 ? QColor(0x14, 0x16, 0x18) : QColor(Qt::white);
}

} // namespace

QColor LanePainter::colourOf(std::uint64_t item, std::uint64_t scale)
{
    return Theme::itemColor(scale > 1 ? double(item) / double(scale - 1) : 0.0);
}

LanePainter::LanePainter(QPainter &painter, const LaneScene &scene)
    : m_painter(painter)
    , m_scene(scene)
    , m_row(int(std::ceil(scene.range.width)) + 1, 1, QImage::Format_ARGB32_Premultiplied)
{
    painter.setFont(Theme::smallFont());
    // Patterns move with what they fill.
    painter.setBrushOrigin(QPointF(std::fmod(std::round(scene.range.xAt(0)), 8), 0));
}

void LanePainter::paint(std::size_t lane, const QRectF &rect)
{
    const bool hasBrackets = m_scene.log.chunksize() > 1 && rect.height() >= 16;
    const QRectF bars = rect.adjusted(0, hasBrackets ? bracketHeight : 0, 0, 0);
    paintItems(lane, bars, hasBrackets ? rect : QRectF());
    paintRecycling(lane, rect);
    paintCurrent(lane, bars);
    paintMarks(lane, rect);
}

void LanePainter::paintItems(std::size_t lane, const QRectF &bars, const QRectF &rect)
{
    const SpanStore &spans = m_scene.log.spans();
    const TimelineCoordinates &range = m_scene.range;
    const std::size_t count = spans.size(lane);
    std::size_t next = spans.firstEndingAfter(lane, range.begin);
    double x = range.left;
    double idleSince = next > 0 ? spans.at(lane, next - 1).end : 0;
    std::optional<Bracket> bracket;
    m_row.fill(Qt::transparent);
    while (next < count && x < right()) {
        const SpanStore::Span span = spans.at(lane, next);
        const double from = range.xAt(span.begin);
        const double to = range.xAt(span.end);
        if (from - range.xAt(idleSince) >= narrowestGap)
            paintIdle(lane, next, idleSince, span.begin, bars);
        if (from >= right())
            break;
        if (to - from < narrowestBar) {
            flush(bracket, rect);
            next = paintDense(lane, bars, next, &x);
            idleSince = spans.at(lane, next - 1).end;
            continue;
        }
        // A bar keeps its own edges; only what is outside is cut.
        const double left = std::max(from, range.left);
        const double end = std::min(to, right());
        paintBar(span, {left, bars.top(), end - left, bars.height()});
        const std::uint64_t chunk = span.item / m_scene.log.chunksize();
        if (bracket && bracket->chunk != chunk)
            flush(bracket, rect);
        if (bracket)
            bracket->to = end;
        else
            bracket = Bracket{chunk, left, end};
        x = to;
        idleSince = span.end;
        ++next;
    }
    flush(bracket, rect);
    m_painter.drawImage(QRectF(range.left, bars.top(), m_row.width(), bars.height()), m_row,
                        QRectF(0, 0, m_row.width(), 1));
    for (const auto &[place, items] : std::exchange(m_clusters, {}))
        paintCluster(place, items);
}

/// From this item on, columns of pixels until one is wide enough for a bar or a gap follows.
/// \returns the first item that was not painted
std::size_t LanePainter::paintDense(std::size_t lane, const QRectF &bars, std::size_t next, double *x)
{
    const SpanStore &spans = m_scene.log.spans();
    const TimelineCoordinates &range = m_scene.range;
    const std::size_t count = spans.size(lane);
    const std::uint64_t chunksize = m_scene.log.chunksize();
    const QColor background = Theme::dataBackground();
    auto *const pixels = reinterpret_cast<QRgb *>(m_row.scanLine(0));

    const std::size_t start = next;
    const double first = range.xAt(spans.at(lane, next).begin);
    double column = std::max(std::floor(std::max(first, *x)), range.left);
    double begin = range.timeAt(column);
    std::size_t counted = spans.at(lane, next).begin < begin ? next + 1 : next;
    double busyBefore = spans.busyUntil(lane, begin, counted);
    double clusterLeft = column;
    std::size_t clusterFrom = next;
    std::uint64_t chunk = spans.at(lane, next).item / chunksize;
    // Whether chunks can be told apart here: from what the next columns hold.
    const std::size_t ahead = spans.firstBeginningFrom(lane, range.timeAt(column + 32), next);
    const bool hasClusters = chunksize > 1 && double(chunksize) * 32 >= narrowestChunk * double(ahead - next);
    const auto endCluster = [&](double edge, std::size_t to) {
        if (hasClusters)
            m_clusters.emplace_back(QRectF(clusterLeft, bars.top(), edge - clusterLeft, bars.height()),
                                    to - clusterFrom);
    };
    while (column < right()) {
        const double end = range.timeAt(column + 1);
        const std::size_t to = std::max(spans.firstBeginningFrom(lane, end, counted), next + 1);
        const double busy = spans.busyUntil(lane, end, to);
        const double load = std::clamp((busy - busyBefore) / (end - begin), 0.0, 1.0);
        const std::uint64_t item = spans.at(lane, (next + to - 1) / 2).item;
        const SpanEnd worst = spans.worstOf(lane, next, to);
        QColor colour = worst == SpanEnd::Lost    ? Theme::color(Theme::State::Lost)
                        : worst == SpanEnd::Error ? Theme::color(Theme::State::Error)
                                                  : colourOf(item, m_scene.scale);
        // Never so faint that an item could be missed.
        if (worst == SpanEnd::Ok)
            colour = blended(colour, background, 0.35 + 0.65 * load);
        if (hasClusters && item / chunksize != chunk) {
            endCluster(column, next);
            clusterLeft = column;
            clusterFrom = next;
            chunk = item / chunksize;
            if (worst == SpanEnd::Ok)
                colour = blended(colour, background, 0.3);
        }
        pixels[std::size_t(column - range.left)] = colour.rgb();
        ++m_rectangles;
        busyBefore = busy;
        begin = end;
        column += 1;
        counted = to;
        // The last one may reach into the next column.
        const SpanStore::Span last = spans.at(lane, to - 1);
        const bool reachesOn = last.end > end;
        next = reachesOn ? to - 1 : to;
        if (reachesOn && range.xAt(last.end) - column >= 1) {
            // A long one behind the short ones: its columns are its own.
            if (range.xAt(last.end) - range.xAt(last.begin) >= narrowestBar) {
                next = to - 1;
                break;
            }
        }
        if (reachesOn)
            continue;
        if (next >= count || range.xAt(spans.at(lane, next).begin) - column >= narrowestGap)
            break;
        const SpanStore::Span following = spans.at(lane, next);
        if (range.xAt(following.end) - range.xAt(following.begin) >= narrowestBar)
            break;
    }
    endCluster(column, next);
    *x = column;
    return std::max(next, start + 1);
}

/// How many items a stretch of columns holds, where there is room to say so.
void LanePainter::paintCluster(const QRectF &rect, std::size_t items)
{
    if (items < 2)
        return;
    const QString text = QStringLiteral("×") + Format::count(items);
    const QFontMetrics metrics(m_painter.font());
    if (rect.height() < metrics.ascent() || rect.width() < metrics.horizontalAdvance(text) + Theme::space)
        return;
    QRectF ground(0, 0, metrics.horizontalAdvance(text) + Theme::space, metrics.height());
    ground.moveCenter(rect.center());
    QColor back = Theme::dataBackground();
    back.setAlphaF(0.75F);
    m_painter.fillRect(ground, back);
    m_painter.setPen(QGuiApplication::palette().color(QPalette::Text));
    m_painter.drawText(ground, Qt::AlignCenter, text);
}

void LanePainter::paintBar(const SpanStore::Span &span, const QRectF &rect)
{
    ++m_rectangles;
    const double left = std::round(rect.left());
    const double width = std::max(std::round(rect.right()) - left - (rect.width() >= 4 ? 1 : 0), 1.0);
    const QRectF bar(left, rect.top(), width, rect.height());
    if (span.how == SpanEnd::Ok) {
        const QColor fill = colourOf(span.item, m_scene.scale);
        m_painter.fillRect(bar, fill);
        paintNumber(span.item, bar.adjusted(span.isRetry ? 6 : 0, 0, 0, 0), fill);
    } else {
        paintFailure(span, bar);
    }
    if (span.isRetry && bar.width() >= 5) {
        // The notch of one that was tried before.
        m_painter.save();
        m_painter.setRenderHint(QPainter::Antialiasing);
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(Theme::dataBackground());
        m_painter.drawPolygon(
            QPolygonF({bar.topLeft(), bar.topLeft() + QPointF(7, 0), bar.topLeft() + QPointF(0, 7)}));
        m_painter.restore();
    }
    if (m_scene.selected == span.item)
        paintSelected(bar);
}

void LanePainter::paintFailure(const SpanStore::Span &span, const QRectF &bar)
{
    const bool lost = span.how == SpanEnd::Lost;
    const QColor mark = Theme::color(lost ? Theme::State::Lost : Theme::State::Error);
    const QColor fill =
        lost ? blended(colourOf(span.item, m_scene.scale), Theme::dataBackground(), 0.4) : mark;
    m_painter.fillRect(bar, fill);
    m_painter.save();
    m_painter.setRenderHint(QPainter::Antialiasing);
    if (lost && bar.width() >= 4) {
        m_painter.setPen(QPen(mark, 2));
        m_painter.drawRect(bar.adjusted(1, 1, -1, -1));
    }
    const double size = std::min({bar.width() - 2, bar.height() - 4, 12.0});
    if (size >= 4) {
        // A failure is crossed where it stands, a death at its end.
        const double centre = lost ? bar.right() - size / 2 - 3 : bar.left() + size / 2 + 3;
        const QRectF cross(std::max(centre - size / 2, bar.left()), bar.center().y() - size / 2, size, size);
        m_painter.setPen(QPen(lost ? mark : QColor(Qt::white), 2, Qt::SolidLine, Qt::RoundCap));
        m_painter.drawLine(cross.topLeft(), cross.bottomRight());
        m_painter.drawLine(cross.topRight(), cross.bottomLeft());
    }
    m_painter.restore();
    paintNumber(span.item, bar.adjusted(lost ? 0 : 16, 0, lost ? -16 : 0, 0), fill);
}

void LanePainter::paintNumber(std::uint64_t item, const QRectF &rect, const QColor &fill)
{
    const QFontMetrics metrics(m_painter.font());
    if (rect.height() < metrics.ascent() || rect.width() < 2 * Theme::space)
        return;
    const QString text = Format::count(item);
    if (rect.width() < metrics.horizontalAdvance(text) + Theme::space)
        return;
    m_painter.setPen(textOn(fill));
    m_painter.drawText(rect.adjusted(Theme::spaceSmall, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, text);
}

/// What the lane did between two items. \param before  number of items before
void LanePainter::paintIdle(std::size_t lane, std::size_t before, double begin, double end,
                            const QRectF &bars)
{
    const TimelineCoordinates &range = m_scene.range;
    const auto place = [&](double from, double to) {
        const double left = std::round(std::clamp(range.xAt(from), range.left, right()));
        const double until = std::round(std::clamp(range.xAt(to), range.left, right()));
        return QRectF(left, bars.top(), until - left, bars.height());
    };
    const auto paintPhase = [&](LanePhase phase, const QRectF &rect) {
        if (rect.width() < 1)
            return;
        PhaseLook::paint(m_painter, phase, rect);
        ++m_rectangles;
    };
    if (before > 0) {
        const double sent = std::min(m_scene.log.spans().sentAt(lane, before - 1), end);
        if (sent > begin) {
            paintPhase(LanePhase::Sending, place(begin, sent));
            begin = sent;
        }
    }
    if (end <= begin)
        return;
    const double from = std::max(begin, range.begin);
    const double to = std::min(end, range.end);
    if (to <= from)
        return;
    for (const WorkerLives::Stretch &stretch :
         m_scene.log.lives().idleStretches(lane, from, to, m_scene.log.now()))
        paintPhase(stretch.phase, place(stretch.begin, stretch.end));
}

/// What it does now: the item it is at, or nothing since the last one.
void LanePainter::paintCurrent(std::size_t lane, const QRectF &bars)
{
    const SpanStore &spans = m_scene.log.spans();
    const TimelineCoordinates &range = m_scene.range;
    const RunSnapshot &snapshot = m_scene.snapshot;
    const std::size_t count = spans.size(lane);
    const double since = count > 0 ? spans.at(lane, count - 1).end : 0;
    if (isOver(snapshot.phase) || lane >= snapshot.workers.size()) {
        if (snapshot.now > since)
            paintIdle(lane, count, since, snapshot.now, bars);
        return;
    }
    const WorkerSnapshot &worker = snapshot.workers[lane];
    double idleUntil = snapshot.now;
    // Records may be newer than the snapshot: the item it calls the current one is then a bar already.
    const bool isRunning =
        worker.state == WorkerState::Running && worker.item && worker.itemStarted >= since - 1e-9;
    if (isRunning)
        idleUntil = worker.itemStarted;
    else if (worker.state == WorkerState::Running)
        return;
    if (idleUntil > since)
        paintIdle(lane, count, since, idleUntil, bars);
    if (!isRunning)
        return;
    const double left = std::round(std::max(range.xAt(worker.itemStarted), range.left));
    const double until = std::round(std::min(range.xAt(snapshot.now), right()));
    if (until - left < 1)
        return;
    const QRectF bar(left, bars.top(), until - left, bars.height());
    const QColor colour = colourOf(*worker.item, m_scene.scale);
    const QColor fill = blended(colour, Theme::dataBackground(), 0.55);
    m_painter.fillRect(bar, fill);
    m_painter.setPen(colour);
    m_painter.setBrush(Qt::NoBrush);
    m_painter.drawRect(bar.adjusted(0.5, 0.5, -0.5, -0.5));
    paintNumber(*worker.item, bar, fill);
    if (m_scene.selected == *worker.item)
        paintSelected(bar);
    ++m_rectangles;
}

void LanePainter::paintRecycling(std::size_t lane, const QRectF &rect)
{
    const TimelineCoordinates &range = m_scene.range;
    m_painter.setPen(QPen(Theme::color(Theme::State::Ending), 1, Qt::DotLine));
    const std::vector<double> &recycled = m_scene.log.spans().recycledAt(lane);
    double last = -10;
    for (auto at = std::lower_bound(recycled.begin(), recycled.end(), range.begin); at != recycled.end();) {
        const double mark = std::round(range.xAt(*at)) - 0.5;
        if (mark > right())
            break;
        if (mark - last >= 4)
            m_painter.drawLine(QPointF(mark, rect.top() - 1), QPointF(mark, rect.bottom() + 1));
        last = mark;
        at = std::lower_bound(at + 1, recycled.end(), range.timeAt(mark + 4));
    }
}

/// Deaths, timeouts and attempts that failed, as signs above the lane's end of the item.
void LanePainter::paintMarks(std::size_t lane, const QRectF &rect)
{
    const std::vector<WorkerLives::Mark> &marks = m_scene.log.lives().marks(lane);
    const TimelineCoordinates &range = m_scene.range;
    const QFontMetrics metrics(m_painter.font());
    if (marks.empty() || rect.height() < metrics.ascent())
        return;
    double last = range.left - marksApart;
    auto at = std::lower_bound(marks.begin(), marks.end(), range.begin,
                               [](const WorkerLives::Mark &mark, double time) { return mark.time < time; });
    while (at != marks.end() && at->time <= range.end) {
        const double x = std::round(range.xAt(at->time));
        if (x - last >= marksApart) {
            const bool isRetry = at->kind == RunEventKind::ItemRetried;
            const QString sign = at->kind == RunEventKind::WorkerTimedOut      ? QStringLiteral("T")
                                 : at->kind == RunEventKind::WorkerOutOfMemory ? QStringLiteral("M")
                                 : isRetry ? Theme::glyph(Theme::State::Retried)
                                           : Theme::glyph(Theme::State::Lost);
            const QRectF box(x + 1, rect.center().y() - metrics.height() / 2.0,
                             metrics.horizontalAdvance(sign) + 3, metrics.height());
            m_painter.fillRect(box, Theme::dataBackground());
            m_painter.setPen(Theme::color(isRetry ? Theme::State::Retried : Theme::State::Lost));
            m_painter.drawText(box, Qt::AlignCenter | Qt::TextDontClip, sign);
            ++m_rectangles;
            last = x;
        }
        // Whatever lies below this mark is not looked at.
        const double after = range.timeAt(std::max(x, last) + 1);
        at = std::lower_bound(at + 1, marks.end(), after,
                              [](const WorkerLives::Mark &mark, double time) { return mark.time < time; });
    }
}

void LanePainter::paintSelected(const QRectF &bar)
{
    QRectF frame = bar.adjusted(-1, -1, 1, 1);
    if (frame.width() < 5)
        frame.adjust(-2, 0, 2, 0);
    m_painter.setBrush(Qt::NoBrush);
    m_painter.setPen(QPen(QGuiApplication::palette().color(QPalette::Text), 2));
    m_painter.drawRect(frame);
}

void LanePainter::flush(std::optional<Bracket> &bracket, const QRectF &rect)
{
    if (bracket && rect.height() > 0 && bracket->to - bracket->from >= narrowestBracket) {
        const double left = std::round(bracket->from) + 0.5;
        const double end = std::round(bracket->to) - 1.5;
        const double top = rect.top() + 0.5;
        m_painter.setPen(Theme::quietText());
        m_painter.drawLine(QPointF(left, top), QPointF(end, top));
        m_painter.drawLine(QPointF(left, top), QPointF(left, top + 2));
        m_painter.drawLine(QPointF(end, top), QPointF(end, top + 2));
    }
    bracket.reset();
}

} // namespace Poolscope
