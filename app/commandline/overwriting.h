// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/jobspec.h"

#include <QList>
#include <QString>

namespace Poolscope {

/// A file that an option asks to be written.
struct NamedOutput
{
    QString option; ///< Without dashes.
    QString file;   ///< Empty: none. "-": standard output.
};

/// What is wrong with outputs that would destroy the input, the task or each other; empty when all is well.
QString findOverwriting(const JobSpec &job, const QList<NamedOutput> &outputs);

} // namespace Poolscope
