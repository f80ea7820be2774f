// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProxyStyle>

namespace Poolscope {

/// Fusion with scroll bars that are no more than a bar: without arrows and gradients, which beside the data
/// are the loudest thing on the page, and took as long to paint as the timeline.
class QuietStyle final : public QProxyStyle
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(QuietStyle)

public:
    QuietStyle();

    void drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter,
                            const QWidget *widget) const override;
    QRect subControlRect(ComplexControl control, const QStyleOptionComplex *option, SubControl part,
                         const QWidget *widget) const override;
};

} // namespace Poolscope
