// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/comparison/contestant.h"

#include <QCoreApplication>
#include <QStringList>

namespace Poolscope {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Poolscope::Contestant", text);
}

QString nameOf(Method method)
{
    return QString::fromLatin1(methodName(method).data(), qsizetype(methodName(method).size()));
}

QString knownMethods()
{
    QStringList names;
    for (const Method method : allMethods)
        names += nameOf(method);
    return names.join(QStringLiteral(", "));
}

/// \returns what is wrong; empty when nothing is
QString readSetting(const QString &text, Contestant &contestant)
{
    const QString name = text.section(QLatin1Char('='), 0, 0);
    bool isNumber = false;
    const int number = text.section(QLatin1Char('='), 1).toInt(&isNumber);
    if (name != QLatin1String("chunksize") && name != QLatin1String("processes"))
        return tr("“%1” is no setting of a contestant; write chunksize=N or processes=N").arg(text);
    const int most = name == QLatin1String("processes") ? maximumProcesses : INT_MAX;
    if (!isNumber || number < 1 || number > most)
        return tr("“%1”: %2 is a whole number from 1 to %3").arg(text, name).arg(most);
    (name == QLatin1String("chunksize") ? contestant.chunksize : contestant.processes) = number;
    return {};
}

} // namespace

QString Contestant::name() const
{
    QString name = nameOf(method);
    if (chunksize)
        name += tr(", chunksize %1").arg(*chunksize);
    if (processes)
        name += tr(", processes %1").arg(*processes);
    return name;
}

JobSpec Contestant::appliedTo(JobSpec job) const
{
    job.method = method;
    if (chunksize)
        job.chunksize = chunksize;
    if (processes)
        job.processes = *processes;
    return job;
}

QList<Contestant> parseContestants(const QString &text, QString *problem)
{
    QList<Contestant> contestants;
    const QStringList parts = text.split(QLatin1Char(','));
    for (const QString &part : parts) {
        const QStringList settings = part.trimmed().split(QLatin1Char(':'));
        Contestant contestant;
        const auto method = methodFromName(settings.first().toStdString());
        if (!method) {
            *problem = tr("“%1” is not a method; choose among %2, with a comma between them")
                           .arg(settings.first(), knownMethods());
            return {};
        }
        contestant.method = *method;
        for (const QString &setting : settings.mid(1)) {
            *problem = readSetting(setting, contestant);
            if (!problem->isEmpty())
                return {};
        }
        if (contestants.contains(contestant)) {
            *problem =
                tr("“%1” is named twice; give --rounds to run each more than once").arg(part.trimmed());
            return {};
        }
        contestants += contestant;
    }
    if (contestants.size() < 2)
        *problem =
            tr("one alone is compared with nothing; name two or more, such as map,imap,imap_unordered");
    return contestants;
}

} // namespace Poolscope
