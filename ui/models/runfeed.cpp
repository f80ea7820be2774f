// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/runfeed.h"

namespace Poolscope {

namespace {

class RecordedRun final : public RunFeed
{
public:
    explicit RecordedRun(std::unique_ptr<Run> run) : m_run(std::move(run)) {}

    const JobSpec &spec() const override { return m_run->spec(); }
    RunSnapshot snapshot() const override { return m_run->snapshot(); }
    bool isOver() const override { return m_run->isOver(); }

    void pause() override { m_run->pause(); }
    void resume() override { m_run->resume(); }
    void stop() override { m_run->stop(); }

    std::vector<ItemRecord> completed(std::size_t from, std::size_t most) const override
    {
        return m_run->completed(from, most);
    }
    std::vector<ItemRecord> delivered(std::size_t from, std::size_t most) const override
    {
        return m_run->delivered(from, most);
    }
    std::vector<ItemRecord> failures(std::size_t from, std::size_t most) const override
    {
        return m_run->failures(from, most);
    }
    std::vector<LogLine> log(std::size_t from, std::size_t most) const override
    {
        return m_run->log(from, most);
    }

    const Run *run() const override { return m_run.get(); }

private:
    std::unique_ptr<Run> m_run;
};

} // namespace

std::unique_ptr<RunFeed> startRecordedRun(const JobSpec &spec)
{
    RunOptions options;
    options.record = true;
    return std::make_unique<RecordedRun>(Run::start(spec, options));
}

} // namespace Poolscope
