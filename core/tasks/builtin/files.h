// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace Poolscope::Builtin {

/// Words as Python's str.split() finds them.
qint64 countWords(const QString &line);

/// Hexadecimal SHA-256 of a file, which is never held in memory as a whole.
QString sha256(const QString &path);

} // namespace Poolscope::Builtin
