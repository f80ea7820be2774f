// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/jobtitle.h"

#include "ui/models/format.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace Poolscope {

namespace {

constexpr int longestPart = 120;

QString tr(const char *text)
{
    return QCoreApplication::translate("Poolscope::JobTitle", text);
}

QString methodOf(const JobSpec &spec)
{
    const std::string_view name = methodName(spec.method);
    return QString::fromLatin1(name.data(), qsizetype(name.size()));
}

QString processesText(int processes)
{
    return processes == 1 ? tr("1 process") : tr("%1 processes").arg(Format::count(std::uint64_t(processes)));
}

/// One line, not too long.
QString part(const QString &text)
{
    return Format::excerpt(text.toStdString(), longestPart);
}

QString inputOf(const JobSpec &spec)
{
    if (spec.input == QLatin1String("-"))
        return tr("standard input");
    const bool isFile =
        !spec.input.startsWith(QLatin1String("range:")) && !spec.input.startsWith(QLatin1String("glob:"));
    return part(isFile ? QFileInfo(spec.input).fileName() : spec.input);
}

QString taskOf(const JobSpec &spec)
{
    return part(spec.task.isEmpty() ? spec.commandTemplate : spec.task.section(QLatin1Char('/'), -1));
}

} // namespace

QString jobTitle(const JobSpec &spec, int processes)
{
    return QStringList{inputOf(spec), taskOf(spec), methodOf(spec), processesText(processes)}.join(
        QStringLiteral(" · "));
}

QString jobDescription(const JobSpec &spec, int processes)
{
    return QStringList{part(spec.task.isEmpty() ? spec.commandTemplate : spec.task), part(spec.input),
                       methodOf(spec), processesText(processes)}
        .join(QLatin1Char('\n'));
}

} // namespace Poolscope
