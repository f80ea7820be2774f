// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/traceformat.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace Poolscope {

namespace {

long long nanoseconds(double seconds)
{
    return std::llround(seconds * 1e9);
}

/// Trace times are microseconds; written from whole nanoseconds, so that an item never sticks out of its
/// chunk by a rounding.
void appendTimes(std::string &out, long long begin, long long end)
{
    char text[96];
    const long long length = std::max(0LL, end - begin);
    std::snprintf(text, sizeof text, "\"ts\":%lld.%03lld,\"dur\":%lld.%03lld", begin / 1000, begin % 1000,
                  length / 1000, length % 1000);
    out.append(text);
}

} // namespace

void TraceFormat::beginEvent(std::string &out)
{
    out.append(m_first ? "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n" : ",\n");
    m_first = false;
}

void TraceFormat::nameTrack(std::string &out, std::uint32_t worker)
{
    if (m_named.size() <= worker)
        m_named.resize(worker + 1);
    if (m_named[worker])
        return;
    m_named[worker] = true;
    beginEvent(out);
    const std::string number = std::to_string(worker);
    out.append("{\"ph\":\"M\",\"pid\":1,\"tid\":" + number +
               ",\"name\":\"thread_name\",\"args\":{\"name\":\"worker " + number + "\"}}");
}

void TraceFormat::appendItem(std::string &out, const ItemRecord &record)
{
    if (record.started < 0)
        return;
    nameTrack(out, record.worker);
    beginEvent(out);
    out.append("{\"ph\":\"X\",\"pid\":1,\"tid\":" + std::to_string(record.worker) + ",\"name\":\"item " +
               std::to_string(record.index) + "\",\"cat\":\"item\",");
    appendTimes(out, nanoseconds(record.started), nanoseconds(record.finished));
    out.append(",\"args\":{\"ok\":").append(record.status == ItemStatus::Ok ? "true" : "false");
    out.append(",\"process\":" + std::to_string(record.pid) +
               ",\"attempt\":" + std::to_string(record.attempt));
    char text[64];
    std::snprintf(text, sizeof text, ",\"cpu_us\":%.3f", record.cpu * 1e6);
    out.append(text);
    if (record.unpack > 0 || record.pack > 0) {
        std::snprintf(text, sizeof text, ",\"unpack_us\":%.0f,\"pack_us\":%.0f", record.unpack * 1e6,
                      record.pack * 1e6);
        out.append(text);
    }
    if (record.delivered >= 0) {
        std::snprintf(text, sizeof text, ",\"delivered_us\":%.3f", record.delivered * 1e6);
        out.append(text);
    }
    out.append("}}");
}

void TraceFormat::appendChunk(std::string &out)
{
    if (m_chunk.empty())
        return;
    // A chunk whose items ran in several processes, or again, has no one stretch of time.
    const ItemRecord &first = m_chunk.front();
    const ItemRecord *last = nullptr;
    bool inOnePiece = first.started >= 0;
    for (const ItemRecord &record : m_chunk) {
        inOnePiece = inOnePiece && record.attempt == 1 && (record.started < 0 || record.pid == first.pid);
        if (record.started >= 0)
            last = &record;
    }
    if (inOnePiece) {
        nameTrack(out, first.worker);
        beginEvent(out);
        out.append("{\"ph\":\"X\",\"pid\":1,\"tid\":" + std::to_string(first.worker) + ",\"name\":\"chunk " +
                   std::to_string(first.chunk) + "\",\"cat\":\"chunk\",");
        appendTimes(out, nanoseconds(first.started), nanoseconds(last->finished));
        out.append(",\"args\":{\"items\":" + std::to_string(m_chunk.size()) + "}}");
    }
    for (const ItemRecord &record : m_chunk) {
        for (const ItemRecord &attempt : record.earlier)
            appendItem(out, attempt);
        appendItem(out, record);
    }
    m_chunk.clear();
}

void TraceFormat::append(std::string &out, std::span<const ItemRecord> records)
{
    for (const ItemRecord &record : records) {
        if (!m_chunk.empty() && m_chunk.front().chunk != record.chunk)
            appendChunk(out);
        m_chunk.push_back(record);
        m_chunk.back().value.clear();
    }
}

void TraceFormat::finish(std::string &out)
{
    appendChunk(out);
    beginEvent(out);
    out.append("{\"ph\":\"M\",\"pid\":1,\"name\":\"process_name\",\"args\":{\"name\":\"Poolscope\"}}\n]}\n");
}

} // namespace Poolscope
