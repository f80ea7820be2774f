// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commandline/comparecommand.h"

#include "app/commandline/exitstatus.h"
#include "app/commandline/jobrunner.h"
#include "core/comparison/comparisonexport.h"
#include "core/comparison/comparisontext.h"
#include "core/comparison/entrylist.h"
#include "core/pool/jobsettings.h"

#include <QSaveFile>

#include <algorithm>
#include <cstdio>

namespace Poolscope {

namespace {

constexpr int mostRounds = 1000;
constexpr int progressMilliseconds = 200;

} // namespace

void CompareOptions::addTo(QCommandLineParser &parser)
{
    parser.addOptions(
        {{QStringLiteral("compare"),
          CompareCommand::tr(
              "Instead of a single run: do the same work in each of these ways, one after the "
              "other, and print what came of it. Methods with a comma between them, each with "
              "settings of its own if wanted: map,imap:chunksize=4,imap_unordered:processes=2 (chunksize "
              "also "
              "auto, or all: one chunk). multiprocessing.imap and so on: the real pool of the Python "
              "interpreter. loop: one item after another in one process; process_per_item: a new process for "
              "each; threads. Or one of these by its name: three-methods, pool-or-no-pool, chunk-sizes, "
              "process-counts."),
          QStringLiteral("WAYS")},
         {QStringLiteral("rounds"),
          CompareCommand::tr("How often --compare runs each of them, in turn; then medians are told, with "
                             "their spread (1)."),
          QStringLiteral("N"), QStringLiteral("1")},
         {QStringLiteral("comparison"),
          CompareCommand::tr("Save what --compare found to FILE: *.html as a page that plays it back in any "
                             "browser, *.csv as a table of the figures, *-items.csv as one of all items, any "
                             "other as JSON, to be opened in the window. Can be given more than once."),
          QStringLiteral("FILE")}});
}

CompareOptions CompareOptions::read(const QCommandLineParser &parser, QString *problem)
{
    CompareOptions options;
    for (const char *name : {"method", "output", "format", "summary", "trace", "task-output", "journal",
                             "resume", "rerun", "halt"})
        if (parser.isSet(QString::fromLatin1(name)))
            *problem = CompareCommand::tr("--%1: that is for a single run; leave it out with --compare")
                           .arg(QLatin1String(name));
    bool isNumber = false;
    options.rounds = parser.value(QStringLiteral("rounds")).toInt(&isNumber);
    if (!isNumber || options.rounds < 1 || options.rounds > mostRounds)
        *problem = CompareCommand::tr("--rounds: “%1” is no whole number from 1 to %2")
                       .arg(parser.value(QStringLiteral("rounds")))
                       .arg(mostRounds);
    options.files = parser.values(QStringLiteral("comparison"));
    if (options.files.contains(QString()))
        *problem = CompareCommand::tr("--comparison: no file is named");
    if (options.files.contains(QStringLiteral("-")))
        *problem = CompareCommand::tr("--comparison: standard output is for the table; name a file");
    for (const QString &file : options.files)
        if (ComparisonExport::isPicture(file))
            *problem = CompareCommand::tr("--comparison: %1: pictures are made in the window; name it .html, "
                                          ".csv or .json")
                           .arg(file);
    const QString asked = parser.value(QStringLiteral("compare"));
    if (const std::optional<Preset> preset = presetNamed(asked)) {
        options.contestants = preset->contestants;
        options.preset = asked;
    } else {
        QString contestants;
        options.contestants = parseContestants(asked, &contestants);
        if (!contestants.isEmpty()) {
            QStringList ids;
            const QList<Preset> all = presets();
            for (const Preset &each : all)
                ids += each.id;
            *problem = CompareCommand::tr("--compare: %1; or one of the comparisons that have a name: %2")
                           .arg(contestants, ids.join(QStringLiteral(", ")));
        }
    }
    options.showProgress = !parser.isSet(QStringLiteral("no-progress"));
    return options;
}

CompareCommand::CompareCommand(const JobSpec &job, const CompareOptions &options)
    : m_options(options), m_runner(job, options.contestants, options.rounds)
{
    m_progressTimer.setInterval(progressMilliseconds);
    connect(&m_progressTimer, &QTimer::timeout, this, [this] {
        if (m_runner.run())
            m_progress.show(progressText(m_runner));
    });
    connect(&m_runner, &ComparisonRunner::ended, this, &CompareCommand::conclude);
}

QList<JobProblem> CompareCommand::check(const JobSpec &job, const CompareOptions &options)
{
    if (!canBeReread(job.input))
        return {
            {JobProblem::Kind::Usage, QStringLiteral("input"),
             tr("%1 can be read only once, and each way needs it; give a file, range:STOP or glob:PATTERN")
                 .arg(job.input)}};
    if (options.contestants.size() < 2)
        return {{JobProblem::Kind::Usage, QStringLiteral("compare"),
                 tr("too few are left to be compared; name others than those of %1, or change the job")
                     .arg(options.preset)}};
    for (const Contestant &contestant : options.contestants)
        if (const QList<JobProblem> problems =
                checkContestant(sharedJob(job, options.contestants), contestant);
            !problems.isEmpty())
            return problems;
    return {};
}

void CompareCommand::leaveOut(const JobSpec &job, CompareOptions &options)
{
    if (options.preset.isEmpty())
        return;
    const EntryList entries = entriesFor(options.contestants, job);
    options.contestants = entries.contestants;
    for (const QString &why : entries.leftOut)
        printMessage(tr("left out: %1").arg(why));
}

bool CompareCommand::start()
{
    for (const QString &file : m_options.files) {
        QSaveFile probe(file);
        if (!probe.open(QIODevice::WriteOnly)) {
            printMessage(tr("--comparison: %1 cannot be written: %2").arg(file, probe.errorString()));
            return false;
        }
        probe.cancelWriting();
    }
    if (m_options.showProgress && ProgressLine::isWanted())
        m_progressTimer.start();
    m_runner.start();
    return true;
}

void CompareCommand::stopForSignal(int signal)
{
    if (m_signal != 0)
        return;
    m_signal = signal;
    m_runner.stop();
}

int CompareCommand::statusOfRuns() const
{
    const std::vector<Racer> &racers = m_runner.comparison().racers;
    const bool allOk = std::all_of(racers.begin(), racers.end(), [](const Racer &racer) {
        return std::all_of(racer.rounds.begin(), racer.rounds.end(), [](const RaceRound &round) {
            return round.failed == 0 && round.outcome == RaceOutcome::Ended;
        });
    });
    return allOk ? int(ExitStatus::AllOk) : int(ExitStatus::SomeNotOk);
}

void CompareCommand::conclude()
{
    m_progressTimer.stop();
    m_progress.clear();
    if (const auto &failure = m_runner.failure(); failure) {
        printMessage(QStringLiteral("--%1: %2").arg(failure->option, failure->message));
        Q_EMIT ended(statusOf(*failure));
        return;
    }
    int status = statusOfRuns();
    // What was measured until then is told: a contestant may have turned out to take all day.
    const Comparison comparison = m_runner.comparison().measured();
    if (m_runner.wasStopped()) {
        status = 128 + m_signal;
        if (comparison.racers.size() < 2) {
            Q_EMIT ended(status);
            return;
        }
        printMessage(tr("stopped: %1 of %2 were compared")
                         .arg(comparison.racers.size())
                         .arg(m_runner.comparison().racers.size()));
    }
    const QByteArray text = ComparisonText::table(comparison).toUtf8();
    if (std::fwrite(text.constData(), 1, std::size_t(text.size()), stdout) != std::size_t(text.size()) ||
        std::fflush(stdout) != 0) {
        printMessage(tr("the comparison cannot be written to standard output"));
        status = int(ExitStatus::InputOutput);
    }
    for (const QString &file : m_options.files) {
        try {
            ComparisonExport::write(comparison, ComparisonExport::formatOf(file), file);
        } catch (const ComparisonError &error) {
            printMessage(QStringLiteral("--comparison: ") + error.message());
            status = int(ExitStatus::InputOutput);
        }
    }
    Q_EMIT ended(status);
}

} // namespace Poolscope
