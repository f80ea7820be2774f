// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/builtin/imagefile.h"

#include <QLinearGradient>
#include <QPainter>
#include <QRadialGradient>
#include <QRandomGenerator>

namespace Poolscope::Builtin {

namespace {

QColor colour(QRandomGenerator &random, int hue, int alpha)
{
    return QColor::fromHsv((hue + random.bounded(60)) % 360, 90 + random.bounded(120),
                           150 + random.bounded(100), alpha);
}

void paintDisc(QPainter &painter, QRandomGenerator &random, int hue, const QSize &size)
{
    const QPointF centre(random.bounded(size.width()), random.bounded(size.height()));
    const double radius = (0.04 + random.bounded(0.22)) * std::min(size.width(), size.height());
    QRadialGradient gradient(centre, radius, centre - QPointF(radius, radius) / 3);
    gradient.setColorAt(0, colour(random, hue, 235));
    gradient.setColorAt(1, colour(random, hue + 40, 120));
    painter.setBrush(gradient);
    painter.drawEllipse(centre, radius, radius);
}

} // namespace

QImage paintSample(qint64 number, const QSize &size)
{
    const quint32 seed[] = {quint32(number), quint32(quint64(number) >> 32), 0x9e3779b9U};
    QRandomGenerator random(seed, std::size(seed));
    const int hue = random.bounded(360);

    QImage image(size, QImage::Format_RGB32);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    QLinearGradient sky(0, 0, random.bounded(size.width()), size.height());
    sky.setColorAt(0, colour(random, hue, 255));
    sky.setColorAt(1, colour(random, hue + 150, 255));
    painter.fillRect(image.rect(), sky);
    const int discs = 12 + random.bounded(12);
    for (int i = 0; i < discs; ++i)
        paintDisc(painter, random, hue + 20 * i, size);
    return image;
}

} // namespace Poolscope::Builtin
