// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/logmodel.h"
#include "ui/models/narrowedrows.h"

#include <QWidget>

#include <cstdint>

class QLineEdit;

namespace Poolscope {

class DataTable;

/// What the tasks printed and what happened to the pool, to be searched.
class LogPane final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LogPane)

public:
    /// \param filter  not owned, outlives the pane
    LogPane(LogModel *model, RunFilter *filter, QWidget *parent = nullptr);

    /// Marks the first line that this item printed, if it printed any that is listed.
    void mark(std::uint64_t item);
    /// The field to search in: to be placed where it takes nothing from the lines. Owned by whoever places
    /// it.
    QWidget *search() const;

Q_SIGNALS:
    /// A line was chosen that an item printed.
    void itemWanted(quint64 item);
    /// A line was chosen that none did. \param worker  slot; -1: the pool
    void placeWanted(int worker, double time);

private:
    void choose(const QModelIndex &row);
    void narrow();

    RunFilter *const m_filter;
    NarrowedRows m_found{LogModel::TimeRole, LogModel::WorkerRole};
    DataTable *m_table;
    QLineEdit *m_search;
};

} // namespace Poolscope
