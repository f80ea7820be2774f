// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/runfilter.h"
#include "ui/models/runhistory.h"
#include "ui/models/runlog.h"
#include "ui/models/runmonitor.h"
#include "ui/models/selecteditem.h"
#include "ui/models/timewindow.h"

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

namespace Poolscope {

class ChartsPane;
class DetailTabs;
class FilterChips;
class GivingRow;
class Minimap;
class PhaseKey;
class RunHeader;
class Section;
class StreamsPane;
class Timeline;

/// One run, live and afterwards: progress, timeline, both result streams, charts, workers, errors and log.
/// All of it speaks of one stretch of time and of one chosen item.
class RunPage final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunPage)

public:
    /// \param monitor  not owned, outlives the page
    explicit RunPage(RunMonitor *monitor, QWidget *parent = nullptr);
    ~RunPage() override;

    TimeWindow &timeWindow() { return m_window; }
    SelectedItem &selectedItem() { return m_selection; }
    RunFilter &filter() { return m_filter; }
    /// Whether all of an ended run is shown: a long one is read over many turns of the event loop.
    bool hasReadAll() const { return m_monitor->feed() && !m_monitor->isActive() && !m_catchUp.isActive(); }
    /// Gives the timeline the room of all below it.
    void setTimelineAlone(bool isAlone);

Q_SIGNALS:
    /// Run these items of the run again.
    void retryWanted(const std::vector<std::uint64_t> &items);

private:
    QWidget *makeTimeline();
    void begin();
    void sample();
    void end();
    /// Reads on in the recording for a few milliseconds; false when there was nothing left.
    bool readOn();
    void catchUp();
    void showCharts();
    void showNotes();
    void showCrosshair(std::optional<double> time);
    /// Why no item of the run can be run again now; empty when they can.
    QString retryObstacle() const;
    void showTail();
    /// Who is still running when fewer items are left than there are workers.
    QString tail() const;

    RunMonitor *const m_monitor;
    RunLog m_log;
    RunHistory m_history;
    TimeWindow m_window;
    SelectedItem m_selection;
    RunFilter m_filter{&m_window};
    QElapsedTimer m_sinceCharts;
    QTimer m_catchUp;

    RunHeader *m_header;
    Timeline *m_timeline;
    Minimap *m_minimap;
    PhaseKey *m_phaseKey;
    FilterChips *m_chips;
    Section *m_timelineSection = nullptr;
    GivingRow *m_timelineKey = nullptr;
    StreamsPane *m_streams;
    ChartsPane *m_charts;
    DetailTabs *m_details;
    QWidget *m_middle; ///< Both streams, and the charts.
};

} // namespace Poolscope
