// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/raceview.h"

#include "core/comparison/comparisontext.h"
#include "ui/compare/raceclock.h"
#include "ui/models/format.h"
#include "ui/theme/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace Poolscope {

namespace {

/// Three lines have room beside it.
int lowestLane()
{
    return std::max(56, 3 * QFontMetrics(Theme::smallFont()).height() + Theme::space);
}
constexpr int highestLane = 150;
// More rows than these are too low to be told apart; the others are left out.
constexpr int lowestRow = 4;
constexpr double leastApart = 4; // pixels of a cell or bar, above which there is a gap to the next
constexpr int leastStruck = 6;   // pixels either way

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

RaceView::RaceView(const RaceClock *clock, QWidget *parent) : QWidget(parent), m_clock(clock)
{
    setAccessibleName(tr("Race"));
    connect(clock, &RaceClock::changed, this, [this] {
        QStringList words;
        for (std::size_t lane = 0; lane < m_lanes.size(); ++lane)
            words += laneText(lane);
        setAccessibleDescription(words.join(QStringLiteral("; ")));
        update();
    });
}

void RaceView::present(const Comparison &comparison)
{
    std::vector<RaceLane> lanes;
    for (const Racer &racer : comparison.racers) {
        if (!racer.replay)
            continue;
        lanes.emplace_back(racer.contestant.name(), RaceLane::State::Ended, *racer.replay);
        if (racer.trouble())
            lanes.back().trouble = ComparisonText::outcomeText(racer);
    }
    setLanes(std::move(lanes), comparison.items);
}

void RaceView::follow(const Comparison &comparison, std::size_t running, Replay soFar, std::uint64_t items)
{
    // The others change only when another one begins to run.
    if (m_running == running && m_lanes.size() == comparison.racers.size()) {
        m_lanes[running] = RaceLane(comparison.racers[running].contestant.name(), RaceLane::State::Running,
                                    std::move(soFar));
        m_items = std::max<std::uint64_t>(items, 1);
        update();
        return;
    }
    std::vector<RaceLane> lanes;
    for (std::size_t place = 0; place < comparison.racers.size(); ++place) {
        const Racer &racer = comparison.racers[place];
        const QString name = racer.contestant.name();
        if (place == running)
            lanes.emplace_back(name, RaceLane::State::Running, std::move(soFar));
        else if (racer.replay)
            lanes.emplace_back(name, RaceLane::State::Ended, *racer.replay);
        else
            lanes.emplace_back(name, RaceLane::State::ToCome, Replay({}, 1));
    }
    setLanes(std::move(lanes), items);
    m_running = running;
}

void RaceView::setLanes(std::vector<RaceLane> lanes, std::uint64_t items)
{
    const bool isAsMany = lanes.size() == m_lanes.size();
    m_lanes = std::move(lanes);
    m_items = std::max<std::uint64_t>(items, 1);
    m_running.reset();
    if (!isAsMany)
        updateGeometry();
    update();
}

QSize RaceView::sizeHint() const
{
    return {600, std::max(int(m_lanes.size()), 3) * 100};
}

QSize RaceView::minimumSizeHint() const
{
    return {300, std::max(int(m_lanes.size()), 2) * lowestLane()};
}

int RaceView::labelWidth() const
{
    const QFontMetrics metrics(Theme::smallFont());
    int width = metrics.horizontalAdvance(tr("%1 of %2").arg(Format::count(m_items), Format::count(m_items)));
    for (const RaceLane &lane : m_lanes)
        width = std::max(width, fontMetrics().horizontalAdvance(lane.name));
    return std::max(width, metrics.horizontalAdvance(tr("%1 wait").arg(QStringLiteral("1,000,000")))) +
           3 * Theme::space;
}

QColor RaceView::colourOf(std::uint64_t item) const
{
    return Theme::itemColor(m_items > 1 ? double(item) / double(m_items - 1) : 0);
}

QString RaceView::describe(const RaceLane &lane) const
{
    if (lane.state == RaceLane::State::ToCome)
        return tr("to come");
    // Of one that did not get through, too.
    const std::uint64_t all = std::max<std::uint64_t>(m_items, lane.replay.items().size());
    return tr("%1 of %2").arg(Format::count(lane.replay.deliveredBy(m_clock->time())), Format::count(all));
}

QString RaceView::laneText(std::size_t lane) const
{
    const RaceLane &own = m_lanes[lane];
    if (own.state == RaceLane::State::ToCome)
        return tr("%1: to come").arg(own.name);
    const QString text =
        tr("%1: %2 handed out, %3 wait")
            .arg(own.name, describe(own), Format::count(own.replay.waitingAt(m_clock->time())));
    return own.trouble.isEmpty() ? text : tr("%1, %2").arg(text, own.trouble);
}

int RaceView::laneHeight(const QSize &size) const
{
    const int lowest = lowestLane();
    return std::clamp(size.height() / std::max(int(m_lanes.size()), 1), lowest,
                      std::max(highestLane, lowest));
}

RaceView::Places RaceView::placesOf(std::size_t lane, const QSize &size) const
{
    const int height = laneHeight(size);
    const QRect area = QRect(0, int(lane) * height, size.width(), height)
                           .adjusted(0, Theme::space / 2, 0, -Theme::space / 2);
    const int left = labelWidth();
    const QRect picture(left, area.top(), area.width() - left - Theme::spaceLarge, area.height());
    const int results = std::max(picture.height() / 3, 14);
    return {{Theme::space, area.top(), left - 2 * Theme::space, area.height()},
            picture.adjusted(0, 0, 0, -results - Theme::spaceSmall),
            {picture.left(), picture.bottom() - results + 1, picture.width(), results}};
}

int RaceView::rowsOf(const RaceLane &lane, const QRect &area)
{
    return std::min(int(lane.byWorker.size()), std::max(area.height() / lowestRow, 1));
}

/// What is under the pointer, in words.
QString RaceView::toolTipAt(const QPoint &position) const
{
    const auto lane = std::size_t(position.y() / laneHeight(size()));
    if (lane >= m_lanes.size() || m_clock->length() <= 0)
        return {};
    const RaceLane &own = m_lanes[lane];
    const Places places = placesOf(lane, size());
    std::optional<RaceItem> item;
    if (places.workers.contains(position)) {
        const double time =
            m_clock->length() * (position.x() - places.workers.left()) / std::max(places.workers.width(), 1);
        const int row = (position.y() - places.workers.top()) * rowsOf(own, places.workers) /
                        std::max(places.workers.height(), 1);
        if (time <= m_clock->time())
            item = own.itemAt(std::size_t(row), time);
    } else if (places.results.contains(position)) {
        const std::vector<RaceItem> &items = own.replay.items();
        const double all = double(std::max<std::uint64_t>(m_items, items.size()));
        const auto place = std::size_t(double(position.x() - places.results.left()) * all /
                                       std::max(places.results.width(), 1));
        if (place < own.replay.deliveredBy(m_clock->time()))
            item = items[place];
    }
    if (!item)
        return {};
    QStringList lines = {tr("Item %1").arg(Format::count(item->index)) +
                         (item->ok ? QString() : QStringLiteral(" · ") + tr("failed"))};
    if (item->started >= 0)
        lines += tr("ran %1 on worker %2, from %3")
                     .arg(Format::duration(item->finished - item->started))
                     .arg(item->worker)
                     .arg(Format::exactDuration(item->started));
    if (std::isfinite(item->delivered))
        lines += tr("handed out at %1").arg(Format::exactDuration(item->delivered));
    return Format::plainToolTip(lines.join(QLatin1Char('\n')));
}

bool RaceView::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *const help = static_cast<QHelpEvent *>(event);
    if (const QString text = toolTipAt(help->pos()); text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(), text, this);
    return true;
}

