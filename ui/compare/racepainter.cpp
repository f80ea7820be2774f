// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/racepainter.h"

#include "ui/models/axissteps.h"
#include "ui/models/format.h"
#include "ui/theme/theme.h"

#include <QCoreApplication>
#include <QFontMetrics>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace Poolscope {

namespace {

constexpr double leastApart = 4; // pixels of a cell or bar, above which there is a gap to the next
constexpr int leastStruck = 6;   // pixels either way
constexpr int leastOfFailed = 3; // pixels, or one that failed at once would not be seen
constexpr int keyWidth = 60;

QString tr(const char *text)
{
    return QCoreApplication::translate("Poolscope::RacePainter", text);
}

QString waitText(std::size_t waiting)
{
    return tr("%1 wait").arg(Format::count(waiting));
}

/// An item that failed, not told by its colour alone.
void strike(QPainter &painter, const QRect &bar)
{
    const int half = std::min(bar.width(), bar.height()) / 2 - 1;
    const QPoint middle = bar.center();
    painter.setPen(Theme::dataBackground());
    painter.drawLine(middle - QPoint(half, half), middle + QPoint(half, half));
    painter.drawLine(middle - QPoint(half, -half), middle + QPoint(half, -half));
}

} // namespace

QString RaceScene::progressOf(const RaceLane &lane) const
{
    if (lane.state == RaceLane::State::ToCome)
        return tr("to come");
    // Of one that did not get through, too.
    const std::uint64_t all = std::max<std::uint64_t>(items, lane.replay.items().size());
    return tr("%1 of %2").arg(Format::count(lane.replay.deliveredBy(time)), Format::count(all));
}

int RacePainter::axisHeight()
{
    return QFontMetrics(Theme::smallFont()).height() + Theme::spaceSmall;
}

int RacePainter::labelWidth(const RaceScene &scene)
{
    const QFontMetrics names(scene.font);
    const QFontMetrics small(Theme::smallFont());
    const QString last = Format::count(scene.items);
    int width =
        std::max({small.horizontalAdvance(tr("%1 of %2").arg(last, last)),
                  small.horizontalAdvance(waitText(1'000'000)), small.horizontalAdvance(tr("as handed out")),
                  small.horizontalAdvance(tr("item %1").arg(0) + last) + keyWidth + 2 * Theme::spaceSmall});
    for (const RaceLane &lane : scene.lanes)
        width = std::max(width, names.horizontalAdvance(lane.name));
    return width + 3 * Theme::space;
}

QColor RacePainter::colourOf(std::uint64_t item) const
{
    return Theme::itemColor(m_scene.items > 1 ? double(item) / double(m_scene.items - 1) : 0);
}

double RacePainter::scale() const
{
    return m_scene.length > 0 ? m_scene.layout.axis().width() / m_scene.length : 0;
}

void RacePainter::paint()
{
    paintAxis();
    paintKey();
    for (std::size_t lane = 0; lane < m_scene.lanes.size(); ++lane) {
        paintLabel(lane);
        paintWorkers(lane);
        paintResults(lane);
    }
    paintClock();
}

/// Its lines go through the workers, not through the results: those stand in their order, not in time.
void RacePainter::paintAxis()
{
    if (m_scene.length <= 0)
        return;
    const QRect axis = m_scene.layout.axis();
    m_painter.setFont(Theme::smallFont());
    const QFontMetrics metrics(m_painter.font());
    const double apart = metrics.horizontalAdvance(QStringLiteral("000.0 ms")) + 3 * Theme::spaceLarge;
    const double step = clockStepAtLeast(apart / scale());
    for (int tick = 0; tick * step <= m_scene.length; ++tick) {
        const double x = std::round(axis.left() + tick * step * scale()) + 0.5;
        m_painter.setPen(Theme::hairline());
        for (std::size_t lane = 0; lane < m_scene.lanes.size(); ++lane) {
            const QRect workers = m_scene.layout.workers(lane);
            m_painter.drawLine(QPointF(x, workers.top()), QPointF(x, workers.bottom()));
        }
        const QString text = tick == 0 ? QStringLiteral("0") : Format::moment(tick * step);
        const double width = metrics.horizontalAdvance(text);
        m_painter.setPen(Theme::quietText());
        m_painter.drawText(QPointF(std::clamp(x - width / 2, double(axis.left()), axis.right() - width),
                                   axis.top() + metrics.ascent() + 1),
                           text);
    }
}

