// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/runpage.h"

#include "ui/controls/givingrow.h"
#include "ui/models/format.h"
#include "ui/models/runfigures.h"
#include "ui/pages/chartspane.h"
#include "ui/pages/colourkey.h"
#include "ui/pages/detailtabs.h"
#include "ui/pages/reorderbuffer.h"
#include "ui/pages/runheader.h"
#include "ui/pages/section.h"
#include "ui/pages/streamspane.h"
#include "ui/theme/theme.h"
#include "ui/timeline/filterchips.h"
#include "ui/timeline/minimap.h"
#include "ui/timeline/phasekey.h"
#include "ui/timeline/timeline.h"
#include "ui/timeline/timelinebar.h"

#include <QFileInfo>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>

namespace Poolscope {

namespace {

// What is left to be read is read in turns of its own: with the painting of a frame this stays below the 50
// ms for which a window may be held up.
constexpr qint64 readingBudget = 4;   // ms
constexpr qint64 chartInterval = 100; // ms

QSplitter *makeSplitter(Qt::Orientation orientation, std::initializer_list<std::pair<QWidget *, int>> parts)
{
    auto *const splitter = new QSplitter(orientation);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(Theme::space);
    for (const auto &[part, stretch] : parts) {
        splitter->addWidget(part);
        splitter->setStretchFactor(splitter->count() - 1, stretch);
    }
    return splitter;
}

} // namespace

RunPage::RunPage(RunMonitor *monitor, QWidget *parent)
    : QWidget(parent)
    , m_monitor(monitor)
    , m_header(new RunHeader(this))
    , m_timeline(new Timeline(&m_log, &m_window, &m_selection, &m_filter))
    , m_minimap(new Minimap(&m_log, &m_window, &m_selection))
    , m_phaseKey(new PhaseKey)
    , m_chips(new FilterChips(&m_filter))
    , m_streams(new StreamsPane(&m_selection, &m_filter))
    , m_charts(new ChartsPane(&m_log, &m_history, &m_window))
    , m_details(new DetailTabs(&m_log, &m_window, &m_selection, &m_filter))
{
    auto *const middle = makeSplitter(Qt::Horizontal, {{m_streams, 5}, {m_charts, 2}});
    middle->setSizes({700, 260});
    m_middle = middle;
    auto *const all = makeSplitter(Qt::Vertical, {{makeTimeline(), 3}, {middle, 4}, {m_details, 2}});
    all->setSizes({180, 235, 155});

    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space);
    layout->addWidget(m_header);
    layout->addWidget(all, 1);

    connect(m_details, &DetailTabs::retryWanted, this, &RunPage::retryWanted);
    connect(m_timeline, &Timeline::hovered, this, &RunPage::showCrosshair);
    connect(m_charts, &ChartsPane::hovered, this, &RunPage::showCrosshair);
    connect(&m_window, &TimeWindow::changed, this, [this] { showTail(); });
    connect(&m_filter, &RunFilter::changed, this, [this] {
        showTail();
        if (m_monitor->feed())
            m_streams->showNotes(m_monitor->snapshot());
    });
    connect(m_streams, &StreamsPane::narrowed, this, [this] {
        if (m_monitor->feed())
            m_catchUp.start();
    });
    connect(m_monitor, &RunMonitor::started, this, &RunPage::begin);
    connect(m_monitor, &RunMonitor::sampled, this, &RunPage::sample);
    connect(m_monitor, &RunMonitor::ended, this, &RunPage::end);
    m_catchUp.setInterval(0);
    connect(&m_catchUp, &QTimer::timeout, this, &RunPage::catchUp);
    if (m_monitor->feed())
        begin();
}

RunPage::~RunPage()
{
    // The views look at what is a member here.
    qDeleteAll(findChildren<QWidget *>(QString(), Qt::FindDirectChildrenOnly));
}

QWidget *RunPage::makeTimeline()
{
    auto *const content = new QWidget;
    auto *const column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(1);
    column->addWidget(m_timeline, 1);
    column->addWidget(m_minimap);
    m_timelineSection = new Section(tr("Timeline"), content);
    auto *const key = new GivingRow;
    key->setSpacing(Theme::spaceLarge);
    key->add(new ColourKey, 0);
    key->add(new TimelineBar(&m_window), 1);
    key->add(m_chips);
    key->add(m_phaseKey, std::nullopt, 100);
    // So that what is there stays at the left while the key is hidden.
    key->add(new QWidget, std::nullopt, 1);
    key->setWanted(m_chips, false);
    m_timelineKey = key;
    m_timelineSection->setKey(key);
    return m_timelineSection;
}

void RunPage::setTimelineAlone(bool isAlone)
{
    m_middle->setVisible(!isAlone);
    m_details->setVisible(!isAlone);
}

