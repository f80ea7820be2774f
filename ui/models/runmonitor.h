// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/runfeed.h"

#include <QObject>
#include <QTimer>

#include <chrono>
#include <memory>

namespace Poolscope {

/// The run that the window shows: owns it, samples it, and keeps the last one readable until the next start.
///
/// Nothing here blocks: a run that is no longer shown goes to the RunReaper.
class RunMonitor final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunMonitor)

public:
    enum class Pace
    {
        Lively,  ///< 30 samples a second, fewer where they would take more than a quarter of a processor
        Relaxed, ///< 4 a second: the window is minimised
    };

    explicit RunMonitor(QObject *parent = nullptr);
    ~RunMonitor() override;

    /// Starts a job; a run that is still active is stopped and forgotten.
    void start(const JobSpec &spec);
    /// The same with a run that was started elsewhere, or a scripted one.
    void start(std::unique_ptr<RunFeed> feed);
    void pause();
    void resume();
    /// Asks the run to stop; ended() follows when no process of it is left.
    void stop();

    /// Adds or retires workers of the run that goes on.
    void resize(int processes);
    /// Of this run and those that follow, as in Run. \param seconds  a result
    void setConsumerPace(double seconds);
    double consumerPace() const { return m_consumerPace; }

    void setPace(Pace pace);

    /// From start() to ended().
    bool isActive() const { return m_sampler.isActive(); }
    /// The latest sample; of the last run once that has ended.
    const RunSnapshot &snapshot() const { return m_snapshot; }
    /// The run shown; nothing before the first start and for a scripted one.
    const Run *run() const { return m_feed ? m_feed->run() : nullptr; }
    /// Nothing before the first start.
    const RunFeed *feed() const { return m_feed.get(); }

Q_SIGNALS:
    void started();
    void sampled(); ///< snapshot() is new
    void ended();   ///< follows the last sampled() of a run

private:
    void sample();
    void keepPace();

    std::unique_ptr<RunFeed> m_feed;
    RunSnapshot m_snapshot;
    QTimer m_sampler;
    double m_consumerPace = 0;
    std::chrono::milliseconds m_interval;     ///< At the least.
    std::chrono::nanoseconds m_usedBefore{0}; ///< Processor time of this thread, at the sample before.
};

} // namespace Poolscope
