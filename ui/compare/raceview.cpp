// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/raceview.h"

#include "core/comparison/comparisontext.h"
#include "ui/compare/raceclock.h"
#include "ui/compare/racepainter.h"
#include "ui/models/format.h"
#include "ui/theme/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace Poolscope {

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

RaceLane RaceView::laneOf(const Racer &racer)
{
    RaceLane lane(racer.contestant.name(), racer.replay ? RaceLane::State::Ended : RaceLane::State::ToCome,
                  racer.replay.value_or(Replay({}, 1)));
    if (racer.trouble())
        lane.trouble = ComparisonText::outcomeText(racer);
    return lane;
}

void RaceView::present(const Comparison &comparison)
{
    std::vector<RaceLane> lanes;
    for (const Racer &racer : comparison.racers)
        if (racer.replay)
            lanes.push_back(laneOf(racer));
    setLanes(std::move(lanes), comparison.items);
}

void RaceView::follow(const Comparison &comparison, std::size_t running, Replay soFar, double now,
                      std::uint64_t items)
{
    // The others change only when another one begins to run.
    if (m_running != running || m_lanes.size() != comparison.racers.size()) {
        std::vector<RaceLane> lanes;
        for (const Racer &racer : comparison.racers)
            lanes.push_back(laneOf(racer));
        setLanes(std::move(lanes), items);
        m_running = running;
    }
    m_lanes[running] =
        RaceLane(comparison.racers[running].contestant.name(), RaceLane::State::Running, std::move(soFar));
    m_lanes[running].now = now;
    m_items = std::max<std::uint64_t>(items, 1);
    update();
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
    return {600, RacePainter::axisHeight() + std::max(int(m_lanes.size()), 3) * 100};
}

QSize RaceView::minimumSizeHint() const
{
    return {300, RacePainter::axisHeight() + std::max(int(m_lanes.size()), 2) * RaceLayout::lowestLane()};
}

RaceScene RaceView::sceneOf(const QSize &size) const
{
    RaceScene scene{.lanes = m_lanes,
                    .layout = {.size = size, .lanes = m_lanes.size()},
                    .font = font(),
                    .palette = palette(),
                    .items = m_items,
                    .time = m_clock->time(),
                    .length = m_clock->length()};
    scene.layout.axisHeight = RacePainter::axisHeight();
    scene.layout.labelWidth = RacePainter::labelWidth(scene);
    return scene;
}

QString RaceView::laneText(std::size_t lane) const
{
    const RaceLane &own = m_lanes[lane];
    if (own.state == RaceLane::State::ToCome)
        return tr("%1: to come").arg(own.name);
    const QString text = tr("%1: %2 handed out, %3 wait")
                             .arg(own.name, sceneOf(size()).progressOf(own),
                                  Format::count(own.replay.waitingAt(m_clock->time())));
    return own.trouble.isEmpty() ? text : tr("%1, %2").arg(text, own.trouble);
}

/// What is under the pointer, in words.
QString RaceView::toolTipAt(const QPoint &position) const
{
    const RaceLayout layout = sceneOf(size()).layout;
    const std::size_t lane = layout.laneAt(position.y());
    if (lane >= m_lanes.size() || m_clock->length() <= 0)
        return {};
    const RaceLane &own = m_lanes[lane];
    const QRect workers = layout.workers(lane);
    const QRect results = layout.results(lane);
    std::optional<RaceItem> item;
    if (workers.contains(position)) {
        const double time =
            m_clock->length() * (position.x() - workers.left()) / std::max(workers.width(), 1);
        const int row = (position.y() - workers.top()) * layout.rowsOf(own.byWorker.size()) /
                        std::max(workers.height(), 1);
        if (time <= m_clock->time())
            item = own.itemAt(std::size_t(row), time);
    } else if (results.contains(position)) {
        const std::vector<RaceItem> &items = own.replay.items();
        const double all = double(std::max<std::uint64_t>(m_items, items.size()));
        const auto place =
            std::size_t(double(position.x() - results.left()) * all / std::max(results.width(), 1));
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
    const RaceScene scene = sceneOf(size);
    RacePainter(painter, scene).paint();
}

} // namespace Poolscope
