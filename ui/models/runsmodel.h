// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/jobspec.h"
#include "ui/models/runfigures.h"
#include "ui/models/timeseries.h"

#include <QAbstractTableModel>

#include <vector>

namespace Poolscope {

/// A run that has ended, as it is compared with others.
struct EndedRun
{
    JobSpec spec;
    RunSnapshot snapshot;                     ///< The last one.
    std::vector<TimeSeries::Point> delivered; ///< Items, counted; time from the first dispatch.
};

/// The runs of this session, the newest last, with their figures side by side.
///
/// The best figure of a column is marked among the runs that did the same task on the same input to the end:
/// nothing else is comparable.
class RunsModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunsModel)

public:
    enum Column
    {
        Number,
        Method,
        Processes,
        ChunkSize,
        Items,
        FirstResult,
        LastResult,
        Throughput,
        PeakBuffered,
        WorkersStarted,
        Outcome,
        Task,
        ColumnCount
    };
    enum Role
    {
        BestRole = Qt::UserRole, ///< bool
    };

    explicit RunsModel(QObject *parent = nullptr);

    void add(EndedRun run);
    const std::vector<EndedRun> &runs() const { return m_runs; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QString text(const EndedRun &run, int row, int column) const;
    bool isBest(int row, int column) const;

    std::vector<EndedRun> m_runs;
};

} // namespace Poolscope
