// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/run.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace Poolscope {

/// What the window reads of a run: a snapshot and cursors into the recording. A real run stands behind it in
/// the program, a scripted one in the tests of models and pages.
class RunFeed
{
public:
    virtual ~RunFeed() = default;
    RunFeed(const RunFeed &) = delete;
    RunFeed &operator=(const RunFeed &) = delete;

    virtual const JobSpec &spec() const = 0;
    virtual RunSnapshot snapshot() const = 0;
    virtual bool isOver() const = 0;

    virtual void pause() = 0;
    virtual void resume() = 0;
    virtual void stop() = 0;
    /// Whether these two do something.
    virtual bool canChange() const { return false; }
    // As in Run.
    virtual void resize(int processes) { Q_UNUSED(processes) }
    virtual void setConsumerPace(double seconds) { Q_UNUSED(seconds) }

    // As in Run: up to `most` records from position `from`.
    virtual std::vector<ItemRecord> completed(std::size_t from, std::size_t most) const = 0;
    virtual std::vector<ItemSpan> spans(std::size_t from, std::size_t most) const;
    virtual std::vector<ItemRecord> delivered(std::size_t from, std::size_t most) const = 0;
    virtual std::vector<ItemSpan> deliveredSpans(std::size_t from, std::size_t most) const;
    virtual std::vector<ItemRecord> failures(std::size_t from, std::size_t most) const = 0;
    virtual std::vector<LogLine> log(std::size_t from, std::size_t most) const = 0;
    virtual std::vector<WorkerDeath> deaths(std::size_t from, std::size_t most) const
    {
        Q_UNUSED(from)
        Q_UNUSED(most)
        return {};
    }

    virtual std::vector<RunEvent> events(std::size_t from, std::size_t most) const
    {
        Q_UNUSED(from)
        Q_UNUSED(most)
        return {};
    }
    virtual std::vector<ItemSpan> attempts(std::size_t from, std::size_t most) const
    {
        Q_UNUSED(from)
        Q_UNUSED(most)
        return {};
    }
    virtual std::vector<TimeSpan> consumerWaits(std::size_t from, std::size_t most) const
    {
        Q_UNUSED(from)
        Q_UNUSED(most)
        return {};
    }
    /// What became of an item; nothing while that is not known.
    virtual std::optional<RecordedItem> item(std::uint64_t index) const
    {
        Q_UNUSED(index)
        return std::nullopt;
    }

    /// What was sampled before anybody looked: of a recorded run, else nothing.
    virtual std::vector<RunSnapshot> history() const { return {}; }

    /// The run behind it; nothing for a scripted or recorded one.
    virtual const Run *run() const { return nullptr; }

protected:
    RunFeed() = default;
};

/// Starts a run that keeps its records.
std::unique_ptr<RunFeed> startRecordedRun(const JobSpec &spec);
/// A run of the past, which is over. Blocks while its journal is read. \throws RecordedRunError
std::unique_ptr<RunFeed> openRecordedRun(const QString &journal);

} // namespace Poolscope
