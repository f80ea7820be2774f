// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/installation.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace Poolscope::Installation {

namespace {

QString below(const char *path)
{
    return prefix() + QLatin1Char('/') + QLatin1String(path);
}

QString findPrefix()
{
    const QString home = qEnvironmentVariable("POOLSCOPE_HOME");
    if (!home.isEmpty())
        return QDir(home).absolutePath();
    // Not QCoreApplication::applicationDirPath(): that needs an application object, which the worker does
    // without to start faster.
    const QString program = QFile::symLinkTarget(QStringLiteral("/proc/self/exe"));
    const QString beside = QDir::cleanPath(QFileInfo(program).absolutePath() + QStringLiteral("/.."));
    if (QFileInfo::exists(beside + QStringLiteral("/bin/poolscope-worker")))
        return beside;
    // A program elsewhere that uses the library.
    const QString installed = QStringLiteral(POOLSCOPE_INSTALL_PREFIX);
    return QFileInfo::exists(installed + QStringLiteral("/bin/poolscope-worker")) ? installed : beside;
}

} // namespace

QString prefix()
{
    static const QString path = findPrefix();
    return path;
}

QString workerProgram()
{
    return below("bin/poolscope-worker");
}

QString taskPluginFolder()
{
    return below("lib/poolscope/tasks");
}

QString pythonFolder()
{
    return below("share/poolscope/python");
}

QString pythonWorker()
{
    return below("share/poolscope/python/poolscope_worker.py");
}

QString pythonInspector()
{
    return below("share/poolscope/python/poolscope_inspector.py");
}

QString samplesFolder()
{
    return below("share/poolscope/samples");
}

} // namespace Poolscope::Installation