void RaceView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paint(painter, size());
}

void RaceView::paint(QPainter &painter, const QSize &size) const
{
    const QRect whole(QPoint(), size);
    painter.fillRect(whole, Theme::dataBackground());
    if (m_lanes.empty()) {
        painter.setPen(Theme::quietText());
        painter.drawText(
            whole.adjusted(Theme::spaceLarge, 0, -Theme::spaceLarge, 0), Qt::AlignCenter | Qt::TextWordWrap,
            tr("Each way to do the work gets a lane here, all on one clock: choose the job at the "
               "left and press Start comparison. They really run, one after the other, and are then "
               "played back together."));
        return;
    }
    for (std::size_t lane = 0; lane < m_lanes.size(); ++lane) {
        const Places places = placesOf(lane, size);
        paintLabel(painter, m_lanes[lane], places.label);
        paintWorkers(painter, m_lanes[lane], places.workers);
        paintResults(painter, m_lanes[lane], places.results);
    }
    // Where the clock stands.
    const int left = labelWidth();
    const double room = size.width() - left - Theme::spaceLarge;
    if (m_clock->length() > 0) {
        const double x = std::round(left + room * m_clock->time() / m_clock->length()) + 0.5;
        painter.setPen(QPen(Theme::quietText(), 1, Qt::DotLine));
        painter.drawLine(QPointF(x, 0), QPointF(x, laneHeight(size) * double(m_lanes.size())));
    }
}

