// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/conversions.h"
#include "ui/models/durationhistogram.h"
#include "ui/models/runfeed.h"
#include "ui/models/spanstore.h"
#include "ui/models/workerlives.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <vector>

namespace Poolscope {

/// What the window has read of a run so far, laid out so that any stretch of its time is looked at quickly:
/// which worker ran which item when, and what it did in between.
class RunLog
{
public:
    /// How a worker's place spent some time, in seconds.
    struct Split
    {
        double starting = 0;
        double waiting = 0; ///< For work.
        double unpacking = 0;
        double running = 0;
        double packing = 0;
        double sending = 0;
        double blocked = 0; ///< By the consumer.
        double ending = 0;

        double sum() const
        {
            return starting + waiting + unpacking + running + packing + sending + blocked + ending;
        }
    };
    /// What there is to say of a stretch of time.
    struct Measure
    {
        std::uint64_t items = 0; ///< That ended in it.
        double rate = 0;         ///< Of those, a second.
        double idle = 0;         ///< Share of the workers' time in which they ran nothing.
    };

    void clear();
    /// Reads on in the recording.
    /// \param goesOn  asked after every few hundred items
    /// \param each    told of every item that has ended
    /// \returns whether there may be more
    bool readOn(const RunFeed &feed, const std::function<bool()> &goesOn,
                const std::function<void(std::uint64_t item)> &each);
    /// Takes over what the snapshot says of the moment.
    void setNow(const RunSnapshot &snapshot);
    /// The earliest moment that what was read since changes; infinite when nothing was.
    double changedFrom() const { return m_changedFrom; }
    void forgetChanges() { m_changedFrom = std::numeric_limits<double>::infinity(); }

    const SpanStore &spans() const { return m_spans; }
    const WorkerLives &lives() const { return m_lives; }
    const Conversions &conversions() const { return m_conversions; }
    std::size_t laneCount() const;
    double now() const { return m_now; }
    std::uint64_t chunksize() const { return m_chunksize; }

    /// Since when a worker runs what no record tells of yet: items of a chunk are recorded together when it
    /// ends. Nothing while it runs nothing.
    std::optional<double> runningSince(std::size_t lane) const;
    /// Seconds in which a worker ran items, those of the chunk that it is at now among them.
    double busyBetween(std::size_t lane, double begin, double end) const;
    Split splitBetween(std::size_t lane, double begin, double end) const;
    Measure measure(double begin, double end) const;
    /// How long the items took that ended in this stretch of time.
    DurationHistogram durationsBetween(double begin, double end) const;
    /// All that have ended.
    const DurationHistogram &durations() const { return m_durations; }

    /// Where an item is in the picture; nothing while that is not known.
    struct Place
    {
        std::size_t lane;
        std::size_t position;
    };
    std::optional<Place> placeOf(const ItemRecord &record) const;
    std::optional<Place> placeAt(std::size_t lane, double time) const;

private:
    void add(const ItemSpan &span, bool isOutcome);

    SpanStore m_spans;
    WorkerLives m_lives;
    Conversions m_conversions;
    DurationHistogram m_durations;
    std::size_t m_spansRead = 0;
    std::size_t m_attemptsRead = 0;
    std::size_t m_eventsRead = 0;
    std::size_t m_waitsRead = 0;
    std::uint64_t m_chunksize = 1;
    double m_now = 0;
    double m_changedFrom = 0;
    std::vector<double> m_chunkStarted; ///< By lane; negative while it runs none.
};

} // namespace Poolscope
