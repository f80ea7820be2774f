// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/comparison/contestant.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <climits>

namespace Poolscope {

namespace {

constexpr auto realPool = "multiprocessing.";

QString tr(const char *text)
{
    return QCoreApplication::translate("Poolscope::Contestant", text);
}

QString nameOf(Method method)
{
    return QString::fromLatin1(methodName(method).data(), qsizetype(methodName(method).size()));
}

/// As it is written.
QString wordFor(Way way, Method method)
{
    if (!hasMethod(way))
        return wayName(way);
    return way == Way::PythonPool ? QLatin1String(realPool) + nameOf(method) : nameOf(method);
}

std::optional<Contestant> contestantFrom(const QString &word)
{
    const QList<Contestant> known = knownContestants();
    const auto found = std::find_if(known.begin(), known.end(), [&word](const Contestant &contestant) {
        return contestant.text() == word;
    });
    return found == known.end() ? std::nullopt : std::optional(*found);
}

QString knownWords()
{
    QStringList words;
    for (const Contestant &contestant : knownContestants())
        if (contestant.way != Way::PythonPool)
            words += contestant.text();
    return words.join(QStringLiteral(", "));
}

QString readChunksize(const QString &text, const QString &value, Contestant &contestant)
{
    if (!contestant.hasChunks())
        return tr("“%1”: %2 takes one item at a time, so it has no chunk size; leave it out")
            .arg(text, contestant.name());
    const std::optional<ChunkChoice> choice = ChunkChoice::fromText(value);
    if (!choice)
        return tr("“%1”: chunksize is a whole number from 1 to %2, auto (by the method's rule) or all (one "
                  "chunk)")
            .arg(text)
            .arg(INT_MAX);
    contestant.chunksize = *choice;
    return {};
}

QString readProcesses(const QString &text, const QString &value, Contestant &contestant)
{
    if (!contestant.hasProcesses())
        return tr("“%1”: a plain loop has one process; leave it out").arg(text);
    bool isNumber = false;
    const int number = value.toInt(&isNumber);
    if (!isNumber || number < 1 || number > maximumProcesses)
        return tr("“%1”: processes is a whole number from 1 to %2").arg(text).arg(maximumProcesses);
    contestant.processes = number;
    return {};
}

/// \returns what is wrong; empty when nothing is
QString readSetting(const QString &text, Contestant &contestant)
{
    const QString name = text.section(QLatin1Char('='), 0, 0).trimmed();
    const QString value = text.section(QLatin1Char('='), 1).trimmed();
    if (name == QLatin1String("chunksize"))
        return readChunksize(text, value, contestant);
    if (name == QLatin1String("processes"))
        return readProcesses(text, value, contestant);
    return tr("“%1” is no setting of a contestant; write chunksize=N or processes=N").arg(text);
}

} // namespace

QString wayName(Way way)
{
    switch (way) {
    case Way::Pool:
        return QStringLiteral("pool");
    case Way::PythonPool:
        return QStringLiteral("multiprocessing");
    case Way::PlainLoop:
        return QStringLiteral("loop");
    case Way::ProcessPerItem:
        return QStringLiteral("process_per_item");
    case Way::Threads:
        return QStringLiteral("threads");
    }
    Q_UNREACHABLE();
}

QString ChunkChoice::text() const
{
    switch (kind) {
    case Kind::OfJob:
        return {};
    case Kind::Auto:
        return QStringLiteral("auto");
    case Kind::All:
        return QStringLiteral("all");
    case Kind::Items:
        return QString::number(items);
    }
    Q_UNREACHABLE();
}

std::optional<ChunkChoice> ChunkChoice::fromText(const QString &text)
{
    if (text == QLatin1String("auto"))
        return ChunkChoice{Kind::Auto};
    if (text == QLatin1String("all"))
        return ChunkChoice{Kind::All};
    bool isNumber = false;
    const int items = text.toInt(&isNumber);
    return isNumber && items >= 1 ? std::optional(ChunkChoice{Kind::Items, items}) : std::nullopt;
}

QString Contestant::name() const
{
    if (way == Way::Threads)
        return processes ? tr("thread pool, threads %1").arg(*processes) : tr("thread pool");
    QString name = wordFor(way, method);
    if (way == Way::PlainLoop)
        name = tr("plain loop");
    if (way == Way::ProcessPerItem)
        name = tr("process per item");
    if (chunksize.kind != ChunkChoice::Kind::OfJob)
        name += tr(", chunksize %1").arg(chunksize.text());
    if (processes)
        name += tr(", processes %1").arg(*processes);
    return name;
}

QString Contestant::text() const
{
    QString text = wordFor(way, method);
    if (chunksize.kind != ChunkChoice::Kind::OfJob)
        text += QStringLiteral(":chunksize=") + chunksize.text();
    if (processes)
        text += QStringLiteral(":processes=%1").arg(*processes);
    return text;
}

bool Contestant::hasChunks() const
{
    return hasMethod(way) && !callsPerItem(method);
}

JobSpec Contestant::appliedTo(JobSpec job) const
{
    if (processes)
        job.processes = *processes;
    switch (chunksize.kind) {
    case ChunkChoice::Kind::OfJob:
        break;
    case ChunkChoice::Kind::Auto:
        job.chunksize.reset();
        break;
    case ChunkChoice::Kind::All:
        job.chunksize = INT_MAX;
        break;
    case ChunkChoice::Kind::Items:
        job.chunksize = chunksize.items;
        break;
    }
    if (hasMethod(way)) {
        job.method = method;
        return job;
    }
    // For ProcessPerItem: one process after the other, each for a chunk of one item, is what a new process
    // for every item is; the pool only looks after them. There is no unordered method whose items are
    // arguments.
    job.method = unpacksItems(job.method) ? Method::Starmap : Method::ImapUnordered;
    job.chunksize = 1;
    if (way == Way::ProcessPerItem)
        job.maxTasksPerChild = 1;
    if (way == Way::PlainLoop)
        job.processes = 1;
    return job;
}

QList<Contestant> knownContestants()
{
    QList<Contestant> all;
    const auto addMethods = [&all](Way way) {
        for (const Method method : allMethods)
            all += Contestant{.way = way, .method = method};
    };
    addMethods(Way::Pool);
    for (const Way way : {Way::PlainLoop, Way::ProcessPerItem, Way::Threads})
        all += Contestant{.way = way};
    addMethods(Way::PythonPool);
    return all;
}

JobSpec sharedJob(JobSpec job, const QList<Contestant> &contestants)
{
    const auto isAmong = [&contestants](bool unpacks) {
        return std::any_of(contestants.begin(), contestants.end(), [unpacks](const Contestant &each) {
            return hasMethod(each.way) && unpacksItems(each.method) == unpacks;
        });
    };
    if (isAmong(false))
        job.method = Method::Map;
    else if (isAmong(true))
        job.method = Method::Starmap;
    return job;
}

QList<Contestant> parseContestants(const QString &text, QString *problem)
{
    QList<Contestant> contestants;
    const QStringList parts = text.split(QLatin1Char(','));
    for (const QString &part : parts) {
        QStringList settings = part.split(QLatin1Char(':'));
        for (QString &setting : settings)
            setting = setting.trimmed();
        std::optional<Contestant> contestant = contestantFrom(settings.first());
        if (!contestant) {
            *problem = tr("“%1” is not a method and no other way to do the work; choose among %2, and "
                          "multiprocessing. with one of the methods behind it, with a comma between them")
                           .arg(settings.first(), knownWords());
            return {};
        }
        for (const QString &setting : settings.mid(1)) {
            *problem = readSetting(setting, *contestant);
            if (!problem->isEmpty())
                return {};
        }
        if (contestants.contains(*contestant)) {
            *problem =
                tr("“%1” is named twice; give --rounds to run each more than once").arg(part.trimmed());
            return {};
        }
        contestants += *contestant;
    }
    if (contestants.size() < 2)
        *problem =
            tr("one alone is compared with nothing; name two or more, such as map,imap,imap_unordered");
    return contestants;
}

QString textOf(const QList<Contestant> &contestants)
{
    QStringList texts;
    for (const Contestant &contestant : contestants)
        texts += contestant.text();
    return texts.join(QLatin1Char(','));
}

} // namespace Poolscope
