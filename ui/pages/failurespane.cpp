// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/failurespane.h"

#include "ui/pages/datatable.h"
#include "ui/pages/itemdelegates.h"
#include "ui/theme/theme.h"

#include <QEvent>
#include <QPlainTextEdit>

namespace Poolscope {

FailuresPane::FailuresPane(FailuresModel *model, QWidget *parent)
    : QSplitter(Qt::Horizontal, parent)
    , m_table(new DataTable(tr("Errors"), this))
    , m_details(new QPlainTextEdit(this))
{
    m_table->setModel(model);
    m_table->setItemDelegate(new FailureDelegate(m_table));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setColumnSamples({QStringLiteral("1,000,000"), QStringLiteral("✕ ■ cancelled"),
                               QStringLiteral("TypeErrorXX"), QString(), QStringLiteral("some input value"),
                               QStringLiteral("100"), QStringLiteral("10"), QStringLiteral("59:59.9")},
                              FailuresModel::Message);
    m_table->setEmptyText(tr("No errors: items that fail or are lost are listed here with their traceback."));
    m_details->setAccessibleName(tr("Details of the error"));
    m_details->setReadOnly(true);
    m_details->setFrameShape(QFrame::NoFrame);
    m_details->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_details->setTabChangesFocus(true);
    m_details->setPlaceholderText(tr("Choose an error to read its traceback."));
    m_details->hide();
    setChildrenCollapsible(false);
    setStretchFactor(0, 3);
    setStretchFactor(1, 2);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &FailuresPane::showCurrent);
    connect(model, &QAbstractItemModel::modelReset, this, &FailuresPane::showCurrent);
    connect(model, &QAbstractItemModel::rowsInserted, m_details, &QWidget::show);
    applyTheme();
}

void FailuresPane::showCurrent()
{
    if (m_table->model()->rowCount() == 0)
        m_details->hide();
    m_details->setPlainText(m_table->currentIndex().data(FailuresModel::DetailsRole).toString());
}

void FailuresPane::applyTheme()
{
    m_details->setFont(Theme::fixedFont());
}

void FailuresPane::changeEvent(QEvent *event)
{
    QSplitter::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        applyTheme();
}

} // namespace Poolscope
