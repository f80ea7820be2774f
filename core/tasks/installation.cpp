// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/installation.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <dlfcn.h>

namespace Poolscope::Installation {

namespace {

QString below(const char *path)
{
    return prefix() + QLatin1Char('/') + QLatin1String(path);
}

QString findPrefix();

/// Where the shared library with this code was installed, wherever it was moved since. Empty when the code is
/// part of the program itself.
QString prefixOfLibrary(const QString &program)
{
    Dl_info info;
    if (dladdr(reinterpret_cast<const void *>(&findPrefix), &info) == 0)
        return {};
    const QFileInfo library(QFileInfo(QFile::decodeName(info.dli_fname)).canonicalFilePath());
    if (library.filePath().isEmpty() || library.filePath() == program)
        return {};
    return QDir::cleanPath(library.path() + QStringLiteral("/" POOLSCOPE_LIBRARY_TO_PREFIX));
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
    // The last two are for other people's programs, which use the library.
    for (const QString &found : {beside, prefixOfLibrary(program), QStringLiteral(POOLSCOPE_INSTALL_PREFIX)})
        if (!found.isEmpty() && QFileInfo::exists(found + QStringLiteral("/bin/poolscope-worker")))
            return found;
    return beside;
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

QString pythonModule()
{
    return below("lib/poolscope/python/_poolscope_items.abi3.so");
}

QString pythonInspector()
{
    return below("share/poolscope/python/poolscope_inspector.py");
}

QString pythonRecording()
{
    return below("share/poolscope/python/poolscope_recording.py");
}

QString samplesFolder()
{
    return below("share/poolscope/samples");
}

} // namespace Poolscope::Installation
