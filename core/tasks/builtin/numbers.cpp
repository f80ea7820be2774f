// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/builtin/numbers.h"

#include "core/tasks/builtin/values.h"

#include <QJsonArray>

namespace Poolscope::Builtin {

namespace {

bool isNumber(const QJsonValue &value)
{
    return value.isDouble() || value.isBool();
}

bool isWhole(const QJsonValue &value)
{
    return value.isBool() || isInteger(value);
}

[[noreturn]] void unsupported(char operation, const QJsonValue &a, const QJsonValue &b)
{
    raise("TypeError", QStringLiteral("unsupported operand type(s) for %1: '%2' and '%3'")
                           .arg(QLatin1Char(operation))
                           .arg(typeName(a), typeName(b)));
}

[[noreturn]] void overflow(char operation, qint64 a, qint64 b)
{
    raise("OverflowError",
          QStringLiteral("%1 %2 %3 is beyond the 64 bits of a native task: use a Python task for it")
              .arg(a)
              .arg(QLatin1Char(operation))
              .arg(b));
}

} // namespace

QJsonValue multiply(const QJsonValue &a, const QJsonValue &b)
{
    if (isWhole(a) && isWhole(b)) {
        const qint64 x = toInteger(a);
        const qint64 y = toInteger(b);
        qint64 product = 0;
        if (__builtin_mul_overflow(x, y, &product))
            overflow('*', x, y);
        return product;
    }
    if (isNumber(a) && isNumber(b))
        return toNumber(a) * toNumber(b);
    if (a.isString() || a.isArray())
        raise("TypeError",
              QStringLiteral("can't multiply sequence by non-int of type '%1'").arg(typeName(b)));
    unsupported('*', a, b);
}

QJsonValue add(const QJsonValue &a, const QJsonValue &b)
{
    if (isWhole(a) && isWhole(b)) {
        const qint64 x = toInteger(a);
        const qint64 y = toInteger(b);
        qint64 sum = 0;
        if (__builtin_add_overflow(x, y, &sum))
            overflow('+', x, y);
        return sum;
    }
    if (isNumber(a) && isNumber(b))
        return toNumber(a) + toNumber(b);
    if (a.isString() && b.isString())
        return QString(a.toString() + b.toString());
    if (a.isString() || a.isArray()) {
        if (!b.isArray() || a.isString())
            raise("TypeError",
                  QStringLiteral("can only concatenate %1 (not \"%2\") to %1").arg(typeName(a), typeName(b)));
        QJsonArray joined = a.toArray();
        const QJsonArray more = b.toArray();
        for (const QJsonValue &value : more)
            joined.append(value);
        return joined;
    }
    unsupported('+', a, b);
}

QJsonValue square(const QJsonValue &x)
{
    return multiply(x, x);
}

QJsonValue cube(const QJsonValue &x)
{
    return multiply(multiply(x, x), x);
}

qint64 countPrimes(qint64 n)
{
    qint64 count = n > 2 ? 1 : 0;
    for (qint64 candidate = 3; candidate < n; candidate += 2) {
        bool isPrime = true;
        for (qint64 divisor = 3; isPrime && divisor <= candidate / divisor; divisor += 2)
            isPrime = candidate % divisor != 0;
        count += isPrime ? 1 : 0;
    }
    return count;
}

} // namespace Poolscope::Builtin
