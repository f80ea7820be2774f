// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/elidedlabel.h"

#include "ui/models/format.h"

#include <QPainter>

namespace Poolscope {

ElidedLabel::ElidedLabel(QWidget *parent) : QLabel(parent)
{
    setTextFormat(Qt::PlainText);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
}

void ElidedLabel::setFullText(const QString &text, const QString &toolTip)
{
    if (text == this->text())
        return;
    setText(text);
    setToolTip(Format::plainToolTip(toolTip.isEmpty() ? text : toolTip));
}

void ElidedLabel::setElideMode(Qt::TextElideMode mode)
{
    m_elideMode = mode;
    update();
}

QSize ElidedLabel::minimumSizeHint() const
{
    return {0, QLabel::minimumSizeHint().height()};
}

void ElidedLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setPen(palette().color(foregroundRole()));
    painter.drawText(contentsRect(), int(alignment()) | Qt::TextSingleLine,
                     fontMetrics().elidedText(text(), m_elideMode, contentsRect().width()));
}

} // namespace Poolscope
