// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/failuresmodel.h"
#include "ui/models/logmodel.h"
#include "ui/models/runfilter.h"
#include "ui/models/runlog.h"
#include "ui/models/selecteditem.h"
#include "ui/models/timewindow.h"
#include "ui/models/workersmodel.h"

#include <QElapsedTimer>
#include <QTabWidget>
#include <QTimer>

#include <vector>

namespace Poolscope {

class DataTable;
class FailuresPane;
class LogPane;

/// The tables below a run: its workers, what failed, what was printed.
class DetailTabs final : public QTabWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DetailTabs)

public:
    /// \param log, window, selection, filter  not owned, outlive the tabs
    DetailTabs(const RunLog *log, TimeWindow *window, SelectedItem *selection, RunFilter *filter,
               QWidget *parent = nullptr);

    /// Shows another run from its beginning. \param feed  not owned
    void clear(const RunFeed *feed);
    void apply(const RunSnapshot &snapshot);
    /// Reads on in failures and log, a bounded number. \returns whether there may be more
    bool readOn();
    void showCounts(const RunSnapshot &snapshot);
    /// \param obstacle  why nothing can be run again now; empty when it can
    void setRetryObstacle(const QString &obstacle);

Q_SIGNALS:
    /// Run these items again.
    void retryWanted(const std::vector<std::uint64_t> &items);

private:
    QWidget *makeWorkers();
    void showCorner(int tab);
    void showWorkerMenu(const QPoint &at);
    /// The item that was chosen somewhere: the lines it printed, the worker that ran it.
    void markSelected();
    void showActivity();
    /// From a line of the log or an error without an item: what the worker was at then.
    void reveal(int worker, double time);

    const RunLog *const m_runLog;
    TimeWindow *const m_window;
    SelectedItem *const m_selection;
    RunFilter *const m_filter;
    WorkersModel m_workers;
    FailuresModel m_failures;
    LogModel m_log;
    const RunFeed *m_feed = nullptr;
    DataTable *m_table = nullptr; ///< Of the workers.
    bool m_isMarking = false;     ///< A row is chosen because its item was, not the other way round.
    FailuresPane *m_errors;
    LogPane *m_logPane;
    QElapsedTimer m_sinceActivity;
    QTimer m_rangeChanged;
};

} // namespace Poolscope
