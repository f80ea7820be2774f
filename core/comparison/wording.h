// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/comparison/comparison.h"

#include <QString>

/// How figures are told, and when two of them are told apart.
namespace Poolscope::Wording {

QString seconds(double seconds); ///< "0.20 µs", "1.50 ms", "2.20 s"
QString count(double count);
QString rate(double rate);   ///< "12.5 /s"
QString share(double share); ///< "85 %"
QString bytes(double bytes); ///< "12.5 MiB"
/// "3.4" of 3.4 times as long.
QString times(double ratio);

/// Whether two times are so near each other that they are called the same.
bool areAlike(double a, double b);
/// Whether two spreads do not touch: then their difference is no noise.
bool areApart(const Racer::Spread &less, const Racer::Spread &more);

} // namespace Poolscope::Wording
