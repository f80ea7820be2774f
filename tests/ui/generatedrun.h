// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/runfeed.h"

#include <QElapsedTimer>

#include <algorithm>

namespace Poolscope {

/// A run of any number of items, all alike, worked out when it is asked for: costs no memory, so that what a
/// view needs can be measured.
class GeneratedRun final : public RunFeed
{
public:
    struct Shape
    {
        std::uint64_t items = 1'000'000;
        std::uint32_t workers = 8;
        std::uint64_t chunksize = 1;
        double seconds = 8e-6; ///< An item's time on its worker.
        double gap = 8e-6;     ///< Between two items of a worker.
        int failEach = 0;      ///< Every so many items one fails; 0: none.
        Method method = Method::ImapUnordered;
    };

    explicit GeneratedRun(const Shape &shape);

    /// The moment that is shown; negative: the end.
    void showAt(double now) { m_now = now; }
    /// The moment that is shown goes on with time.
    void runByTheClock() { m_clock.start(); }
    double length() const;

    const JobSpec &spec() const override { return m_spec; }
    RunSnapshot snapshot() const override;
    bool isOver() const override { return now() >= length(); }
    void pause() override {}
    void resume() override {}
    void stop() override {}
    std::vector<ItemRecord> completed(std::size_t from, std::size_t most) const override;
    std::vector<ItemSpan> spans(std::size_t from, std::size_t most) const override;
    std::vector<ItemRecord> delivered(std::size_t from, std::size_t most) const override
    {
        return completed(from, most);
    }
    std::vector<ItemRecord> failures(std::size_t from, std::size_t most) const override;
    std::vector<LogLine> log(std::size_t, std::size_t) const override { return {}; }
    std::vector<RunEvent> events(std::size_t from, std::size_t most) const override;
    std::optional<RecordedItem> item(std::uint64_t index) const override;

private:
    double now() const
    {
        if (m_clock.isValid())
            return std::min(double(m_clock.nsecsElapsed()) * 1e-9, length());
        return m_now < 0 ? length() : m_now;
    }
    std::uint64_t completedBy(double time) const;
    ItemSpan spanOf(std::uint64_t index) const;
    ItemRecord recordOf(std::uint64_t index) const;

    const Shape m_shape;
    JobSpec m_spec;
    double m_now = -1;
    QElapsedTimer m_clock;
};

} // namespace Poolscope
