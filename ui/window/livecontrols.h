// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/controls/givingrow.h"
#include "ui/models/runmonitor.h"

class QLabel;
class QSlider;
class QSpinBox;

namespace Poolscope {

/// What can be changed while a job runs: the number of workers, and how long the consumer takes for each
/// result.
class LiveControls final : public GivingRow
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LiveControls)

public:
    /// \param monitor  not owned, outlives the controls
    explicit LiveControls(RunMonitor *monitor, QWidget *parent = nullptr);

    /// Seconds a result of a place of the slider: 0 as they come, then from 1 ms to 2 s in even ratios.
    static double paceAt(int place);

protected:
    void changeEvent(QEvent *event) override;

private:
    void refresh();
    void showPace();
    void applyTheme();

    RunMonitor *const m_monitor;
    QSpinBox *m_workers;
    QSlider *m_pace;
    QLabel *m_paceText;
    unsigned m_shownWorkers = 0;
};

} // namespace Poolscope
