// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measurement/snapshot.h"
#include "core/pool/itemrecord.h"
#include "core/pool/jobspec.h"

#include <QString>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <vector>

namespace Poolscope {

/// Why a file cannot be shown as a run, worded for people.
class RecordedRunError : public std::runtime_error
{
public:
    explicit RecordedRunError(const QString &message) : std::runtime_error(message.toStdString()) {}
    QString message() const { return QString::fromUtf8(what()); }
};

/// A run as its journal tells it, to be looked at: nothing is run, no code of a task is loaded, its input is
/// not read. When the method delivered a result is worked out from when the items ended.
///
/// The journal may be one that is still written: the run is then as it was at that moment.
class RecordedRun
{
public:
    /// Reads the whole file. \throws RecordedRunError
    explicit RecordedRun(const QString &path);
    ~RecordedRun();
    RecordedRun(const RecordedRun &) = delete;
    RecordedRun &operator=(const RecordedRun &) = delete;

    const JobSpec &spec() const;
    /// The end: Finished, or Stopped when items are missing.
    const RunSnapshot &snapshot() const;
    /// How it came to that: snapshots, from the first dispatch on, of the figures that change over time.
    const std::vector<RunSnapshot> &history() const;

    // As in Run: up to `most` records from position `from`.
    std::vector<ItemRecord> completed(std::size_t from, std::size_t most) const;
    std::vector<ItemRecord> delivered(std::size_t from, std::size_t most) const;
    std::vector<ItemRecord> failures(std::size_t from, std::size_t most) const;
    /// The outcome of an item; nothing when it has none.
    std::optional<RecordedItem> item(std::uint64_t index) const;

private:
    class Private;
    std::unique_ptr<const Private> d;
};

} // namespace Poolscope
