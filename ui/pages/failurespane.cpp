// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/failurespane.h"

#include "ui/controls/givingrow.h"
#include "ui/controls/namedcombobox.h"
#include "ui/models/format.h"
#include "ui/pages/datatable.h"
#include "ui/pages/itemdelegates.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QEvent>
#include <QHeaderView>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QTextDocument>

#include <algorithm>

namespace Poolscope {

namespace {

// More obituaries than anyone reads would hold up the window.
constexpr int mostTexts = 100;

} // namespace

FailuresPane::FailuresPane(FailuresModel *model, SelectedItem *selection, RunFilter *filter, QWidget *parent)
    : QSplitter(Qt::Horizontal, parent)
    , m_model(model)
    , m_selection(selection)
    , m_filter(filter)
    , m_table(new DataTable(tr("Errors"), this))
{
    m_shown.setSourceModel(model);
    m_shown.setFilterKeyColumn(FailuresModel::Type);
    m_shown.setFilterRole(FailuresModel::TypeRole);
    m_shown.setSortRole(FailuresModel::SortRole);
    m_table->setModel(&m_shown);
    m_table->setSortingEnabled(true);
    m_table->horizontalHeader()->setSectionsClickable(true);
    m_table->horizontalHeader()->setSortIndicatorClearable(true);
    m_table->sortByColumn(-1, Qt::AscendingOrder);
    m_table->setItemDelegate(new FailureDelegate(m_table));
    m_table->setColumnSamples({QStringLiteral("1,000,000"), QStringLiteral("✕ ■ error"),
                               QStringLiteral("TypeErrorXX"), QString(), QStringLiteral("some input value"),
                               QStringLiteral("100"), QStringLiteral("10"), QStringLiteral("59:59.9")},
                              FailuresModel::Message);
    m_table->setDroppable(
        {FailuresModel::Attempt, FailuresModel::Type, FailuresModel::Input, FailuresModel::Worker},
        QStringLiteral("killed by SIGSEGV while it ran"));
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
    connect(m_table, &QTableView::clicked, this, &FailuresPane::choose);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &row) {
                if (m_table->hasFocus())
                    choose(row);
            });
    connect(m_selection, &SelectedItem::changed, this, &FailuresPane::markSelected);
    connect(m_filter, &RunFilter::changed, this, &FailuresPane::narrow);
    connect(m_table, &QWidget::customContextMenuRequested, this, &FailuresPane::showContextMenu);
    connect(model, &QAbstractItemModel::modelReset, this, [this] {
        m_text->hide();
        showTypes();
        showChosen();
    });
    connect(model, &QAbstractItemModel::dataChanged, this, &FailuresPane::showChosen);
    connect(model, &QAbstractItemModel::rowsInserted, this, [this] {
        m_text->show();
        showTypes();
        showActions();
    });
    applyTheme();
    narrow();
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
    m_actions = new GivingRow(this);
    m_retry = new QPushButton(tr("Retry"), m_actions);
    m_retryAll = new QPushButton(tr("Retry all failed"), m_actions);
    m_retryAll->setAccessibleName(tr("Retry all failed"));
    m_copy = new QPushButton(tr("Copy"), m_actions);
    m_copy->setAccessibleName(tr("Copy error"));
    m_copy->setToolTip(tr("Copy all that is said here of the chosen errors"));
    m_actions->setContentsMargins(0, 0, Theme::space, Theme::spaceSmall);
    m_actions->setSpacing(Theme::space);
    m_types = new NamedComboBox(m_actions);
    m_types->setAccessibleName(tr("Type of error"));
    m_types->setToolTip(tr("Show only the errors of one type"));
    m_types->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_types->setMinimumContentsLength(20);
    m_actions->add(m_types, 0);
    connect(m_types, &QComboBox::activated, this,
            [this] { m_filter->setErrorType(m_types->currentData().toString()); });
    showTypes();
    for (QPushButton *const button : {m_retry, m_retryAll, m_copy}) {
        button->setAutoDefault(false);
    }
    // The menu of the table has them all.
    m_actions->add(m_retry, 3);
    m_actions->add(m_retryAll, 2);
    m_actions->add(m_copy, 1);
    connect(m_retry, &QPushButton::clicked, this, &FailuresPane::retryChosen);
    connect(m_retryAll, &QPushButton::clicked, this, &FailuresPane::retryAll);
    connect(m_copy, &QPushButton::clicked, this, &FailuresPane::copy);
}

QWidget *FailuresPane::actions() const
{
    return m_actions;
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

/// The types there are, each with its number.
void FailuresPane::showTypes()
{
    const std::map<QString, int> &types = m_model->types();
    int all = 0;
    for (const auto &[type, count] : types)
        all += count;
    const QString &chosen = m_filter->errorType();
    const auto entry = [this](int row, const QString &text, const QVariant &type) {
        if (row == m_types->count())
            m_types->addItem(text, type);
        if (m_types->itemText(row) != text)
            m_types->setItemText(row, text);
        m_types->setItemData(row, type);
    };
    entry(0, tr("All types (%1)").arg(Format::count(std::uint64_t(all))), {});
    int row = 1;
    int current = 0;
    for (const auto &[type, count] : types) {
        if (!chosen.isEmpty() && chosen == type)
            current = row;
        entry(row++, tr("%1 (%2)").arg(type).arg(Format::count(std::uint64_t(count))), type);
    }
    while (m_types->count() > row)
        m_types->removeItem(row);
    m_types->setCurrentIndex(current);
    m_types->setEnabled(types.size() > 1);
}

void FailuresPane::narrow()
{
    const QString &type = m_filter->errorType();
    m_shown.setFilterRegularExpression(
        type.isEmpty() ? QString() : QStringLiteral("\\A(?:%1)\\z").arg(QRegularExpression::escape(type)));
    m_shown.setNarrowing(m_filter->narrowing());
    m_table->setEmptyText(
        type.isEmpty() && m_filter->narrowing().isNone()
            ? tr("No errors: items that fail and workers that die are listed here, with why.")
            : tr("No such error is in the part of the run that is shown."));
    showTypes();
    showChosen();
}

/// What was chosen here is shown everywhere.
void FailuresPane::choose(const QModelIndex &row)
{
    if (!row.isValid())
        return;
    if (const QVariant item = row.data(FailuresModel::ItemRole); item.isValid())
        m_selection->select(item.toULongLong());
    else
        Q_EMIT placeWanted(
            row.siblingAtColumn(FailuresModel::Worker).data(FailuresModel::SortRole).isValid()
                ? row.siblingAtColumn(FailuresModel::Worker).data(FailuresModel::SortRole).toInt()
                : -1,
            row.data(FailuresModel::TimeRole).toDouble());
}

void FailuresPane::markSelected()
{
    if (!m_selection->item() || m_table->hasFocus())
        return;
    const QModelIndexList found = m_shown.match(m_shown.index(0, 0), FailuresModel::ItemRole,
                                                qulonglong(*m_selection->item()), 1, Qt::MatchExactly);
    if (!found.isEmpty())
        m_table->selectRow(found.first().row());
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
