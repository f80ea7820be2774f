// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/itemdelegates.h"

#include "ui/models/failuresmodel.h"
#include "ui/models/resultsmodel.h"
#include "ui/models/workersmodel.h"

#include <QApplication>
#include <QPainter>

#include <algorithm>

namespace Poolscope {

namespace {

constexpr int swatchSize = 11;

QStyle *styleOf(const QStyleOptionViewItem &option)
{
    return option.widget ? option.widget->style() : QApplication::style();
}

} // namespace

TextDelegate::TextDelegate(QObject *parent) : QStyledItemDelegate(parent) {}

Theme::State TextDelegate::stateOf(ItemStatus status)
{
    switch (status) {
    case ItemStatus::Ok:
        return Theme::State::Done;
    case ItemStatus::Error:
        return Theme::State::Error;
    case ItemStatus::Lost:
        return Theme::State::Lost;
    case ItemStatus::NotRun:
        return Theme::State::NotRun;
    case ItemStatus::Cancelled:
        return Theme::State::Cancelled;
    }
    return Theme::State::Done;
}

Theme::State TextDelegate::stateOf(WorkerState state)
{
    switch (state) {
    case WorkerState::Starting:
        return Theme::State::Starting;
    case WorkerState::Waiting:
        return Theme::State::Waiting;
    case WorkerState::Running:
        return Theme::State::Running;
    case WorkerState::Ending:
        return Theme::State::Ending;
    case WorkerState::Gone:
        return Theme::State::Gone;
    }
    return Theme::State::Gone;
}

void TextDelegate::paintWithGlyph(QPainter *painter, QStyleOptionViewItem cell, Theme::State state)
{
    const QString text = cell.text;
    cell.text.clear();
    styleOf(cell)->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);
    const bool selected = cell.state.testFlag(QStyle::State_Selected);
    const QColor textColor =
        cell.palette.color(QPalette::Active, selected ? QPalette::HighlightedText : QPalette::Text);
    const int glyphWidth = cell.fontMetrics.height();
    QRect area = cell.rect.adjusted(Theme::space, 0, -Theme::spaceSmall, 0);
    painter->save();
    painter->setFont(cell.font);
    painter->setPen(selected ? textColor : Theme::color(state));
    painter->drawText(QRect(area.topLeft(), QSize(glyphWidth, area.height())), Qt::AlignCenter,
                      Theme::glyph(state));
    area.setLeft(area.left() + glyphWidth + Theme::spaceSmall);
    painter->setPen(textColor);
    painter->drawText(area, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                      cell.fontMetrics.elidedText(text, Qt::ElideRight, area.width()));
    painter->restore();
}

void TextDelegate::paintCell(QPainter *painter, QStyleOptionViewItem cell)
{
    if (cell.displayAlignment.testFlag(Qt::AlignLeft)) {
        QStyleOptionViewItem background = cell;
        background.text.clear();
        styleOf(cell)->drawControl(QStyle::CE_ItemViewItem, &background, painter, cell.widget);
        cell.rect.adjust(Theme::space, 0, 0, 0);
    }
    styleOf(cell)->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);
}

void TextDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                         const QModelIndex &index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    paintCell(painter, cell);
}

ResultDelegate::ResultDelegate(QObject *parent) : TextDelegate(parent) {}

void ResultDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                           const QModelIndex &index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    const QVariant item = index.data(ResultsModel::ItemIndexRole);
    if (!item.isValid()) {
        paintCell(painter, cell);
        return;
    }
    const bool waits = index.data(ResultsModel::WaitsRole).toBool();
    const auto status = ItemStatus(index.data(ResultsModel::StatusRole).toInt());
    if (waits)
        cell.palette.setColor(QPalette::Text, Theme::quietText());

    const auto *const model = qobject_cast<const ResultsModel *>(index.model());
    const ResultsModel::Field field = model ? model->field(index.column()) : ResultsModel::Field::Took;
    if (field == ResultsModel::Field::Result && status != ItemStatus::Ok) {
        paintWithGlyph(painter, cell, stateOf(status));
        return;
    }
    paintCell(painter, cell);
    if (field != ResultsModel::Field::Item)
        return;
    const double fraction = m_scale > 1 ? double(item.toULongLong()) / double(m_scale - 1) : 0.0;
    const QRectF swatch(cell.rect.left() + Theme::space, cell.rect.center().y() - swatchSize / 2, swatchSize,
                        swatchSize);
    painter->fillRect(swatch, waits ? Theme::waitingItemColor(fraction) : Theme::itemColor(fraction));
    if (waits) {
        painter->setPen(QPen(Theme::itemColor(fraction), 1, Qt::DashLine));
        painter->drawRect(swatch.adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

WorkerDelegate::WorkerDelegate(QObject *parent) : TextDelegate(parent) {}

void WorkerDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                           const QModelIndex &index) const
{
    if (index.column() != WorkersModel::State) {
        TextDelegate::paint(painter, option, index);
        return;
    }
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    paintWithGlyph(painter, cell, stateOf(WorkerState(index.data(WorkersModel::StateRole).toInt())));
}

FailureDelegate::FailureDelegate(QObject *parent) : TextDelegate(parent) {}

void FailureDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                            const QModelIndex &index) const
{
    if (index.column() != FailuresModel::Kind) {
        TextDelegate::paint(painter, option, index);
        return;
    }
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    paintWithGlyph(painter, cell, stateOf(ItemStatus(index.data(FailuresModel::StatusRole).toInt())));
}

} // namespace Poolscope
