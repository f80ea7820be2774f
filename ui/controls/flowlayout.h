// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLayout>
#include <QList>

namespace Poolscope {

/// A row that becomes several where it has no room: each part goes to the next line that the line before has
/// no room for. Parts that can grow share what a line has left.
///
/// It is as high as its lines need at the width that it has. Its height is not said to follow from its width:
/// pages around it would then take their preferred height for their least.
class FlowLayout final : public QLayout
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FlowLayout)

public:
    explicit FlowLayout(QWidget *parent = nullptr);
    ~FlowLayout() override;

    void addItem(QLayoutItem *item) override;
    int count() const override { return int(m_items.size()); }
    QLayoutItem *itemAt(int index) const override { return m_items.value(index); }
    QLayoutItem *takeAt(int index) override;
    Qt::Orientations expandingDirections() const override { return Qt::Horizontal; }
    QSize sizeHint() const override;
    QSize minimumSize() const override;
    void setGeometry(const QRect &rect) override;

private:
    struct Line
    {
        QList<QLayoutItem *> items;
        int width = 0;
        int height = 0;
    };

    QList<Line> linesIn(int width) const;
    int heightOf(const QList<Line> &lines) const;
    void place(const Line &line, const QRect &area) const;

    QList<QLayoutItem *> m_items;
    int m_height = -1; ///< Of the lines at the present width; not known before there is one.
};

} // namespace Poolscope
