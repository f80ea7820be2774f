// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Payloads of the frames that carry work. Set-up messages are JSON and are read where they are used.
///
/// Values are JSON text without a line break. The parent never decodes them: a chunk is the items' texts,
/// each ended by '\n', and a result is copied as it came.
namespace Poolscope::Wire {

/// What to do with the rest of a chunk when one of its items fails.
enum class ChunkFlag : std::uint32_t
{
    None = 0,
    Unpack = 1,      ///< starmap: the item is an array of positional arguments
    StopOnError = 2, ///< on-error raise: the items after a failed one are not run
    Keywords = 4,    ///< apply with keyword arguments: the item is [array of positional ones, object]
};
constexpr std::uint32_t operator|(ChunkFlag a, ChunkFlag b)
{
    return std::uint32_t(a) | std::uint32_t(b);
}

struct ChunkHeader
{
    std::uint64_t chunk = 0;
    std::uint64_t firstIndex = 0; ///< Index in the input of the first item of this frame.
    std::uint32_t task = 0;
    std::uint32_t count = 0;   ///< Items in this frame.
    std::uint32_t attempt = 1; ///< 1 for the first try.
    std::uint32_t flags = 0;   ///< ChunkFlag, or'ed.
};
static_assert(sizeof(ChunkHeader) == 32);

/// Appends a Chunk frame. `items` holds `header.count` lines.
void appendChunk(std::string &out, const ChunkHeader &header, std::string_view items);

struct ChunkMessage
{
    ChunkHeader header;
    std::string_view items;
};
/// False when the payload is not a chunk or does not hold as many lines as it says.
bool parseChunk(std::string_view payload, ChunkMessage &message);

enum class ItemStatus : std::uint8_t
{
    Ok = 0,        ///< the payload is the value
    Error = 1,     ///< the payload is an error object: {"type", "message", "traceback"}
    Lost = 2,      ///< set by the parent: the worker vanished while it ran the item
    NotRun = 3,    ///< an item before it in its chunk failed, or the pool could not go on
    Cancelled = 4, ///< set by the parent: stopped before it could end
};

/// Results of `count` consecutive items of a chunk, the first of which is `firstIndex`. A chunk is complete
/// when as many items as it holds were reported; they are reported in order.
struct ResultsHeader
{
    std::uint64_t chunk = 0;
    std::uint64_t firstIndex = 0;
    std::uint32_t count = 0;
    std::uint32_t reserved = 0;
};
static_assert(sizeof(ResultsHeader) == 24);

/// Times in nanoseconds of the worker's monotonic clock.
struct ResultHeader
{
    std::int64_t started = 0;
    std::int64_t finished = 0;
    std::int64_t cpu = 0;     ///< CPU time the item used, nanoseconds.
    std::uint32_t length = 0; ///< Bytes of payload that follow.
    /// Microseconds right before `started` in which the item's text was made a value; 0: not measured.
    std::uint32_t unpack = 0;
    /// Microseconds right after `finished` in which the value was made a text; 0: not measured.
    std::uint32_t pack = 0;
    ItemStatus status = ItemStatus::Ok;
    std::uint8_t reserved[3] = {};
};
static_assert(sizeof(ResultHeader) == 40);

/// Bytes of a text from which on making a value of it, or it of a value, is measured. That of a shorter one
/// takes a few microseconds, and reading the clock twice more would cost a trivial item a tenth of its time.
inline constexpr std::size_t measuredTextSize = 1024;

/// A duration as it stands in a ResultHeader. \param time  nanoseconds
inline std::uint32_t microseconds(std::int64_t time)
{
    return std::uint32_t(std::clamp<std::int64_t>((time + 500) / 1000, 0, UINT32_MAX));
}

void appendResults(std::string &out, const ResultsHeader &header, std::string_view results);
void appendResult(std::string &out, const ResultHeader &header, std::string_view payload);

bool takeResultsHeader(std::string_view &payload, ResultsHeader &header);
/// Takes one result; false when the bytes are no result (too short, unknown status).
bool takeResult(std::string_view &payload, ResultHeader &header, std::string_view &value);

/// Recall and Recalled: a list of chunk ids.
std::string encodeChunkIds(const std::vector<std::uint64_t> &chunks);
bool parseChunkIds(std::string_view payload, std::vector<std::uint64_t> &chunks);

} // namespace Poolscope::Wire