void RaceView::paintLabel(QPainter &painter, const RaceLane &lane, const QRect &area) const
{
    QRect line = area;
    const auto write = [&](const QString &text, const QColor &colour) {
        painter.setPen(colour);
        painter.drawText(line, Qt::AlignLeft | Qt::AlignTop, text);
        line.setTop(line.top() + painter.fontMetrics().height());
    };
    painter.setFont(font());
    const bool isToCome = lane.state == RaceLane::State::ToCome;
    write(lane.name, isToCome ? Theme::quietText() : palette().color(QPalette::Text));
    painter.setFont(Theme::smallFont());
    write(describe(lane), Theme::quietText());
    const std::size_t waiting = lane.replay.waitingAt(m_clock->time());
    if (waiting > 0)
        write(tr("%1 wait").arg(Format::count(waiting)), Theme::problemText());
    if (!lane.trouble.isEmpty())
        write(lane.trouble, Theme::problemText());
}

void RaceView::paintWorkers(QPainter &painter, const RaceLane &lane, const QRect &area) const
{
    const std::vector<RaceItem> &items = lane.replay.items();
    const double now = m_clock->time();
    const double scale = m_clock->length() > 0 ? area.width() / m_clock->length() : 0;
    const int rows = rowsOf(lane, area);
    for (int row = 0; row < rows; ++row) {
        const int top = area.top() + area.height() * row / rows;
        const int height = std::max(area.height() * (row + 1) / rows - (top - area.top()) - 1, 1);
        const std::vector<std::uint32_t> &positions = lane.byWorker[std::size_t(row)];
        // Told apart all or none: gaps beside the wider ones only would look like something.
        const double width = positions.empty()
                                 ? 0
                                 : (std::min(items[positions.back()].finished, m_clock->length()) -
                                    items[positions.front()].started) *
                                       scale / double(positions.size());
        const int apart = width >= leastApart ? 1 : 0;
        for (auto at = positions.begin(); at != positions.end();) {
            const RaceItem &item = items[*at];
            if (item.started > now)
                break;
            const int from = area.left() + int(std::lround(item.started * scale));
            const int to = area.left() + int(std::lround(std::min(item.finished, now) * scale));
            const int gap = to - from > 1 ? apart : 0;
            const QColor colour = item.ok ? colourOf(item.index) : Theme::color(Theme::State::Error);
            const QRect bar(from, top, std::max(to - from - gap, 1), height);
            painter.fillRect(bar, colour);
            if (!item.ok && bar.width() >= leastStruck && bar.height() >= leastStruck)
                strike(painter, bar);
            ++at;
            // Of many in one column of pixels the first is painted.
            const int column = std::max(to, from + 1);
            if (at != positions.end() && area.left() + int(std::lround(items[*at].started * scale)) < column)
                at = std::partition_point(at, positions.end(), [&](std::uint32_t position) {
                    return area.left() + int(std::lround(items[position].started * scale)) < column;
                });
        }
    }
}

/// A ribbon, a cell for each result in the order in which they were handed out: smooth where that is the
/// order of the input, confetti where it is not. Those that wait stand behind, pale.
void RaceView::paintResults(QPainter &painter, const RaceLane &lane, const QRect &area) const
{
    const std::vector<RaceItem> &items = lane.replay.items();
    if (items.empty())
        return;
    const double now = m_clock->time();
    const std::size_t delivered = lane.replay.deliveredBy(now);
    const std::size_t waiting = lane.replay.waitingAt(now);
    std::vector<std::uint64_t> pale;
    for (std::size_t i = 0; i < lane.byFinish.size() && pale.size() < waiting; ++i) {
        const RaceItem &item = items[lane.byFinish[i]];
        if (item.finished > now)
            break;
        if (item.delivered > now)
            pale.push_back(item.index);
    }
    std::sort(pale.begin(), pale.end());
    painter.setPen(Theme::hairline());
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(area.adjusted(0, 0, -1, -1));
    // What it will be when all are there: cells do not move while it runs.
    const double all = double(std::max<std::uint64_t>(m_items, items.size()));
    const double cell = double(area.width()) / all;
    const int gap = cell >= leastApart ? 1 : 0;
    const auto paintCell = [&](std::size_t place, const QColor &colour, bool isPale) {
        const int from = area.left() + int(double(place) * cell);
        const int to = std::max(area.left() + int(double(place + 1) * cell), from + 1);
        const QRect rect(from, area.top() + 1, to - from - gap, area.height() - 2);
        painter.fillRect(rect, colour);
        if (isPale && rect.width() >= 5) {
            painter.setPen(QPen(Theme::quietText(), 1, Qt::DashLine));
            painter.drawRect(rect.adjusted(0, 0, -1, -1));
        }
    };
    // One of those that share a column of pixels.
    const std::size_t step = std::max<std::size_t>(std::size_t(1 / cell), 1);
    for (std::size_t place = 0; place < delivered; place += step)
        paintCell(place, colourOf(items[place].index), false);
    for (std::size_t place = 0; place < pale.size(); place += step) {
        QColor colour = colourOf(pale[place]);
        colour.setAlphaF(0.4F);
        paintCell(delivered + place, colour, true);
    }
}

} // namespace Poolscope
