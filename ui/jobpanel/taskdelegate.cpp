// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobpanel/taskdelegate.h"

#include "ui/theme/theme.h"

#include <QApplication>
#include <QPainter>
#include <QStyle>

namespace Poolscope {

void TaskDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                         const QModelIndex &index) const
{
    painter->save();
    const bool isSelected = option.state.testFlag(QStyle::State_Selected);
    painter->fillRect(option.rect, isSelected ? option.palette.highlight() : option.palette.base());
    const QColor strong = option.palette.color(isSelected ? QPalette::HighlightedText : QPalette::Text);
    const QColor quiet = isSelected ? strong : Theme::quietText();

    const QRect inside =
        option.rect.adjusted(Theme::space, Theme::spaceSmall, -Theme::space, -Theme::spaceSmall);
    const QFontMetrics metrics(option.font);
    const QRect titleLine(inside.left(), inside.top(), inside.width(), metrics.height());
    const QString title = index.data(TitleRole).toString();
    painter->setFont(option.font);
    painter->setPen(strong);
    painter->drawText(titleLine, Qt::AlignLeft | Qt::AlignVCenter,
                      metrics.elidedText(title, Qt::ElideRight, titleLine.width()));

    const int used = metrics.horizontalAdvance(title) + Theme::spaceLarge;
    const QString origin = index.data(OriginRole).toString();
    if (!origin.isEmpty() && used < titleLine.width()) {
        painter->setPen(quiet);
        painter->drawText(titleLine.adjusted(used, 0, 0, 0), Qt::AlignRight | Qt::AlignVCenter,
                          metrics.elidedText(origin, Qt::ElideMiddle, titleLine.width() - used));
    }

    const QFont small = Theme::smallFont();
    const QFontMetrics smallMetrics(small);
    const QRect descriptionLine(inside.left(), titleLine.bottom() + 1, inside.width(), smallMetrics.height());
    painter->setFont(small);
    painter->setPen(quiet);
    painter->drawText(descriptionLine, Qt::AlignLeft | Qt::AlignVCenter,
                      smallMetrics.elidedText(index.data(DescriptionRole).toString(), Qt::ElideRight,
                                              descriptionLine.width()));
    painter->restore();
}

QSize TaskDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    const int height = QFontMetrics(option.font).height() + QFontMetrics(Theme::smallFont()).height();
    return {QFontMetrics(option.font).averageCharWidth() * 60, height + 2 * Theme::spaceSmall + 1};
}

} // namespace Poolscope
