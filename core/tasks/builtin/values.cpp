// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/builtin/values.h"

#include "core/tasks/taskplugin.h"

namespace Poolscope::Builtin {

QString typeName(const QJsonValue &value)
{
    switch (value.type()) {
    case QJsonValue::Bool:
        return QStringLiteral("bool");
    case QJsonValue::Double:
        return isInteger(value) ? QStringLiteral("int") : QStringLiteral("float");
    case QJsonValue::String:
        return QStringLiteral("str");
    case QJsonValue::Array:
        return QStringLiteral("list");
    case QJsonValue::Object:
        return QStringLiteral("dict");
    case QJsonValue::Null:
    case QJsonValue::Undefined:
        break;
    }
    return QStringLiteral("NoneType");
}

bool isInteger(const QJsonValue &value)
{
    // Two different fallbacks: only a whole number gives neither way.
    return value.isDouble() && (value.toInteger(0) != 0 || value.toInteger(1) == 0);
}

void raise(const char *type, const QString &message)
{
    throw TaskError(QLatin1String(type), message);
}

qint64 toInteger(const QJsonValue &value)
{
    if (value.isBool())
        return value.toBool() ? 1 : 0;
    if (!isInteger(value))
        raise("TypeError",
              QStringLiteral("'%1' object cannot be interpreted as an integer").arg(typeName(value)));
    return value.toInteger();
}

double toNumber(const QJsonValue &value)
{
    if (value.isBool())
        return value.toBool() ? 1 : 0;
    if (!value.isDouble())
        raise("TypeError", QStringLiteral("a number is required, not '%1'").arg(typeName(value)));
    return value.toDouble();
}

QString toText(const QJsonValue &value, const char *what)
{
    if (!value.isString())
        raise("TypeError",
              QStringLiteral("%1 is required, not '%2'").arg(QLatin1String(what), typeName(value)));
    return value.toString();
}

} // namespace Poolscope::Builtin
