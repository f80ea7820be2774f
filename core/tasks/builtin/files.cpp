// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/builtin/files.h"

#include "core/tasks/builtin/values.h"

#include <QCryptographicHash>
#include <QFile>
#include <QFileInfo>

namespace Poolscope::Builtin {

namespace {

/// QChar::isSpace() lacks the four information separators that Python counts as white space.
bool isSpace(QChar c)
{
    return c.isSpace() || (c.unicode() >= 0x1c && c.unicode() <= 0x1f);
}

} // namespace

qint64 countWords(const QString &line)
{
    qint64 words = 0;
    bool inWord = false;
    for (const QChar c : line) {
        const bool space = isSpace(c);
        words += !space && !inWord ? 1 : 0;
        inWord = !space;
    }
    return words;
}

QString sha256(const QString &path)
{
    const QFileInfo info(path);
    if (!info.exists())
        raise("FileNotFoundError", QStringLiteral("[Errno 2] No such file or directory: '%1'").arg(path));
    if (info.isDir())
        raise("IsADirectoryError", QStringLiteral("[Errno 21] Is a directory: '%1'").arg(path));
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered)) {
        if (file.error() == QFileDevice::PermissionsError || !info.isReadable())
            raise("PermissionError", QStringLiteral("[Errno 13] Permission denied: '%1'").arg(path));
        raise("OSError", QStringLiteral("%1: %2").arg(path, file.errorString()));
    }
    QCryptographicHash hash(QCryptographicHash::Sha256);
    if (!hash.addData(&file))
        raise("OSError", QStringLiteral("%1: %2").arg(path, file.errorString()));
    return QString::fromLatin1(hash.result().toHex());
}

} // namespace Poolscope::Builtin
