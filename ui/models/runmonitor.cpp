// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/runmonitor.h"

#include "ui/models/runreaper.h"

#include <chrono>

namespace Poolscope {

using namespace std::chrono_literals;

RunMonitor::RunMonitor(QObject *parent) : QObject(parent)
{
    setPace(Pace::Lively);
    connect(&m_sampler, &QTimer::timeout, this, &RunMonitor::sample);
}

RunMonitor::~RunMonitor()
{
    RunReaper::take(std::move(m_feed));
}

void RunMonitor::start(const JobSpec &spec)
{
    start(startRecordedRun(spec));
}

void RunMonitor::start(std::unique_ptr<RunFeed> feed)
{
    RunReaper::take(std::exchange(m_feed, std::move(feed)));
    m_snapshot = m_feed->snapshot();
    m_sampler.start();
    Q_EMIT started();
}

void RunMonitor::pause()
{
    if (isActive())
        m_feed->pause();
}

void RunMonitor::resume()
{
    if (isActive())
        m_feed->resume();
}

void RunMonitor::stop()
{
    if (isActive())
        m_feed->stop();
}

void RunMonitor::setPace(Pace pace)
{
    m_sampler.setInterval(pace == Pace::Lively ? 33ms : 250ms);
}

void RunMonitor::sample()
{
    // Asked before the snapshot is taken: then the last sample is known to hold the end.
    const bool over = m_feed->isOver();
    m_snapshot = m_feed->snapshot();
    if (over)
        m_sampler.stop();
    Q_EMIT sampled();
    if (over)
        Q_EMIT ended();
}

} // namespace Poolscope
