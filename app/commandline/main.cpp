// SPDX-License-Identifier: GPL-3.0-or-later
// poolscope-run: the pool on the command line.
#include "app/commandline/comparecommand.h"
#include "app/commandline/exitstatus.h"
#include "app/commandline/jobrunner.h"
#include "app/commandline/overwriting.h"
#include "app/commandline/signals.h"
#include "app/commandline/tasklist.h"
#include "app/options/joboptions.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

using namespace Poolscope;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Poolscope::CommandLine", text);
}

void addRunnerOptions(QCommandLineParser &parser)
{
    parser.addOptions({
        {QStringLiteral("list-tasks"), tr("List the built-in tasks and exit.")},
        {QStringLiteral("output"), tr("Write the records to FILE instead of standard output (-)."),
         QStringLiteral("FILE"), QStringLiteral("-")},
        {QStringLiteral("format"), tr("records: a JSON object an item; values: the values of ok items only."),
         QStringLiteral("FORMAT"), QStringLiteral("records")},
        {QStringLiteral("summary"), tr("Write the figures of the run to FILE (JSON)."),
         QStringLiteral("FILE")},
        {QStringLiteral("trace"), tr("Write Chrome trace events to FILE, for Perfetto."),
         QStringLiteral("FILE")},
        {QStringLiteral("task-output"),
         tr("Write what the tasks print to FILE: a JSON object a line, with its item and stream."),
         QStringLiteral("FILE")},
        {QStringLiteral("journal"),
         tr("Keep each outcome in FILE at once, so that the run can be resumed after a crash."),
         QStringLiteral("FILE")},
        {QStringLiteral("resume"),
         tr("Go on with the run whose journal is --journal: run what has no outcome there or was lost, not "
            "run "
            "or cancelled, and deliver all. Where there is no journal yet, it is begun.")},
        {QStringLiteral("rerun"),
         tr("What --resume runs: missing (the default), or failed: what raised an error, too."),
         QStringLiteral("missing|failed")},
        {QStringLiteral("no-progress"),
         tr("Show no progress on standard error, and do not say there, as is done even when it is no "
            "terminal, "
            "what a run waits for that has been silent for 10 seconds or more.")},
    });
}

int usageError(const QString &message)
{
    printMessage(message);
    std::fputs("Try: poolscope-run --help\n", stderr);
    return int(ExitStatus::Usage);
}

/// Reads what only this program knows; false when it makes no sense.
bool readRunnerOptions(const QCommandLineParser &parser, RunnerOptions &options, QString &problem)
{
    const QString format = parser.value(QStringLiteral("format"));
    if (format == QLatin1String("values"))
        options.format = RecordFormat::Values;
    else if (format != QLatin1String("records"))
        problem = tr("--format: '%1' is no format; give records or values").arg(format);
    options.output = parser.value(QStringLiteral("output"));
    options.summary = parser.value(QStringLiteral("summary"));
    options.trace = parser.value(QStringLiteral("trace"));
    options.taskOutput = parser.value(QStringLiteral("task-output"));
    options.showProgress = !parser.isSet(QStringLiteral("no-progress"));
    for (const char *name : {"output", "summary", "trace", "task-output"}) {
        const QString option = QString::fromLatin1(name);
        if (parser.isSet(option) && parser.value(option).isEmpty())
            problem = tr("--%1: no file is named").arg(option);
    }
    for (const char *name : {"summary", "trace", "task-output"})
        if (parser.value(QString::fromLatin1(name)) == QLatin1String("-"))
            problem = tr("--%1: standard output is for the records; name a file").arg(QLatin1String(name));
    return problem.isEmpty();
}

/// Reads what makes a run one that can be resumed; false when it makes no sense.
bool readJournalOptions(const QCommandLineParser &parser, JobSpec &spec, QString &problem)
{
    const QString journal = QStringLiteral("journal");
    const QString rerun = QStringLiteral("rerun");
    spec.journal = parser.value(journal);
    spec.resume = parser.isSet(QStringLiteral("resume"));
    spec.rerunFailed = parser.value(rerun) == QLatin1String("failed");
    if (parser.isSet(journal) && spec.journal.isEmpty())
        problem = tr("--journal: no file is named");
    else if (spec.journal == QLatin1String("-"))
        problem = tr("--journal: standard output is for the records; name a file");
    else if (parser.isSet(rerun) && !spec.rerunFailed && parser.value(rerun) != QLatin1String("missing"))
        problem = tr("--rerun: '%1' is neither missing nor failed").arg(parser.value(rerun));
    else if (parser.isSet(rerun) && !spec.resume)
        problem = tr("--rerun: says what --resume runs; give both, or neither");
    return problem.isEmpty();
}

