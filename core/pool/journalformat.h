// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/itemresult.h"
#include "core/pool/journalsummary.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

/// The lines of a journal: a header, then an outcome each.
namespace Poolscope {

inline constexpr std::string_view journalMagic = "{\"format\":\"poolscope-journal\",";

/// With its line break.
std::string journalHeaderLine(const JournalHeader &header);
/// Nothing when it is no header that this version can read.
std::optional<JournalHeader> parseJournalHeader(std::string_view line);

/// {"index":12,"status":"ok","attempt":1,"by":[0,1,4711,250,300],"value":…}, or "error" in the place of
/// "value" when not ok; and a line break. `by`, which may be missing: worker, generation, PID, and start and
/// end in microseconds since the run began, -1 for an item that never did. Behind it, of an item that was
/// tried before: "earlier":[…], an object without "index" for each attempt.
/// \param zero  that beginning on the clock of the result's times
void appendOutcome(std::string &out, const ItemResult &result, Time zero);
/// Takes an outcome's line apart; false when it is none. Times are nanoseconds since the run began. The
/// payload is not looked into.
bool parseOutcome(std::string_view line, ItemResult &result, std::string_view &payload);

/// Calls `see` with offset and text of each line that is whole, without its end. 0, or errno.
int readWholeLines(int descriptor, std::uint64_t from,
                   const std::function<void(std::uint64_t, std::string_view)> &see);

} // namespace Poolscope
