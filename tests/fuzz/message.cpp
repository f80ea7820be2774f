// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/wire/message.h"

#include "core/wire/frame.h"
#include "tests/fuzz/fuzz.h"

#include <algorithm>
#include <cstring>

using namespace Poolscope::Wire;

namespace {

std::string payloadOf(const std::string &stream)
{
    FrameDecoder decoder;
    decoder.feed(stream);
    const auto frame = decoder.next();
    MUST(frame);
    MUST(decoder.framesEnd() == stream.size());
    return std::string(frame->payload);
}

void readChunk(std::string_view payload)
{
    ChunkMessage message;
    if (!parseChunk(payload, message))
        return;
    MUST(std::uint64_t(std::count(message.items.begin(), message.items.end(), '\n')) == message.header.count);
    std::string stream;
    appendChunk(stream, message.header, message.items);
    MUST(payloadOf(stream) == payload);
}

void readResults(std::string_view payload)
{
    std::string_view rest = payload;
    ResultsHeader header;
    if (!takeResultsHeader(rest, header)) {
        MUST(rest == payload);
        return;
    }
    const std::size_t headerSize = payload.size() - rest.size();
    std::string results;
    ResultHeader result;
    std::string_view value;
    while (takeResult(rest, result, value)) {
        MUST(value.size() == result.length);
        MUST(result.status != ItemStatus::Lost && result.status != ItemStatus::Cancelled);
        appendResult(results, result, value);
    }
    MUST(payload.substr(headerSize).starts_with(results));
    std::string stream;
    appendResults(stream, header, results);
    MUST(payload.starts_with(payloadOf(stream)));
}

void readChunkIds(std::string_view payload)
{
    std::vector<std::uint64_t> ids{1, 2, 3};
    const bool isList = parseChunkIds(payload, ids);
    MUST(isList == (payload.size() % sizeof(std::uint64_t) == 0));
    MUST(payload.starts_with(encodeChunkIds(ids)));
    MUST(!isList || encodeChunkIds(ids).size() == payload.size());
}

} // namespace

/// What is taken apart is what would be put together, to the byte.
void fuzz::run(std::string_view bytes)
{
    readChunk(bytes);
    readResults(bytes);
    readChunkIds(bytes);
}
