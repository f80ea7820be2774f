// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/timelinepainter.h"

#include "ui/models/format.h"
#include "ui/models/runfigures.h"
#include "ui/models/stuckworkers.h"
#include "ui/theme/theme.h"
#include "ui/timeline/phasebrush.h"
#include "ui/timeline/stuckhint.h"
#include "ui/timeline/timelinetext.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <vector>

namespace Poolscope {

namespace {

constexpr double poolMarksApart = 40;
constexpr float filteredOut = 0.75F; // of a lane that is, so much is veiled

QString tr(const char *text)
{
    return QCoreApplication::translate("Poolscope::TimelinePainter", text);
}

} // namespace

TimelinePainter::TimelinePainter(QPainter &painter, const TimelineScene &scene)
    : m_painter(painter), m_scene(scene), m_layout(scene.layout), m_range(scene.lanes.range)
{}

int TimelinePainter::paint()
{
    const QSize size = m_layout.size;
    const auto clipTo = [this, &size](double left, double width) {
        m_painter.setClipRect(QRectF(left, m_layout.axisHeight, width, m_layout.room()));
    };
    paintAxis();
    clipTo(0, size.width());
    LanePainter lanes(m_painter, m_scene.lanes);
    for (std::size_t lane = 0; lane < m_layout.lanes; ++lane) {
        const QRectF rect = m_layout.laneRect(lane);
        if (rect.bottom() < m_layout.axisHeight)
            continue;
        if (rect.top() > size.height())
            break;
        paintLabel(lane, rect);
        clipTo(m_range.left, m_range.width + 1);
        lanes.paint(lane, rect);
        if (m_scene.singledOut && *m_scene.singledOut != lane) {
            QColor veil = Theme::dataBackground();
            veil.setAlphaF(filteredOut);
            m_painter.fillRect(rect, veil);
        }
        clipTo(0, size.width());
    }
    paintWay();
    m_painter.setClipping(false);
    paintPoolMarks();
    paintMeasured();
    paintCrosshair();
    paintStuckBeyond();
    return lanes.rectangles();
}

QRectF TimelinePainter::kept(QRectF box) const
{
    const double most = std::max(m_range.left + m_range.width - box.width(), m_range.left);
    box.moveLeft(std::clamp(box.left(), m_range.left, most));
    return box;
}

void TimelinePainter::paintAxis()
{
    m_painter.setFont(Theme::smallFont());
    const QFontMetrics metrics(m_painter.font());
    const double spacing = metrics.horizontalAdvance(QStringLiteral("+000.0 ms")) + Theme::spaceSection * 2;
    const std::vector<double> ticks = ticksOf(m_range, spacing);
    QString base;
    const QStringList labels = TimelineText::ticks(ticks, &base);
    for (std::size_t i = 0; i < ticks.size(); ++i) {
        const double x = std::round(m_range.xAt(ticks[i])) + 0.5;
        m_painter.setPen(Theme::hairline());
        m_painter.drawLine(QPointF(x, m_layout.axisHeight - Theme::spaceSmall),
                           QPointF(x, m_layout.size.height()));
        const QString text = labels.at(qsizetype(i));
        const double width = metrics.horizontalAdvance(text);
        // The label stays inside; its tick does not move for it.
        const double left = std::clamp(x - width / 2, m_range.left, m_range.left + m_range.width - width);
        m_painter.setPen(Theme::quietText());
        m_painter.drawText(QPointF(left, metrics.ascent() + 2), text);
    }
    if (!base.isEmpty()) {
        m_painter.setPen(textColour());
        m_painter.drawText(QRectF(Theme::space, 2, m_layout.labelWidth - 2 * Theme::space, metrics.height()),
                           Qt::AlignRight | Qt::AlignTop, base);
    }
    if (!isOver(snapshot().phase) && snapshot().now >= m_range.begin && snapshot().now <= m_range.end) {
        const double x = std::round(m_range.xAt(snapshot().now)) + 0.5;
        m_painter.setPen(QPen(Theme::quietText(), 1, Qt::DotLine));
        m_painter.drawLine(QPointF(x, m_layout.axisHeight - Theme::spaceSmall),
                           QPointF(x, m_layout.size.height()));
    }
}

/// What people did to the pool: a line through all lanes with a sign at its top.
void TimelinePainter::paintPoolMarks()
{
    m_painter.setFont(Theme::smallFont());
    const QFontMetrics metrics(m_painter.font());
    double last = m_range.left - poolMarksApart;
    for (const RunEvent &event : m_scene.lanes.log.lives().poolMarks()) {
        if (event.time < m_range.begin || event.time > m_range.end)
            continue;
        const double x = std::round(m_range.xAt(event.time)) + 0.5;
        m_painter.setPen(QPen(Theme::color(Theme::State::Blocked), 1, Qt::DashLine));
        m_painter.drawLine(QPointF(x, m_layout.axisHeight - Theme::spaceSmall),
                           QPointF(x, m_layout.size.height()));
        if (x - last < poolMarksApart)
            continue;
        last = x;
        const QString sign = event.kind == RunEventKind::Paused    ? tr("paused")
                             : event.kind == RunEventKind::Resumed ? tr("resumed")
                                                                   : Format::workers(event.count);
        const QRectF box(x, m_layout.axisHeight, metrics.horizontalAdvance(sign) + Theme::space,
                         metrics.height());
        m_painter.fillRect(box, Theme::dataBackground());
        m_painter.setPen(textColour());
        m_painter.drawText(box, Qt::AlignCenter | Qt::TextDontClip, sign);
    }
}

void TimelinePainter::paintLabel(std::size_t lane, const QRectF &rect)
{
    m_painter.setFont(Theme::smallFont());
    const QFontMetrics metrics(m_painter.font());
    QRectF area(Theme::space, rect.top(), m_layout.labelWidth - 2 * Theme::space, rect.height());
    // Where lanes are lower than their labels, only every second one has room for its own.
    const int each = (metrics.ascent() + m_layout.laneHeight() - 1) / m_layout.laneHeight();
    if (each > 1 && lane % std::size_t(each) != 0)
        return;
    if (m_scene.focusedLane == lane)
        m_painter.fillRect(QRectF(0, rect.top() - 1, 3, rect.height() + 2), Theme::accent());
    const bool isShown = lane < snapshot().workers.size() && snapshot().workers[lane].generation > 0;
    const WorkerSnapshot worker = isShown ? snapshot().workers[lane] : WorkerSnapshot();
    if (isShown) {
        m_painter.setPen(Theme::color(PhaseLook::stateOf(worker.state)));
        m_painter.drawText(QRectF(area.left(), area.top(), metrics.height(), area.height()),
                           Qt::AlignCenter | Qt::TextDontClip,
                           Theme::glyph(PhaseLook::stateOf(worker.state)));
    }
    area.setLeft(area.left() + metrics.height() + Theme::spaceSmall);
    m_painter.setPen(textColour());
    m_painter.drawText(area, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, tr("worker %1").arg(lane));
    if (!isShown)
        return;
    if (isStuck(worker, snapshot())) {
        m_painter.setPen(Theme::problemText());
        m_painter.drawText(
            area, Qt::AlignRight | Qt::AlignVCenter | Qt::TextDontClip,
            tr("item %1 · %2")
                .arg(Format::count(*worker.item), Format::duration(snapshot().now - worker.itemStarted)));
        return;
    }
    const QString generation = QStringLiteral("g%1").arg(worker.generation);
    m_painter.setPen(Theme::quietText());
    m_painter.drawText(area, Qt::AlignRight | Qt::AlignVCenter | Qt::TextDontClip,
                       worker.pid > 0 ? tr("pid %1 · %2").arg(worker.pid).arg(generation) : generation);
}

/// The way of the chosen item: from where its worker was sent it to where that began with it, and of its
/// result from there to where the method handed it out, or, as long as it waits, to now.
void TimelinePainter::paintWay()
{
    const std::optional<std::uint64_t> &selected = m_scene.lanes.selected;
    const auto item = selected && m_scene.feed ? m_scene.feed->item(*selected) : std::nullopt;
    if (!item || item->record.finished < 0)
        return;
    const ItemRecord &record = item->record;
    const double right = m_range.left + m_range.width;
    const double y = std::round(m_layout.laneRect(record.worker).center().y()) + 0.5;
    const auto paintStretch = [&](double begin, double end) {
        const double from = std::max(m_range.xAt(begin), m_range.left);
        const double to = std::min(m_range.xAt(end), right);
        if (to - from < 3 || from >= right)
            return;
        // Told from the bars that it crosses by its own ground.
        m_painter.setPen(QPen(Theme::dataBackground(), 4));
        m_painter.drawLine(QPointF(from, y), QPointF(to, y));
        m_painter.setPen(QPen(textColour(), 2, Qt::DotLine));
        m_painter.drawLine(QPointF(from, y), QPointF(to, y));
    };
    const auto paintEnd = [&](double time, bool isFilled) {
        const double x = m_range.xAt(time);
        if (x < m_range.left || x > right)
            return;
        constexpr double half = 5;
        m_painter.save();
        m_painter.setRenderHint(QPainter::Antialiasing);
        m_painter.setPen(QPen(isFilled ? Theme::dataBackground() : textColour(), isFilled ? 1 : 2));
        m_painter.setBrush(isFilled ? textColour() : Theme::dataBackground());
        m_painter.drawPolygon(QPolygonF({{x - half, y}, {x, y - half}, {x + half, y}, {x, y + half}}));
        m_painter.restore();
    };
    constexpr double leastWay = 3; // pixels; shorter than that it only hides the bar's ends
    const double perPixel = m_range.secondsPerPixel();
    if (record.sent >= 0 && record.started - record.sent >= leastWay * perPixel) {
        paintStretch(record.sent, record.started);
        paintEnd(record.sent, false);
    }
    const double delivered = record.delivered < 0 ? snapshot().now : record.delivered;
    if (delivered - record.finished < leastWay * perPixel)
        return;
    paintStretch(record.finished, delivered);
    if (record.delivered >= 0)
        paintEnd(record.delivered, true);
}

void TimelinePainter::paintMeasured()
{
    if (!m_scene.measured)
        return;
    const double left =
        std::clamp(m_range.xAt(m_scene.measured->begin), m_range.left, m_range.left + m_range.width);
    const double right =
        std::clamp(m_range.xAt(m_scene.measured->end), m_range.left, m_range.left + m_range.width);
    QColor fill = m_scene.palette.color(QPalette::Highlight);
    fill.setAlphaF(0.25F);
    m_painter.fillRect(
        QRectF(left, m_layout.axisHeight, right - left, m_layout.size.height() - m_layout.axisHeight), fill);
    m_painter.setPen(m_scene.palette.color(QPalette::Highlight));
    for (const double x : {left, right})
        m_painter.drawLine(QPointF(std::round(x) + 0.5, m_layout.axisHeight),
                           QPointF(std::round(x) + 0.5, m_layout.size.height()));

    const QString text =
        TimelineText::measure(m_scene.measured->end - m_scene.measured->begin,
                              m_scene.lanes.log.measure(m_scene.measured->begin, m_scene.measured->end));
    m_painter.setFont(Theme::tabularFont());
    const QFontMetrics metrics(m_painter.font());
    QRectF box(0, 0, metrics.horizontalAdvance(text) + 2 * Theme::space, metrics.height() + Theme::space);
    box.moveCenter(QPointF((left + right) / 2, m_layout.axisHeight + box.height() / 2 + Theme::spaceSmall));
    box = kept(box);
    m_painter.fillRect(box, Theme::dataBackground());
    m_painter.setPen(m_scene.palette.color(QPalette::Highlight));
    m_painter.setBrush(Qt::NoBrush);
    m_painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5));
    m_painter.setPen(textColour());
    m_painter.drawText(box, Qt::AlignCenter, text);
}

