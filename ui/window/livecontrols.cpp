// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/livecontrols.h"

#include "ui/models/format.h"
#include "ui/models/runfigures.h"
#include "ui/theme/theme.h"

#include <QEvent>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QSpinBox>

#include <cmath>

namespace Poolscope {

namespace {

constexpr int places = 20;
constexpr double slowest = 2;     // s
constexpr double quickest = 1e-3; // s

} // namespace

double LiveControls::paceAt(int place)
{
    if (place <= 0)
        return 0;
    return quickest * std::pow(slowest / quickest, double(place - 1) / (places - 1));
}

LiveControls::LiveControls(RunMonitor *monitor, QWidget *parent)
    : GivingRow(parent)
    , m_monitor(monitor)
    , m_workers(new QSpinBox(this))
    , m_pace(new QSlider(Qt::Horizontal, this))
    , m_paceText(new QLabel(this))
{
    auto *const workers = new QLabel(tr("Pool"), this);
    workers->setBuddy(m_workers);
    m_workers->setRange(1, maximumProcesses);
    m_workers->setKeyboardTracking(false);
    m_workers->setAccessibleName(tr("Pool size"));
    m_workers->setToolTip(
        tr("Workers: more are started while the job runs, or some leave after what they run"));
    auto *const consumer = new QLabel(tr("Consumer"), this);
    consumer->setBuddy(m_pace);
    m_pace->setRange(0, places);
    m_pace->setPageStep(5);
    m_pace->setFixedWidth(110);
    m_pace->setAccessibleName(tr("Consumer pace"));
    setSpacing(Theme::spaceSmall);
    add(workers, 2);
    add(m_workers);
    consumer->setContentsMargins(Theme::spaceLarge, 0, 0, 0);
    add(consumer, 1);
    add(m_pace);
    add(m_paceText, 0);
    add(new QWidget, std::nullopt, 1); // takes what is left, or the field would
    applyTheme();

    connect(m_workers, &QSpinBox::valueChanged, m_monitor, &RunMonitor::resize);
    connect(m_pace, &QSlider::valueChanged, this, [this](int place) {
        m_monitor->setConsumerPace(paceAt(place));
        showPace();
    });
    connect(m_monitor, &RunMonitor::started, this, [this] {
        m_shownWorkers = 0;
        refresh();
    });
    connect(m_monitor, &RunMonitor::sampled, this, &LiveControls::refresh);
    connect(m_monitor, &RunMonitor::ended, this, &LiveControls::refresh);
    showPace();
    refresh();
}

void LiveControls::applyTheme()
{
    m_paceText->setFont(Theme::tabularFont());
    // The longest text has room: nothing moves when it changes.
    m_paceText->setMinimumWidth(
        m_paceText->fontMetrics().horizontalAdvance(tr("%1 each").arg(QStringLiteral("0.00 ms "))) +
        Theme::spaceSmall);
}

void LiveControls::changeEvent(QEvent *event)
{
    GivingRow::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        applyTheme();
}

void LiveControls::refresh()
{
    const RunSnapshot &snapshot = m_monitor->snapshot();
    const bool goesOn = m_monitor->isActive() && m_monitor->feed()->canChange() &&
                        (snapshot.phase == RunPhase::Starting || snapshot.phase == RunPhase::Running ||
                         snapshot.phase == RunPhase::Paused);
    m_workers->setEnabled(goesOn);
    // What someone sets is known a moment later: until then the field keeps it.
    if (snapshot.processes > 0 && snapshot.processes != m_shownWorkers) {
        m_shownWorkers = snapshot.processes;
        const QSignalBlocker silent(m_workers);
        m_workers->setValue(int(snapshot.processes));
    }
    const bool isAllAtOnce =
        m_monitor->isActive() && deliveryOf(m_monitor->feed()->spec().method) == Delivery::AllAtEnd;
    m_pace->setEnabled(!isAllAtOnce);
    m_pace->setToolTip(isAllAtOnce
                           ? tr("This method returns all results at once: its consumer holds up nothing")
                           : tr("Lets the consumer take its time for each result: imap then works on "
                                "meanwhile, until its buffer is full"));
}

void LiveControls::showPace()
{
    const double pace = paceAt(m_pace->value());
    m_paceText->setText(pace > 0 ? tr("%1 each").arg(Format::duration(pace)) : tr("at once"));
    m_pace->setAccessibleDescription(m_paceText->text());
}

} // namespace Poolscope
