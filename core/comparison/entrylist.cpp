// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/comparison/entrylist.h"

#include "core/tasks/pluginmetadata.h"
#include "core/tasks/taskcatalog.h"

#include <QCoreApplication>

#include <algorithm>

namespace Poolscope {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Poolscope::EntryList", text);
}

TaskLookup lookUp(const JobSpec &job)
{
    return job.commandTemplate.isEmpty() ? findTask(job.task, job.parameters)
                                         : commandTask(job.commandTemplate);
}

/// What only this pool can do; empty when the job asks for none of it.
QString poolsOwn(const JobSpec &job)
{
    if (job.timeout)
        return QStringLiteral("timeout");
    if (job.retries > 0)
        return QStringLiteral("retries");
    if (job.maxMemoryPerChild)
        return QStringLiteral("max-memory-per-child");
    if (job.memoryLimit)
        return QStringLiteral("memory-limit");
    return job.onError == OnError::Raise ? QStringLiteral("on-error") : QString();
}

/// Why this way is none for such a task; empty when it is one.
QString unfitness(const Contestant &contestant, const JobSpec &job, const TaskSpec &task)
{
    const QString name = contestant.name();
    if (contestant.way == Way::PythonPool && task.kind != TaskKind::Python)
        return tr("%1: multiprocessing.Pool runs Python functions, and %2 is none; choose FILE.py:FUNCTION, "
                  "or "
                  "leave it out")
            .arg(name, task.name);
    if (contestant.way != Way::Threads)
        return {};
    if (task.kind == TaskKind::Command)
        return tr("%1: a command is a process of its own for every item; threads are for functions, leave "
                  "them "
                  "out")
            .arg(name);
    if (task.kind == TaskKind::Native && !readPluginMetadata(task.file).isReentrant)
        return tr("%1: %2 does not say that its functions may run at the same time (\"reentrant\" in the "
                  "plugin's JSON file); leave them out")
            .arg(name, job.task);
    return {};
}

/// What of a contestant is wrong; nothing when all is well with it.
std::optional<JobProblem> obstacle(const Contestant &contestant, const JobSpec &job)
{
    const TaskLookup task = lookUp(job);
    if (!task.error.isEmpty())
        return std::nullopt; // checkJob() says it
    if (const QString why = unfitness(contestant, job, task.spec); !why.isEmpty())
        return JobProblem{JobProblem::Kind::Usage, QStringLiteral("compare"), why};
    if (isOnPool(contestant.way, task.spec.kind))
        return std::nullopt;
    if (const QString option = poolsOwn(job); !option.isEmpty())
        return JobProblem{
            JobProblem::Kind::Usage, option,
            tr("Only Poolscope's pool has this: leave it out, or leave out %1").arg(contestant.name())};
    return std::nullopt;
}

QList<Contestant> read(const char *text)
{
    QString problem;
    return parseContestants(QString::fromLatin1(text), &problem);
}

} // namespace

TaskSpec taskOf(const JobSpec &job)
{
    return lookUp(job).spec;
}

QList<JobProblem> checkContestant(const JobSpec &job, const Contestant &contestant)
{
    if (QList<JobProblem> problems = checkJob(contestant.appliedTo(job)); !problems.isEmpty())
        return problems;
    const std::optional<JobProblem> found = obstacle(contestant, job);
    return found ? QList<JobProblem>{*found} : QList<JobProblem>();
}

QList<Preset> presets()
{
    return {{QStringLiteral("three-methods"), tr("Three methods"), read("map,imap,imap_unordered")},
            {QStringLiteral("pool-or-no-pool"), tr("Pool or no pool"),
             read("loop,process_per_item,threads,imap_unordered,multiprocessing.imap_unordered")},
            {QStringLiteral("chunk-sizes"), tr("Chunk sizes 1, 4, auto, all"),
             read("map:chunksize=1,map:chunksize=4,map:chunksize=auto,map:chunksize=all")},
            {QStringLiteral("process-counts"), tr("Processes 1, 2, 4, 8"),
             read("imap_unordered:processes=1,imap_unordered:processes=2,imap_unordered:processes=4,"
                  "imap_unordered:processes=8")}};
}

std::optional<Preset> presetNamed(const QString &id)
{
    const QList<Preset> all = presets();
    const auto found = std::find_if(all.begin(), all.end(), [&id](const Preset &p) { return p.id == id; });
    return found == all.end() ? std::nullopt : std::optional(*found);
}

EntryList entriesFor(const QList<Contestant> &contestants, const JobSpec &job)
{
    EntryList list;
    for (const Contestant &contestant : contestants) {
        if (const auto found = obstacle(contestant, job))
            list.leftOut += found->option == QLatin1String("compare")
                                ? found->message
                                : QStringLiteral("--%1: %2").arg(found->option, found->message);
        else
            list.contestants += contestant;
    }
    return list;
}

} // namespace Poolscope
