// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/submit/calldelegate.h"

#include "ui/models/callsmodel.h"
#include "ui/models/poollogmodel.h"
#include "ui/theme/theme.h"

namespace Poolscope {

CallDelegate::CallDelegate(QObject *parent) : TextDelegate(parent) {}

void CallDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                         const QModelIndex &index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    const auto state = AsyncResult::State(index.data(CallsModel::StateRole).toInt());
    if (state == AsyncResult::State::Pending)
        cell.palette.setColor(QPalette::Text, Theme::quietText());
    if (index.column() != CallsModel::State) {
        paintCell(painter, cell);
        return;
    }
    switch (state) {
    case AsyncResult::State::Pending:
        paintWithGlyph(painter, cell, Theme::State::Waiting);
        break;
    case AsyncResult::State::Running:
        paintWithGlyph(painter, cell, Theme::State::Running);
        break;
    case AsyncResult::State::Ready:
        paintWithGlyph(painter, cell, stateOf(ItemStatus(index.data(CallsModel::StatusRole).toInt())));
        break;
    }
}

PoolLogDelegate::PoolLogDelegate(QObject *parent) : TextDelegate(parent) {}

void PoolLogDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                            const QModelIndex &index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    if (index.column() == PoolLogModel::Text && index.data(PoolLogModel::RaisedRole).toBool())
        cell.palette.setColor(QPalette::Text, Theme::problemText());
    paintCell(painter, cell);
}

} // namespace Poolscope
