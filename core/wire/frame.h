// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The byte stream between parent and worker: frames, each an 8-byte header and a payload.
///
///     byte 0     'P'
///     byte 1     protocol version
///     byte 2     frame type
///     byte 3     0
///     byte 4..7  payload length, little endian
///
/// All integers in payloads are little endian too. The Python worker (resources/python) speaks the same
/// format; the two are held together by tests/wire.
namespace Poolscope::Wire {

inline constexpr unsigned char protocolVersion = 2;
inline constexpr std::size_t frameHeaderSize = 8;

/// A larger payload is a protocol error: it is far more likely a corrupted length than a real message.
inline constexpr std::size_t maximumPayload = std::size_t{1} << 30;

enum class FrameType : std::uint8_t
{
    // parent to worker
    Setup = 1,  ///< JSON: what to load before the first chunk
    Task = 2,   ///< u32 task id, JSON: one more task
    Chunk = 3,  ///< items to run, see encodeChunk()
    Recall = 4, ///< u64 chunk id, ...: give back those that have not begun
    Quit = 5,   ///< finish what is queued, then exit

    // worker to parent
    Hello = 65,    ///< JSON: protocol, host, pid, clock
    Ready = 66,    ///< empty: set up, waiting for chunks
    Failed = 67,   ///< JSON: set-up failed, the worker exits
    Results = 68,  ///< outcomes of some items of one chunk, see ResultsHeader
    Recalled = 69, ///< u64 chunk id, ...: these will not run here
};

struct Frame
{
    FrameType type;
    std::string_view payload; ///< Valid until the decoder is used again.
};

/// Appends a frame with this payload.
void appendFrame(std::string &out, FrameType type, std::string_view payload);

/// Appends a header whose length is filled in by finishFrame(); returns where the frame begins.
std::size_t beginFrame(std::string &out, FrameType type);
void finishFrame(std::string &out, std::size_t begin);

/// Cuts a byte stream into frames, whatever the sizes of the pieces it arrives in.
class FrameDecoder
{
public:
    /// Adds bytes that arrived. Invalidates frames handed out before.
    void feed(std::string_view bytes);

    /// The next whole frame; nothing when more bytes are needed or the stream is broken.
    std::optional<Frame> next();

    /// Why the stream makes no sense; empty while it does. A broken stream stays broken.
    const std::string &error() const { return m_error; }

    /// The bytes of all frames handed out: where in the stream the next one begins.
    std::uint64_t framesEnd() const { return m_framesEnd; }

private:
    std::string m_buffer;
    std::size_t m_position = 0;
    std::uint64_t m_framesEnd = 0;
    std::string m_error;
};

} // namespace Poolscope::Wire
