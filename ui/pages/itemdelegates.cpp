// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/itemdelegates.h"

#include "ui/models/failuresmodel.h"
#include "ui/models/resultsmodel.h"
#include "ui/models/workersmodel.h"
#include "ui/timeline/phasebrush.h"

#include <QApplication>
#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>

namespace Poolscope {

namespace {

constexpr int swatchSize = 11;
constexpr int textMargin = 3;

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

/// Where a cell is chosen or pointed at: all others show the table's own ground.
void TextDelegate::paintGround(QPainter *painter, const QStyleOptionViewItem &cell)
{
    if (cell.state & (QStyle::State_Selected | QStyle::State_MouseOver))
        styleOf(cell)->drawPrimitive(QStyle::PE_PanelItemViewItem, &cell, painter, cell.widget);
    if (cell.state & QStyle::State_HasFocus) {
        QStyleOptionFocusRect focus;
        focus.QStyleOption::operator=(cell);
        focus.state |= QStyle::State_KeyboardFocusChange | QStyle::State_Item;
        focus.backgroundColor = cell.palette.color(QPalette::Base);
        styleOf(cell)->drawPrimitive(QStyle::PE_FrameFocusRect, &focus, painter, cell.widget);
    }
}

/// One line of plain text. The style's own way lays it out as a paragraph, which takes five times as long:
/// with three tables on a page that was most of a frame.
void TextDelegate::paintText(QPainter *painter, const QStyleOptionViewItem &cell, const QRect &area)
{
    const bool isSelected = cell.state.testFlag(QStyle::State_Selected);
    const auto group = cell.state.testFlag(QStyle::State_Active) ? QPalette::Active : QPalette::Inactive;
    painter->setFont(cell.font);
    painter->setPen(cell.palette.color(group, isSelected ? QPalette::HighlightedText : QPalette::Text));
    int width = cell.fontMetrics.horizontalAdvance(cell.text);
    QString text = cell.text;
    if (width > area.width()) {
        text = cell.fontMetrics.elidedText(text, Qt::ElideRight, area.width());
        width = cell.fontMetrics.horizontalAdvance(text);
    }
    const int left = cell.displayAlignment.testFlag(Qt::AlignRight) ? area.right() + 1 - width : area.left();
    const int baseline =
        area.top() + (area.height() - cell.fontMetrics.height()) / 2 + cell.fontMetrics.ascent();
    painter->drawText(left, baseline, text);
}

void TextDelegate::paintWithGlyph(QPainter *painter, QStyleOptionViewItem cell, Theme::State state)
{
    paintGround(painter, cell);
    const bool isSelected = cell.state.testFlag(QStyle::State_Selected);
    const int glyphWidth = cell.fontMetrics.height();
    QRect area = cell.rect.adjusted(Theme::space, 0, -Theme::spaceSmall, 0);
    painter->setFont(cell.font);
    painter->setPen(isSelected ? cell.palette.color(QPalette::Active, QPalette::HighlightedText)
                               : Theme::color(state));
    painter->drawText(QRect(area.topLeft(), QSize(glyphWidth, area.height())), Qt::AlignCenter,
                      Theme::glyph(state));
    area.setLeft(area.left() + glyphWidth + Theme::spaceSmall);
    cell.displayAlignment = Qt::AlignLeft | Qt::AlignVCenter;
    paintText(painter, cell, area);
}

void TextDelegate::paintCell(QPainter *painter, QStyleOptionViewItem cell)
{
    paintGround(painter, cell);
    const int left = cell.displayAlignment.testFlag(Qt::AlignLeft) ? Theme::space + textMargin : textMargin;
    paintText(painter, cell, cell.rect.adjusted(left, 0, -textMargin, 0));
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
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    switch (index.column()) {
    case WorkersModel::State:
        paintWithGlyph(painter, cell,
                       PhaseLook::stateOf(WorkerState(index.data(WorkersModel::StateRole).toInt())));
        break;
    case WorkersModel::Activity:
        paintPicture(painter, cell, [&](const QRectF &area) {
            paintLoad(*painter, area, index.data(WorkersModel::LoadRole).value<QList<double>>());
        });
        break;
    case WorkersModel::TimeSplit:
        paintPicture(painter, cell, [&](const QRectF &area) {
            paintSplit(*painter, area, index.data(WorkersModel::SplitRole).value<QList<double>>());
        });
        break;
    default:
        paintCell(painter, cell);
    }
}

void WorkerDelegate::paintPicture(QPainter *painter, QStyleOptionViewItem cell,
                                  const std::function<void(const QRectF &)> &paint)
{
    paintGround(painter, cell);
    painter->save();
    painter->setClipRect(cell.rect);
    paint(QRectF(cell.rect).adjusted(Theme::space, 3, -Theme::spaceSmall, -3));
    painter->restore();
}

void WorkerDelegate::paintLoad(QPainter &painter, const QRectF &area, const QList<double> &load)
{
    if (load.isEmpty())
        return;
    painter.setPen(Theme::hairline());
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    // Whole columns of pixels, each the mean of the parts below it: edges between pixels would look like
    // gaps.
    const int columns = int(area.width());
    const double each = double(load.size()) / std::max(columns, 1);
    for (int column = 0; column < columns; ++column) {
        const double begin = column * each;
        const double end = begin + each;
        double mean = 0;
        for (auto part = qsizetype(begin); part < load.size() && double(part) < end; ++part)
            mean += load[part] * (std::min(end, double(part + 1)) - std::max(begin, double(part))) / each;
        if (mean <= 0)
            continue;
        const int height = std::max(int(std::lround(area.height() * mean)), 1);
        painter.fillRect(QRect(int(area.left()) + column, int(area.bottom()) - height, 1, height),
                         Theme::color(Theme::State::Running));
    }
}

/// As in the timeline: the same colours and patterns, the time it ran items first.
void WorkerDelegate::paintSplit(QPainter &painter, const QRectF &area, const QList<double> &shares)
{
    constexpr std::array order = {2, 6, 7, 3, 1, 4, 0, 5};
    constexpr std::array phases = {LanePhase::Starting,  LanePhase::Waiting, LanePhase::Waiting,
                                   LanePhase::Sending,   LanePhase::Blocked, LanePhase::Ending,
                                   LanePhase::Unpacking, LanePhase::Packing};
    if (shares.size() < qsizetype(phases.size()))
        return;
    double x = std::round(area.left());
    double sum = 0;
    for (const int part : order) {
        sum += shares[part];
        const double end = std::round(area.left() + sum * area.width());
        if (end <= x)
            continue;
        const QRectF rect(x, area.top(), end - x, area.height());
        if (part == 2)
            PhaseLook::paintRunning(painter, rect);
        else
            PhaseLook::paint(painter, phases[std::size_t(part)], rect);
        x = end;
    }
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
