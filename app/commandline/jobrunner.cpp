// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commandline/jobrunner.h"

#include "app/commandline/exitstatus.h"
#include "app/commandline/summary.h"

#include <QJsonDocument>
#include <QSaveFile>

#include <cstdio>

#include <unistd.h>

namespace Poolscope {

namespace {

constexpr int progressMilliseconds = 200;
constexpr int silenceMilliseconds = 1000;
/// A consumer that has stopped reading our output must not keep us after a signal.
constexpr int signalPatienceMilliseconds = 2500;

QString describeError(const ItemRecord &record)
{
    const QJsonObject error = QJsonDocument::fromJson(QByteArray::fromStdString(record.value)).object();
    const QString traceback = error.value(QStringLiteral("traceback")).toString().trimmed();
    QString text = JobRunner::tr("item %1: %2: %3")
                       .arg(record.index)
                       .arg(error.value(QStringLiteral("type")).toString(),
                            error.value(QStringLiteral("message")).toString());
    if (!traceback.isEmpty())
        text += QLatin1Char('\n') + traceback;
    return text;
}

} // namespace

void printMessage(const QString &message)
{
    std::fprintf(stderr, "poolscope-run: %s\n", message.toLocal8Bit().constData());
}

JobRunner::JobRunner(const JobSpec &spec, const RunnerOptions &options) : m_spec(spec), m_options(options)
{
    m_progressTimer.setInterval(progressMilliseconds);
    connect(&m_progressTimer, &QTimer::timeout, this,
            [this] { m_progress.show(progressText(m_run->snapshot())); });
    m_silenceTimer.setInterval(silenceMilliseconds);
    connect(&m_silenceTimer, &QTimer::timeout, this, [this] {
        for (const QString &text : m_silences.observe(m_run->snapshot())) {
            m_progress.clear();
            printMessage(text);
        }
    });
}

JobRunner::~JobRunner() = default;

bool JobRunner::start()
{
    if (!m_output.open(m_options.output)) {
        printMessage(QStringLiteral("--output: %1").arg(m_output.error()));
        return false;
    }
    if (!m_options.trace.isEmpty() && !m_trace.open(m_options.trace)) {
        printMessage(QStringLiteral("--trace: %1").arg(m_trace.error()));
        discardOutputs();
        return false;
    }
    if (!m_options.taskOutput.isEmpty() && !m_taskOutput.open(m_options.taskOutput)) {
        printMessage(QStringLiteral("--task-output: %1").arg(m_taskOutput.error()));
        discardOutputs();
        return false;
    }
    if (!m_options.summary.isEmpty()) {
        QSaveFile probe(m_options.summary);
        if (!probe.open(QIODevice::WriteOnly)) {
            printMessage(
                tr("--summary: %1 cannot be written: %2").arg(m_options.summary, probe.errorString()));
            discardOutputs();
            return false;
        }
        probe.cancelWriting();
    }
    m_taskOutput.whenBroken([this] {
        QMetaObject::invokeMethod(
            this, [this] { m_run->stop(); }, Qt::QueuedConnection);
    });
    m_run = Run::start(m_spec, {.sink = this, .outputSink = m_taskOutput.isOpen() ? &m_taskOutput : nullptr});
    if (m_options.showProgress && ProgressLine::isWanted())
        m_progressTimer.start();
    if (m_options.showProgress)
        m_silenceTimer.start();
    m_run->whenOver([this] { QMetaObject::invokeMethod(this, &JobRunner::conclude, Qt::QueuedConnection); });
    return true;
}

void JobRunner::discardOutputs()
{
    m_output.discard();
    m_trace.discard();
    m_taskOutput.discard();
}

void JobRunner::stopForSignal(int signal)
{
    if (m_signal != 0)
        return;
    m_signal = signal;
    m_run->stop();
    auto *patience = new QTimer(this);
    connect(patience, &QTimer::timeout, this, [this, last = m_run->snapshot().delivered]() mutable {
        if (const std::uint64_t delivered = m_run->snapshot().delivered; delivered != last)
            last = delivered;
        else
            ::_exit(128 + m_signal);
    });
    patience->start(signalPatienceMilliseconds);
}

bool JobRunner::deliver(std::span<const ItemRecord> records)
{
    for (const ItemRecord &record : records) {
        appendRecord(m_output.lines(), record, m_options.format);
        if (record.status != ItemStatus::Ok)
            noteFailure(record);
        if (!m_output.flushIfLarge())
            break;
    }
    // What is delivered is seen at once by whoever reads us; a flood comes in batches, each a large one.
    bool good = m_output.error().isEmpty() && m_output.flush();
    if (m_trace.isOpen())
        good = m_trace.add(records) && good;
    m_outputFailed = !good;
    return good;
}

void JobRunner::noteFailure(const ItemRecord &record)
{
    const bool raised = record.status == ItemStatus::Error || record.status == ItemStatus::Lost;
    if (raised && (!m_lowestFailure || record.index < m_lowestFailure->index))
        m_lowestFailure = record;
}

void JobRunner::reportFailures() const
{
    if (!m_lowestFailure)
        return;
    const RunSnapshot figures = m_run->snapshot();
    if (m_spec.onError == OnError::Raise && deliveryOf(m_spec.method) == Delivery::AllAtEnd)
        printMessage(
            tr("%1 raised: %2")
                .arg(QString::fromLatin1(methodName(m_spec.method).data()), describeError(*m_lowestFailure)));
    else
        printMessage(tr("%1 of %2 items failed; the first is %3")
                         .arg(figures.items.failed())
                         .arg(figures.items.read)
                         .arg(describeError(*m_lowestFailure)));
}

int JobRunner::writeOutputs()
{
    int status = 0;
    if (!m_output.close()) {
        printMessage(QStringLiteral("--output: %1").arg(m_output.error()));
        status = int(ExitStatus::InputOutput);
    }
    if (!m_trace.close()) {
        printMessage(QStringLiteral("--trace: %1").arg(m_trace.error()));
        status = int(ExitStatus::InputOutput);
    }
    if (!m_taskOutput.close()) {
        printMessage(QStringLiteral("--task-output: %1").arg(m_taskOutput.error()));
        status = int(ExitStatus::InputOutput);
    }
    if (!m_options.summary.isEmpty()) {
        QSaveFile file(m_options.summary);
        if (!file.open(QIODevice::WriteOnly) || file.write(QJsonDocument(summaryOf(*m_run)).toJson()) < 0 ||
            !file.commit()) {
            printMessage(
                tr("--summary: %1 cannot be written: %2").arg(m_options.summary, file.errorString()));
            status = int(ExitStatus::InputOutput);
        }
    }
    return status;
}

void JobRunner::conclude()
{
    m_silenceTimer.stop();
    m_progressTimer.stop();
    m_progress.clear();
    const auto failure = m_run->failure();
    const RunSnapshot figures = m_run->snapshot();
    const ItemCounts &items = figures.items;
    const bool allOk = items.ok == items.read && figures.phase != RunPhase::Stopped;
    int status = allOk ? int(ExitStatus::AllOk) : int(ExitStatus::SomeNotOk);
    if (failure) {
        printMessage(QStringLiteral("--%1: %2").arg(failure->option, failure->message));
        status = statusOf(*failure);
        if (items.read == 0)
            discardOutputs();
    }
    if (m_spec.resume && !failure)
        printMessage(tr("%1 of %2 outcomes came from %3")
                         .arg(m_run->snapshot().journaled)
                         .arg(items.read)
                         .arg(m_spec.journal));
    if (!figures.halted.empty())
        printMessage(tr("halted: %1; %2 items were not run, %3 were cancelled")
                         .arg(QString::fromStdString(figures.halted))
                         .arg(items.notRun)
                         .arg(items.cancelled));
    reportFailures();
    if (const int outputs = writeOutputs(); outputs != 0 && status <= int(ExitStatus::SomeNotOk))
        status = outputs;
    Q_EMIT ended(m_signal != 0 ? 128 + m_signal : status);
}

} // namespace Poolscope
