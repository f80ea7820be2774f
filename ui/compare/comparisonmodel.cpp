// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/comparisonmodel.h"

namespace Poolscope {

ComparisonModel::ComparisonModel(QObject *parent) : QAbstractTableModel(parent) {}

void ComparisonModel::show(const Comparison &comparison)
{
    beginResetModel();
    m_names.clear();
    for (const Racer &racer : comparison.racers)
        m_names += racer.contestant.name();
    m_rows = m_names.isEmpty() ? QList<ComparisonText::Row>() : ComparisonText::rows(comparison);
    endResetModel();
}

int ComparisonModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int ComparisonModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_names.size()) + 1;
}

QVariant ComparisonModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const ComparisonText::Row &row = m_rows.at(index.row());
    const int contestant = index.column() - 1;
    const bool isBest = contestant >= 0 && row.best == std::size_t(contestant);
    switch (role) {
    case Qt::DisplayRole:
        if (contestant < 0)
            return row.name;
        // Not by weight or colour alone.
        return isBest ? tr("best · %1").arg(row.values.at(contestant)) : row.values.at(contestant);
    case Qt::ToolTipRole:
        return contestant >= 0 && !row.why.isEmpty() ? row.why : row.explanation;
    case Qt::TextAlignmentRole:
        return int((contestant < 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    case BestRole:
        return isBest;
    default:
        return {};
    }
}

QVariant ComparisonModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    return section == 0 ? tr("Figure") : m_names.value(section - 1);
}

} // namespace Poolscope
