// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QString>

#include <deque>

namespace Poolscope {

/// What was done with a live pool and what came of it: a statement as a program has it, and in words which
/// rule it shows.
class PoolLogModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PoolLogModel)

public:
    enum Column
    {
        Time,
        Statement,
        Text,
        ColumnCount
    };
    enum Role
    {
        RaisedRole = Qt::UserRole, ///< bool: the statement raised
    };

    struct Line
    {
        double time = 0; ///< Seconds since the pool began; negative: none.
        QString statement;
        QString text;
        bool hasRaised = false;
    };

    /// The oldest lines beyond these are dropped.
    static constexpr int maximumRows = 10'000;

    explicit PoolLogModel(QObject *parent = nullptr);

    void add(Line line);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    std::deque<Line> m_lines;
};

} // namespace Poolscope
