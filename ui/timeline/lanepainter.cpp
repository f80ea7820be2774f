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
constexpr double marksApart = 12;
// How much of its colour is left to what has run of a chunk and has no record yet: paler than what runs now.
constexpr double openChunkStrength = 0.35;
// A failure that is narrower is told by a flag.
constexpr double narrowestFailure = 8;
constexpr double flagWidth = 9;

/// \param share  of the first, 0..1
QRgb blended(QRgb over, QRgb under, double share)
{
    // Integers: this is done for each column of each lane.
    const int part = int(share * 256 + 0.5);
    const auto mix = [part](int a, int b) { return (a * part + b * (256 - part)) >> 8; };
    return qRgb(mix(qRed(over), qRed(under)), mix(qGreen(over), qGreen(under)),
                mix(qBlue(over), qBlue(under)));
}

} // namespace

QRgb LanePainter::colourOf(std::uint64_t item) const
{
    if (m_scene.scale <= 1)
        return m_ramp.front();
    const double place = double(item) * (double(m_ramp.size() - 1) / double(m_scene.scale - 1)) + 0.5;
    return m_ramp[std::min(std::size_t(place), m_ramp.size() - 1)];
}

/// The colour of a column: never so faint that an item could be missed.
QRgb LanePainter::shadeOf(std::uint64_t item, double load) const
{
    return blended(colourOf(item), m_background, 0.35 + 0.65 * load);
}

LanePainter::LanePainter(QPainter &painter, const LaneScene &scene)
    : m_painter(painter)
    , m_scene(scene)
    , m_row(int(std::ceil(scene.range.width)) + 1, 1, QImage::Format_ARGB32_Premultiplied)
    , m_background(Theme::dataBackground().rgb())
    , m_errorColour(Theme::color(Theme::State::Error).rgb())
    , m_lostColour(Theme::color(Theme::State::Lost).rgb())
{
    painter.setFont(Theme::smallFont());
    const QFontMetrics metrics(painter.font());
    m_ascent = metrics.ascent();
    m_digitWidth = metrics.horizontalAdvance(QLatin1Char('0'));
    m_textColour = QGuiApplication::palette().color(QPalette::Text);
    // Asked for once: the theme looks at the palette each time.
    for (std::size_t i = 0; i < m_ramp.size(); ++i)
        m_ramp[i] = Theme::itemColor(double(i) / double(m_ramp.size() - 1)).rgb();
    // Patterns move with what they fill.
    painter.setBrushOrigin(QPointF(std::fmod(std::round(scene.range.xAt(0)), 8), 0));
}

void LanePainter::paint(std::size_t lane, const QRectF &rect)
{
    const bool hasBrackets = m_scene.log.chunksize() > 1 && rect.height() >= 16;
    const QRectF bars = rect.adjusted(0, hasBrackets ? bracketHeight : 0, 0, 0);
    paintItems(lane, bars, hasBrackets ? rect : QRectF());
    paintRecycling(lane, rect);
    paintCurrent(lane, bars, hasBrackets ? rect : QRectF());
    paintFlags(lane, bars);
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
    // Below the flags, where there are any.
    const double top = spans.failures(lane).empty() || bars.height() < flagWidth + m_ascent ? 0 : flagWidth;
    for (const auto &[place, items] : std::exchange(m_clusters, {}))
        paintCluster(place.adjusted(0, top, 0, 0), items);
}

/// From this item on, columns of pixels until one is wide enough for a bar or a gap follows.
/// \returns the first item that was not painted
std::size_t LanePainter::paintDense(std::size_t lane, const QRectF &bars, std::size_t next, double *x)
{
    const SpanStore &spans = m_scene.log.spans();
    const TimelineCoordinates &range = m_scene.range;
    const std::size_t count = spans.size(lane);
    const std::uint64_t chunksize = m_scene.log.chunksize();
    const double pixel = range.secondsPerPixel();
    auto *const pixels = reinterpret_cast<QRgb *>(m_row.scanLine(0));

    const std::size_t start = next;
    double column = std::max(std::floor(std::max(range.xAt(spans.beginAt(lane, next)), *x)), range.left);
    double begin = range.timeAt(column);
    std::size_t counted = spans.beginAt(lane, next) < begin ? next + 1 : next;
    double busyBefore = spans.busyUntil(lane, begin, counted);
    std::size_t inLast = 1;
    double clusterLeft = column;
    std::size_t clusterFrom = next;
    std::uint64_t chunk = spans.itemAt(lane, next) / chunksize;
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
        const std::size_t to = std::max(spans.firstBeginningFrom(lane, end, counted, inLast), next + 1);
        const double busy = spans.busyUntil(lane, end, to);
        double load = std::clamp((busy - busyBefore) / (end - begin), 0.0, 1.0);
        const std::uint64_t item = spans.itemAt(lane, (next + to - 1) / 2);
        if (hasClusters && item / chunksize != chunk) {
            endCluster(column, next);
            clusterLeft = column;
            clusterFrom = next;
            chunk = item / chunksize;
            load = 0; // the edge of a chunk
        }
        const SpanEnd worst = spans.worstOf(lane, next, to);
        pixels[std::size_t(column - range.left)] = worst == SpanEnd::Lost    ? m_lostColour
                                                   : worst == SpanEnd::Error ? m_errorColour
                                                                             : shadeOf(item, load);
        ++m_rectangles;
        inLast = to - counted;
        busyBefore = busy;
        begin = end;
        column += 1;
        counted = to;
        const double lastEnd = spans.endAt(lane, to - 1);
        if (lastEnd > end) {
            // It reaches on; a long one behind short ones is a bar of its own.
            next = to - 1;
            if (lastEnd - end >= pixel && lastEnd - spans.beginAt(lane, next) >= narrowestBar * pixel)
                break;
            continue;
        }
        next = to;
        if (next >= count)
            break;
        const double following = spans.beginAt(lane, next);
        if (following - end >= narrowestGap * pixel ||
            spans.endAt(lane, next) - following >= narrowestBar * pixel)
            break;
    }
    endCluster(column, next);
    *x = column;
    return std::max(next, start + 1);
}

