// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measurement/snapshot.h"
#include "ui/models/runlog.h"

#include <QAbstractTableModel>
#include <QList>

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
        Activity,  ///< How busy it was over the stretch of time shown.
        TimeSplit, ///< What it spent that time with.
        Cpu,
        Memory,
        LastError,
        ColumnCount
    };
    enum Role
    {
        SortRole = Qt::UserRole, ///< A number or text to sort by.
        StateRole,               ///< WorkerState as int.
        ItemRole,                ///< qulonglong: the item it runs; nothing when it runs none.
        LoadRole,  ///< QList<double>: shares of equal parts of the stretch, the first one first.
        SplitRole, ///< QList<double>: shares of starting, waiting, running, sending, blocked, ending.
    };

    /// What a worker did in the stretch of time that is shown.
    struct WorkerActivity
    {
        QList<double> load;
        RunLog::Split split;
    };

    explicit WorkersModel(QObject *parent = nullptr);

    /// Takes over a newer snapshot and tells the views only of what changed.
    void apply(const std::vector<WorkerSnapshot> &workers);

    /// By slot.
    void setActivity(std::vector<WorkerActivity> activity);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    static QString stateWord(WorkerState state);

private:
    QString text(const WorkerSnapshot &worker, int column) const;
    QVariant sortKey(const WorkerSnapshot &worker, int column) const;
    QString toolTip(const WorkerSnapshot &worker, int column) const;

    QString activityText(const QModelIndex &index) const;
    QString activityToolTip(const QModelIndex &index) const;
    static QList<double> shares(const RunLog::Split &split);
    const WorkerActivity *activityOf(std::size_t row) const;

    std::vector<WorkerSnapshot> m_workers;
    std::vector<WorkerActivity> m_activity;
};

} // namespace Poolscope
