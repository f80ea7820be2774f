// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measurement/snapshot.h"

#include <QString>

#include <cstdint>
#include <string_view>

/// Numbers as people read them: with a unit, and three digits of precision where more would only flicker.
/// A space that must not be a line break is a no-break space.
namespace Poolscope::Format {

/// 1,000 in the manner of the locale.
QString count(std::uint64_t number);
/// 1,000 items, 1 item.
QString items(std::uint64_t number);
/// The same of calls and of workers.
QString calls(std::uint64_t number);
QString workers(std::uint64_t number);
/// 512 µs, 38 ms, 1.24 s, 12.4 s, 4 min 54 s, 2 h 05 min, 3 d 04 h. A dash for a negative time.
QString duration(double seconds);
/// All digits that mean something, for tool tips: 1.238417 s.
QString exactDuration(double seconds);
/// A moment of a run: 6.00 s, and minutes as 4:54.0, so that a column of them lines up.
QString moment(double seconds);
/// A tick of a time axis: 0.2 s, 12 s, 4:54, 2:05:00.
QString axisTime(double seconds);
/// 2.0 items/s, 412 k items/s, 1.24 M items/s.
QString rate(double itemsPerSecond);
/// 812 kB, 64 MB, 1.2 GB; powers of ten.
QString bytes(std::uint64_t number);
/// 0.63 -> 63 %.
QString percent(double share);
/// 4 min 54 s left (±20 s).
QString eta(const EtaEstimate &estimate);

/// JSON text for one cell: in one line, at most `most` characters.
QString excerpt(std::string_view utf8, int most = 500);

/// Text of a user as a tool tip: tool tips guess whether they hold markup, and a result may be HTML.
QString plainToolTip(const QString &text);

} // namespace Poolscope::Format
