// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/runfeed.h"

#include "core/pool/recordedrun.h"

namespace Poolscope {

namespace {

class LiveRun final : public RunFeed
{
public:
    explicit LiveRun(std::unique_ptr<Run> run) : m_run(std::move(run)) {}

    const JobSpec &spec() const override { return m_run->spec(); }
    RunSnapshot snapshot() const override { return m_run->snapshot(); }
    bool isOver() const override { return m_run->isOver(); }

    void pause() override { m_run->pause(); }
    void resume() override { m_run->resume(); }
    void stop() override { m_run->stop(); }
    bool canChange() const override { return true; }
    void resize(int processes) override { m_run->resize(processes); }
    void setConsumerPace(double seconds) override { m_run->setConsumerPace(seconds); }

    std::vector<ItemRecord> completed(std::size_t from, std::size_t most) const override
    {
        return m_run->completed(from, most);
    }
    std::vector<ItemSpan> spans(std::size_t from, std::size_t most) const override
    {
        return m_run->spans(from, most);
    }
    std::vector<ItemRecord> delivered(std::size_t from, std::size_t most) const override
    {
        return m_run->delivered(from, most);
    }
    std::vector<ItemSpan> deliveredSpans(std::size_t from, std::size_t most) const override
    {
        return m_run->deliveredSpans(from, most);
    }
    std::vector<ItemRecord> failures(std::size_t from, std::size_t most) const override
    {
        return m_run->failures(from, most);
    }
    std::vector<LogLine> log(std::size_t from, std::size_t most) const override
    {
        return m_run->log(from, most);
    }

    std::vector<WorkerDeath> deaths(std::size_t from, std::size_t most) const override
    {
        return m_run->deaths(from, most);
    }

    std::vector<RunEvent> events(std::size_t from, std::size_t most) const override
    {
        return m_run->events(from, most);
    }
    std::vector<ItemSpan> attempts(std::size_t from, std::size_t most) const override
    {
        return m_run->attempts(from, most);
    }
    std::vector<TimeSpan> consumerWaits(std::size_t from, std::size_t most) const override
    {
        return m_run->consumerWaits(from, most);
    }
    std::optional<RecordedItem> item(std::uint64_t index) const override { return m_run->item(index); }

    const Run *run() const override { return m_run.get(); }

private:
    std::unique_ptr<Run> m_run;
};

class PastRun final : public RunFeed
{
public:
    explicit PastRun(const QString &journal) : m_run(journal) {}

    const JobSpec &spec() const override { return m_run.spec(); }
    RunSnapshot snapshot() const override { return m_run.snapshot(); }
    bool isOver() const override { return true; }

    void pause() override {}
    void resume() override {}
    void stop() override {}

    std::vector<ItemRecord> completed(std::size_t from, std::size_t most) const override
    {
        return m_run.completed(from, most);
    }
    std::vector<ItemRecord> delivered(std::size_t from, std::size_t most) const override
    {
        return m_run.delivered(from, most);
    }
    std::vector<ItemRecord> failures(std::size_t from, std::size_t most) const override
    {
        return m_run.failures(from, most);
    }
    std::vector<LogLine> log(std::size_t, std::size_t) const override { return {}; }
    std::optional<RecordedItem> item(std::uint64_t index) const override { return m_run.item(index); }
    std::vector<RunSnapshot> history() const override { return m_run.history(); }

private:
    const RecordedRun m_run;
};

std::vector<ItemSpan> spansOf(const std::vector<ItemRecord> &records)
{
    std::vector<ItemSpan> spans;
    for (const ItemRecord &record : records)
        spans.push_back({.index = record.index,
                         .started = record.started,
                         .finished = record.finished,
                         .delivered = record.delivered,
                         .worker = record.worker,
                         .generation = record.generation,
                         .attempt = record.attempt,
                         .status = record.status});
    return spans;
}

} // namespace

std::unique_ptr<RunFeed> openRecordedRun(const QString &journal)
{
    return std::make_unique<PastRun>(journal);
}

std::vector<ItemSpan> RunFeed::spans(std::size_t from, std::size_t most) const
{
    return spansOf(completed(from, most));
}

std::vector<ItemSpan> RunFeed::deliveredSpans(std::size_t from, std::size_t most) const
{
    return spansOf(delivered(from, most));
}

std::unique_ptr<RunFeed> startRecordedRun(const JobSpec &spec)
{
    RunOptions options;
    options.record = true;
    return std::make_unique<LiveRun>(Run::start(spec, options));
}

} // namespace Poolscope
