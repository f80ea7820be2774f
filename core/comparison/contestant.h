// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/jobspec.h"

#include <QList>
#include <QString>

namespace Poolscope {

/// One way to do the work that is compared: a method, and what it has of its own.
struct Contestant
{
    Method method = Method::Map;
    std::optional<int> chunksize; ///< Nothing: that of the job.
    std::optional<int> processes; ///< Nothing: those of the job.

    /// "imap", "map, chunksize 4": what tells it from the others.
    QString name() const;
    /// The job, done this way.
    JobSpec appliedTo(JobSpec job) const;

    bool operator==(const Contestant &) const = default;
};

/// Reads "map,imap:chunksize=4,imap_unordered:processes=2". \param problem  set when it makes no sense: what
/// is wrong and what to write instead
QList<Contestant> parseContestants(const QString &text, QString *problem);

} // namespace Poolscope
