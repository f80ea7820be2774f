// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/controls/givingrow.h"

#include <QEvent>
#include <QHBoxLayout>

#include <algorithm>

namespace Poolscope {

namespace {

/// The least that a layout would give it, whether it is hidden or not.
int leastWidth(const QWidget &part)
{
    const bool canShrink = part.sizePolicy().horizontalPolicy() & QSizePolicy::ShrinkFlag;
    const int own = canShrink ? part.minimumSizeHint().width() : part.sizeHint().width();
    return std::clamp(std::max(own, part.minimumWidth()), 0, part.maximumWidth());
}

int usualWidth(const QWidget &part)
{
    return part.sizePolicy().horizontalPolicy() == QSizePolicy::Ignored
               ? leastWidth(part)
               : std::clamp(part.sizeHint().width(), part.minimumWidth(), part.maximumWidth());
}

} // namespace

GivingRow::GivingRow(QWidget *parent) : QWidget(parent), m_layout(new QHBoxLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSizeConstraint(QLayout::SetNoConstraint);
}

void GivingRow::add(QWidget *part, std::optional<int> rank, int stretch)
{
    m_layout->addWidget(part, stretch);
    m_parts.append({part, rank});
}

void GivingRow::setWanted(QWidget *part, bool isWanted)
{
    for (Part &own : m_parts)
        if (own.widget == part && own.isWanted != isWanted) {
            own.isWanted = isWanted;
            updateGeometry();
            fit();
        }
}

void GivingRow::setSpacing(int spacing)
{
    m_layout->setSpacing(spacing);
}

QSize GivingRow::sizeOf(bool isWhole) const
{
    QSize size(-m_layout->spacing(), 0);
    for (const Part &part : m_parts) {
        if (part.isWanted && (isWhole || !part.rank))
            size.rwidth() +=
                (isWhole ? usualWidth(*part.widget) : leastWidth(*part.widget)) + m_layout->spacing();
        // What comes and goes makes the row no higher.
        size.setHeight(std::max(size.height(), part.widget->sizeHint().height()));
    }
    return size.expandedTo({0, 0}).grownBy(contentsMargins() + m_layout->contentsMargins());
}

QSize GivingRow::sizeHint() const
{
    return sizeOf(true);
}

QSize GivingRow::minimumSizeHint() const
{
    return sizeOf(false);
}

void GivingRow::fit()
{
    const QRect room = contentsRect().marginsRemoved(m_layout->contentsMargins());
    int missing = -room.width() - m_layout->spacing();
    QList<Part *> giving;
    for (Part &part : m_parts) {
        if (!part.isWanted)
            continue;
        missing += leastWidth(*part.widget) + m_layout->spacing();
        if (part.rank)
            giving.append(&part);
    }
    std::stable_sort(giving.begin(), giving.end(),
                     [](const Part *a, const Part *b) { return *a->rank < *b->rank; });
    QList<QWidget *> gone;
    for (const Part *const part : std::as_const(giving)) {
        if (missing <= 0)
            break;
        missing -= leastWidth(*part->widget) + m_layout->spacing();
        gone.append(part->widget);
    }
    for (const Part &part : std::as_const(m_parts))
        part.widget->setVisible(part.isWanted && !gone.contains(part.widget));
}

void GivingRow::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fit();
}

bool GivingRow::event(QEvent *event)
{
    // Parts have become wider or narrower.
    if (event->type() == QEvent::LayoutRequest)
        fit();
    return QWidget::event(event);
}

} // namespace Poolscope
