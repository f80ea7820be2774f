// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/taskcatalog.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QStandardPaths>

#include <memory>

// GLib's headers have parameters named like Qt's keywords.
#undef signals
#undef slots
#undef emit
#include <glib.h>

namespace Poolscope {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Poolscope::CommandTemplate)
};

QString splitProblem(const QString &commandTemplate, const GError &error)
{
    if (error.code == G_SHELL_ERROR_EMPTY_STRING)
        return Text::tr("the command is empty: give a program and its arguments, for example \"wc -l {}\"");
    return Text::tr(
               "the command %1 has a quote that is not closed, or ends in a backslash: close the quote, or "
               "write \\\" for a quote that is meant")
        .arg(commandTemplate);
}

/// A program that is named by a placeholder is known only when an item is.
bool dependsOnItem(const QString &program)
{
    return program.contains(QLatin1Char('{'));
}

QString programProblem(const QString &program)
{
    if (dependsOnItem(program))
        return {};
    if (!program.contains(QLatin1Char('/'))) {
        if (QStandardPaths::findExecutable(program).isEmpty())
            return Text::tr("the program %1 was not found in PATH: check its spelling or give its full path")
                .arg(program);
        return {};
    }
    const QFileInfo info(program);
    if (!info.exists())
        return Text::tr("the program %1 does not exist").arg(program);
    if (info.isDir() || !info.isExecutable())
        return Text::tr("%1 is not a program that can be run: check its permissions").arg(program);
    return {};
}

} // namespace

TaskLookup commandTask(const QString &commandTemplate)
{
    TaskLookup lookup;
    lookup.spec.kind = TaskKind::Command;
    lookup.spec.name = commandTemplate;
    lookup.description.kind = TaskKind::Command;
    lookup.description.name = commandTemplate;
    lookup.description.description = Text::tr("Runs a program once per item; the value is what it prints.");
    lookup.description.item = Text::tr("anything; the program gets it as text");
    if (commandTemplate.contains(QChar(u'\0'))) {
        lookup.isUsageError = true;
        lookup.error = Text::tr("the command holds a zero character, which no program can be given");
        return lookup;
    }

    int count = 0;
    char **raw = nullptr;
    GError *error = nullptr;
    if (!g_shell_parse_argv(commandTemplate.toUtf8().constData(), &count, &raw, &error)) {
        const std::unique_ptr<GError, decltype(&g_error_free)> held(error, g_error_free);
        lookup.isUsageError = true;
        lookup.error = splitProblem(commandTemplate, *held);
        return lookup;
    }
    const std::unique_ptr<char *, decltype(&g_strfreev)> arguments(raw, g_strfreev);
    for (int i = 0; i < count; ++i)
        lookup.spec.command.append(QString::fromUtf8(raw[i]));
    if (lookup.spec.command.constFirst().isEmpty()) {
        lookup.isUsageError = true;
        lookup.error = Text::tr("the command %1 names no program").arg(commandTemplate);
        return lookup;
    }
    lookup.error = programProblem(lookup.spec.command.constFirst());
    return lookup;
}

} // namespace Poolscope