void TimelinePainter::paintCrosshair()
{
    if (!m_scene.crosshair || *m_scene.crosshair < m_range.begin || *m_scene.crosshair > m_range.end)
        return;
    const double x = std::round(m_range.xAt(*m_scene.crosshair)) + 0.5;
    m_painter.setPen(QPen(Theme::quietText(), 1, Qt::DashLine));
    m_painter.drawLine(QPointF(x, m_layout.axisHeight), QPointF(x, m_layout.size.height()));
    m_painter.setFont(Theme::smallFont());
    const QFontMetrics metrics(m_painter.font());
    const QString text = m_range.secondsPerPixel() < 1e-3 ? Format::exactDuration(*m_scene.crosshair)
                                                          : Format::moment(*m_scene.crosshair);
    QRectF box(0, 1, metrics.horizontalAdvance(text) + Theme::space, metrics.height());
    box.moveCenter({x, box.center().y()});
    box = kept(box);
    m_painter.fillRect(box, Theme::dataBackground());
    m_painter.setPen(textColour());
    m_painter.drawText(box, Qt::AlignCenter, text);
}

/// What someone in the last row is to see must not be scrolled away.
void TimelinePainter::paintStuckBeyond()
{
    m_painter.setFont(Theme::smallFont());
    for (const StuckHint::Edge edge : {StuckHint::Edge::Top, StuckHint::Edge::Bottom}) {
        const auto hint = StuckHint::at(edge, snapshot(), m_layout);
        if (!hint)
            continue;
        m_painter.fillRect(hint->rect, Theme::dataBackground());
        m_painter.setPen(Theme::problemText());
        m_painter.setBrush(Qt::NoBrush);
        m_painter.drawRect(hint->rect.adjusted(0.5, 0.5, -0.5, -0.5));
        m_painter.drawText(hint->rect.adjusted(Theme::space, 0, -Theme::space, 0),
                           Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, hint->text);
    }
}

} // namespace Poolscope
