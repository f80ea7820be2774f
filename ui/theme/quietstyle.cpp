// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/quietstyle.h"

#include "ui/theme/theme.h"

#include <QPainter>
#include <QStyleFactory>
#include <QStyleOptionSlider>

#include <algorithm>

namespace Poolscope {

namespace {

constexpr int shortestHandle = 24;
constexpr int handleMargin = 3;

int handleLength(const QStyleOptionSlider &bar, int room)
{
    const qint64 range = qint64(bar.maximum) - bar.minimum;
    if (range <= 0)
        return room;
    const qint64 length = qint64(bar.pageStep) * room / (range + bar.pageStep);
    return std::clamp(int(length), std::min(shortestHandle, room), room);
}

} // namespace

QuietStyle::QuietStyle() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) {}

QRect QuietStyle::subControlRect(ComplexControl control, const QStyleOptionComplex *option, SubControl part,
                                 const QWidget *widget) const
{
    const auto *const bar = qstyleoption_cast<const QStyleOptionSlider *>(option);
    if (control != CC_ScrollBar || !bar)
        return QProxyStyle::subControlRect(control, option, part, widget);
    const bool isUpright = bar->orientation == Qt::Vertical;
    const QRect all = bar->rect;
    const int room = isUpright ? all.height() : all.width();
    const int length = handleLength(*bar, room);
    const int start = sliderPositionFromValue(bar->minimum, bar->maximum, bar->sliderPosition, room - length,
                                              bar->upsideDown);
    const auto stretch = [&](int from, int size) {
        const QRect rect = isUpright ? QRect(all.left(), all.top() + from, all.width(), size)
                                     : QRect(all.left() + from, all.top(), size, all.height());
        return visualRect(bar->direction, all, rect);
    };
    switch (part) {
    case SC_ScrollBarGroove:
        return all;
    case SC_ScrollBarSlider:
        return stretch(start, length);
    case SC_ScrollBarSubPage:
        return stretch(0, start);
    case SC_ScrollBarAddPage:
        return stretch(start + length, room - start - length);
    default:
        return {};
    }
}

void QuietStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex *option,
                                    QPainter *painter, const QWidget *widget) const
{
    const auto *const bar = qstyleoption_cast<const QStyleOptionSlider *>(option);
    if (control != CC_ScrollBar || !bar) {
        QProxyStyle::drawComplexControl(control, option, painter, widget);
        return;
    }
    painter->fillRect(bar->rect, bar->palette.color(QPalette::Base));
    // Always there, or columns would jump; a handle only where there is something to scroll.
    if (bar->maximum <= bar->minimum)
        return;
    const bool isHeld =
        bar->state.testFlag(State_Sunken) && bar->activeSubControls.testFlag(SC_ScrollBarSlider);
    const bool isPointedAt = bar->state.testFlag(State_MouseOver);
    const QRect handle = subControlRect(control, option, SC_ScrollBarSlider, widget);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(isHeld || isPointedAt ? Theme::quietText() : bar->palette.color(QPalette::Mid));
    const QRectF body = QRectF(handle).adjusted(handleMargin, 1, -handleMargin, -1);
    const QRectF lying = QRectF(handle).adjusted(1, handleMargin, -1, -handleMargin);
    const QRectF &shape = bar->orientation == Qt::Vertical ? body : lying;
    const double radius = std::min(shape.width(), shape.height()) / 2;
    painter->drawRoundedRect(shape, radius, radius);
    painter->restore();
}

} // namespace Poolscope
