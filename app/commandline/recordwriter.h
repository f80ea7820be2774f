// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/run.h"

#include <string>

namespace Poolscope {

enum class RecordFormat
{
    Records, ///< every item, with all that is known of it
    Values,  ///< the values of ok items only
};

/// Appends one item's line. Values are copied as the JSON text they are.
void appendRecord(std::string &out, const ItemRecord &record, RecordFormat format);

} // namespace Poolscope
