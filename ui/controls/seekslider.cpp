// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/controls/seekslider.h"

#include <QMouseEvent>
#include <QStyle>
#include <QStyleOptionSlider>

namespace Poolscope {

SeekSlider::SeekSlider(QWidget *parent) : QSlider(Qt::Horizontal, parent) {}

void SeekSlider::mousePressEvent(QMouseEvent *event)
{
    QStyleOptionSlider option;
    initStyleOption(&option);
    const auto part = [&](QStyle::SubControl control) {
        return style()->subControlRect(QStyle::CC_Slider, &option, control, this);
    };
    const QRect handle = part(QStyle::SC_SliderHandle);
    const QRect groove = part(QStyle::SC_SliderGroove);
    if (event->button() == Qt::LeftButton && !handle.contains(event->position().toPoint()))
        setSliderPosition(QStyle::sliderValueFromPosition(
            minimum(), maximum(), qRound(event->position().x()) - groove.left() - handle.width() / 2,
            groove.width() - handle.width(), option.upsideDown));
    // The handle is under the pointer now, and follows it.
    QSlider::mousePressEvent(event);
}

} // namespace Poolscope
