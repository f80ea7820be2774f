// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/commandtemplate.h"
#include "core/tasks/taskcatalog.h"
#include "tests/fuzz/fuzz.h"

#include <QRegularExpression>

#include <vector>

using namespace Poolscope;

namespace {

std::string beforeDot(const std::string &item)
{
    const std::size_t name = item.rfind('/') + 1;
    const std::size_t dot = item.rfind('.');
    return dot == std::string::npos || dot <= name ? item : item.substr(0, dot);
}

/// The placeholders filled in by a regular expression. In Latin-1, so that every byte stays one character.
std::string filledByExpression(const std::string &argument, const std::string &item, std::uint64_t index)
{
    static const QRegularExpression placeholder(QStringLiteral("\\{[/.n]?\\}"));
    const QString text = QString::fromLatin1(argument.data(), qsizetype(argument.size()));
    std::string filled;
    qsizetype at = 0;
    for (auto matches = placeholder.globalMatch(text); matches.hasNext();) {
        const QRegularExpressionMatch match = matches.next();
        filled += argument.substr(std::size_t(at), std::size_t(match.capturedStart() - at));
        at = match.capturedEnd();
        const QString found = match.captured();
        filled += found == QLatin1String("{}")    ? item
                  : found == QLatin1String("{/}") ? item.substr(item.rfind('/') + 1)
                  : found == QLatin1String("{.}") ? beforeDot(item)
                                                  : std::to_string(index);
    }
    return filled + argument.substr(std::size_t(at));
}

std::string quoted(const QString &argument)
{
    return QString(u'\'' + QString(argument).replace(u'\'', QLatin1String("'\\''")) + u'\'').toStdString();
}

} // namespace

/// A command splits into arguments that quoted give the same again; placeholders are filled in and nothing
/// else is touched.
void fuzz::run(std::string_view bytes)
{
    const std::string item(bytes.substr(0, bytes.find('\n')));
    bytes.remove_prefix(std::min(item.size() + 1, bytes.size()));

    const TaskLookup lookup = commandTask(QString::fromUtf8(bytes.data(), qsizetype(bytes.size())));
    MUST(!lookup.isUsageError || !lookup.error.isEmpty());
    if (lookup.isUsageError)
        return;
    MUST(!lookup.spec.command.isEmpty());
    std::string again;
    std::vector<std::string> arguments;
    for (const QString &argument : lookup.spec.command) {
        again += quoted(argument) + ' ';
        arguments.push_back(argument.toStdString());
    }
    MUST(commandTask(QString::fromStdString(again)).spec.command == lookup.spec.command);

    const std::uint64_t index = bytes.size();
    const std::vector<std::string> filled = Worker::CommandTemplate(arguments).fill(item, index);
    MUST(filled.size() == arguments.size());
    for (std::size_t i = 0; i < filled.size(); ++i)
        MUST(filled[i] == filledByExpression(arguments[i], item, index));
}
