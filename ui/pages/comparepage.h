// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/runhistory.h"
#include "ui/models/runmonitor.h"
#include "ui/models/runsmodel.h"

#include <QWidget>

namespace Poolscope {

class DataTable;
class DeliveryChart;

/// The runs of this session side by side: their figures, and who delivered what when.
class ComparePage final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ComparePage)

public:
    /// \param monitor  not owned, outlives the page
    explicit ComparePage(RunMonitor *monitor, QWidget *parent = nullptr);
    ~ComparePage() override;

private:
    void addRun();
    void showChart();

    RunMonitor *const m_monitor;
    RunsModel m_runs;
    RunHistory m_history;
    DataTable *m_table;
    DeliveryChart *m_chart;
};

} // namespace Poolscope
