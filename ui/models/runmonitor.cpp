// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/runmonitor.h"

#include "ui/models/runreaper.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <utility>

namespace Poolscope {

using namespace std::chrono_literals;

namespace {

/// What the calling thread has used, painting and all.
std::chrono::nanoseconds threadTime()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

} // namespace

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
    m_feed->setConsumerPace(m_consumerPace);
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

void RunMonitor::resize(int processes)
{
    if (isActive())
        m_feed->resize(processes);
}

void RunMonitor::setConsumerPace(double seconds)
{
    m_consumerPace = seconds;
    if (isActive())
        m_feed->setConsumerPace(seconds);
}

void RunMonitor::setPace(Pace pace)
{
    m_interval = pace == Pace::Lively ? 33ms : 250ms;
    m_sampler.setInterval(m_interval);
}

/// Showing a run must not take from it what it needs: where there are as many workers as processors, what
/// this thread takes they lose.
void RunMonitor::keepPace()
{
    constexpr int share = 4;
    constexpr auto slowest = std::chrono::nanoseconds(500ms);
    const std::chrono::nanoseconds used = threadTime();
    const std::chrono::nanoseconds frame = used - std::exchange(m_usedBefore, used);
    m_sampler.setInterval(
        std::chrono::duration_cast<std::chrono::milliseconds>(std::clamp<std::chrono::nanoseconds>(
            share * frame, m_interval, std::max<std::chrono::nanoseconds>(slowest, m_interval))));
}

void RunMonitor::sample()
{
    // Asked before the snapshot is taken: then the last sample is known to hold the end.
    const bool over = m_feed->isOver();
    m_snapshot = m_feed->snapshot();
    if (over)
        m_sampler.stop();
    else
        keepPace();
    Q_EMIT sampled();
    if (over)
        Q_EMIT ended();
}

} // namespace Poolscope
