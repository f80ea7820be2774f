// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/comparison/comparison.h"

#include <QByteArray>

/// A comparison as tables for other programs: UTF-8, commas, quotes only where they are needed, a point in
/// numbers, all digits that were measured, and a head that names units. Seconds count from a run's first
/// dispatch.
namespace Poolscope::ComparisonCsv {

/// A row for each contestant and round, numbered from 1.
QByteArray figures(const Comparison &comparison);
/// A row for each item of the round that is played back, in the order in which they were handed out. The
/// times of one that never ran are empty.
QByteArray deliveries(const Comparison &comparison);

} // namespace Poolscope::ComparisonCsv
