// SPDX-License-Identifier: GPL-3.0-or-later
#include "mytasks.h"

using Poolscope::Arguments;
using Poolscope::TaskError;

namespace {

double number(const QJsonValue &value)
{
    // The item fails with this error; the others go on.
    if (!value.isDouble())
        throw TaskError(QStringLiteral("TypeError"), QStringLiteral("a number is needed"));
    return value.toDouble();
}

} // namespace

// Called once per job in each worker process. What it returns is called once per item, with as many arguments
// as mytasks.json lists: read parameters here, not there.
Poolscope::TaskFunction MyTasks::function(const QString &name, const QJsonObject &parameters)
{
    if (name == QLatin1String("scale")) {
        const double factor = parameters.value(QLatin1String("factor")).toDouble();
        return [this, factor](Arguments arguments) { return number(arguments[0]) * factor + m_offset; };
    }
    if (name == QLatin1String("greet")) {
        return [](Arguments arguments) {
            return QStringLiteral("%1, %2!").arg(arguments[0].toString(), arguments[1].toString());
        };
    }
    return {};
}

// Called once in each worker process, before its first item, if the job asks for it: --initializer shift.
void MyTasks::initialize(const QString &name, const QJsonArray &arguments)
{
    if (name == QLatin1String("shift"))
        m_offset = number(arguments.at(0));
}
