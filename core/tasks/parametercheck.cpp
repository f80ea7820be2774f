// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/parametercheck.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <limits>

namespace Poolscope {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Poolscope::ParameterCheck)
};

bool isWhole(const QJsonValue &value)
{
    // Two different fallbacks: only a whole number gives neither way.
    return value.isDouble() && value.toInteger(0) == value.toInteger(1);
}

bool fits(const QString &type, const QJsonValue &value)
{
    if (type == QLatin1String("integer"))
        return isWhole(value);
    if (type == QLatin1String("number"))
        return value.isDouble();
    if (type == QLatin1String("boolean"))
        return value.isBool();
    if (type == QLatin1String("text") || type == QLatin1String("folder") || type == QLatin1String("file"))
        return value.isString();
    return true;
}

QString typeInWords(const QString &type)
{
    if (type == QLatin1String("integer"))
        return Text::tr("a whole number");
    if (type == QLatin1String("number"))
        return Text::tr("a number");
    if (type == QLatin1String("boolean"))
        return Text::tr("true or false");
    if (type == QLatin1String("folder"))
        return Text::tr("the path of a folder");
    return type == QLatin1String("file") ? Text::tr("the path of a file") : Text::tr("text");
}

QString asText(const QJsonValue &value)
{
    const QByteArray json = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return QString::fromUtf8(json.mid(1, json.size() - 2));
}

} // namespace

QString parameterProblem(const TaskDescription &task, const QJsonObject &parameters)
{
    for (auto given = parameters.begin(); given != parameters.end(); ++given) {
        const auto known = std::find_if(task.parameters.begin(), task.parameters.end(),
                                        [&](const TaskParameter &p) { return p.name == given.key(); });
        if (known == task.parameters.end()) {
            if (task.parameters.isEmpty())
                return Text::tr("%1 has no parameters, so \"%2\" cannot be set").arg(task.name, given.key());
            QStringList names;
            for (const TaskParameter &parameter : task.parameters)
                names.append(parameter.name);
            return Text::tr("%1 has no parameter named \"%2\". It has: %3")
                .arg(task.name, given.key(), names.join(QStringLiteral(", ")));
        }
        if (!fits(known->type, given.value()))
            return Text::tr("parameter \"%1\" of %2 must be %3, not %4")
                .arg(given.key(), task.name, typeInWords(known->type), asText(given.value()));
    }
    return {};
}

QJsonObject completeParameters(const TaskDescription &task, const QJsonObject &parameters)
{
    QJsonObject complete = parameters;
    for (const TaskParameter &parameter : task.parameters) {
        if (!complete.contains(parameter.name))
            complete.insert(parameter.name, parameter.defaultValue);
    }
    return complete;
}

} // namespace Poolscope
