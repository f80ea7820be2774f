// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/jobspec.h"

#include <QCommandLineParser>
#include <QList>
#include <QString>

/// The options that describe a job, the same for both programs.
namespace Poolscope::JobOptions {

/// Adds them to a parser. Positional arguments are none of them.
void addTo(QCommandLineParser &parser);

struct Result
{
    JobSpec spec;               ///< What was understood; a value with a problem keeps its default.
    QList<JobProblem> problems; ///< In the order of the options; empty when all is well.
    bool namesTask = false;     ///< --task or --command was given.
    bool namesInput = false;    ///< --input was given.
};

/// Reads the values strictly: a number has to be one and within its range, an option stands at most once.
/// Looks at no file. \param parser  after parse() has succeeded
Result read(const QCommandLineParser &parser);

/// A problem as one line for people: "--processes: …".
QString toText(const JobProblem &problem);

} // namespace Poolscope::JobOptions
