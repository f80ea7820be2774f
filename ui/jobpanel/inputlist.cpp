// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobpanel/inputlist.h"

#include "ui/theme/theme.h"

#include <QPainter>

namespace Poolscope {

namespace {
constexpr int visibleLines = 5;
}

InputList::InputList(QWidget *parent) : QListView(parent)
{
    setModel(&m_items);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setSelectionMode(QAbstractItemView::NoSelection);
    setUniformItemSizes(true);
    setTextElideMode(Qt::ElideRight);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    setFrameShape(QFrame::NoFrame);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
}

void InputList::setItems(const QStringList &items)
{
    m_items.setStringList(items);
}

void InputList::setEmptyText(const QString &text)
{
    m_emptyText = text;
    viewport()->update();
}

QSize InputList::sizeHint() const
{
    return {100, visibleLines * (fontMetrics().height() + 2) + 2 * frameWidth() + Theme::spaceSmall};
}

QSize InputList::minimumSizeHint() const
{
    return sizeHint();
}

void InputList::paintEvent(QPaintEvent *event)
{
    QListView::paintEvent(event);
    if (m_items.rowCount() > 0)
        return;
    QPainter painter(viewport());
    painter.setPen(Theme::quietText());
    painter.setFont(Theme::smallFont());
    painter.drawText(
        viewport()->rect().marginsRemoved({Theme::space, Theme::space, Theme::space, Theme::space}),
        Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
}

} // namespace Poolscope
