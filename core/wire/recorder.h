// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// A worker's send buffer in memory that outlives it.
///
/// A worker that wrote every result to its pipe at once would pay a system call and a wake-up an item; one
/// that collects them would take finished results with it when it is killed. So it collects them in memory
/// that its parent shares: when the worker dies, the parent reads the rest of the stream from there and knows
/// exactly which items were finished and which one was running.
///
/// Layout: a 64-byte header, then a ring. Positions are counted from the beginning of the worker's stream,
/// so that parent and worker need no common moment: byte p of the stream lies at ring[p % ring size].
///
///     u64 at 0    'PSREC1\0\0'
///     u64 at 8    ring size in bytes
///     u64 at 16   end: stream bytes that are complete; only whole frames are ever published
///     u64 at 24   items begun since the process started
///     u64 at 32   set by the parent; bit 0: begin no item, bit 1: something printed was read
///     i64 at 40   when the last of the items counted above began, in nanoseconds of the worker's clock
///
/// A worker without such memory (on another host) sends each result at once and loses nothing either.
namespace Poolscope::Wire {

inline constexpr std::size_t recorderHeaderSize = 64;
inline constexpr std::size_t recorderRingSize = std::size_t{256} << 10;
inline constexpr std::size_t recorderSize = recorderHeaderSize + recorderRingSize;

/// Makes `memory` (recorderSize bytes, zeroed) a recorder; done by the parent.
void initialiseRecorder(void *memory);

/// The worker's side.
class RecorderWriter
{
public:
    RecorderWriter() = default;
    /// Attaches to memory made by initialiseRecorder(); false when it is not.
    bool attach(void *memory, std::size_t size);
    bool isAttached() const { return m_memory != nullptr; }

    /// Bytes that can be appended before sent() frees more.
    std::size_t space() const;
    /// Appends whole frames; they must fit.
    void append(std::string_view frames);
    /// The next stretch of unsent bytes, contiguous (a ring's wrap makes it two calls).
    std::string_view unsent() const;
    void sent(std::size_t bytes) { m_sent += bytes; }
    /// Bytes that passed the ring by: a frame larger than it, written straight to the channel when
    /// unsent() was empty.
    void skip(std::size_t bytes);
    /// Called right before an item begins. \param time  now
    /// \returns false when the parent holds items back: try again later
    bool itemBegins(std::int64_t time);
    /// Whether the parent had read something that this process printed when the last item began.
    bool hasPrinted() const { return m_hasPrinted; }

private:
    char *ring() const { return static_cast<char *>(m_memory) + recorderHeaderSize; }

    void *m_memory = nullptr;
    std::size_t m_size = 0;
    std::uint64_t m_end = 0;
    std::uint64_t m_sent = 0;
    std::uint64_t m_begun = 0;
    bool m_hasPrinted = false;
};

/// The items that a worker has begun.
struct BegunItems
{
    std::uint64_t count = 0; ///< Since the process started.
    std::int64_t since = 0;  ///< When the last of them began, in nanoseconds of the worker's clock.
};

/// The parent's side: from now on, or no longer, the worker begins no item. Either the worker sees the hold
/// or begunItems() counts the item, never neither, so that the parent knows what it is about to end.
void holdItems(void *memory, bool hold);
/// The parent's side: it has read something that the process printed.
void notePrinted(void *memory);
/// \returns nothing when the worker does not use the memory, or has not greeted yet
std::optional<BegunItems> begunItems(void *memory);

/// The parent's side, used once, after the worker is gone.
/// \param received  bytes of the stream that arrived through the channel
/// \param begun     set to the number of items the worker had begun; nothing when the worker did not use it
/// \returns the rest of the stream; empty when there is none, or the memory makes no sense
std::string recoverStream(const void *memory, std::size_t size, std::uint64_t received,
                          std::optional<std::uint64_t> *begun);

} // namespace Poolscope::Wire
