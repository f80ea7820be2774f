// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/runfeed.h"

#include <QAbstractTableModel>

#include <cstdint>
#include <vector>

namespace Poolscope {

/// The items that failed or were lost, a row each, in the order it happened. Items that were cancelled or
/// never run are not failures of theirs and are left out.
class FailuresModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FailuresModel)

public:
    enum Column
    {
        Item,
        Kind, ///< error or lost
        Type,
        Message,
        Input,
        Worker,
        Attempt,
        Time,
        ColumnCount
    };
    enum Role
    {
        SortRole = Qt::UserRole,
        StatusRole,    ///< ItemStatus as int
        TracebackRole, ///< QString, read from the recording when asked for
        DetailsRole,   ///< QString: all there is to say of it, for reading and copying
    };

    /// Further failures are counted, not listed.
    static constexpr std::size_t maximumRows = 20'000;

    explicit FailuresModel(QObject *parent = nullptr);

    /// Shows another run from its beginning; nothing: none. Not owned.
    void setFeed(const RunFeed *feed);
    /// Reads on, a bounded number of records.
    /// \returns false when there was nothing left to read
    bool refresh();

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row
    {
        std::size_t position = 0; ///< In the recording's failures.
        std::uint64_t index = 0;
        ItemStatus status = ItemStatus::Error;
        std::uint32_t worker = 0;
        std::uint32_t attempt = 1;
        double time = -1;
        QString type;
        QString message;
        QString input;
    };

    QString text(const Row &row, int column) const;
    QString details(const Row &row) const;
    QString traceback(const Row &row) const;

    const RunFeed *m_feed = nullptr;
    std::size_t m_cursor = 0;
    std::vector<Row> m_rows;
};

} // namespace Poolscope
