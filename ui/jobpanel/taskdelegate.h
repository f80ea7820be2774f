// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace Poolscope {

/// A task in the list: its name, the file it comes from, and below them what it does.
class TaskDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TaskDelegate)

public:
    enum Role
    {
        TitleRole = Qt::UserRole, ///< The function, or the built-in name.
        OriginRole,               ///< The file's name; empty for built-in tasks.
        DescriptionRole,
    };

    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace Poolscope
