// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/run.h"

#include <string>
#include <string_view>

namespace Poolscope {

enum class RecordFormat
{
    Records, ///< JSON lines: every item, with all that is known of it
    Values,  ///< JSON lines: the values of ok items only
    Csv,     ///< a row an item; a value that is text stands as that text, any other as JSON
};

/// The line that comes first; empty but for Csv.
std::string_view recordsHeader(RecordFormat format);

/// Appends one item's line. JSON values are copied as the text they are, to the last digit.
void appendRecord(std::string &out, const ItemRecord &record, RecordFormat format);

} // namespace Poolscope
