// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/commandline/progressline.h"
#include "core/comparison/comparisonrunner.h"

#include <QCommandLineParser>
#include <QObject>
#include <QString>
#include <QTimer>

namespace Poolscope {

/// What --compare asks for.
struct CompareOptions
{
    QList<Contestant> contestants;
    QString preset; ///< Whose they are, some of whom cannot run everything; empty where they are named.
    int rounds = 1;
    QStringList files; ///< To save the comparison to, each in the format that its name asks for.
    bool showProgress = true;

    static void addTo(QCommandLineParser &parser);
    /// \param problem  set when they make no sense. \param parser  of a command that has --compare
    static CompareOptions read(const QCommandLineParser &parser, QString *problem);
};

/// Runs the same work in several ways and prints what came of it.
class CompareCommand final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CompareCommand)
public:
    CompareCommand(const JobSpec &job, const CompareOptions &options);

    /// What is wrong with the job of any contestant; empty when nothing is.
    static QList<JobProblem> check(const JobSpec &job, const CompareOptions &options);
    /// Leaves out of a preset what cannot do this job, and says so.
    static void leaveOut(const JobSpec &job, CompareOptions &options);
    /// False when a file cannot be written: nothing was started then.
    bool start();
    void stopForSignal(int signal);

Q_SIGNALS:
    void ended(int status);

private:
    void conclude();
    int statusOfRuns() const;

    const CompareOptions m_options;
    ComparisonRunner m_runner;
    QTimer m_progressTimer;
    ProgressLine m_progress;
    int m_signal = 0;
};

} // namespace Poolscope
