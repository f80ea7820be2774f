// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/builtin/imagefile.h"

#include "core/tasks/builtin/values.h"

#include <QDir>
#include <QFileInfo>
#include <QImageReader>
#include <QImageWriter>
#include <QSaveFile>

namespace Poolscope::Builtin {

QImage readImage(const QString &path)
{
    const QFileInfo info(path);
    if (!info.exists())
        raise("FileNotFoundError", QStringLiteral("[Errno 2] No such file or directory: '%1'").arg(path));
    if (info.isDir())
        raise("IsADirectoryError", QStringLiteral("[Errno 21] Is a directory: '%1'").arg(path));
    QImageReader reader(path);
    reader.setDecideFormatFromContent(true);
    reader.setAutoTransform(true);
    const QImage image = reader.read();
    if (image.isNull())
        raise("ValueError",
              QStringLiteral("%1 cannot be read as an image: %2").arg(path, reader.errorString()));
    return image;
}

void writeImage(const QImage &image, const QString &path, const QByteArray &format)
{
    const QString folder = QFileInfo(path).absolutePath();
    if (!QDir().mkpath(folder))
        raise("OSError", QStringLiteral("the folder %1 cannot be made").arg(folder));
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        raise("OSError", QStringLiteral("%1 cannot be written: %2").arg(path, file.errorString()));
    QImageWriter writer(&file, format);
    if (!writer.write(image))
        raise("OSError", QStringLiteral("%1 cannot be written: %2").arg(path, writer.errorString()));
    if (!file.commit())
        raise("OSError", QStringLiteral("%1 cannot be written: %2").arg(path, file.errorString()));
}

QString writeThumbnail(const QString &path, const QString &folder, int size)
{
    const QFileInfo source(path);
    QImage image = readImage(path);
    // A thumbnail of a picture that is small already is that picture.
    if (image.width() > size || image.height() > size) {
        const QSize scaled =
            QSizeF(image.size()).scaled(size, size, Qt::KeepAspectRatio).toSize().expandedTo({1, 1});
        image = image.scaled(scaled, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
    }
    const QString into = folder.isEmpty() ? source.absolutePath() + QStringLiteral("/thumbnails") : folder;
    const QByteArray suffix = source.suffix().toLower().toLatin1();
    const bool canWrite = QImageWriter::supportedImageFormats().contains(suffix);
    const QString name = canWrite ? source.fileName() : source.fileName() + QStringLiteral(".png");
    const QFileInfo target(QDir(into).absoluteFilePath(name));
    if (target.exists() && target.canonicalFilePath() == source.canonicalFilePath())
        raise("ValueError",
              QStringLiteral("the thumbnail would overwrite the image %1 itself: choose another folder")
                  .arg(path));
    writeImage(image, target.absoluteFilePath(), canWrite ? suffix : QByteArrayLiteral("png"));
    return target.absoluteFilePath();
}

} // namespace Poolscope::Builtin