/// How many items a stretch of columns holds, where there is room to say so.
void LanePainter::paintCluster(const QRectF &rect, std::size_t items)
{
    if (items < 2 || rect.height() < m_ascent || rect.width() < 3 * m_digitWidth)
        return;
    const QString text = QStringLiteral("×") + Format::count(items);
    const double width = m_digitWidth * double(text.size());
    if (rect.width() < width + Theme::space)
        return;
    QRectF ground(0, 0, width + Theme::spaceSmall, m_ascent + 2);
    ground.moveCenter(rect.center());
    QColor back = Theme::dataBackground();
    back.setAlphaF(0.75F);
    m_painter.fillRect(ground, back);
    paintText(ground.left() + Theme::spaceSmall / 2, rect, text, m_textColour);
}

/// From a point, not into a rectangle: Qt lays the latter out, which takes three times as long.
void LanePainter::paintText(double left, const QRectF &rect, const QString &text, const QColor &colour)
{
    m_painter.setPen(colour);
    m_painter.drawText(QPointF(left, std::round(rect.center().y() + m_ascent / 2.0 - 1)), text);
}

void LanePainter::paintBar(const SpanStore::Span &span, const QRectF &rect)
{
    ++m_rectangles;
    const double left = std::round(rect.left());
    const double width = std::max(std::round(rect.right()) - left - (rect.width() >= 6 ? 1 : 0), 1.0);
    const QRectF bar(left, rect.top(), width, rect.height());
    if (span.how == SpanEnd::Ok) {
        const QColor fill(colourOf(span.item));
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
    const QColor colour(colourOf(span.item));
    if (span.how == SpanEnd::Lost) {
        PhaseLook::paintLost(m_painter, bar, colour);
        paintNumber(span.item, bar.adjusted(0, 0, -16, 0), PhaseLook::faded(colour, 0.4));
    } else {
        PhaseLook::paintFailed(m_painter, bar);
        paintNumber(span.item, bar.adjusted(16, 0, 0, 0), Theme::color(Theme::State::Error));
    }
}

/// Failures that are too narrow to be seen from afar get a flag; those that lie under one share it, and flags
/// side by side are one band.
void LanePainter::paintFlags(std::size_t lane, const QRectF &bars)
{
    const SpanStore &spans = m_scene.log.spans();
    const TimelineCoordinates &range = m_scene.range;
    const std::vector<std::size_t> &failures = spans.failures(lane);
    struct Flag
    {
        double from;
        double to;
        SpanEnd worst;
    };
    std::optional<Flag> flag;
    const bool hasSigns = bars.height() >= m_ascent && !m_scene.log.lives().marks(lane).empty();
    const double height = std::min(flagWidth, bars.height() - 2);
    const auto plant = [&] {
        if (!flag)
            return;
        const QColor colour =
            Theme::color(flag->worst == SpanEnd::Lost ? Theme::State::Lost : Theme::State::Error);
        PhaseLook::paintFlag(m_painter, {flag->from, bars.top(), flag->to - flag->from, height}, colour);
        ++m_rectangles;
        flag.reset();
    };
    auto at = std::lower_bound(failures.begin(), failures.end(), spans.firstEndingAfter(lane, range.begin));
    while (at != failures.end() && spans.beginAt(lane, *at) < range.end) {
        const double from = range.xAt(spans.beginAt(lane, *at));
        const double to = range.xAt(spans.endAt(lane, *at));
        if (to - from >= narrowestFailure) {
            ++at;
            continue;
        }
        double left = std::clamp(std::round((from + to - flagWidth) / 2), range.left,
                                 std::max(right() - flagWidth, range.left));
        const bool isNext = flag && left <= flag->to + 1;
        if (isNext)
            left = std::max(left, flag->to);
        const std::size_t beyond =
            std::max(spans.firstBeginningFrom(lane, range.timeAt(left + flagWidth)), *at + 1);
        const SpanEnd worst = spans.worstOf(lane, *at, beyond);
        if (worst == SpanEnd::Lost && hasSigns) { // a death has its own
            at = std::lower_bound(at + 1, failures.end(), beyond);
            continue;
        }
        if (isNext && flag->worst == worst) {
            flag->to = left + flagWidth;
        } else {
            plant();
            flag = Flag{left, left + flagWidth, worst};
        }
        at = std::lower_bound(at + 1, failures.end(), beyond);
    }
    plant();
}

void LanePainter::paintLabel(const QString &text, const QRectF &rect, const QColor &fill)
{
    // Digits are of one width, and what stands between them is no wider.
    if (rect.height() >= m_ascent && rect.width() >= m_digitWidth * double(text.size()) + Theme::space)
        paintText(rect.left() + Theme::spaceSmall, rect, text, Theme::textOn(fill));
}

void LanePainter::paintNumber(std::uint64_t item, const QRectF &rect, const QColor &fill)
{
    // Most bars have no room for any number: nothing is made a text for them.
    if (rect.height() >= m_ascent && rect.width() >= m_digitWidth + Theme::space)
        paintLabel(Format::count(item), rect, fill);
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
    // At the end of the gap the next item is unpacked, at its beginning the result of the last one packed.
    for (const WorkerLives::Stretch &stretch : m_scene.log.conversions().between(lane, begin, end)) {
        paintPhase(stretch.phase, place(stretch.begin, stretch.end));
        if (stretch.phase == LanePhase::Packing)
            begin = std::max(begin, std::min(stretch.end, end));
        else
            end = std::min(end, std::max(stretch.begin, begin));
    }
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

/// What it does now: the chunk and the item it is at, or nothing since the last one.
void LanePainter::paintCurrent(std::size_t lane, const QRectF &bars, const QRectF &rect)
{
    const SpanStore &spans = m_scene.log.spans();
    const TimelineCoordinates &range = m_scene.range;
    const RunSnapshot &snapshot = m_scene.snapshot;
    const std::size_t count = spans.size(lane);
    const double recorded = count > 0 ? spans.endAt(lane, count - 1) : 0;
    if (isOver(snapshot.phase) || lane >= snapshot.workers.size()) {
        if (snapshot.now > recorded)
            paintIdle(lane, count, recorded, snapshot.now, bars);
        return;
    }
    const WorkerSnapshot &worker = snapshot.workers[lane];
    // Records may be newer than the snapshot: the item it calls the current one is then a bar already.
    const bool isRunning =
        worker.state == WorkerState::Running && worker.item && worker.itemStarted >= recorded - 1e-9;
    if (!isRunning && worker.state == WorkerState::Running)
        return;
    const double since =
        isRunning ? m_scene.log.runningSince(lane).value_or(worker.itemStarted) : snapshot.now;
    if (since > recorded)
        paintIdle(lane, count, recorded, since, bars);
    if (!isRunning)
        return;
    paintOpenChunk(worker, since, bars);
    paintCurrentItem(worker, bars);
    std::optional<Bracket> bracket =
        Bracket{*worker.item / m_scene.log.chunksize(), std::max(range.xAt(since), range.left),
                std::min(range.xAt(snapshot.now), right())};
    flush(bracket, rect);
}

/// What a worker has run of its chunk: which item when is recorded with the chunk's end.
void LanePainter::paintOpenChunk(const WorkerSnapshot &worker, double since, const QRectF &bars)
{
    const TimelineCoordinates &range = m_scene.range;
    const double left = std::round(std::max(range.xAt(since), range.left));
    const double until = std::round(std::min(range.xAt(worker.itemStarted), right()));
    if (until - left < 1 || *worker.item <= worker.chunkBegin)
        return;
    const QRectF bar(left, bars.top(), until - left, bars.height());
    const std::uint64_t last = *worker.item - 1;
    const QColor fill = PhaseLook::faded(QColor(colourOf((worker.chunkBegin + last) / 2)), openChunkStrength);
    m_painter.fillRect(bar, fill);
    ++m_rectangles;
    const QString text = last == worker.chunkBegin
                             ? Format::count(last)
                             : Format::count(worker.chunkBegin) + QStringLiteral("–") + Format::count(last);
    paintLabel(text, bar, fill);
}

void LanePainter::paintCurrentItem(const WorkerSnapshot &worker, const QRectF &bars)
{
    const TimelineCoordinates &range = m_scene.range;
    const double left = std::round(std::max(range.xAt(worker.itemStarted), range.left));
    const double until = std::round(std::min(range.xAt(m_scene.snapshot.now), right()));
    if (until - left < 1)
        return;
    const QRectF bar(left, bars.top(), until - left, bars.height());
    const QColor colour(colourOf(*worker.item));
    PhaseLook::paintCurrent(m_painter, bar, colour);
    paintLabel(Format::count(*worker.item), bar, PhaseLook::faded(colour, 0.55));
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
