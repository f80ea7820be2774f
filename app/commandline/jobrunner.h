// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/commandline/outputfile.h"
#include "app/commandline/progressline.h"
#include "app/commandline/silencereport.h"
#include "app/commandline/taskoutputwriter.h"
#include "app/commandline/tracewriter.h"
#include "core/pool/recordwriter.h"
#include "core/pool/run.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <memory>
#include <optional>

namespace Poolscope {

struct RunnerOptions
{
    QString output = QStringLiteral("-");
    RecordFormat format = RecordFormat::Records;
    QString summary;    ///< File; empty: none.
    QString trace;      ///< File; empty: none.
    QString taskOutput; ///< File; empty: none.
    bool showProgress = true;
};

/// Runs one job, writes its records and figures, and says how it went.
class JobRunner final : public QObject, private ResultSink
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JobRunner)
public:
    JobRunner(const JobSpec &spec, const RunnerOptions &options);
    ~JobRunner() override;

    /// False when an output cannot be written: nothing was started then.
    bool start();
    void stopForSignal(int signal);

Q_SIGNALS:
    void ended(int status);

private:
    bool deliver(std::span<const ItemRecord> records) override;
    void noteFailure(const ItemRecord &record);
    void conclude();
    int writeOutputs();
    void reportFailures() const;
    void discardOutputs();

    const JobSpec m_spec;
    const RunnerOptions m_options;
    OutputFile m_output;
    TraceWriter m_trace;
    TaskOutputWriter m_taskOutput;
    ProgressLine m_progress;
    QTimer m_progressTimer;
    SilenceReport m_silences;
    QTimer m_silenceTimer;
    int m_signal = 0;

    // Written by the consumer thread, read when the run is over.
    bool m_outputFailed = false;
    std::optional<ItemRecord> m_lowestFailure;

    std::unique_ptr<Run> m_run; // last: it uses the sink
};

/// "poolscope-run: MESSAGE" on standard error.
void printMessage(const QString &message);

} // namespace Poolscope