/// Says what is wrong; nothing was started.
int refuse(const QList<JobProblem> &problems)
{
    for (const JobProblem &found : problems)
        printMessage(JobOptions::toText(found));
    return statusOf(problems);
}

/// \returns the exit status
template <typename Command>
int runToEnd(Command &command, TerminationSignals &termination)
{
    QObject::connect(&termination, &TerminationSignals::received, &command, &Command::stopForSignal);
    // Queued: it may have ended before the event loop begins.
    QObject::connect(
        &command, &Command::ended, QCoreApplication::instance(),
        [](int status) { QCoreApplication::exit(status); }, Qt::QueuedConnection);
    if (!command.start())
        return int(ExitStatus::InputOutput);
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("poolscope-run"));
    QCoreApplication::setApplicationVersion(QStringLiteral(POOLSCOPE_VERSION));

    TerminationSignals termination; // from the first moment on; one that comes before the run waits for it
    QCommandLineParser parser;
    parser.setApplicationDescription(
        tr("Runs a task on every item of an input, on a pool of worker processes."));
    const QCommandLineOption help = parser.addHelpOption();
    const QCommandLineOption version = parser.addVersionOption();
    JobOptions::addTo(parser);
    addRunnerOptions(parser);
    CompareOptions::addTo(parser);
    if (!parser.parse(QCoreApplication::arguments()))
        return usageError(parser.errorText());
    if (parser.isSet(help) || parser.isSet(QStringLiteral("help-all"))) {
        std::fputs(parser.helpText().toLocal8Bit().constData(), stdout);
        return 0;
    }
    if (parser.isSet(version)) {
        std::printf("poolscope-run %s\n", POOLSCOPE_VERSION);
        return 0;
    }
    if (parser.isSet(QStringLiteral("list-tasks"))) {
        std::fputs(taskListText().toUtf8().constData(), stdout);
        return 0;
    }

    if (!parser.positionalArguments().isEmpty())
        return usageError(tr("'%1' is no option; the input is given with --input")
                              .arg(parser.positionalArguments().first()));
    JobOptions::Result job = JobOptions::read(parser);
    if (!job.namesTask)
        return usageError(tr("--task: no task; give a built-in name (see --list-tasks), FILE.py:FUNCTION or "
                             "PLUGIN.so:FUNCTION, or a program with --command"));
    if (!job.namesInput)
        return usageError(
            tr("--input: no input; name a file, - for standard input, range:STOP or glob:PATTERN"));
    QString problem;
    if (parser.isSet(QStringLiteral("compare"))) {
        CompareOptions comparison = CompareOptions::read(parser, &problem);
        if (!problem.isEmpty())
            return usageError(problem);
        if (job.problems.isEmpty())
            CompareCommand::leaveOut(job.spec, comparison);
        if (job.problems.isEmpty())
            job.problems = CompareCommand::check(job.spec, comparison);
        if (!job.problems.isEmpty())
            return refuse(job.problems);
        QList<NamedOutput> outputs;
        for (const QString &file : comparison.files)
            outputs += {QStringLiteral("comparison"), file};
        if (const QString overwriting = findOverwriting(job.spec, outputs); !overwriting.isEmpty())
            return usageError(overwriting);
        CompareCommand command(job.spec, comparison);
        return runToEnd(command, termination);
    }
    if (parser.isSet(QStringLiteral("rounds")) || parser.isSet(QStringLiteral("comparison")))
        return usageError(
            tr("--rounds and --comparison belong to --compare; name the methods to be compared"));
    RunnerOptions options;
    if (!readRunnerOptions(parser, options, problem) || !readJournalOptions(parser, job.spec, problem))
        return usageError(problem);
    if (job.problems.isEmpty())
        job.problems = checkJob(job.spec);
    if (!job.problems.isEmpty())
        return refuse(job.problems);
    if (const QString overwriting =
            findOverwriting(job.spec, {{QStringLiteral("output"), options.output},
                                       {QStringLiteral("summary"), options.summary},
                                       {QStringLiteral("trace"), options.trace},
                                       {QStringLiteral("task-output"), options.taskOutput},
                                       {QStringLiteral("journal"), job.spec.journal}});
        !overwriting.isEmpty())
        return usageError(overwriting);

    JobRunner runner(job.spec, options);
    return runToEnd(runner, termination);
}
