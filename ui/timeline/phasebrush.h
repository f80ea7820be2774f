// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measurement/snapshot.h"
#include "ui/models/workerlives.h"
#include "ui/theme/theme.h"

#include <QRectF>
#include <QString>

class QPainter;

namespace Poolscope {

/// How a phase of a worker looks and is called, in the timeline as in the table: told apart by colour and
/// pattern.
namespace PhaseLook {

void paint(QPainter &painter, LanePhase phase, const QRectF &rect);
QString word(LanePhase phase);
/// The same for the time in which it runs items.
void paintRunning(QPainter &painter, const QRectF &rect);
/// An item that runs now, in the colour of its place in the input.
void paintCurrent(QPainter &painter, const QRectF &rect, const QColor &colour);
/// One that failed, crossed where it begins.
void paintFailed(QPainter &painter, const QRectF &rect);
/// One that was lost with its worker, framed and crossed at its end. \param colour  as above
void paintLost(QPainter &painter, const QRectF &rect, const QColor &colour);
/// What stands for a failure whose own bar is too narrow to be seen: its head at the top of the lane.
void paintFlag(QPainter &painter, const QRectF &head, const QColor &colour);
/// So much of a colour over the background of data. \param share  0..1
QColor faded(const QColor &colour, double share);
/// What a worker is doing at this moment, in the colours and glyphs of the theme.
Theme::State stateOf(WorkerState state);

} // namespace PhaseLook

} // namespace Poolscope
