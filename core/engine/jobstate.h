// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/itemsupply.h"
#include "core/engine/resultreceiver.h"
#include "core/measurement/snapshot.h"
#include "core/scheduling/halt.h"
#include "core/scheduling/poolmachine.h"

#include <QString>

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace Poolscope {

struct JobState;

/// A chunk in the hands of the engine: its items until all have an outcome, and the outcomes so far.
struct ChunkRecord
{
    JobState *job = nullptr; ///< Outlives its chunks.
    std::uint64_t firstIndex = 0;
    std::uint64_t number = 0;   ///< Among those of the job, from 0.
    std::uint64_t position = 0; ///< Of its first item among those of the job that are run.
    std::string items;          ///< Lines; kept for a chunk that must be sent again, and for what failed.
    std::vector<ItemResult> results;
    std::uint64_t resultBytes = 0; ///< Of their payloads, once it is complete.

    /// The lines of `count` items from `offset` on.
    std::string_view lines(std::uint32_t offset, std::uint32_t count) const;
    /// The outcome of an item, which from now on has one.
    ItemResult &outcome(std::uint32_t offset);
    /// Keeps what was no outcome, because the item is tried again.
    void addAttempt(std::uint32_t offset, ItemResult attempt);
};

/// The payload side of one job: what the machine decides about by ids happens to bytes here.
struct JobState
{
    JobId id;
    JobConfig config;
    std::uint32_t task = 0;
    std::uint32_t chunkFlags = 0;
    std::uint32_t chunksize = 1;
    std::unique_ptr<ItemSupply> supply; ///< Null once the input has ended.
    std::shared_ptr<ResultReceiver> receiver;
    std::exception_ptr inputError;
    std::optional<HaltDecision> halt;
    QString halted; ///< Why it was halted; empty unless it was.

    ItemCounts items;
    std::uint64_t nextPosition = 0;
    std::uint64_t chunks = 0;
    std::uint64_t released = 0;     ///< Items that went to the queue.
    std::uint64_t taken = 0;        ///< Items the consumer took.
    std::uint64_t takenOfChunk = 0; ///< Items taken of the first of these:
    std::deque<std::uint32_t>
        notTaken;                    ///< Sizes of the chunks to be delivered, as far as their order is known.
    std::uint64_t bufferedBytes = 0; ///< Payload bytes of completed items that were not released.
    std::uint64_t peakBuffered = 0;
    Time firstDispatch = -1;
    Time waitsForConsumerSince = -1; ///< Negative while it does not.
    bool begun = false;
    bool isStopped = false; ///< The pool ended before its input did.
    bool isKept = false;    ///< What it counted is still asked for when it has finished.
    bool hasOutgoing = false;

    /// Keeps the results of a complete chunk until they are released. \returns the chunk, unless it is kept
    std::unique_ptr<ChunkRecord> complete(std::unique_ptr<ChunkRecord> chunk);
    /// Moves the results of so many chunks to the outgoing ones: the oldest, or, unordered, those that have
    /// been complete for longest. \param each  called with every chunk that was kept
    void release(std::uint64_t count, std::uint64_t resultCount,
                 const std::function<void(std::unique_ptr<ChunkRecord>)> &each);
    /// Hands the outgoing results to the consumer.
    void flush();

private:
    bool parksResults() const;
    void park(ChunkRecord &chunk);
    void releaseParked(std::uint64_t count);

    /// Complete and not released; unless unordered by number, from m_parkedFrom on, and null while
    /// incomplete.
    std::deque<std::unique_ptr<ChunkRecord>> m_parked;
    std::uint64_t m_parkedFrom = 0;
    /// Of small chunks that wait for others, of which there may be a million, the results only: by position,
    /// in blocks.
    std::deque<std::vector<ItemResult>> m_line;
    std::uint64_t m_lineFrom = 0;   ///< Position of the first of the first block.
    std::size_t m_lineReleased = 0; ///< Of the first block.
    ResultBatch m_outgoing;
};

} // namespace Poolscope
