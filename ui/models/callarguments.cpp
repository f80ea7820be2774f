// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/callarguments.h"

#include "core/input/jsonscanner.h"
#include "core/input/jsontext.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace Poolscope {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("CallArguments", text);
}

bool isNameCharacter(char c, bool first)
{
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (!first && c >= '0' && c <= '9');
}

std::string_view leadingName(std::string_view text)
{
    std::size_t end = 0;
    while (end < text.size() && isNameCharacter(text[end], end == 0))
        ++end;
    return text.substr(0, end);
}

/// What people write who come from Python; nothing for anything else.
QString adviceFor(std::string_view rest)
{
    if (!rest.empty() && rest.front() == '\'')
        return tr("text stands in double quotes, \"two\"");
    if (!rest.empty() && rest.front() == '(')
        return tr("a list stands in square brackets, [1, 2]");
    struct Literal
    {
        std::string_view python;
        const char *advice;
    };
    static constexpr std::array literals = {
        Literal{"True", QT_TRANSLATE_NOOP("CallArguments", "write true, as in JSON")},
        Literal{"False", QT_TRANSLATE_NOOP("CallArguments", "write false, as in JSON")},
        Literal{"None", QT_TRANSLATE_NOOP("CallArguments", "write null, as in JSON")},
    };
    const std::string_view name = leadingName(rest);
    for (const Literal &literal : literals)
        if (name == literal.python)
            return tr(literal.advice);
    return name.empty() ? QString() : tr("text stands in double quotes, \"%1\"").arg(QString::fromUtf8(name));
}

QString placeOf(std::string_view line, std::size_t at)
{
    return tr("column %1")
        .arg(QString::fromUtf8(line.data(), qsizetype(std::min(at, line.size()))).size() + 1);
}

std::size_t skipSpace(std::string_view line, std::size_t at)
{
    while (at < line.size() && isJsonSpace(line[at]))
        ++at;
    return at;
}

/// \returns what is wrong; empty when all is well
QString readLine(std::string_view line, TypedArguments &arguments)
{
    std::size_t at = skipSpace(line, 0);
    while (at < line.size()) {
        const std::string_view name = leadingName(line.substr(at));
        const std::size_t behind = skipSpace(line, at + name.size());
        const bool isKeyword = !name.empty() && behind < line.size() && line[behind] == '=';
        const std::size_t begin = isKeyword ? skipSpace(line, behind + 1) : at;
        if (!isKeyword && !arguments.keywords.empty())
            return tr("%1: arguments without a name come before those with one").arg(placeOf(line, at));

        JsonScanner scanner(line.substr(begin));
        if (!scanner.scanValue()) {
            const std::size_t fault = begin + scanner.position();
            const QString advice = adviceFor(line.substr(fault));
            return tr("%1: %2").arg(placeOf(line, fault),
                                    advice.isEmpty() ? describe(scanner.fault()) : advice);
        }
        std::string json;
        appendCompactJson(json, trimmedJson(line.substr(begin, scanner.position())));
        if (isKeyword)
            arguments.keywords.emplace_back(QString::fromUtf8(name.data(), qsizetype(name.size())),
                                            std::move(json));
        else
            arguments.positional.push_back(std::move(json));

        at = begin + scanner.position();
        if (at == line.size())
            break;
        if (line[at] != ',')
            return tr("%1: a comma goes between two arguments").arg(placeOf(line, at));
        at = skipSpace(line, at + 1); // Python, too, allows a comma at the end
    }
    return {};
}

} // namespace

QString TypedArguments::text() const
{
    QStringList parts;
    for (const std::string &json : positional)
        parts += QString::fromStdString(json);
    for (const auto &[name, json] : keywords)
        parts += name + QLatin1Char('=') + QString::fromStdString(json);
    return parts.join(QStringLiteral(", "));
}

TypedCalls readArguments(const QString &text)
{
    TypedCalls result;
    const QStringList lines = text.split(QLatin1Char('\n'));
    for (int number = 0; number < lines.size(); ++number) {
        if (lines.at(number).trimmed().isEmpty())
            continue;
        TypedArguments arguments;
        const std::string line = lines.at(number).toStdString();
        const QString problem = readLine(line, arguments);
        if (!problem.isEmpty())
            return {{}, lines.size() == 1 ? problem : tr("line %1, %2").arg(number + 1).arg(problem)};
        result.calls.push_back(std::move(arguments));
    }
    if (result.calls.empty())
        result.calls.emplace_back();
    return result;
}

} // namespace Poolscope