/// What the colours mean, left of the axis.
void RacePainter::paintKey()
{
    m_painter.setFont(Theme::smallFont());
    const QFontMetrics metrics(m_painter.font());
    QRect line(Theme::space, 0, m_scene.layout.labelWidth, metrics.height());
    const auto write = [&](const QString &text) {
        m_painter.setPen(Theme::quietText());
        m_painter.drawText(line, Qt::AlignLeft | Qt::AlignTop, text);
        line.setLeft(line.left() + metrics.horizontalAdvance(text) + Theme::spaceSmall);
    };
    write(tr("item %1").arg(0));
    const QRect ramp(line.left(), line.top() + 3, keyWidth, line.height() - 6);
    for (int x = 0; x < ramp.width(); ++x)
        m_painter.fillRect(ramp.left() + x, ramp.top(), 1, ramp.height(),
                           Theme::itemColor(double(x) / (ramp.width() - 1)));
    line.setLeft(ramp.right() + 1 + Theme::spaceSmall);
    write(Format::count(std::max<std::uint64_t>(m_scene.items, 1) - 1));
}

void RacePainter::paintLabel(std::size_t lane)
{
    const RaceLane &own = m_scene.lanes[lane];
    QRect line = m_scene.layout.label(lane);
    const auto write = [&](const QString &text, const QColor &colour) {
        m_painter.setPen(colour);
        m_painter.drawText(line, Qt::AlignLeft | Qt::AlignTop, text);
        line.setTop(line.top() + m_painter.fontMetrics().height());
    };
    const bool isToCome = own.state == RaceLane::State::ToCome;
    m_painter.setFont(m_scene.font);
    write(own.name, isToCome ? Theme::quietText() : m_scene.palette.color(QPalette::Text));
    m_painter.setFont(Theme::smallFont());
    write(m_scene.progressOf(own), Theme::quietText());
    if (const std::size_t waiting = own.replay.waitingAt(m_scene.time); waiting > 0)
        write(waitText(waiting), Theme::problemText());
    if (!own.trouble.isEmpty())
        write(own.trouble, Theme::problemText());
    const int rows = m_scene.layout.rowsOf(own.byWorker.size());
    if (rows < int(own.byWorker.size()))
        write(tr("%1 of %2 workers").arg(rows).arg(own.byWorker.size()), Theme::quietText());
    const QRect results = m_scene.layout.results(lane);
    if (line.top() <= results.top() && !own.replay.items().empty()) {
        m_painter.setPen(Theme::quietText());
        m_painter.drawText(QRect(line.left(), results.top(), line.width(), results.height()),
                           Qt::AlignLeft | Qt::AlignVCenter, tr("as handed out"));
    }
}

void RacePainter::paintWorkers(std::size_t lane)
{
    const RaceLane &own = m_scene.lanes[lane];
    const QRect area = m_scene.layout.workers(lane);
    const int rows = m_scene.layout.rowsOf(own.byWorker.size());
    for (int row = 0; row < rows; ++row) {
        const int top = area.top() + area.height() * row / rows;
        const int height = std::max(area.height() * (row + 1) / rows - (top - area.top()) - 1, 1);
        paintRow(own, own.byWorker[std::size_t(row)], QRect(area.left(), top, area.width(), height));
    }
    paintNoMore(own, area);
}

void RacePainter::paintRow(const RaceLane &lane, const std::vector<std::uint32_t> &positions,
                           const QRect &row)
{
    const std::vector<RaceItem> &items = lane.replay.items();
    const auto xAt = [&](double time) { return row.left() + int(std::lround(time * scale())); };
    const double now = std::min(m_scene.time, lane.now);
    // Told apart all or none: gaps beside the wider ones only would look like something.
    const double width =
        positions.empty()
            ? 0
            : (std::min(items[positions.back()].finished, now) - items[positions.front()].started) * scale() /
                  double(positions.size());
    const int apart = width >= leastApart ? 1 : 0;
    int painted = row.left(); // up to there
    for (auto at = positions.begin(); at != positions.end();) {
        const RaceItem &item = items[*at];
        if (item.started > now)
            break;
        const int from = std::max(xAt(item.started), painted);
        const int to = xAt(std::min(item.finished, now));
        const int gap = to - from > 1 ? apart : 0;
        const int least = item.ok ? 1 : leastOfFailed;
        const QRect bar(from, row.top(), std::max(to - from - gap, least), row.height());
        paintItem(item, bar);
        painted = std::max(to, bar.right() + 1);
        // Of many in one column of pixels the first is painted, and the last where it reaches on.
        const auto next = std::partition_point(at + 1, positions.end(), [&](std::uint32_t position) {
            return xAt(items[position].started) < painted;
        });
        const bool reachesOn = next - at > 1 && xAt(std::min(items[*(next - 1)].finished, now)) > painted;
        at = reachesOn ? next - 1 : next;
    }
}

