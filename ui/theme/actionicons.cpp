// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/actionicons.h"

#include <QPainter>
#include <QPainterPath>
#include <QPixmap>

namespace Poolscope {

namespace {

// Drawn on a square of 16 units.
constexpr double units = 16;

QPixmap draw(ActionSign sign, const QColor &color, int pixels)
{
    QPixmap pixmap(pixels, pixels);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(pixels / units, pixels / units);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    switch (sign) {
    case ActionSign::Run:
        painter.drawPolygon(QPolygonF({{4, 2.5}, {13, 8}, {4, 13.5}}));
        break;
    case ActionSign::Pause:
        painter.drawRect(QRectF(4, 3, 3, 10));
        painter.drawRect(QRectF(9, 3, 3, 10));
        break;
    case ActionSign::Stop:
        painter.drawRect(QRectF(3.5, 3.5, 9, 9));
        break;
    case ActionSign::ToBegin:
        painter.drawRect(QRectF(3, 3, 2, 10));
        painter.drawPolygon(QPolygonF({{13, 3}, {5.5, 8}, {13, 13}}));
        break;
    case ActionSign::StepOn:
        painter.drawPolygon(QPolygonF({{3, 3}, {10.5, 8}, {3, 13}}));
        painter.drawRect(QRectF(11, 3, 2, 10));
        break;
    case ActionSign::Theme: {
        QPainterPath half;
        half.moveTo(8, 2);
        half.arcTo(QRectF(2, 2, 12, 12), 90, 180);
        half.closeSubpath();
        painter.drawPath(half);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(color, 1.5));
        painter.drawEllipse(QRectF(2, 2, 12, 12));
        break;
    }
    }
    return pixmap;
}

} // namespace

QIcon actionIcon(ActionSign sign, const QColor &color)
{
    QColor faded = color;
    faded.setAlphaF(0.4F);
    QIcon icon;
    for (const int pixels : {16, 24, 32, 48, 64}) {
        icon.addPixmap(draw(sign, color, pixels), QIcon::Normal);
        icon.addPixmap(draw(sign, faded, pixels), QIcon::Disabled);
    }
    return icon;
}

} // namespace Poolscope
