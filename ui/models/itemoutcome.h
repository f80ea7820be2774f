// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/run.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <string_view>

namespace Poolscope {

/// Why an item has no value.
struct ItemError
{
    QString type;
    QString message;
    QString traceback;
    // Of a worker that died:
    QString signal; ///< SIGKILL; empty: it exited.
    std::optional<int> exitCode;
    QString errorOutput;          ///< The last of its standard error.
    std::uint64_t peakMemory = 0; ///< Bytes of its resident set; 0: not known.
    QString input;                ///< JSON text of the item; may be empty.
};

/// Reads what ItemRecord::value holds of an item that is not ok. What is no error object is all message.
ItemError itemErrorOf(std::string_view json);

/// ok, error, lost, not run, cancelled.
QString statusWord(ItemStatus status);

/// One line on an attempt that was not the last: when, where and to what end.
QString attemptText(const ItemRecord &attempt, int most = 500);

/// One line for a list: the value as JSON, or the type and message of the error.
QString outcomeText(const ItemRecord &record, int most = 500);

} // namespace Poolscope
