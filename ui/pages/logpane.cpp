// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/logpane.h"

#include "ui/pages/datatable.h"
#include "ui/theme/theme.h"

#include <QLineEdit>
#include <QVBoxLayout>

namespace Poolscope {

LogPane::LogPane(LogModel *model, RunFilter *filter, QWidget *parent)
    : QWidget(parent)
    , m_filter(filter)
    , m_table(new DataTable(tr("Log"), this))
    , m_search(new QLineEdit(this))
{
    m_found.setSourceModel(model);
    m_found.setFilterKeyColumn(-1); // by worker, item and text alike
    m_found.setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_table->setModel(&m_found);
    m_table->setColumnSamples({QStringLiteral("59:59.9"),
                               tr("worker %1 · item %2").arg(100).arg(QStringLiteral("100,000")), QString()},
                              LogModel::Text);
    m_table->setFollowing(true);
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_table);

    m_search->setPlaceholderText(tr("Search the log"));
    m_search->setAccessibleName(tr("Search the log"));
    m_search->setClearButtonEnabled(true);
    m_search->setMinimumWidth(m_search->fontMetrics().averageCharWidth() * 14);
    connect(m_search, &QLineEdit::textChanged, m_filter, &RunFilter::setLogText);
    connect(m_filter, &RunFilter::changed, this, &LogPane::narrow);
    narrow();
    connect(m_table, &QTableView::clicked, this, &LogPane::choose);
    // By the keyboard; lines that come and go change the current one, too.
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &row) {
                if (m_table->hasFocus())
                    choose(row);
            });
}

void LogPane::narrow()
{
    const QString &text = m_filter->logText();
    if (m_search->text() != text)
        m_search->setText(text);
    m_found.setFilterFixedString(text);
    m_found.setNarrowing(m_filter->narrowing());
    m_table->setEmptyText(!text.isEmpty() ? tr("No line that is shown has “%1” in it.").arg(text)
                          : m_filter->narrowing().isNone()
                              ? tr("What the tasks print and what happens to the pool is written here.")
                              : tr("Nothing was written in the part of the run that is shown."));
}

QWidget *LogPane::search() const
{
    return m_search;
}

void LogPane::mark(std::uint64_t item)
{
    if (m_table->hasFocus()) // it was chosen here
        return;
    const QModelIndexList found =
        m_found.match(m_found.index(0, 0), LogModel::ItemRole, qulonglong(item), 1, Qt::MatchExactly);
    if (found.isEmpty()) {
        m_table->clearSelection();
        return;
    }
    m_table->selectRow(found.first().row());
    m_table->scrollTo(found.first());
}

void LogPane::choose(const QModelIndex &row)
{
    if (!row.isValid())
        return;
    const QVariant item = row.data(LogModel::ItemRole);
    if (item.isValid())
        Q_EMIT itemWanted(item.toULongLong());
    else
        Q_EMIT placeWanted(row.data(LogModel::WorkerRole).toInt(), row.data(LogModel::TimeRole).toDouble());
}

} // namespace Poolscope
