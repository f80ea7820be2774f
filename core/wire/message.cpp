// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/wire/message.h"

#include "core/wire/bytes.h"
#include "core/wire/frame.h"

#include <algorithm>

namespace Poolscope::Wire {

void appendChunk(std::string &out, const ChunkHeader &header, std::string_view items)
{
    const std::size_t begin = beginFrame(out, FrameType::Chunk);
    appendRaw(out, header);
    out.append(items);
    finishFrame(out, begin);
}

bool parseChunk(std::string_view payload, ChunkMessage &message)
{
    if (!takeRaw(payload, message.header))
        return false;
    message.items = payload;
    return std::uint64_t(std::count(payload.begin(), payload.end(), '\n')) == message.header.count &&
           (payload.empty() || payload.back() == '\n');
}

void appendResults(std::string &out, const ResultsHeader &header, std::string_view results)
{
    const std::size_t begin = beginFrame(out, FrameType::Results);
    appendRaw(out, header);
    out.append(results);
    finishFrame(out, begin);
}

void appendResult(std::string &out, const ResultHeader &header, std::string_view payload)
{
    appendRaw(out, header);
    out.append(payload);
}

bool takeResultsHeader(std::string_view &payload, ResultsHeader &header)
{
    return takeRaw(payload, header);
}

bool takeResult(std::string_view &payload, ResultHeader &header, std::string_view &value)
{
    if (!takeRaw(payload, header) || payload.size() < header.length)
        return false;
    // A worker can only say what it saw: lost and cancelled are the parent's words.
    if (header.status != ItemStatus::Ok && header.status != ItemStatus::Error &&
        header.status != ItemStatus::NotRun)
        return false;
    value = payload.substr(0, header.length);
    payload.remove_prefix(header.length);
    return true;
}

std::string encodeChunkIds(const std::vector<std::uint64_t> &chunks)
{
    std::string payload;
    for (const std::uint64_t chunk : chunks)
        appendRaw(payload, chunk);
    return payload;
}

bool parseChunkIds(std::string_view payload, std::vector<std::uint64_t> &chunks)
{
    chunks.clear();
    std::uint64_t chunk = 0;
    while (takeRaw(payload, chunk))
        chunks.push_back(chunk);
    return payload.empty();
}

} // namespace Poolscope::Wire
