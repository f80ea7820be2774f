// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/itemrecord.h"
#include "ui/models/runlog.h"

#include <QString>
#include <QStringList>

#include <vector>

/// What the timeline says in words.
namespace Poolscope::TimelineText {

/// All there is to say of an item: input, value, times, waits, attempts.
QString item(const RecordedItem &item);
/// The same of one of which no record is at hand.
QString span(const SpanStore::Span &span, std::size_t lane);
/// "1.24 s · 12 items · 9.7 items/s · 34 % idle"
QString measure(double length, const RunLog::Measure &measure);
/// What the lane does at a moment in which it runs no item.
QString idle(const RunLog &log, std::size_t lane, double time);
/// A line for people who cannot see the lane: worker, process, what it does, what it has done.
QString lane(const RunLog &log, const RunSnapshot &snapshot, std::size_t lane);
/// Labels of ticks; where they are so close together that only their last digits differ, a base and what
/// each is beyond it. \param base  set to the base's label; empty when there is none
QStringList ticks(const std::vector<double> &ticks, QString *base);

} // namespace Poolscope::TimelineText
