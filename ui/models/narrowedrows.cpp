// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/narrowedrows.h"

namespace Poolscope {

NarrowedRows::NarrowedRows(int timeRole, int workerRole, QObject *parent)
    : QSortFilterProxyModel(parent), m_timeRole(timeRole), m_workerRole(workerRole)
{}

void NarrowedRows::setNarrowing(const Narrowing &narrowing)
{
    if (narrowing == m_narrowing)
        return;
    m_narrowing = narrowing;
    invalidateFilter();
}

bool NarrowedRows::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    if (!m_narrowing.isNone()) {
        const QModelIndex index = sourceModel()->index(row, 0, parent);
        if (!m_narrowing.hasTime(index.data(m_timeRole).toDouble()) ||
            !m_narrowing.hasWorker(index.data(m_workerRole).toInt()))
            return false;
    }
    return QSortFilterProxyModel::filterAcceptsRow(row, parent);
}

} // namespace Poolscope
