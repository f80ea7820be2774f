// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/input/inputsource.h"

#include <QJsonObject>
#include <QString>

#include <cstdint>
#include <optional>

namespace Poolscope {

/// Of which job and input a journal is: its first line.
struct JournalHeader
{
    QJsonObject job; ///< What decides the values, each under the name of its option.
    std::uint64_t chunksize = 1;
    InputDigest input;
    QJsonObject
        settings; ///< All that was said of the job, as in jobToJson(): to show it and to begin it again.
};

/// What a journal holds, without its values.
struct JournalSummary
{
    JournalHeader header;
    std::uint64_t ok = 0;
    std::uint64_t error = 0;
    std::uint64_t lost = 0;
    std::uint64_t notRun = 0;
};

/// Looks into a journal and changes nothing. Nothing when no run can be gone on with: there is none, it makes
/// no sense, has no outcome yet, or a run is using it.
std::optional<JournalSummary> lookIntoJournal(const QString &path);

/// Removes a journal unless a run is using it.
void removeUnusedJournal(const QString &path);

} // namespace Poolscope
