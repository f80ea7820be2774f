// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/phasebrush.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace Poolscope::PhaseLook {

namespace {

QString translated(const char *text)
{
    return QCoreApplication::translate("Poolscope::PhaseLook", text);
}

constexpr double largestCross = 12;
constexpr double smallestCross = 4;

void paintCross(QPainter &painter, const QRectF &cross, const QColor &colour)
{
    painter.setPen(QPen(colour, cross.width() < 8 ? 1.5 : 2, Qt::SolidLine, Qt::RoundCap));
    painter.drawLine(cross.topLeft(), cross.bottomRight());
    painter.drawLine(cross.topRight(), cross.bottomLeft());
}

double crossIn(const QRectF &bar)
{
    return std::min({bar.width() - 2, bar.height() - 4, largestCross});
}

} // namespace

void paint(QPainter &painter, LanePhase phase, const QRectF &rect)
{
    switch (phase) {
    case LanePhase::NoProcess:
        return;
    case LanePhase::Starting:
        painter.fillRect(rect, QBrush(Theme::color(Theme::State::Starting), Qt::HorPattern));
        return;
    case LanePhase::Waiting:
        painter.setPen(Theme::hairline());
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5));
        return;
    case LanePhase::Unpacking:
        painter.fillRect(rect, QBrush(Theme::color(Theme::State::Running), Qt::FDiagPattern));
        return;
    case LanePhase::Packing:
        painter.fillRect(rect, QBrush(Theme::color(Theme::State::Running), Qt::DiagCrossPattern));
        return;
    case LanePhase::Sending:
        painter.fillRect(QRectF(rect.left(), std::floor(rect.center().y()) - 1, rect.width(), 3),
                         Theme::color(Theme::State::Sending));
        return;
    case LanePhase::Blocked:
        painter.fillRect(rect, QBrush(Theme::color(Theme::State::Blocked), Qt::Dense5Pattern));
        return;
    case LanePhase::Ending:
        painter.fillRect(rect, QBrush(Theme::color(Theme::State::Ending), Qt::BDiagPattern));
        return;
    }
}

void paintRunning(QPainter &painter, const QRectF &rect)
{
    painter.fillRect(rect, Theme::color(Theme::State::Running));
}

QColor faded(const QColor &colour, double share)
{
    const QColor ground = Theme::dataBackground();
    const auto mix = [share](int over, int under) { return int(over * share + under * (1 - share) + 0.5); };
    return QColor(mix(colour.red(), ground.red()), mix(colour.green(), ground.green()),
                  mix(colour.blue(), ground.blue()));
}

void paintCurrent(QPainter &painter, const QRectF &rect, const QColor &colour)
{
    painter.fillRect(rect, faded(colour, 0.55));
    painter.setPen(colour);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5));
}

void paintFailed(QPainter &painter, const QRectF &rect)
{
    painter.fillRect(rect, Theme::color(Theme::State::Error));
    const double size = crossIn(rect);
    if (size < smallestCross)
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const double left = rect.left() + std::min(3.0, (rect.width() - size) / 2);
    paintCross(painter, {left, rect.center().y() - size / 2, size, size},
               Theme::textOn(Theme::color(Theme::State::Error)));
    painter.restore();
}

void paintLost(QPainter &painter, const QRectF &rect, const QColor &colour)
{
    const QColor mark = Theme::color(Theme::State::Lost);
    painter.fillRect(rect, faded(colour, 0.4));
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    if (rect.width() >= 4) {
        painter.setPen(QPen(mark, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect.adjusted(1, 1, -1, -1));
    }
    const double size = crossIn(rect);
    if (size >= smallestCross)
        paintCross(painter,
                   {std::max(rect.right() - size - 3, rect.left()), rect.center().y() - size / 2, size, size},
                   mark);
    painter.restore();
}

void paintFlag(QPainter &painter, const QRectF &head, const QColor &colour)
{
    painter.fillRect(head.adjusted(-1, 0, 1, 1), Theme::dataBackground());
    painter.fillRect(head, colour);
    if (head.width() > 2 * head.height()) {
        // Of many one after the other.
        painter.fillRect(head, QBrush(Theme::dataBackground(), Qt::DiagCrossPattern));
        return;
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QRectF cross(0, 0, head.height() - 4, head.height() - 4);
    cross.moveCenter(head.center());
    paintCross(painter, cross, Theme::textOn(colour));
    painter.restore();
}

Theme::State stateOf(WorkerState state)
{
    switch (state) {
    case WorkerState::Starting:
        return Theme::State::Starting;
    case WorkerState::Waiting:
        return Theme::State::Waiting;
    case WorkerState::Running:
        return Theme::State::Running;
    case WorkerState::Ending:
        return Theme::State::Ending;
    case WorkerState::Gone:
        return Theme::State::Gone;
    }
    return Theme::State::Gone;
}

QString word(LanePhase phase)
{
    switch (phase) {
    case LanePhase::NoProcess:
        return translated(QT_TRANSLATE_NOOP("Poolscope::PhaseLook", "no process"));
    case LanePhase::Starting:
        return translated(QT_TRANSLATE_NOOP("Poolscope::PhaseLook", "starting"));
    case LanePhase::Waiting:
        return translated(QT_TRANSLATE_NOOP("Poolscope::PhaseLook", "waiting for work"));
    case LanePhase::Unpacking:
        return translated(QT_TRANSLATE_NOOP("Poolscope::PhaseLook", "unpacking the next item"));
    case LanePhase::Packing:
        return translated(QT_TRANSLATE_NOOP("Poolscope::PhaseLook", "packing its result"));
    case LanePhase::Sending:
        return translated(QT_TRANSLATE_NOOP("Poolscope::PhaseLook", "sending a result"));
    case LanePhase::Blocked:
        return translated(
            QT_TRANSLATE_NOOP("Poolscope::PhaseLook", "blocked: the buffer of results is full"));
    case LanePhase::Ending:
        return translated(QT_TRANSLATE_NOOP("Poolscope::PhaseLook", "ending"));
    }
    return {};
}

} // namespace Poolscope::PhaseLook
