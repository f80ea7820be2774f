// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonValue>

/// Arithmetic as Python's, except that whole numbers end at 64 bits: beyond, it is an error and never
/// rounded.
namespace Poolscope::Builtin {

QJsonValue multiply(const QJsonValue &a, const QJsonValue &b);
/// Joins texts and arrays too.
QJsonValue add(const QJsonValue &a, const QJsonValue &b);

QJsonValue square(const QJsonValue &x);
QJsonValue cube(const QJsonValue &x);

/// Primes below n, by trial division: it is meant to keep a CPU busy.
qint64 countPrimes(qint64 n);

} // namespace Poolscope::Builtin
