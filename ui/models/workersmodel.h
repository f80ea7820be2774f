// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measurement/snapshot.h"

#include <QAbstractTableModel>

#include <vector>

namespace Poolscope {

/// The workers of a snapshot, a row each, in the order of their slots.
class WorkersModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WorkersModel)

public:
    enum Column
    {
        Worker,
        State,
        Pid,
        Generation,
        Chunk,
        Item,
        ItemsDone,
        UntilRecycle,
        Busy,
        Cpu,
        Memory,
        LastError,
        ColumnCount
    };
    enum Role
    {
        SortRole = Qt::UserRole, ///< A number or text to sort by.
        StateRole,               ///< WorkerState as int.
    };

    explicit WorkersModel(QObject *parent = nullptr);

    /// Takes over a newer snapshot and tells the views only of what changed.
    void apply(const std::vector<WorkerSnapshot> &workers);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    static QString stateWord(WorkerState state);

private:
    QString text(const WorkerSnapshot &worker, int column) const;
    QVariant sortKey(const WorkerSnapshot &worker, int column) const;
    QString toolTip(const WorkerSnapshot &worker, int column) const;

    std::vector<WorkerSnapshot> m_workers;
};

} // namespace Poolscope
