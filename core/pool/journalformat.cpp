// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/journalformat.h"

#include "core/input/jsonscanner.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <limits>
#include <utility>

#include <unistd.h>

namespace Poolscope {

namespace {

using Wire::ItemStatus;

constexpr int version = 1;
constexpr std::size_t readAtOnce = 256 * 1024;

constexpr std::array<std::pair<ItemStatus, std::string_view>, 5> statusNames{
    {{ItemStatus::Ok, "ok"},
     {ItemStatus::Error, "error"},
     {ItemStatus::Lost, "lost"},
     {ItemStatus::NotRun, "not_run"},
     {ItemStatus::Cancelled, "cancelled"}}};

void appendNumber(std::string &out, auto number)
{
    char digits[24];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

/// What is told of an outcome and of an earlier attempt alike, but for its payload.
void appendAttempt(std::string &out, const ItemResult &result, Time zero)
{
    const auto name = std::find_if(statusNames.begin(), statusNames.end(),
                                   [&result](const auto &known) { return known.first == result.status; });
    out.append("\"status\":\"").append(name->second).append("\",\"attempt\":");
    appendNumber(out, result.attempt);
    if (result.pid <= 0)
        return;
    const auto microseconds = [zero](Time time) {
        return time < 0 ? std::int64_t(-1) : std::max<std::int64_t>((time - zero) / 1000, 0);
    };
    out.append(",\"by\":[");
    for (const std::int64_t number : {std::int64_t(result.slot), std::int64_t(result.generation),
                                      std::int64_t(result.pid), microseconds(result.started)}) {
        appendNumber(out, number);
        out.push_back(',');
    }
    appendNumber(out, microseconds(result.finished));
    out.push_back(']');
}

void appendPayload(std::string &out, const ItemResult &result)
{
    out.append(result.status == ItemStatus::Ok ? ",\"value\":" : ",\"error\":");
    out.append(result.payload).append("}");
}

/// Takes a line apart from the left.
class Taker
{
public:
    explicit Taker(std::string_view line) : m_line(line) {}

    bool skip(std::string_view expected)
    {
        const bool isThere = m_line.starts_with(expected);
        m_line.remove_prefix(isThere ? expected.size() : 0);
        return isThere;
    }
    bool takeNumber(auto &number)
    {
        const auto [end, error] = std::from_chars(m_line.data(), m_line.data() + m_line.size(), number);
        m_line.remove_prefix(std::size_t(end - m_line.data()));
        return error == std::errc();
    }
    bool takeAttempt(ItemResult &result)
    {
        if (!skip("\"status\":\""))
            return false;
        const auto name = std::find_if(statusNames.begin(), statusNames.end(), [this](const auto &known) {
            return m_line.starts_with(known.second) && m_line.substr(known.second.size()).starts_with('"');
        });
        if (name == statusNames.end())
            return false;
        result.status = name->first;
        m_line.remove_prefix(name->second.size());
        return skip("\",\"attempt\":") && takeNumber(result.attempt) &&
               (!skip(",\"by\":[") || takeBy(result));
    }
    /// Text of one JSON value.
    bool takeValue(std::string_view &value)
    {
        JsonScanner scanner(m_line);
        if (!scanner.scanValue())
            return false;
        value = m_line.substr(0, scanner.position());
        m_line.remove_prefix(value.size());
        return true;
    }
    bool skipPayloadName(const ItemResult &result)
    {
        return skip(result.status == ItemStatus::Ok ? ",\"value\":" : ",\"error\":");
    }
    std::string_view rest() const { return m_line; }

private:
    bool takeBy(ItemResult &result)
    {
        return takeNumber(result.slot) && skip(",") && takeNumber(result.generation) && skip(",") &&
               takeNumber(result.pid) && skip(",") && takeTime(result.started) && skip(",") &&
               takeTime(result.finished) && skip("]");
    }
    bool takeTime(Time &time)
    {
        constexpr std::int64_t latest = std::numeric_limits<std::int64_t>::max() / 1'000'000;
        std::int64_t microseconds = -1;
        if (!takeNumber(microseconds) || microseconds > latest)
            return false;
        time = microseconds < 0 ? -1 : microseconds * 1000;
        return true;
    }

    std::string_view m_line;
};

bool takeEarlier(Taker &line, ItemResult &result)
{
    result.earlier = std::make_shared<std::vector<ItemResult>>();
    do {
        ItemResult &attempt = result.earlier->emplace_back();
        attempt.index = result.index;
        std::string_view error;
        if (!line.skip("{") || !line.takeAttempt(attempt) || !line.skipPayloadName(attempt) ||
            !line.takeValue(error) || !line.skip("}"))
            return false;
        attempt.payload = error;
    } while (line.skip(","));
    return line.skip("]");
}

} // namespace

std::string journalHeaderLine(const JournalHeader &header)
{
    const QJsonObject rest{{QStringLiteral("chunksize"), qint64(header.chunksize)},
                           {QStringLiteral("items"), qint64(header.input.items)},
                           {QStringLiteral("input"), QString::fromStdString(header.input.hash)},
                           {QStringLiteral("job"), header.job},
                           {QStringLiteral("settings"), header.settings}};
    const std::string json = QJsonDocument(rest).toJson(QJsonDocument::Compact).toStdString();
    return std::string(journalMagic) + "\"version\":" + std::to_string(version) + ',' + json.substr(1) + '\n';
}

void appendOutcome(std::string &out, const ItemResult &result, Time zero)
{
    out.append("{\"index\":");
    appendNumber(out, result.index);
    out.push_back(',');
    appendAttempt(out, result, zero);
    if (result.earlier) {
        out.append(",\"earlier\":");
        char separator = '[';
        for (const ItemResult &attempt : *result.earlier) {
            out.push_back(separator);
            separator = ',';
            out.push_back('{');
            appendAttempt(out, attempt, zero);
            appendPayload(out, attempt);
        }
        out.push_back(']');
    }
    appendPayload(out, result);
    out.push_back('\n');
}

bool parseOutcome(std::string_view text, ItemResult &result, std::string_view &payload)
{
    Taker line(text);
    if (!line.skip("{\"index\":") || !line.takeNumber(result.index) || !line.skip(",") ||
        !line.takeAttempt(result) || (line.skip(",\"earlier\":[") && !takeEarlier(line, result)) ||
        !line.skipPayloadName(result) || !line.rest().ends_with('}'))
        return false;
    payload = line.rest().substr(0, line.rest().size() - 1);
    result.hasOutcome = true;
    return true;
}

std::optional<JournalHeader> parseJournalHeader(std::string_view line)
{
    const QJsonObject json =
        QJsonDocument::fromJson(QByteArray(line.data(), qsizetype(line.size()))).object();
    JournalHeader header;
    header.job = json.value(QLatin1String("job")).toObject();
    header.settings = json.value(QLatin1String("settings")).toObject();
    const qint64 items = json.value(QLatin1String("items")).toInteger(-1);
    header.input.items = std::uint64_t(items);
    header.input.hash = json.value(QLatin1String("input")).toString().toStdString();
    const qint64 chunksize = json.value(QLatin1String("chunksize")).toInteger();
    header.chunksize = std::uint64_t(chunksize);
    if (json.value(QLatin1String("version")).toInteger() != version || chunksize < 1 ||
        chunksize > std::numeric_limits<int>::max() || items < 0 || header.job.isEmpty())
        return std::nullopt;
    return header;
}

int readWholeLines(int descriptor, std::uint64_t from,
                   const std::function<void(std::uint64_t, std::string_view)> &see)
{
    std::string buffer;
    std::size_t known = 0; // bytes of the buffer in which there is no line break
    for (;;) {
        const std::size_t held = buffer.size();
        buffer.resize(held + readAtOnce);
        const ssize_t got = pread(descriptor, buffer.data() + held, readAtOnce, off_t(from + held));
        if (got < 0 && errno != EINTR)
            return errno;
        buffer.resize(held + std::size_t(std::max<ssize_t>(got, 0)));
        if (got == 0)
            return 0;
        std::size_t begin = 0;
        for (std::size_t end = buffer.find('\n', known); end != std::string::npos;
             end = buffer.find('\n', begin)) {
            see(from + begin, std::string_view(buffer).substr(begin, end - begin));
            begin = end + 1;
        }
        buffer.erase(0, begin);
        from += begin;
        known = buffer.size();
    }
}

} // namespace Poolscope
