// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/comparison/comparison.h"

#include <QString>

/// A comparison in a file, for whom and whatever is to read it.
namespace Poolscope::ComparisonExport {

enum class Format
{
    Comparison, ///< JSON: all of it, to be opened again.
    WebPage,    ///< Plays it back, see ReplayPage.
    Figures,    ///< CSV, a row for each contestant and round.
    Deliveries, ///< CSV, a row for each item.
};

/// What a file's name asks for: .html or .htm a page, .csv the figures, -items.csv the deliveries, and
/// anything else the comparison itself.
Format formatOf(const QString &file);
/// Whether its name is that of a picture, which only the window can paint.
bool isPicture(const QString &file);

/// Replaces the file as a whole, or leaves it as it was. \throws ComparisonError
void write(const Comparison &comparison, Format format, const QString &file);

} // namespace Poolscope::ComparisonExport
