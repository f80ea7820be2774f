// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QString>

namespace Poolscope::Builtin {

/// \throws FileNotFoundError, IsADirectoryError, or ValueError for a file that is no image
QImage readImage(const QString &path);

/// Writes the whole file or nothing, and makes the folder if need be.
/// \param format  png or jpg
void writeImage(const QImage &image, const QString &path, const QByteArray &format);

/// Makes a thumbnail of an image file; \returns the path of what it wrote.
QString writeThumbnail(const QString &path, const QString &folder, int size);

/// A picture of gradients and shapes that depends on the number alone.
QImage paintSample(qint64 number, const QSize &size);

} // namespace Poolscope::Builtin
