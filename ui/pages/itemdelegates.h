// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/run.h"
#include "ui/theme/theme.h"

#include <QList>
#include <QStyledItemDelegate>

#include <cstdint>
#include <functional>

namespace Poolscope {

/// Cells of text stand off from the figures at their left: figures end where their column ends.
class TextDelegate : public QStyledItemDelegate
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TextDelegate)

public:
    explicit TextDelegate(QObject *parent = nullptr);
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;

    static Theme::State stateOf(ItemStatus status);

protected:
    static void paintGround(QPainter *painter, const QStyleOptionViewItem &cell);
    static void paintText(QPainter *painter, const QStyleOptionViewItem &cell, const QRect &area);
    /// Paints a cell whose option is filled in.
    static void paintCell(QPainter *painter, QStyleOptionViewItem cell);
    /// The same with a coloured glyph before the text.
    static void paintWithGlyph(QPainter *painter, QStyleOptionViewItem cell, Theme::State state);
};

/// Rows of a result stream: the item's colour beside its number, the glyph and word of its fate, and what
/// waits in the reorder buffer paler and with a dashed edge.
class ResultDelegate final : public TextDelegate
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ResultDelegate)

public:
    explicit ResultDelegate(QObject *parent = nullptr);
    /// The number of items that the colours are spread over.
    void setScale(std::uint64_t items) { m_scale = items; }

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;

private:
    std::uint64_t m_scale = 1;
};

/// Rows of the workers table: the state as coloured glyph and word, what it did over time as a picture.
class WorkerDelegate final : public TextDelegate
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WorkerDelegate)

public:
    explicit WorkerDelegate(QObject *parent = nullptr);
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;

private:
    static void paintPicture(QPainter *painter, QStyleOptionViewItem cell,
                             const std::function<void(const QRectF &)> &paint);
    static void paintLoad(QPainter &painter, const QRectF &area, const QList<double> &load);
    static void paintSplit(QPainter &painter, const QRectF &area, const QList<double> &shares);
};

/// Rows of the errors table: glyph and word of what happened.
class FailureDelegate final : public TextDelegate
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FailureDelegate)

public:
    explicit FailureDelegate(QObject *parent = nullptr);
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
};

} // namespace Poolscope
