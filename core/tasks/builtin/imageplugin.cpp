// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/builtin/imageplugin.h"

#include "core/tasks/builtin/imagefile.h"
#include "core/tasks/builtin/values.h"

#include <QDir>

namespace Poolscope::Builtin {

namespace {

/// Qt refuses to read back images beyond 256 MB, which this is at four bytes a pixel.
constexpr qint64 longestEdge = 8192;

int pixels(const QJsonObject &parameters, QLatin1String name)
{
    const qint64 value = toInteger(parameters.value(name));
    if (value < 1 || value > longestEdge)
        raise("ValueError", QStringLiteral("parameter \"%1\" must be from 1 to %2, not %3")
                                .arg(name)
                                .arg(longestEdge)
                                .arg(value));
    return int(value);
}

TaskFunction makeThumbnail(const QJsonObject &parameters)
{
    const QString folder = parameters.value(QLatin1String("folder")).toString();
    const int size = pixels(parameters, QLatin1String("size"));
    return [folder, size](Arguments arguments) {
        return QJsonValue(writeThumbnail(toText(arguments[0], "the path of an image file"), folder, size));
    };
}

TaskFunction makeSampleImage(const QJsonObject &parameters)
{
    QString folder = parameters.value(QLatin1String("folder")).toString();
    if (folder.isEmpty())
        folder = QDir::temp().absoluteFilePath(QStringLiteral("poolscope-samples"));
    const QSize size(pixels(parameters, QLatin1String("width")), pixels(parameters, QLatin1String("height")));
    const QString format = parameters.value(QLatin1String("format")).toString().toLower();
    if (format != QLatin1String("png") && format != QLatin1String("jpg"))
        raise("ValueError",
              QStringLiteral("parameter \"format\" must be png or jpg, not \"%1\"").arg(format));
    return [folder, size, format](Arguments arguments) {
        const qint64 number = toInteger(arguments[0]);
        const QString name = QStringLiteral("sample-%1.%2").arg(number, 6, 10, QLatin1Char('0')).arg(format);
        const QString path = QDir(folder).absoluteFilePath(name);
        writeImage(paintSample(number, size), path, format.toLatin1());
        return QJsonValue(path);
    };
}

} // namespace

TaskFunction ImagePlugin::function(const QString &name, const QJsonObject &parameters)
{
    if (name == QLatin1String("thumbnail"))
        return makeThumbnail(parameters);
    if (name == QLatin1String("sample_image"))
        return makeSampleImage(parameters);
    return {};
}

} // namespace Poolscope::Builtin
