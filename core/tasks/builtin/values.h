// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonValue>
#include <QString>

/// What the built-in tasks share: the names that Python gives to types, and its errors.
namespace Poolscope::Builtin {

/// As Python names the type of such a value: int, float, str, bool, NoneType, list, dict.
QString typeName(const QJsonValue &value);

/// Whether it is a whole number of 64 bits.
bool isInteger(const QJsonValue &value);

[[noreturn]] void raise(const char *type, const QString &message);

/// \throws TypeError unless it is a whole number
qint64 toInteger(const QJsonValue &value);
/// \throws TypeError unless it is a number
double toNumber(const QJsonValue &value);
/// \throws TypeError unless it is text; `what` names what is wanted, "the path of a file"
QString toText(const QJsonValue &value, const char *what);

} // namespace Poolscope::Builtin
