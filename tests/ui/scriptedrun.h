// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/runfeed.h"

#include <atomic>
#include <functional>
#include <string>
#include <vector>

namespace Poolscope {

/// A run that was computed beforehand and is shown as it was at any moment: workers take the next chunk when
/// they are free, results leave as the method has it. No process, no clock.
class ScriptedRun final : public RunFeed
{
public:
    struct Script
    {
        Method method = Method::Imap;
        int workers = 2;
        std::uint64_t items = 20;
        std::uint64_t chunksize = 1;
        int chunksPerProcess = 0; ///< 0: no limit
        std::function<double(std::uint64_t)> seconds = [](std::uint64_t) { return 1.0; };
        std::function<ItemStatus(std::uint64_t)> status = [](std::uint64_t) { return ItemStatus::Ok; };
        std::function<std::string(std::uint64_t)> value = [](std::uint64_t item) {
            return std::to_string(item * item);
        };
        double startup = 0.05;
        /// Items are recorded with the end of their chunk, as the engine does it.
        bool recordsChunks = false;
    };

    explicit ScriptedRun(const Script &script);

    /// The moment that is shown; negative: the end.
    void showAt(double now) { m_now = now; }
    double length() const { return m_length; }
    std::vector<LogLine> &lines() { return m_lines; }
    std::vector<WorkerDeath> &workerDeaths() { return m_deaths; }
    JobSpec &job() { return m_spec; }
    /// How often records were read, to prove that views read no more than they show.
    std::uint64_t recordsRead() const { return m_recordsRead; }

    const JobSpec &spec() const override { return m_spec; }
    RunSnapshot snapshot() const override;
    bool isOver() const override { return now() >= m_length; }
    void pause() override { m_paused = true; }
    void resume() override { m_paused = false; }
    void stop() override { m_stopped = true; }
    std::vector<ItemRecord> completed(std::size_t from, std::size_t most) const override;
    std::vector<ItemRecord> delivered(std::size_t from, std::size_t most) const override;
    std::vector<ItemRecord> failures(std::size_t from, std::size_t most) const override;
    std::vector<LogLine> log(std::size_t from, std::size_t most) const override;
    std::vector<WorkerDeath> deaths(std::size_t from, std::size_t most) const override;
    std::vector<RunEvent> events(std::size_t from, std::size_t most) const override;
    std::optional<RecordedItem> item(std::uint64_t index) const override;
    bool canChange() const override { return true; }
    void resize(int processes) override { m_resizedTo = processes; }
    void setConsumerPace(double seconds) override { m_pace = seconds; }

    bool wasStopped() const { return m_stopped; }
    bool wasPaused() const { return m_paused; }
    int resizedTo() const { return m_resizedTo; }
    double consumerPace() const { return m_pace; }
    std::vector<RunEvent> &runEvents() { return m_events; }

private:
    double now() const { return m_now < 0 ? m_length : m_now; }
    ItemRecord asOfNow(ItemRecord record) const;
    void play(const Script &script);
    void deliver(Method method);
    std::size_t recorded() const;

    JobSpec m_spec;
    std::uint64_t m_items = 0;
    std::uint64_t m_chunksize = 1;
    double m_startup = 0;
    double m_length = 0;
    double m_now = -1;
    std::vector<ItemRecord> m_completed; ///< by the moment they were recorded
    std::vector<double> m_recordedAt;    ///< that moment, of each
    std::vector<ItemRecord> m_delivered; ///< by the moment they were delivered
    std::vector<ItemRecord> m_failed;
    std::vector<LogLine> m_lines;
    std::vector<WorkerDeath> m_deaths;
    std::vector<RunEvent> m_events;
    int m_resizedTo = 0;
    double m_pace = 0;
    mutable std::uint64_t m_recordsRead = 0;
    std::atomic<bool> m_stopped = false;
    std::atomic<bool> m_paused = false;
};

} // namespace Poolscope
