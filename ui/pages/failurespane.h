// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/failuresmodel.h"
#include "ui/models/narrowedrows.h"
#include "ui/models/selecteditem.h"

#include <QSplitter>

#include <cstdint>
#include <vector>

class QComboBox;
class QPlainTextEdit;
class QPushButton;

namespace Poolscope {

class DataTable;
class GivingRow;

/// The failed items and dead workers and, beside the list, all there is to say of the chosen ones, and what
/// can be done about them.
class FailuresPane final : public QSplitter
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FailuresPane)

public:
    /// \param selection, filter  not owned, outlive the pane
    FailuresPane(FailuresModel *model, SelectedItem *selection, RunFilter *filter, QWidget *parent = nullptr);

    /// Retry, Retry all failed, Copy: to be placed where they take nothing from the text. Owned by whoever
    /// places them.
    QWidget *actions() const;
    /// \param obstacle  why nothing can be run again now; empty when it can
    void setRetryObstacle(const QString &obstacle);

Q_SIGNALS:
    /// Run these items again.
    void retryWanted(const std::vector<std::uint64_t> &items);
    /// A death was chosen that took no item with it. \param worker  slot; -1: not known
    void placeWanted(int worker, double time);

protected:
    void changeEvent(QEvent *event) override;

private:
    void makeDetails();
    void makeActions();
    QModelIndexList chosenRows() const;
    std::vector<std::uint64_t> chosenItems() const;
    QString chosenText() const;
    void showChosen();
    void showTypes();
    void narrow();
    void choose(const QModelIndex &row);
    void markSelected();
    void showActions();
    void showContextMenu(const QPoint &at);
    void retryChosen();
    void retryAll();
    void copy() const;
    void applyTheme();

    FailuresModel *const m_model;
    SelectedItem *const m_selection;
    RunFilter *const m_filter;
    NarrowedRows m_shown{FailuresModel::TimeRole, FailuresModel::WorkerRole};
    QComboBox *m_types;
    DataTable *m_table;
    QPlainTextEdit *m_text;
    GivingRow *m_actions;
    QPushButton *m_retry;
    QPushButton *m_retryAll;
    QPushButton *m_copy;
    QString m_obstacle;
};

} // namespace Poolscope
