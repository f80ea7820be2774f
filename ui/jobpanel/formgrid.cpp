// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobpanel/formgrid.h"

#include "ui/jobpanel/fieldmessage.h"
#include "ui/theme/theme.h"

#include <QCoreApplication>
#include <QEvent>
#include <QFontMetrics>
#include <QGridLayout>
#include <QLabel>

#include <algorithm>
#include <utility>

namespace Poolscope {

QLabel *makeLabel(const QString &text, QWidget *buddy, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setBuddy(buddy);
    label->setAccessibleName(
        QCoreApplication::translate("Poolscope::FormGrid", "Label: %1").arg(QString(text).remove(u'&')));
    return label;
}

FormGrid::FormGrid(QWidget *parent) : QWidget(parent), m_layout(new QGridLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setHorizontalSpacing(Theme::space);
    m_layout->setVerticalSpacing(Theme::spaceSmall);
    m_layout->setColumnStretch(1, 1);
    m_layout->setColumnMinimumWidth(0, labelWidth());
}

QLabel *FormGrid::addRow(const QString &text, QWidget *field, QWidget *buddy)
{
    QLabel *label = makeLabel(text, buddy ? buddy : field, this);
    addRow({label, field, false});
    return label;
}

FieldMessage *FormGrid::addMessage(QWidget *field)
{
    auto *message = new FieldMessage(field, this);
    addRow({nullptr, message, false});
    return message;
}

void FormGrid::addWide(QWidget *widget)
{
    addRow({nullptr, widget, true});
}

QLabel *FormGrid::addHeading(const QString &text, QWidget *buddy)
{
    QLabel *label = makeLabel(text, buddy, this);
    addWide(label);
    return label;
}

void FormGrid::addRow(const Row &row)
{
    m_rows.append(row);
    place(row);
}

void FormGrid::place(const Row &row)
{
    if (m_isStacked || row.isWide) {
        if (row.label)
            m_layout->addWidget(row.label, m_lines++, 0, 1, 2);
        m_layout->addWidget(row.field, m_lines++, 0, 1, 2);
        return;
    }
    if (row.label)
        m_layout->addWidget(row.label, m_lines, 0, Qt::AlignLeft | Qt::AlignVCenter);
    m_layout->addWidget(row.field, m_lines++, 1);
}

void FormGrid::clear()
{
    while (QLayoutItem *item = m_layout->takeAt(0)) {
        if (QWidget *widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
    m_rows.clear();
    m_lines = 0;
}

int FormGrid::labelWidth() const
{
    // The longest label of the form, with the hair that a QLabel adds to its text.
    return fontMetrics().horizontalAdvance(tr("Max tasks per child")) + 2;
}

/// What a layout gives a widget at least.
int FormGrid::leastWidth(const QWidget &widget)
{
    return std::max(widget.minimumSizeHint().width(), widget.minimumWidth());
}

QSize FormGrid::minimumSizeHint() const
{
    int width = 0;
    for (const Row &row : m_rows) {
        width = std::max(width, leastWidth(*row.field));
        if (row.label)
            width = std::max(width, leastWidth(*row.label));
    }
    return {width, QWidget::minimumSizeHint().height()};
}

bool FormGrid::hasRoomForColumns() const
{
    int label = labelWidth();
    int field = 0;
    for (const Row &row : m_rows) {
        if (row.isWide)
            continue;
        field = std::max(field, leastWidth(*row.field));
        if (row.label)
            label = std::max(label, leastWidth(*row.label));
    }
    return label + m_layout->horizontalSpacing() + field <= width();
}

void FormGrid::layOut()
{
    const bool isStacked = !hasRoomForColumns();
    m_layout->setColumnMinimumWidth(0, isStacked ? 0 : labelWidth());
    if (isStacked == m_isStacked)
        return;
    m_isStacked = isStacked;
    while (QLayoutItem *const item = m_layout->takeAt(0))
        delete item;
    m_lines = 0;
    for (const Row &row : std::as_const(m_rows))
        place(row);
}

void FormGrid::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    layOut();
}

void FormGrid::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        layOut();
}

} // namespace Poolscope
