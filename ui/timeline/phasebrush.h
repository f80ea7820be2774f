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
/// What a worker is doing at this moment, in the colours and glyphs of the theme.
Theme::State stateOf(WorkerState state);

} // namespace PhaseLook

} // namespace Poolscope
