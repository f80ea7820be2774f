// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/phasebrush.h"

#include <QCoreApplication>
#include <QPainter>

#include <cmath>

namespace Poolscope::PhaseLook {

namespace {

QString translated(const char *text)
{
    return QCoreApplication::translate("Poolscope::PhaseLook", text);
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
        return translated(QT_TRANSLATE_NOOP("Poolscope::PhaseLook", "blocked: the consumer takes nothing"));
    case LanePhase::Ending:
        return translated(QT_TRANSLATE_NOOP("Poolscope::PhaseLook", "ending"));
    }
    return {};
}

} // namespace Poolscope::PhaseLook
