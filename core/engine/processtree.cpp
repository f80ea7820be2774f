// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/processtree.h"

#include <QByteArray>
#include <QDir>
#include <QFile>

namespace Poolscope {

namespace {

QByteArray readProc(const QString &name)
{
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void append(std::vector<std::int64_t> &found, std::int64_t pid)
{
    const QDir threads(QStringLiteral("/proc/%1/task").arg(pid));
    const QStringList names = threads.entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &thread : names) {
        const QList<QByteArray> children =
            readProc(threads.filePath(thread + QStringLiteral("/children"))).simplified().split(' ');
        for (const QByteArray &child : children)
            if (const std::int64_t one = child.toLongLong(); one > 0) {
                found.push_back(one);
                append(found, one);
            }
    }
}

} // namespace

std::vector<std::int64_t> descendants(std::int64_t pid)
{
    std::vector<std::int64_t> found;
    append(found, pid);
    return found;
}

} // namespace Poolscope
