// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/builtin/basicplugin.h"

#include "core/tasks/builtin/files.h"
#include "core/tasks/builtin/numbers.h"
#include "core/tasks/builtin/system.h"
#include "core/tasks/builtin/values.h"

#include <QHash>

namespace Poolscope::Builtin {

namespace {

using Maker = TaskFunction (*)(const QJsonObject &parameters);

TaskFunction makeSlowSquare(const QJsonObject &parameters)
{
    const double seconds = toNumber(parameters.value(QLatin1String("seconds")));
    if (seconds < 0)
        raise("ValueError", QStringLiteral("parameter \"seconds\" must not be negative"));
    return [seconds](Arguments arguments) {
        sleepFor(seconds);
        return square(arguments[0]);
    };
}

TaskFunction makeLeak(const QJsonObject &parameters)
{
    const qint64 megabytes = toInteger(parameters.value(QLatin1String("megabytes")));
    return [megabytes](Arguments) { return QJsonValue(leak(megabytes)); };
}

QJsonValue wordCount(Arguments arguments)
{
    // A line of a text that is a number arrives as one, and is one word.
    if (arguments[0].isDouble())
        return 1;
    return countWords(toText(arguments[0], "a line of text"));
}

QJsonValue slept(Arguments arguments)
{
    sleepFor(toNumber(arguments[0]));
    return arguments[0];
}

const QHash<QString, Maker> &makers()
{
    static const QHash<QString, Maker> all{
        {QStringLiteral("square"),
         [](const QJsonObject &) -> TaskFunction { return [](Arguments a) { return square(a[0]); }; }},
        {QStringLiteral("cube"),
         [](const QJsonObject &) -> TaskFunction { return [](Arguments a) { return cube(a[0]); }; }},
        {QStringLiteral("add"),
         [](const QJsonObject &) -> TaskFunction { return [](Arguments a) { return add(a[0], a[1]); }; }},
        {QStringLiteral("slow_square"), makeSlowSquare},
        {QStringLiteral("sleep_for"), [](const QJsonObject &) -> TaskFunction { return slept; }},
        {QStringLiteral("count_primes"),
         [](const QJsonObject &) -> TaskFunction {
             return [](Arguments a) { return QJsonValue(countPrimes(toInteger(a[0]))); };
         }},
        {QStringLiteral("leak"), makeLeak},
        {QStringLiteral("word_count"), [](const QJsonObject &) -> TaskFunction { return wordCount; }},
        {QStringLiteral("sha256"),
         [](const QJsonObject &) -> TaskFunction {
             return [](Arguments a) { return QJsonValue(sha256(toText(a[0], "the path of a file"))); };
         }},
        {QStringLiteral("echo"),
         [](const QJsonObject &) -> TaskFunction { return [](Arguments a) { return a[0]; }; }},
    };
    return all;
}

} // namespace

TaskFunction BasicPlugin::function(const QString &name, const QJsonObject &parameters)
{
    const Maker maker = makers().value(name);
    return maker ? maker(parameters) : TaskFunction();
}

} // namespace Poolscope::Builtin
