// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/itemdelegates.h"

namespace Poolscope {

/// Rows of calls: the state as glyph and word, those that wait paler than those that are done.
class CallDelegate final : public TextDelegate
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CallDelegate)

public:
    explicit CallDelegate(QObject *parent = nullptr);
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
};

/// Lines of a pool's log: what was raised in the colour of problems.
class PoolLogDelegate final : public TextDelegate
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PoolLogDelegate)

public:
    explicit PoolLogDelegate(QObject *parent = nullptr);
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
};

} // namespace Poolscope