void RacePainter::paintItem(const RaceItem &item, const QRect &bar)
{
    const QColor colour = item.ok ? colourOf(item.index) : Theme::color(Theme::State::Error);
    m_painter.fillRect(bar, colour);
    if (!item.ok) {
        if (bar.width() >= leastStruck && bar.height() >= leastStruck)
            strike(m_painter, bar);
        return;
    }
    m_painter.setFont(Theme::smallFont());
    const QFontMetrics metrics(m_painter.font());
    const QString number = Format::count(item.index);
    if (bar.height() < metrics.ascent() || bar.width() < metrics.horizontalAdvance(number) + Theme::space)
        return;
    m_painter.setPen(Theme::textOn(colour));
    m_painter.drawText(
        QPointF(bar.left() + Theme::spaceSmall, std::round(bar.center().y() + metrics.ascent() / 2.0)),
        number);
}

/// One that did not come to its end is not idle from there on: nothing will ever come.
void RacePainter::paintNoMore(const RaceLane &lane, const QRect &area)
{
    if (lane.trouble.isEmpty() || m_scene.time <= lane.replay.length())
        return;
    const int from = area.left() + int(std::lround(lane.replay.length() * scale()));
    const int to = area.left() + int(std::lround(m_scene.time * scale()));
    m_painter.fillRect(QRect(from, area.top(), to - from, area.height()),
                       QBrush(Theme::problemText(), Qt::BDiagPattern));
}

/// A ribbon, a cell for each result in the order in which they were handed out: smooth where that is the
/// order of the input, confetti where it is not. Those that wait stand behind, pale.
void RacePainter::paintResults(std::size_t lane)
{
    const RaceLane &own = m_scene.lanes[lane];
    const QRect area = m_scene.layout.results(lane);
    const std::vector<RaceItem> &items = own.replay.items();
    if (items.empty())
        return;
    const std::size_t delivered = own.replay.deliveredBy(m_scene.time);
    const std::vector<std::uint64_t> waiting = own.waitingAt(m_scene.time);
    m_painter.setPen(Theme::hairline());
    m_painter.setBrush(Qt::NoBrush);
    m_painter.drawRect(area.adjusted(0, 0, -1, -1));
    // What it will be when all are there: cells do not move while it runs.
    const double all = double(std::max<std::uint64_t>(m_scene.items, items.size()));
    const double cell = double(area.width()) / all;
    const int gap = cell >= leastApart ? 1 : 0;
    const auto paintCell = [&](std::size_t place, const QColor &colour, bool isPale) {
        const int from = area.left() + int(double(place) * cell);
        const int to = std::max(area.left() + int(double(place + 1) * cell), from + 1);
        const QRect rect(from, area.top() + 1, to - from - gap, area.height() - 2);
        m_painter.fillRect(rect, colour);
        if (isPale && rect.width() >= 5) {
            m_painter.setPen(QPen(Theme::quietText(), 1, Qt::DashLine));
            m_painter.drawRect(rect.adjusted(0, 0, -1, -1));
        }
    };
    // One of those that share a column of pixels.
    const std::size_t step = std::max<std::size_t>(std::size_t(1 / cell), 1);
    for (std::size_t place = 0; place < delivered; place += step)
        paintCell(place, colourOf(items[place].index), false);
    for (std::size_t place = 0; place < waiting.size(); place += step) {
        QColor colour = colourOf(waiting[place]);
        colour.setAlphaF(0.4F);
        paintCell(delivered + place, colour, true);
    }
}

void RacePainter::paintClock()
{
    if (m_scene.length <= 0)
        return;
    const QRect axis = m_scene.layout.axis();
    const double x = std::round(axis.left() + m_scene.time * scale()) + 0.5;
    m_painter.setPen(QPen(Theme::quietText(), 1, Qt::DotLine));
    m_painter.drawLine(QPointF(x, axis.bottom() - Theme::spaceSmall), QPointF(x, m_scene.layout.bottom()));
}

} // namespace Poolscope