void RunPage::begin()
{
    const RunFeed *const feed = m_monitor->feed();
    m_catchUp.stop();
    m_history.clear();
    m_log.clear();
    m_window.clear();
    m_selection.select(std::nullopt);
    m_filter.clear();
    m_streams->clear(feed);
    m_details->clear(feed);
    m_timeline->clear(feed);
    m_minimap->clear(feed);
    m_header->clear();
    m_header->setJob(feed->spec());
    m_charts->reset();
    m_sinceCharts.invalidate();
    m_details->setRetryObstacle(retryObstacle());
    const std::vector<RunSnapshot> history = feed->history();
    for (const RunSnapshot &snapshot : history)
        m_history.add(snapshot);
    sample();
    if (!m_monitor->isActive())
        end();
}

void RunPage::sample()
{
    const RunSnapshot &snapshot = m_monitor->snapshot();
    m_log.setNow(snapshot);
    if (readOn())
        m_catchUp.start();
    m_history.add(snapshot);
    m_header->apply(snapshot, m_history.currentRate());
    m_timeline->apply(snapshot);
    m_window.setNow(snapshot.now, isOver(snapshot.phase));
    m_minimap->refresh();
    m_streams->apply(snapshot);
    m_details->apply(snapshot);
    showNotes();
    if (!m_sinceCharts.isValid() || m_sinceCharts.elapsed() >= chartInterval)
        showCharts();
}

void RunPage::end()
{
    showCharts();
    m_details->setRetryObstacle(retryObstacle());
    m_catchUp.start();
}

bool RunPage::readOn()
{
    QElapsedTimer clock;
    clock.start();
    bool more = m_details->readOn();
    more = m_streams->readOn() || more;
    CompletionMap &completions = m_streams->reorderBuffer()->completions();
    return m_log.readOn(
               *m_monitor->feed(), [&clock] { return clock.elapsed() < readingBudget; },
               [&completions](std::uint64_t item) { completions.add(item); }) ||
           more;
}

void RunPage::catchUp()
{
    const bool isLeft = readOn();
    if (!isLeft)
        m_catchUp.stop();
    if (m_monitor->isActive()) // the next sample shows it
        return;
    if (!isLeft) {
        m_details->apply(m_monitor->snapshot());
        showCharts();
    }
    showNotes();
    m_minimap->refresh();
    m_timeline->viewport()->update();
}

void RunPage::showCharts()
{
    m_charts->show(m_monitor->snapshot().processes);
    m_sinceCharts.start();
}

void RunPage::showCrosshair(std::optional<double> time)
{
    m_timeline->setCrosshair(time);
    m_charts->setCrosshair(time);
}

void RunPage::showNotes()
{
    const RunSnapshot &snapshot = m_monitor->snapshot();
    m_streams->showNotes(snapshot);
    m_details->showCounts(snapshot);
    showTail();
}

QString RunPage::retryObstacle() const
{
    if (m_monitor->isActive())
        return tr("Items can be run again when the run has ended");
    const QString &journal = m_monitor->feed()->spec().journal;
    if (!m_monitor->run() && journal.isEmpty())
        return tr("This is the record of a run: its job is not at hand to be run again");
    if (!canBeReread(m_monitor->feed()->spec().input))
        return tr("The items came from an input that can be read only once");
    if (journal.isEmpty() || !QFileInfo::exists(journal))
        return tr("The other results were not kept on the disk: run the whole job again");
    return {};
}

/// In the place of the key, where there is something to say.
void RunPage::showTail()
{
    const QString text = tail();
    m_timelineSection->setNote(text);
    const bool hasChips = !m_filter.isNone();
    m_timelineKey->setWanted(m_chips, hasChips);
    m_timelineKey->setWanted(m_phaseKey, text.isEmpty() && !hasChips);
}

QString RunPage::tail() const
{
    const RunSnapshot &snapshot = m_monitor->snapshot();
    if (!m_window.isFollowing() || isOver(snapshot.phase))
        return {};
    const std::uint64_t left =
        snapshot.total ? *snapshot.total - std::min(snapshot.completed, *snapshot.total) : 0;
    if (left == 0 || left >= snapshot.processes || snapshot.phase != RunPhase::Running)
        return {};
    std::vector<WorkerSnapshot> running;
    std::copy_if(snapshot.workers.begin(), snapshot.workers.end(), std::back_inserter(running),
                 [](const WorkerSnapshot &worker) { return worker.item.has_value(); });
    std::sort(running.begin(), running.end(),
              [](const WorkerSnapshot &a, const WorkerSnapshot &b) { return a.itemStarted < b.itemStarted; });
    QStringList parts;
    for (const WorkerSnapshot &worker : running)
        parts += tr("%1 on worker %2 for %3")
                     .arg(Format::count(*worker.item))
                     .arg(worker.slot)
                     .arg(Format::duration(std::max(snapshot.now - worker.itemStarted, 0.0)));
    const QString last = tr("Last %1: %2").arg(Format::items(left), parts.join(QStringLiteral(", ")));
    return snapshot.percentile95
               ? tr("%1 · 95 % took at most %2").arg(last, Format::duration(*snapshot.percentile95))
               : last;
}

} // namespace Poolscope
