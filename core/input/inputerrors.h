// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/input/inputsource.h"

#include <QCoreApplication>
#include <QString>

#include <cstdint>
#include <string_view>

namespace Poolscope {

/// The translation context of everything this folder says to people.
class InputMessages
{
    Q_DECLARE_TR_FUNCTIONS(Poolscope::Input)
};

/// "FILE, line 3: what"
InputError lineError(const QString &name, std::uint64_t line, const QString &what);

/// \param error  an errno
InputError systemError(const QString &name, int error);

/// \throws InputError naming the line, unless `text` is valid UTF-8
void requireUtf8(std::string_view text, const QString &name, std::uint64_t line);

} // namespace Poolscope
