// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commandline/overwriting.h"

#include "core/tasks/taskcatalog.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

#include <sys/stat.h>

namespace Poolscope {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Poolscope::Overwriting", text);
}

/// By the file itself, whatever its names: a hard link is the same file.
bool isSameFile(const QString &a, const QString &b)
{
    struct stat one = {};
    struct stat other = {};
    return ::stat(QFile::encodeName(a).constData(), &one) == 0 &&
           ::stat(QFile::encodeName(b).constData(), &other) == 0 && S_ISREG(one.st_mode) &&
           one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/// Also of files that are not there yet.
bool isSameOutput(const QString &a, const QString &b)
{
    return isSameFile(a, b) || QFileInfo(a).absoluteFilePath() == QFileInfo(b).absoluteFilePath();
}

} // namespace

QString findOverwriting(const JobSpec &job, const QList<NamedOutput> &outputs)
{
    const QString task =
        job.commandTemplate.isEmpty() ? findTask(job.task, job.parameters).spec.file : QString();
    for (qsizetype i = 0; i < outputs.size(); ++i) {
        const auto &[option, file] = outputs[i];
        if (file.isEmpty() || file == QLatin1String("-"))
            continue;
        if (isSameFile(job.input, file))
            return tr("--%1: %2 is the input; writing to it would destroy it").arg(option, file);
        if (isSameFile(task, file))
            return tr("--%1: %2 is the task's file; writing to it would destroy it").arg(option, file);
        for (qsizetype j = 0; j < i; ++j)
            if (isSameOutput(outputs[j].file, file))
                return outputs[j].option == option ? tr("--%1: %2 is named twice").arg(option, file)
                                                   : tr("--%1: %2 is the file of --%3 too; name another one")
                                                         .arg(option, file, outputs[j].option);
    }
    return {};
}

} // namespace Poolscope
