// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/comparison/contestant.h"

#include <QStringList>

/// Who may race on which job.
namespace Poolscope {

/// The task of a job, as far as it can be found.
TaskSpec taskOf(const JobSpec &job);

/// What is wrong with the job done this way; empty when nothing is. Nothing is run for it, and the input is
/// not read through.
QList<JobProblem> checkContestant(const JobSpec &job, const Contestant &contestant);

/// A comparison that is worth a name.
struct Preset
{
    QString id;    ///< "three-methods": what --compare takes.
    QString title; ///< For people: "Three methods".
    QList<Contestant> contestants;
};

QList<Preset> presets();
/// Nothing when none has this id.
std::optional<Preset> presetNamed(const QString &id);

/// Those of a preset that can race on a job.
struct EntryList
{
    QList<Contestant> contestants;
    QStringList leftOut; ///< Why, a sentence for each of the others.
};

/// Problems of the job itself, which every way has, leave nobody out.
EntryList entriesFor(const QList<Contestant> &contestants, const JobSpec &job);

} // namespace Poolscope
