// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/controls/flowlayout.h"

#include <QWidget>

#include <algorithm>

namespace Poolscope {

namespace {

int widthOf(const QLayoutItem *item)
{
    return std::max(item->sizeHint().width(), item->minimumSize().width());
}

/// What would rather be wider, or takes what there is.
bool grows(QLayoutItem *item)
{
    return item->expandingDirections().testFlag(Qt::Horizontal) ||
           (item->widget() && item->widget()->sizePolicy().horizontalPolicy() == QSizePolicy::Ignored);
}

} // namespace

FlowLayout::FlowLayout(QWidget *parent) : QLayout(parent)
{
    setContentsMargins(0, 0, 0, 0);
}

FlowLayout::~FlowLayout()
{
    qDeleteAll(m_items);
}

void FlowLayout::addItem(QLayoutItem *item)
{
    m_items.append(item);
}

QLayoutItem *FlowLayout::takeAt(int index)
{
    return index >= 0 && index < m_items.size() ? m_items.takeAt(index) : nullptr;
}

QList<FlowLayout::Line> FlowLayout::linesIn(int width) const
{
    QList<Line> lines;
    for (QLayoutItem *const item : m_items) {
        if (item->isEmpty())
            continue;
        const int own = widthOf(item);
        if (lines.isEmpty() || lines.last().width + spacing() + own > width)
            lines.append(Line{{}, -spacing(), 0});
        Line &line = lines.last();
        line.items.append(item);
        line.width += spacing() + own;
        line.height = std::max({line.height, item->sizeHint().height(), item->minimumSize().height()});
    }
    return lines;
}

int FlowLayout::heightOf(const QList<Line> &lines) const
{
    int height = -spacing();
    for (const Line &line : lines)
        height += line.height + spacing();
    return std::max(height, 0);
}

QSize FlowLayout::sizeHint() const
{
    const QMargins margins = contentsMargins();
    int width = 0;
    const QList<Line> lines = linesIn(QLAYOUTSIZE_MAX);
    if (!lines.isEmpty())
        width = lines.first().width;
    return QSize(width, m_height < 0 ? heightOf(lines) : m_height).grownBy(margins);
}

QSize FlowLayout::minimumSize() const
{
    int width = 0;
    for (const QLayoutItem *const item : m_items)
        if (!item->isEmpty())
            width = std::max(width, item->minimumSize().width());
    const QMargins margins = contentsMargins();
    return QSize(width, m_height < 0 ? heightOf(linesIn(QLAYOUTSIZE_MAX)) : m_height).grownBy(margins);
}

void FlowLayout::setGeometry(const QRect &rect)
{
    QLayout::setGeometry(rect);
    const QRect area = rect.marginsRemoved(contentsMargins());
    const QList<Line> lines = linesIn(area.width());
    int top = area.top();
    for (const Line &line : lines) {
        place(line, {area.left(), top, area.width(), line.height});
        top += line.height + spacing();
    }
    if (const int height = heightOf(lines); height != m_height) {
        m_height = height;
        // What is around it asks again.
        if (parentWidget())
            parentWidget()->updateGeometry();
    }
}

void FlowLayout::place(const Line &line, const QRect &area) const
{
    int growing = int(std::count_if(line.items.begin(), line.items.end(), grows));
    int left = std::max(area.width() - line.width, 0);
    int x = area.left();
    for (QLayoutItem *const item : line.items) {
        int width = std::min(widthOf(item), area.width());
        if (grows(item)) {
            width += left / growing;
            left -= left / growing;
            --growing;
        }
        const int height = std::min(area.height(), item->maximumSize().height());
        item->setGeometry({x, area.top() + (area.height() - height) / 2, width, height});
        x += width + spacing();
    }
}

} // namespace Poolscope
