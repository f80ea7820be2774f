// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/wire/recorder.h"

#include <algorithm>
#include <atomic>
#include <cstring>

namespace Poolscope::Wire {

namespace {

constexpr char recorderMagic[8] = {'P', 'S', 'R', 'E', 'C', '1', 0, 0};
constexpr std::size_t sizeOffset = 8;
constexpr std::size_t endOffset = 16;
constexpr std::size_t begunOffset = 24;
constexpr std::size_t flagsOffset = 32;
constexpr std::size_t sinceOffset = 40;

constexpr std::uint64_t holdFlag = 1;
constexpr std::uint64_t printedFlag = 2;

std::atomic_ref<std::uint64_t> word(void *memory, std::size_t offset)
{
    return std::atomic_ref<std::uint64_t>(
        *reinterpret_cast<std::uint64_t *>(static_cast<char *>(memory) + offset));
}

std::uint64_t plainWord(const void *memory, std::size_t offset)
{
    std::uint64_t value = 0;
    std::memcpy(&value, static_cast<const char *>(memory) + offset, sizeof value);
    return value;
}

} // namespace

void initialiseRecorder(void *memory)
{
    std::memset(memory, 0, recorderHeaderSize);
    std::memcpy(memory, recorderMagic, sizeof recorderMagic);
    word(memory, sizeOffset).store(recorderRingSize);
}

bool RecorderWriter::attach(void *memory, std::size_t size)
{
    if (size < recorderHeaderSize || std::memcmp(memory, recorderMagic, sizeof recorderMagic) != 0 ||
        plainWord(memory, sizeOffset) != size - recorderHeaderSize || size == recorderHeaderSize)
        return false;
    m_memory = memory;
    m_size = size - recorderHeaderSize;
    return true;
}

std::size_t RecorderWriter::space() const
{
    return m_size - std::size_t(m_end - m_sent);
}

void RecorderWriter::append(std::string_view frames)
{
    const std::size_t at = std::size_t(m_end % m_size);
    const std::size_t first = std::min(frames.size(), m_size - at);
    std::memcpy(ring() + at, frames.data(), first);
    std::memcpy(ring(), frames.data() + first, frames.size() - first);
    m_end += frames.size();
    // The bytes must be there before anyone is told of them.
    word(m_memory, endOffset).store(m_end, std::memory_order_release);
}

std::string_view RecorderWriter::unsent() const
{
    const std::size_t at = std::size_t(m_sent % m_size);
    return {ring() + at, std::min(std::size_t(m_end - m_sent), m_size - at)};
}

void RecorderWriter::skip(std::size_t bytes)
{
    m_end += bytes;
    m_sent += bytes;
    word(m_memory, endOffset).store(m_end, std::memory_order_release);
}

bool RecorderWriter::itemBegins(std::int64_t time)
{
    // The time first: whoever sees the count must not take the item before it for this one.
    word(m_memory, sinceOffset).store(std::uint64_t(time), std::memory_order_relaxed);
    // In this order for all to see: the parent sets the hold and then looks at the count.
    word(m_memory, begunOffset).store(m_begun + 1, std::memory_order_seq_cst);
    const std::uint64_t flags = word(m_memory, flagsOffset).load(std::memory_order_seq_cst);
    m_hasPrinted = (flags & printedFlag) != 0;
    if ((flags & holdFlag) == 0) {
        ++m_begun;
        return true;
    }
    word(m_memory, begunOffset).store(m_begun, std::memory_order_seq_cst);
    return false;
}

void holdItems(void *memory, bool hold)
{
    if (hold)
        word(memory, flagsOffset).fetch_or(holdFlag, std::memory_order_seq_cst);
    else
        word(memory, flagsOffset).fetch_and(~holdFlag, std::memory_order_seq_cst);
}

void notePrinted(void *memory)
{
    const auto flags = word(memory, flagsOffset);
    if ((flags.load(std::memory_order_relaxed) & printedFlag) == 0)
        flags.fetch_or(printedFlag, std::memory_order_relaxed);
}

std::optional<BegunItems> begunItems(void *memory)
{
    const std::uint64_t begun = word(memory, begunOffset).load(std::memory_order_seq_cst);
    // A worker that uses it has published its greeting before it begins anything.
    if (begun == 0 && word(memory, endOffset).load(std::memory_order_seq_cst) == 0)
        return std::nullopt;
    return BegunItems{begun, std::int64_t(word(memory, sinceOffset).load(std::memory_order_relaxed))};
}

std::string recoverStream(const void *memory, std::size_t size, std::uint64_t received,
                          std::optional<std::uint64_t> *begun)
{
    begun->reset();
    if (size <= recorderHeaderSize || std::memcmp(memory, recorderMagic, sizeof recorderMagic) != 0)
        return {};
    const std::size_t ringSize = size - recorderHeaderSize;
    const std::uint64_t end = plainWord(memory, endOffset);
    const std::uint64_t count = plainWord(memory, begunOffset);
    // Bytes are published before they are sent, but for a frame larger than the ring; a worker that never
    // counted an item does not use the memory at all.
    if (received <= end || count > 0)
        *begun = count;
    if (received >= end || end - received > ringSize)
        return {};
    const char *ring = static_cast<const char *>(memory) + recorderHeaderSize;
    const std::size_t at = std::size_t(received % ringSize);
    const auto length = std::size_t(end - received);
    const std::size_t first = std::min(length, ringSize - at);
    std::string stream(ring + at, first);
    stream.append(ring, length - first);
    return stream;
}

} // namespace Poolscope::Wire
