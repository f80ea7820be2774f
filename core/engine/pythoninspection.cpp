// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/pythoninspection.h"

#include "core/tasks/installation.h"

#include <signal.h>

namespace Poolscope {

PythonInspection::PythonInspection(QObject *parent) : QObject(parent)
{
    connect(&m_process, &QProcess::finished, this, [this] {
        // What is wrong with the file stands in the answer; without one it is the interpreter that failed.
        const QByteArray output = m_process.readAllStandardOutput();
        if (!output.isEmpty())
            Q_EMIT finished(output);
        else
            Q_EMIT failed(
                tr("%1 could not read the file: %2")
                    .arg(m_process.program(), QString::fromUtf8(m_process.readAllStandardError()).trimmed()));
    });
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            Q_EMIT failed(
                tr("The Python interpreter %1 cannot be started: %2. Install python3, or name another "
                   "interpreter.")
                    .arg(m_process.program(), m_process.errorString()));
    });
}

PythonInspection::~PythonInspection()
{
    // QProcess would wait for a process that goes on.
    m_process.disconnect(this);
    if (m_process.processId() > 0)
        ::kill(pid_t(m_process.processId()), SIGKILL);
}

void PythonInspection::start(const QString &file, const QString &python)
{
    m_process.setStandardInputFile(QProcess::nullDevice());
    m_process.start(python.isEmpty() ? QStringLiteral("python3") : python,
                    {Installation::pythonInspector(), file});
}

} // namespace Poolscope
