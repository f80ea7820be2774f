// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

namespace Poolscope::Builtin {

/// \throws ValueError when negative
void sleepFor(double seconds);

/// Takes this much memory, uses every page of it and never gives it back.
/// \returns megabytes (of 1024 * 1024 bytes) of the process that are resident now
qint64 leak(qint64 megabytes);

} // namespace Poolscope::Builtin
