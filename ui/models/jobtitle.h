// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/jobspec.h"

namespace Poolscope {

/// What a run does, in one line: "essays.txt · tasks.py:grade_essay · imap · 4 processes". Files by their
/// names alone. \param processes  that there are now
QString jobTitle(const JobSpec &spec, int processes);
/// The same with whole paths, a line each.
QString jobDescription(const JobSpec &spec, int processes);

} // namespace Poolscope
