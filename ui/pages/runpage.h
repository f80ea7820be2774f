// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/failuresmodel.h"
#include "ui/models/logmodel.h"
#include "ui/models/resultsmodel.h"
#include "ui/models/runhistory.h"
#include "ui/models/runmonitor.h"
#include "ui/models/workersmodel.h"

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

class QSplitter;
class QTabWidget;

namespace Poolscope {

class BufferedChart;
class BusyChart;
class DataTable;
class FailuresPane;
class ReorderBuffer;
class ResultDelegate;
class RunHeader;
class Section;
class ThroughputChart;
class Timeline;

/// One run, live and afterwards: progress, timeline, both result streams, charts, workers, errors and log.
class RunPage final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunPage)

public:
    /// \param monitor  not owned, outlives the page
    explicit RunPage(RunMonitor *monitor, QWidget *parent = nullptr);
    ~RunPage() override;

Q_SIGNALS:
    /// Run these items of the run again.
    void retryWanted(const std::vector<std::uint64_t> &items);

private:
    QWidget *makeStreams();
    QWidget *makeCharts();
    QWidget *makeWorkers();
    QWidget *makeTabs();

    void begin();
    void sample();
    void end();
    /// Reads on in the recording for a few milliseconds; false when there was nothing left.
    bool readOn();
    void catchUp();
    void showCharts();
    void showNotes();
    /// Why no item of the run can be run again now; empty when they can.
    QString retryObstacle() const;
    /// Who is still running when fewer items are left than there are workers.
    QString tail() const;

    RunMonitor *const m_monitor;
    WorkersModel m_workers;
    ResultsModel m_completed{ResultsModel::Stream::Completed};
    ResultsModel m_delivered{ResultsModel::Stream::Delivered};
    FailuresModel m_failures;
    LogModel m_log;
    RunHistory m_history;
    std::size_t m_recordCursor = 0;
    QElapsedTimer m_sinceCharts;
    QTimer m_catchUp;

    RunHeader *m_header;
    Timeline *m_timeline;
    Section *m_timelineSection;
    Section *m_completedSection = nullptr;
    Section *m_deliveredSection = nullptr;
    ResultDelegate *m_delegate;
    DataTable *m_deliveredTable = nullptr;
    ReorderBuffer *m_reorder = nullptr;
    ThroughputChart *m_throughput = nullptr;
    BufferedChart *m_buffered = nullptr;
    BusyChart *m_busy = nullptr;
    FailuresPane *m_errors = nullptr;
    QTabWidget *m_tabs = nullptr;
};

} // namespace Poolscope
