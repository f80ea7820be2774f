// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/wire/frame.h"

#include "tests/fuzz/fuzz.h"

#include <utility>
#include <vector>

using namespace Poolscope::Wire;

namespace {

struct Decoded
{
    std::vector<std::pair<FrameType, std::string>> frames;
    std::string error;
    std::uint64_t end = 0;

    bool operator==(const Decoded &) const = default;
};

/// Feeds pieces of a size that `nextSize` says.
template <typename NextSize>
Decoded decode(std::string_view bytes, NextSize nextSize)
{
    Decoded decoded;
    FrameDecoder decoder;
    while (!bytes.empty()) {
        // A piece of its own memory: the decoder must not look at what was not fed yet.
        const std::string piece(bytes.substr(0, nextSize()));
        bytes.remove_prefix(piece.size());
        decoder.feed(piece);
        while (const auto frame = decoder.next())
            decoded.frames.emplace_back(frame->type, frame->payload);
    }
    decoded.error = decoder.error();
    decoded.end = decoder.framesEnd();
    return decoded;
}

} // namespace

/// The decoder gives the same frames at every split of the bytes, and encoding them gives the bytes.
void fuzz::run(std::string_view bytes)
{
    Choices choices(bytes);
    std::uint64_t seed = choices.word();
    const std::string_view stream = choices.rest();
    const Decoded whole = decode(stream, [&stream] { return stream.size(); });
    MUST(whole == decode(stream, [] { return std::size_t{1}; }));
    MUST(whole == decode(stream, [&seed] {
             seed = seed * 6364136223846793005U + 1442695040888963407U;
             return std::size_t(1 + (seed >> 33) % 23);
         }));
    std::string encoded;
    for (const auto &[type, payload] : whole.frames)
        appendFrame(encoded, type, payload);
    MUST(encoded.size() == whole.end);
    MUST(stream.starts_with(encoded));
}
