// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/comparison/comparisontext.h"

#include <QAbstractTableModel>
#include <QStringList>

namespace Poolscope {

/// The figures of a comparison: a row each, a column for each contestant.
class ComparisonModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ComparisonModel)

public:
    enum Role
    {
        BestRole = Qt::UserRole, ///< bool
    };

    explicit ComparisonModel(QObject *parent = nullptr);
    void show(const Comparison &comparison);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QStringList m_names;
    QList<ComparisonText::Row> m_rows;
};

} // namespace Poolscope
