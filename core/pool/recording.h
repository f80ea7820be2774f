// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/itemresult.h"
#include "core/pool/itemtexts.h"
#include "core/pool/run.h"

#include <cstdint>
#include <deque>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace Poolscope {

/// All that a run left behind, in the order it happened: written by the engine and the consumer thread, read
/// by cursor from any thread.
class Recording
{
public:
    /// \param began      zero of all times, nanoseconds of the monotonic clock
    /// \param keepItems  keep every item's record and what tasks print; else nothing is kept
    Recording(Time began, bool keepItems);

    void setChunksize(std::uint64_t chunksize) { m_chunksize = chunksize; }

    /// In the engine thread: what is told here is known to others with the next publishCompleted().
    void addCompleted(std::span<const ItemResult> results, std::string_view items);
    void publishCompleted();
    /// An outcome from a journal. In the consumer thread.
    void addKept(const ItemResult &result);
    void addDelivered(std::span<const ItemRecord> records);
    /// Something for the log, of which so much is kept and no more.
    void addLine(LogLine line);
    void addEvent(const std::string &text, Time now);
    void addDeath(WorkerDeath death);
    void addRunEvent(const RunEvent &event);
    void addAttempt(const ItemResult &attempt);
    void addConsumerWait(Time begin, Time end);

    std::vector<ItemRecord> completed(std::size_t from, std::size_t most) const;
    std::vector<ItemSpan> spans(std::size_t from, std::size_t most) const; ///< Of completed().
    std::vector<ItemRecord> delivered(std::size_t from, std::size_t most) const;
    std::vector<ItemSpan> deliveredSpans(std::size_t from, std::size_t most) const; ///< Of delivered().
    std::vector<ItemRecord> failures(std::size_t from, std::size_t most) const;
    std::vector<WorkerDeath> deaths(std::size_t from, std::size_t most) const;
    std::vector<LogLine> log(std::size_t from, std::size_t most) const;
    std::vector<RunEvent> events(std::size_t from, std::size_t most) const;
    std::vector<ItemSpan> attempts(std::size_t from, std::size_t most) const; ///< Those that were no outcome.
    std::vector<TimeSpan> consumerWaits(std::size_t from, std::size_t most) const;
    /// What became of an item; nothing while that is not known.
    std::optional<RecordedItem> item(std::uint64_t index) const;

    /// Turns a result into the record people see; takes its payload.
    ItemRecord record(ItemResult &&result) const;

private:
    /// Results in the order they were completed, and the inputs of those that are not ok.
    struct Completed
    {
        std::vector<ItemResult> results;
        std::string items; ///< A line each.
        std::vector<std::pair<std::uint64_t, std::string>> failedInputs;

        void clear();
    };

    ItemRecord at(std::size_t position) const;
    void index() const;

    const Time m_began;
    const bool m_keepItems;
    std::uint64_t m_chunksize = 1;

    Completed m_staged; ///< Engine thread.

    mutable std::mutex m_mutex; // guards all below
    /// Published and not indexed yet: whoever reads does that, for the engine has workers to feed.
    mutable Completed m_fresh;
    mutable std::deque<ItemResult> m_completed;
    mutable std::deque<double> m_deliveredAt; ///< By position in m_completed.
    std::deque<std::uint32_t> m_deliveredOrder;
    mutable std::deque<std::uint32_t>
        m_deliveredPosition;                        ///< By position in m_completed, of those delivered.
    mutable std::deque<std::uint32_t> m_positionOf; ///< By item index; nowhere: no outcome yet.
    static constexpr std::uint32_t nowhere = UINT32_MAX;
    mutable std::vector<std::uint32_t> m_failures;
    mutable std::unordered_map<std::uint64_t, std::string> m_failedInputs;
    mutable ItemTexts m_inputs; ///< By position in m_completed.
    std::vector<WorkerDeath> m_deaths;
    std::vector<RunEvent> m_events;
    std::vector<ItemSpan> m_attempts;
    std::vector<TimeSpan> m_consumerWaits;
    std::deque<LogLine> m_log;
    std::size_t m_logBytes = 0;
    bool m_logIsFull = false;
};

} // namespace Poolscope
