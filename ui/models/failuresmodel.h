// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/runfeed.h"

#include <QAbstractTableModel>

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace Poolscope {

/// The items that failed or were lost and the workers that died, a row each, in the order it happened. A
/// death and the item that was lost by it are one row. Items that were cancelled or never run are not
/// failures of theirs and are left out.
class FailuresModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FailuresModel)

public:
    enum Column
    {
        Item,
        Kind, ///< error, lost, or died: a worker did, and no item is lost by it
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
        FailedRole,    ///< qulonglong: the item that has no value; nothing when none is lost
        TracebackRole, ///< QString, read from the recording when asked for
        DetailsRole,   ///< QString: all there is to say of it, for reading and copying
        ItemRole,      ///< qulonglong: the item that it has to do with; nothing when there is none
        TimeRole,      ///< double: seconds; negative when that is not known
        TypeRole,      ///< QString
        WorkerRole,    ///< int: slot; -1 when that is not known
    };

    /// Further failures are counted, not listed.
    static constexpr std::size_t maximumRows = 20'000;

    explicit FailuresModel(QObject *parent = nullptr);

    /// Shows another run from its beginning; nothing: none. Not owned.
    void setFeed(const RunFeed *feed);
    /// Reads on, a bounded number of records.
    /// \returns false when there was nothing left to read
    bool refresh();

    /// The types of what is listed, and how many there are of each.
    const std::map<QString, int> &types() const { return m_types; }
    /// The items listed that have no value.
    std::vector<std::uint64_t> failedItems() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row
    {
        std::optional<std::size_t> failure; ///< Position in the recording's failures.
        std::optional<std::size_t> death;   ///< Position in its deaths.
        std::optional<std::uint64_t> item;
        ItemStatus status = ItemStatus::Lost;
        std::optional<std::uint32_t> worker; ///< Nothing: of an earlier session of the run.
        std::uint32_t attempt = 0;           ///< 0: not known
        double time = -1;
        QString type;
        QString message;
        QString input;
    };

    struct Process
    {
        std::int64_t pid; // is used again, though not soon
        std::uint32_t worker;
        std::uint32_t generation;
        auto operator<=>(const Process &) const = default;
    };

    static Row rowOf(const ItemRecord &record);
    static Row rowOf(const WorkerDeath &death);
    /// Adds a row to `fresh`, or what it says to the row of the same process, if it is of one that died.
    void take(std::vector<Row> &fresh, Row row, std::optional<Process> process);
    static QString text(const Row &row, int column);
    QString details(const Row &row) const;
    QString traceback(const Row &row) const;

    const RunFeed *m_feed = nullptr;
    std::size_t m_failuresRead = 0;
    std::size_t m_deathsRead = 0;
    std::vector<Row> m_rows;
    std::map<QString, int> m_types;
    std::map<Process, std::size_t> m_rowOf; ///< Of the processes that died.
};

} // namespace Poolscope
