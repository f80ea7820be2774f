// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/colourkey.h"

#include "ui/theme/theme.h"

#include <QPainter>

namespace Poolscope {

namespace {

constexpr int rampWidth = 72;
constexpr int rampHeight = 10;

} // namespace

ColourKey::ColourKey(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setToolTip(tr("An item has the colour of its place in the input, here and in the streams"));
}

QSize ColourKey::sizeHint() const
{
    const QFontMetrics metrics(Theme::smallFont());
    return {metrics.horizontalAdvance(tr("first item") + tr("last")) + rampWidth + 2 * Theme::space,
            metrics.height()};
}

void ColourKey::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setFont(Theme::smallFont());
    painter.setPen(Theme::quietText());
    const int left = painter.fontMetrics().horizontalAdvance(tr("first item")) + Theme::space;
    painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter, tr("first item"));
    painter.drawText(rect().adjusted(left + rampWidth + Theme::space, 0, 0, 0),
                     Qt::AlignLeft | Qt::AlignVCenter, tr("last"));
    for (int x = 0; x < rampWidth; ++x)
        painter.fillRect(left + x, (height() - rampHeight) / 2, 1, rampHeight,
                         Theme::itemColor(double(x) / (rampWidth - 1)));
}

} // namespace Poolscope
