// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobpanel/formgrid.h"

#include "ui/jobpanel/fieldmessage.h"
#include "ui/theme/theme.h"

#include <QCoreApplication>
#include <QEvent>
#include <QFontMetrics>
#include <QGridLayout>
#include <QLabel>

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
    alignLabels();
}

QLabel *FormGrid::addRow(const QString &text, QWidget *field, QWidget *buddy)
{
    QLabel *label = makeLabel(text, buddy ? buddy : field, this);
    m_layout->addWidget(label, m_rows, 0, Qt::AlignLeft | Qt::AlignVCenter);
    m_layout->addWidget(field, m_rows, 1);
    ++m_rows;
    return label;
}

FieldMessage *FormGrid::addMessage(QWidget *field)
{
    auto *message = new FieldMessage(field, this);
    m_layout->addWidget(message, m_rows, 1);
    ++m_rows;
    return message;
}

void FormGrid::addWide(QWidget *widget)
{
    m_layout->addWidget(widget, m_rows, 0, 1, 2);
    ++m_rows;
}

QLabel *FormGrid::addHeading(const QString &text, QWidget *buddy)
{
    QLabel *label = makeLabel(text, buddy, this);
    addWide(label);
    return label;
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
    m_rows = 0;
}

void FormGrid::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        alignLabels();
}

void FormGrid::alignLabels()
{
    // The longest label of the form, with the hair that a QLabel adds to its text.
    m_layout->setColumnMinimumWidth(0, fontMetrics().horizontalAdvance(tr("Max tasks per child")) + 2);
}

} // namespace Poolscope
