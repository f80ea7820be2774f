// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/jobspec.h"

#include "core/pool/journal.h"
#include "core/tasks/taskcatalog.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <climits>

#include <sched.h>

namespace Poolscope {

namespace {

QString text(const char *source)
{
    return QCoreApplication::translate("Poolscope::JobSpec", source);
}

void checkRange(QList<JobProblem> &problems, const QString &option, qint64 value, qint64 least, qint64 most)
{
    if (value < least || value > most)
        problems.append(
            {JobProblem::Kind::Usage, option,
             text("%1 is out of range: give a whole number from %2 to %3").arg(value).arg(least).arg(most)});
}

void checkInput(QList<JobProblem> &problems, const JobSpec &spec)
{
    const QString option = QStringLiteral("input");
    if (spec.input.isEmpty()) {
        problems.append({JobProblem::Kind::Usage, option,
                         text("No input: name a file, - for standard input, range:STOP or glob:PATTERN")});
        return;
    }
    // A pattern is looked up when the run begins: it may cover half a disk.
    if (spec.input == QLatin1String("-") || spec.input.startsWith(QLatin1String("glob:")))
        return;
    const QFileInfo file(spec.input);
    if (!spec.input.startsWith(QLatin1String("range:")) && file.exists() && !file.isFile() && !file.isDir())
        return; // opening a pipe would wait for its writer
    try {
        openInput(spec.input, {spec.itemType, unpacksItems(spec.method)});
    } catch (const InputError &error) {
        problems.append(
            {error.kind() == InputError::Kind::Usage ? JobProblem::Kind::Usage : JobProblem::Kind::Input,
             option, error.message()});
    }
}

void checkJournal(QList<JobProblem> &problems, const JobSpec &spec)
{
    const auto complain = [&problems](const QString &option, const QString &message) {
        problems.append({JobProblem::Kind::Usage, option, message});
    };
    if (spec.rerunFailed && !spec.resume)
        complain(QStringLiteral("rerun"), text("Says what --resume runs again; give both, or neither"));
    if (spec.journal.isEmpty()) {
        if (spec.resume)
            complain(QStringLiteral("resume"),
                     text("Needs --journal with the file that the earlier run wrote"));
        return;
    }
    if (!canBeReread(spec.input))
        complain(QStringLiteral("journal"),
                 text("%1 can be read only once, so that nothing could be resumed; write the items to a file")
                     .arg(spec.input == QLatin1String("-") ? text("Standard input") : spec.input));
    if (const auto problem = Journal::problemWith(spec.journal, spec.resume))
        problems.append(*problem);
}

void checkTask(QList<JobProblem> &problems, const JobSpec &spec)
{
    const bool isCommand = !spec.commandTemplate.isEmpty();
    const QString option = isCommand ? QStringLiteral("command") : QStringLiteral("task");
    if (isCommand && !spec.task.isEmpty()) {
        problems.append({JobProblem::Kind::Usage, option, text("Give either a task or a command, not both")});
        return;
    }
    const TaskLookup lookup =
        isCommand ? commandTask(spec.commandTemplate) : findTask(spec.task, spec.parameters);
    if (!lookup.error.isEmpty()) {
        problems.append(
            {lookup.isUsageError ? JobProblem::Kind::Usage : JobProblem::Kind::Task, option, lookup.error});
        return;
    }
    if (spec.initializer.isEmpty()) {
        if (!spec.initargs.isEmpty())
            problems.append({JobProblem::Kind::Usage, QStringLiteral("initargs"),
                             text("Arguments for an initializer, but no initializer is given")});
        return;
    }
    QJsonArray arguments;
    if (!spec.initargs.isEmpty()) {
        QJsonParseError error{};
        const QJsonDocument document = QJsonDocument::fromJson(spec.initargs.toUtf8(), &error);
        if (!document.isArray()) {
            problems.append({JobProblem::Kind::Usage, QStringLiteral("initargs"),
                             text("'%1' is not a JSON array, for example [1, \"two\"]").arg(spec.initargs)});
            return;
        }
        arguments = document.array();
    }
    QString error;
    findInitializer(spec.initializer, arguments, lookup.spec, &error);
    if (!error.isEmpty())
        problems.append({JobProblem::Kind::Task, QStringLiteral("initializer"), error});
}

} // namespace

int JobSpec::usableCpus()
{
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    return sched_getaffinity(0, sizeof cpus, &cpus) == 0 ? std::max(1, CPU_COUNT(&cpus)) : 1;
}

int defaultBuffersize(int processes)
{
    // Enough to keep the workers busy with the tiniest chunks while the consumer is about; at least what
    // every worker runs and the next three.
    return std::max(2048, 4 * processes);
}

QList<JobProblem> checkJob(const JobSpec &spec)
{
    QList<JobProblem> problems;
    checkRange(problems, QStringLiteral("processes"), spec.processes, 1, maximumProcesses);
    if (spec.chunksize)
        checkRange(problems, QStringLiteral("chunksize"), *spec.chunksize, 1, INT_MAX);
    if (spec.chunksize.value_or(1) != 1 && callsPerItem(spec.method))
        problems.append({JobProblem::Kind::Usage, QStringLiteral("chunksize"),
                         text("%1 sends one item a call, so it has no chunk size; leave it out, or use imap")
                             .arg(QString::fromLatin1(methodName(spec.method).data()))});
    if (spec.maxTasksPerChild)
        checkRange(problems, QStringLiteral("maxtasksperchild"), *spec.maxTasksPerChild, 1, INT_MAX);
    if (spec.maxMemoryPerChild)
        checkRange(problems, QStringLiteral("max-memory-per-child"), *spec.maxMemoryPerChild, 1, LLONG_MAX);
    if (spec.memoryLimit)
        checkRange(problems, QStringLiteral("memory-limit"), *spec.memoryLimit, 1, LLONG_MAX);
    if (spec.buffersize)
        checkRange(problems, QStringLiteral("buffersize"), *spec.buffersize, 1, INT_MAX);
    checkRange(problems, QStringLiteral("retries"), spec.retries, 0, 1000);
    if (spec.timeout && !(*spec.timeout > 0))
        problems.append({JobProblem::Kind::Usage, QStringLiteral("timeout"),
                         text("%1 is no time to wait: give a number of seconds above 0").arg(*spec.timeout)});
    if (!(spec.startTimeout > 0))
        problems.append(
            {JobProblem::Kind::Usage, QStringLiteral("start-timeout"),
             text("%1 is no time to wait: give a number of seconds above 0").arg(spec.startTimeout)});
    checkTask(problems, spec);
    checkInput(problems, spec);
    checkJournal(problems, spec);
    return problems;
}

} // namespace Poolscope
