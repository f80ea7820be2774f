// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/raceview.h"

#include "ui/compare/raceclock.h"
#include "ui/models/format.h"
#include "ui/theme/theme.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace Poolscope {

namespace {

constexpr int lowestLane = 56;
constexpr int highestLane = 150;
// More rows than these are too low to be told apart; the others are left out.
constexpr int lowestRow = 4;

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
    m_lanes.clear();
    m_items = std::max<std::uint64_t>(comparison.items, 1);
    for (const Racer &racer : comparison.racers) {
        if (!racer.replay)
            continue;
        Lane lane{racer.contestant.name(), *racer.replay, {}, {}};
        const std::vector<RaceItem> &items = lane.replay.items();
        lane.byWorker.resize(lane.replay.workers());
        for (std::uint32_t position = 0; position < items.size(); ++position) {
            if (items[position].started < 0)
                continue;
            lane.byFinish.push_back(position);
            if (items[position].worker >= lane.byWorker.size())
                lane.byWorker.resize(items[position].worker + 1);
            lane.byWorker[items[position].worker].push_back(position);
        }
        for (std::vector<std::uint32_t> &row : lane.byWorker)
            std::sort(row.begin(), row.end(), [&items](std::uint32_t a, std::uint32_t b) {
                return items[a].started < items[b].started;
            });
        std::sort(lane.byFinish.begin(), lane.byFinish.end(), [&items](std::uint32_t a, std::uint32_t b) {
            return items[a].finished < items[b].finished;
        });
        m_lanes.push_back(std::move(lane));
    }
    updateGeometry();
    update();
}

QSize RaceView::sizeHint() const
{
    return {600, std::max(int(m_lanes.size()), 3) * 100};
}

QSize RaceView::minimumSizeHint() const
{
    return {300, std::max(int(m_lanes.size()), 2) * lowestLane};
}

int RaceView::labelWidth() const
{
    const QFontMetrics metrics(Theme::smallFont());
    int width = metrics.horizontalAdvance(tr("%1 of %2").arg(Format::count(m_items), Format::count(m_items)));
    for (const Lane &lane : m_lanes)
        width = std::max(width, fontMetrics().horizontalAdvance(lane.name));
    return std::max(width, metrics.horizontalAdvance(tr("%1 wait").arg(QStringLiteral("1,000,000")))) +
           3 * Theme::space;
}

QColor RaceView::colourOf(std::uint64_t item) const
{
    return Theme::itemColor(m_items > 1 ? double(item) / double(m_items - 1) : 0);
}

QString RaceView::describe(const Lane &lane) const
{
    return tr("%1 of %2")
        .arg(Format::count(lane.replay.deliveredBy(m_clock->time())),
             Format::count(lane.replay.items().size()));
}

QString RaceView::laneText(std::size_t lane) const
{
    return tr("%1: %2 handed out, %3 wait")
        .arg(m_lanes[lane].name, describe(m_lanes[lane]),
             Format::count(m_lanes[lane].replay.waitingAt(m_clock->time())));
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
    const int height = std::clamp(size.height() / int(m_lanes.size()), lowestLane, highestLane);
    for (std::size_t lane = 0; lane < m_lanes.size(); ++lane)
        paintLane(painter, m_lanes[lane],
                  QRect(0, int(lane) * height, size.width(), height)
                      .adjusted(0, Theme::space / 2, 0, -Theme::space / 2));
    // Where the clock stands.
    const int left = labelWidth();
    const double room = size.width() - left - Theme::spaceLarge;
    if (m_clock->length() > 0) {
        const double x = std::round(left + room * m_clock->time() / m_clock->length()) + 0.5;
        painter.setPen(QPen(Theme::quietText(), 1, Qt::DotLine));
        painter.drawLine(QPointF(x, 0), QPointF(x, height * double(m_lanes.size())));
    }
}

void RaceView::paintLane(QPainter &painter, const Lane &lane, const QRect &area) const
{
    const int left = labelWidth();
    const QRect label(Theme::space, area.top(), left - 2 * Theme::space, area.height());
    painter.setFont(font());
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(label, Qt::AlignLeft | Qt::AlignTop, lane.name);
    painter.setFont(Theme::smallFont());
    painter.setPen(Theme::quietText());
    const int line = painter.fontMetrics().height();
    painter.drawText(label.adjusted(0, fontMetrics().height(), 0, 0), Qt::AlignLeft | Qt::AlignTop,
                     describe(lane));
    const std::size_t waiting = lane.replay.waitingAt(m_clock->time());
    if (waiting > 0) {
        painter.setPen(Theme::problemText());
        painter.drawText(label.adjusted(0, fontMetrics().height() + line, 0, 0), Qt::AlignLeft | Qt::AlignTop,
                         tr("%1 wait").arg(Format::count(waiting)));
    }
    const QRect picture(left, area.top(), area.width() - left - Theme::spaceLarge, area.height());
    const int results = std::max(picture.height() / 3, 14);
    paintWorkers(painter, lane, picture.adjusted(0, 0, 0, -results - Theme::spaceSmall));
    paintResults(painter, lane,
                 QRect(picture.left(), picture.bottom() - results + 1, picture.width(), results));
}

void RaceView::paintWorkers(QPainter &painter, const Lane &lane, const QRect &area) const
{
    const std::vector<RaceItem> &items = lane.replay.items();
    const double now = m_clock->time();
    const double scale = m_clock->length() > 0 ? area.width() / m_clock->length() : 0;
    const int rows = std::min(int(lane.byWorker.size()), std::max(area.height() / lowestRow, 1));
    for (int row = 0; row < rows; ++row) {
        const int top = area.top() + area.height() * row / rows;
        const int height = std::max(area.height() * (row + 1) / rows - (top - area.top()) - 1, 1);
        int reached = -1;
        for (const std::uint32_t position : lane.byWorker[std::size_t(row)]) {
            const RaceItem &item = items[position];
            if (item.started > now)
                break;
            const int from = std::max(area.left() + int(std::lround(item.started * scale)), reached);
            const int to = area.left() + int(std::lround(std::min(item.finished, now) * scale));
            // Of many in one column of pixels the first is painted.
            if (to < from || (to == reached && from == to))
                continue;
            const int gap = to - from >= 4 ? 1 : 0;
            const QColor colour = item.ok ? colourOf(item.index) : Theme::color(Theme::State::Error);
            painter.fillRect(QRect(from, top, std::max(to - from - gap, 1), height), colour);
            reached = std::max(to, from + 1);
        }
    }
}

/// A ribbon, a cell for each result in the order in which they were handed out: smooth where that is the
/// order of the input, confetti where it is not. Those that wait stand behind, pale.
void RaceView::paintResults(QPainter &painter, const Lane &lane, const QRect &area) const
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
    const double cell = double(area.width()) / double(items.size());
    const auto paintCell = [&](std::size_t place, const QColor &colour, bool isPale) {
        const int from = area.left() + int(double(place) * cell);
        const int to = std::max(area.left() + int(double(place + 1) * cell), from + 1);
        const int gap = to - from >= 4 ? 1 : 0;
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
