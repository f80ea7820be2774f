// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/failurespane.h"

#include "ui/models/format.h"
#include "ui/pages/datatable.h"
#include "ui/pages/itemdelegates.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QEvent>
#include <QHBoxLayout>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTextDocument>

#include <algorithm>

namespace Poolscope {

namespace {

// More obituaries than anyone reads would hold up the window.
constexpr int mostTexts = 100;

} // namespace

FailuresPane::FailuresPane(FailuresModel *model, QWidget *parent)
    : QSplitter(Qt::Horizontal, parent), m_model(model), m_table(new DataTable(tr("Errors"), this))
{
    m_table->setModel(model);
    m_table->setItemDelegate(new FailureDelegate(m_table));
    m_table->setColumnSamples({QStringLiteral("1,000,000"), QStringLiteral("✕ ■ error"),
                               QStringLiteral("TypeErrorXX"), QString(), QStringLiteral("some input value"),
                               QStringLiteral("100"), QStringLiteral("10"), QStringLiteral("59:59.9")},
                              FailuresModel::Message);
    m_table->setDroppable(
        {FailuresModel::Attempt, FailuresModel::Type, FailuresModel::Input, FailuresModel::Worker},
        QStringLiteral("killed by SIGSEGV while it ran"));
    m_table->setEmptyText(tr("No errors: items that fail and workers that die are listed here, with why."));
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    makeDetails();
    makeActions();
    m_actions->hide();
    addWidget(m_table);
    addWidget(m_text);
    setChildrenCollapsible(false);
    setHandleWidth(Theme::space);
    // Half the room each, whatever they hold.
    for (QWidget *const part : std::initializer_list<QWidget *>{m_table, m_text}) {
        part->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Expanding);
        setStretchFactor(indexOf(part), 1);
    }

    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &FailuresPane::showChosen);
    connect(m_table, &QWidget::customContextMenuRequested, this, &FailuresPane::showContextMenu);
    connect(model, &QAbstractItemModel::modelReset, this, [this] {
        m_text->hide();
        showChosen();
    });
    connect(model, &QAbstractItemModel::dataChanged, this, &FailuresPane::showChosen);
    connect(model, &QAbstractItemModel::rowsInserted, this, [this] {
        m_text->show();
        showActions();
    });
    applyTheme();
    showChosen();
}

void FailuresPane::makeDetails()
{
    m_text = new QPlainTextEdit(this);
    m_text->setAccessibleName(tr("Details of the error"));
    m_text->setReadOnly(true);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_text->setTabChangesFocus(true);
    m_text->document()->setDocumentMargin(Theme::space);
    m_text->setPlaceholderText(tr("Choose an error to read what is known of it."));
    m_text->hide();
}

void FailuresPane::makeActions()
{
    m_actions = new QWidget(this);
    m_retry = new QPushButton(tr("Retry"), m_actions);
    m_retryAll = new QPushButton(tr("Retry all failed"), m_actions);
    m_retryAll->setAccessibleName(tr("Retry all failed"));
    m_copy = new QPushButton(tr("Copy"), m_actions);
    m_copy->setAccessibleName(tr("Copy error"));
    m_copy->setToolTip(tr("Copy all that is said here of the chosen errors"));
    auto *const buttons = new QHBoxLayout(m_actions);
    buttons->setContentsMargins(0, 0, Theme::space, Theme::spaceSmall);
    buttons->setSpacing(Theme::space);
    for (QPushButton *const button : {m_retry, m_retryAll, m_copy}) {
        button->setAutoDefault(false);
        buttons->addWidget(button);
    }
    connect(m_retry, &QPushButton::clicked, this, &FailuresPane::retryChosen);
    connect(m_retryAll, &QPushButton::clicked, this, &FailuresPane::retryAll);
    connect(m_copy, &QPushButton::clicked, this, &FailuresPane::copy);
}

void FailuresPane::setRetryObstacle(const QString &obstacle)
{
    m_obstacle = obstacle;
    showActions();
}

QModelIndexList FailuresPane::chosenRows() const
{
    QModelIndexList rows = m_table->selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end());
    return rows;
}

std::vector<std::uint64_t> FailuresPane::chosenItems() const
{
    std::vector<std::uint64_t> items;
    const QModelIndexList rows = chosenRows();
    for (const QModelIndex &row : rows)
        if (const QVariant item = row.data(FailuresModel::FailedRole); item.isValid())
            items.push_back(item.toULongLong());
    return items;
}

QString FailuresPane::chosenText() const
{
    QStringList texts;
    const QModelIndexList rows = chosenRows();
    for (const QModelIndex &row : rows.first(std::min<qsizetype>(rows.size(), mostTexts)))
        texts += row.data(FailuresModel::DetailsRole).toString();
    if (rows.size() > mostTexts)
        texts += tr("And %1 more.").arg(Format::count(std::uint64_t(rows.size() - mostTexts)));
    return texts.join(QStringLiteral("\n\n────────\n\n"));
}

void FailuresPane::showChosen()
{
    const QString text = chosenText();
    if (text != m_text->toPlainText())
        m_text->setPlainText(text);
    showActions();
}

void FailuresPane::showActions()
{
    const std::uint64_t chosen = chosenItems().size();
    m_retry->setText(chosen > 1 ? tr("Retry %1").arg(Format::items(chosen)) : tr("Retry"));
    m_retry->setAccessibleName(m_retry->text());
    m_retry->setEnabled(m_obstacle.isEmpty() && chosen > 0);
    m_retryAll->setEnabled(m_obstacle.isEmpty() && !m_model->failedItems().empty());
    m_copy->setEnabled(m_table->selectionModel()->hasSelection());
    m_retry->setToolTip(!m_obstacle.isEmpty() ? m_obstacle
                        : chosen > 0 ? tr("Run the chosen items again and keep the results of all others")
                        : m_copy->isEnabled() ? tr("No item was lost by this")
                                              : tr("Choose an item to run it again"));
    m_retryAll->setToolTip(
        m_obstacle.isEmpty() ? tr("Run all items again that failed or were lost, and keep the other results")
                             : m_obstacle);
}

void FailuresPane::showContextMenu(const QPoint &at)
{
    auto *const menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (QPushButton *const button : {m_retry, m_retryAll, m_copy}) {
        QAction *const action = menu->addAction(button->text(), button, &QPushButton::click);
        action->setEnabled(button->isEnabled());
    }
    menu->popup(m_table->viewport()->mapToGlobal(at));
}

void FailuresPane::retryChosen()
{
    if (const std::vector<std::uint64_t> items = chosenItems(); !items.empty())
        Q_EMIT retryWanted(items);
}

void FailuresPane::retryAll()
{
    if (const std::vector<std::uint64_t> items = m_model->failedItems(); !items.empty())
        Q_EMIT retryWanted(items);
}

void FailuresPane::copy() const
{
    QApplication::clipboard()->setText(chosenText());
}

void FailuresPane::applyTheme()
{
    // As small as the rows beside it: an obituary has more lines than there is room for.
    QFont font = Theme::fixedFont();
    font.setPointSizeF(Theme::smallFont().pointSizeF());
    m_text->setFont(font);
}

void FailuresPane::changeEvent(QEvent *event)
{
    QSplitter::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        applyTheme();
}

} // namespace Poolscope
