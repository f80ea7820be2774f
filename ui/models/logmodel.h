// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/runfeed.h"

#include <QAbstractTableModel>

#include <deque>

namespace Poolscope {

/// What the tasks printed and what happened to the pool, a row for each line.
class LogModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LogModel)

public:
    enum Column
    {
        Time,
        Source,
        Text,
        ColumnCount
    };

    enum Role
    {
        ItemRole = Qt::UserRole, ///< qulonglong: the item that printed it; nothing where there is none
        WorkerRole,              ///< int: slot; -1 for the pool itself
        TimeRole,                ///< double: seconds
    };

    /// The oldest lines beyond these are dropped.
    static constexpr int maximumRows = 20'000;

    explicit LogModel(QObject *parent = nullptr);

    /// Shows another run from its beginning; nothing: none. Not owned.
    void setFeed(const RunFeed *feed);
    /// Reads on, a bounded number of lines.
    /// \returns false when there was nothing left to read
    bool refresh();

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    static QString source(const LogLine &line);

    const RunFeed *m_feed = nullptr;
    std::size_t m_cursor = 0;
    std::deque<LogLine> m_lines;
};

} // namespace Poolscope
