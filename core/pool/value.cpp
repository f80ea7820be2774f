// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/value.h"

#include "core/input/jsonscanner.h"
#include "core/input/jsontext.h"

#include <QByteArrayView>
#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonObject>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

namespace Poolscope {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Poolscope::Value)
};

bool isUtf8(std::string_view text)
{
    return QByteArrayView(text.data(), static_cast<qsizetype>(text.size())).isValidUtf8();
}

/// In text that is not valid UTF-8.
std::size_t firstInvalidByte(std::string_view text)
{
    std::size_t at = 0;
    while (at < text.size()) {
        const auto lead = static_cast<unsigned char>(text[at]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        if (!isUtf8(text.substr(at, length)))
            break;
        at += length;
    }
    return at;
}

[[noreturn]] void refuseBytes(std::string_view text)
{
    throw ValueError(
        Text::tr("the text is not valid UTF-8 at byte %1: decode it first, or send bytes as Base64 text")
            .arg(firstInvalidByte(text)));
}

qsizetype firstHalfPair(QStringView text)
{
    qsizetype at = 0;
    for (; at < text.size(); ++at) {
        if (!text[at].isSurrogate())
            continue;
        if (!text[at].isHighSurrogate() || at + 1 == text.size() || !text[at + 1].isLowSurrogate())
            break;
        ++at;
    }
    return at;
}

/// For messages: the begin of a long value, whatever its bytes are.
QString shortened(std::string_view json)
{
    constexpr qsizetype most = 60;
    const QString text =
        QString::fromUtf8(json.data(), static_cast<qsizetype>(std::min<std::size_t>(json.size(), 4 * most)));
    if (text.size() <= most && json.size() <= 4 * most)
        return text;
    return text.left(text[most - 1].isHighSurrogate() ? most - 1 : most) + QChar(0x2026);
}

[[noreturn]] void refuse(std::string_view json, const QString &wanted, const QString &reason)
{
    throw ValueError(Text::tr("%1 cannot become %2: %3").arg(shortened(json), wanted, reason));
}

[[noreturn]] void refuseMalformed(std::string_view json)
{
    throw ValueError(Text::tr("%1 is not the compact JSON it was taken for").arg(shortened(json)));
}

bool isNumber(std::string_view json)
{
    return !json.empty() && (json[0] == '-' || (json[0] >= '0' && json[0] <= '9'));
}

[[noreturn]] void refuseKind(std::string_view json, const QString &wanted)
{
    if (json.empty())
        refuseMalformed(json);
    const QString kind = json == "null"                      ? Text::tr("it is null")
                         : json == "true" || json == "false" ? Text::tr("it is a truth value")
                         : json[0] == '"'                    ? Text::tr("it is text")
                         : json[0] == '['                    ? Text::tr("it is an array")
                         : json[0] == '{'                    ? Text::tr("it is an object")
                         : isNumber(json)                    ? Text::tr("it is a number")
                                                             : QString();
    if (kind.isEmpty())
        refuseMalformed(json);
    refuse(json, wanted, kind);
}

void requireNumber(std::string_view json, const QString &wanted)
{
    if (!isNumber(json))
        refuseKind(json, wanted);
    if (!isJsonNumber(json))
        refuseMalformed(json);
}

bool isWholeNumber(std::string_view number)
{
    return number.find_first_of(".eE") == std::string_view::npos;
}

bool isZero(std::string_view number)
{
    return number.substr(0, number.find_first_of("eE")).find_first_of("123456789") == std::string_view::npos;
}

/// The digits of a number with point or exponent, without its sign, written out; nothing when it is not
/// whole. Those of a number that is much too large may be too few, but are still too many for 64 bits.
std::optional<std::string> wholeDigits(std::string_view number)
{
    if (isZero(number))
        return "0";
    const std::size_t mantissaEnd = std::min(number.find_first_of("eE"), number.size());
    std::string_view mantissa = number.substr(0, mantissaEnd);
    std::string_view exponent = number.substr(std::min(mantissaEnd + 1, number.size()));
    const bool isNegative = exponent.starts_with('-');
    if (exponent.starts_with('+'))
        exponent.remove_prefix(1);
    std::int64_t scale = 0;
    if (std::from_chars(exponent.data(), exponent.data() + exponent.size(), scale).ec ==
        std::errc::result_out_of_range)
        scale =
            isNegative ? std::numeric_limits<std::int32_t>::min() : std::numeric_limits<std::int32_t>::max();

    std::string digits(mantissa);
    if (const std::size_t point = digits.find('.'); point != std::string::npos) {
        scale -= static_cast<std::int64_t>(digits.size() - point - 1);
        digits.erase(point, 1);
    }
    const std::size_t last = digits.find_last_not_of('0');
    scale += static_cast<std::int64_t>(digits.size() - last - 1);
    digits.erase(last + 1);
    digits.erase(0, digits.find_first_not_of('0'));
    if (scale < 0)
        return std::nullopt;
    digits.append(static_cast<std::size_t>(std::min<std::int64_t>(scale, 20)), '0');
    return digits;
}

template <typename F>
F readFloating(std::string_view json, const QString &wanted)
{
    requireNumber(json, wanted);
    F value = 0;
    // Stays 0 when the number is out of range, on either side.
    std::from_chars(json.data(), json.data() + json.size(), value);
    if (value == 0 && !isZero(json))
        refuse(json, wanted, Text::tr("it is out of range; take its text with json()"));
    if (!isWholeNumber(json))
        return value;
    // Room for the largest double written out.
    char exact[std::numeric_limits<double>::max_exponent10 + 8];
    const char *exactEnd = std::to_chars(exact, exact + sizeof exact, value, std::chars_format::fixed, 0).ptr;
    if (std::string_view(exact, static_cast<std::size_t>(exactEnd - exact)) != json)
        refuse(json, wanted,
               Text::tr("it would be rounded; ask for a whole number, or take its text with json()"));
    return value;
}

unsigned readHex(std::string_view json, std::string_view digits)
{
    unsigned unit = 0;
    const auto end = digits.data() + digits.size();
    if (digits.size() != 4 || std::from_chars(digits.data(), end, unit, 16).ptr != end)
        refuseMalformed(json);
    return unit;
}

void appendUtf8(std::string &out, char32_t c)
{
    const auto put = [&out](char32_t byte) { out += static_cast<char>(byte); };
    if (c < 0x80) {
        put(c);
        return;
    }
    if (c < 0x800) {
        put(0xc0 | c >> 6);
    } else {
        if (c < 0x10000) {
            put(0xe0 | c >> 12);
        } else {
            put(0xf0 | c >> 18);
            put(0x80 | (c >> 12 & 0x3f));
        }
        put(0x80 | (c >> 6 & 0x3f));
    }
    put(0x80 | (c & 0x3f));
}

/// Appends what the escape that `rest` begins with stands for. \returns how long it is
std::size_t appendUnescaped(std::string &out, std::string_view rest, std::string_view json)
{
    static constexpr std::string_view letters = "\"\\/bfnrt";
    static constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    if (rest.size() < 2)
        refuseMalformed(json);
    if (rest[1] != 'u') {
        const std::size_t which = letters.find(rest[1]);
        if (which == std::string_view::npos)
            refuseMalformed(json);
        out += meanings[which];
        return 2;
    }
    const char32_t unit = readHex(json, rest.substr(2, 4));
    if (!QChar::isSurrogate(unit)) {
        appendUtf8(out, unit);
        return 6;
    }
    const char32_t second = rest.substr(6, 2) == "\\u" ? readHex(json, rest.substr(8, 4)) : 0;
    if (!QChar::isHighSurrogate(unit) || !QChar::isLowSurrogate(second))
        refuse(json, Text::tr("text"),
               Text::tr("%1 is half of a surrogate pair, which no text can hold; take the JSON with json()")
                   .arg(QString::fromUtf8(rest.data(), 6)));
    appendUtf8(out, QChar::surrogateToUcs4(static_cast<char16_t>(unit), static_cast<char16_t>(second)));
    return 12;
}

/// The length of the string or bracketed part that `text` begins with, or of what stands before the next
/// comma, colon or closing bracket; 0 when it has no end. Does not recurse: the text may be of any depth.
std::size_t leadingPart(std::string_view text)
{
    std::size_t depth = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        switch (text[at]) {
        case '"':
            for (++at; at < text.size() && text[at] != '"'; ++at) {
                if (text[at] == '\\')
                    ++at;
            }
            if (at >= text.size())
                return 0;
            break;
        case '[':
        case '{':
            ++depth;
            break;
        case ']':
        case '}':
            if (depth == 0)
                return at;
            --depth;
            break;
        case ',':
        case ':':
            if (depth == 0)
                return at;
            break;
        }
    }
    return depth == 0 ? text.size() : 0;
}

QJsonValue readJsonAt(std::string_view json, int depth)
{
    if (depth > JsonScanner::deepest)
        refuse(json, Text::tr("a QJsonValue"), describe(JsonScanner::Fault::TooDeep));
    if (json == "null")
        return QJsonValue::Null;
    if (json == "true" || json == "false")
        return json == "true";
    if (json.starts_with('"'))
        return QString::fromStdString(ValueText::readText(json));
    if (json.starts_with('[')) {
        QJsonArray array;
        for (ValueText::Parts parts(json, ValueText::Parts::Of::Array); parts.next();)
            array.append(readJsonAt(parts.value(), depth + 1));
        return array;
    }
    if (json.starts_with('{')) {
        // A QJsonObject is built fastest in the order of its names.
        std::map<QString, QJsonValue> sorted;
        for (ValueText::Parts parts(json, ValueText::Parts::Of::Object); parts.next();) {
            if (!sorted.emplace(QString::fromStdString(parts.name()), readJsonAt(parts.value(), depth + 1))
                     .second)
                parts.refuseRepeatedName();
        }
        QJsonObject object;
        for (const auto &[name, value] : sorted)
            object.insert(name, value);
        return object;
    }
    const QString wanted = Text::tr("a QJsonValue");
    requireNumber(json, wanted);
    if (!isWholeNumber(json))
        return readFloating<double>(json, wanted);
    qint64 integer = 0;
    if (std::from_chars(json.data(), json.data() + json.size(), integer).ec != std::errc())
        refuse(json, wanted, Text::tr("it is beyond 64 bits; take its text with json()"));
    return integer;
}

void appendArray(std::string &json, const QJsonArray &array)
{
    json += '[';
    for (qsizetype i = 0; i < array.size(); ++i) {
        if (i > 0)
            json += ',';
        ValueText::appendJson(json, array[i]);
    }
    json += ']';
}

void appendObject(std::string &json, const QJsonObject &object)
{
    json += '{';
    for (auto member = object.begin(); member != object.end(); ++member) {
        if (member != object.begin())
            json += ',';
        ValueText::appendText(json, QStringView(member.key()));
        json += ':';
        ValueText::appendJson(json, member.value());
    }
    json += '}';
}

} // namespace

namespace ValueText {

void appendNumber(std::string &json, double value)
{
    if (!std::isfinite(value))
        throw ValueError(Text::tr("%1 has no JSON: send null or text in its place")
                             .arg(std::isnan(value) ? Text::tr("NaN")
                                  : value > 0       ? Text::tr("infinity")
                                                    : Text::tr("minus infinity")));
    char digits[32];
    const char *end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    const std::string_view number(digits, static_cast<std::size_t>(end - digits));
    json += number;
    if (isWholeNumber(number))
        json += ".0";
}

void appendJson(std::string &json, const QJsonValue &value)
{
    switch (value.type()) {
    case QJsonValue::Null:
        json += "null";
        return;
    case QJsonValue::Bool:
        json += value.toBool() ? "true" : "false";
        return;
    case QJsonValue::Double: {
        const qint64 integer = value.toInteger(0);
        // Two different fallbacks: only a whole number gives neither way. NaN gives one, too.
        if (integer == value.toInteger(1) && std::isfinite(value.toDouble()))
            json += std::to_string(integer);
        else
            appendNumber(json, value.toDouble());
        return;
    }
    case QJsonValue::String:
        appendText(json, QStringView(value.toString()));
        return;
    case QJsonValue::Array:
        appendArray(json, value.toArray());
        return;
    case QJsonValue::Object:
        appendObject(json, value.toObject());
        return;
    case QJsonValue::Undefined:
        break;
    }
    throw ValueError(Text::tr("an undefined QJsonValue has no JSON: a name or an index that does not exist "
                              "was looked up; send null to mean nothing"));
}

void appendText(std::string &json, std::string_view utf8)
{
    if (!isUtf8(utf8))
        refuseBytes(utf8);
    appendJsonString(json, utf8);
}

void appendText(std::string &json, QStringView text)
{
    if (!text.isValidUtf16())
        throw ValueError(Text::tr("the text holds half of a surrogate pair at index %1: remove or replace it")
                             .arg(firstHalfPair(text)));
    const QByteArray utf8 = text.toUtf8();
    appendJsonString(json, std::string_view(utf8.constData(), static_cast<std::size_t>(utf8.size())));
}

bool readBool(std::string_view json)
{
    if (json != "true" && json != "false")
        refuseKind(json, Text::tr("a bool"));
    return json == "true";
}

std::uint64_t readInteger(std::string_view json, std::int64_t least, std::uint64_t most)
{
    const auto wanted = [&] {
        return Text::tr("a whole number from %1 to %2").arg(QString::number(least), QString::number(most));
    };
    if (!isJsonNumber(json))
        requireNumber(json, wanted());
    const bool isNegative = json[0] == '-';
    std::string_view digits = json.substr(isNegative ? 1 : 0);
    std::string writtenOut;
    if (!isWholeNumber(digits)) {
        const std::optional<std::string> whole = wholeDigits(digits);
        if (!whole)
            refuse(json, wanted(), Text::tr("it has a fraction; ask for a double and round that"));
        if (isNegative && isZero(digits))
            refuse(json, wanted(), Text::tr("its sign would be lost; ask for a double"));
        writtenOut = *whole;
        digits = writtenOut;
    }
    std::uint64_t magnitude = 0;
    const std::uint64_t limit = isNegative ? 0 - static_cast<std::uint64_t>(least) : most;
    const bool isTooLong =
        std::from_chars(digits.data(), digits.data() + digits.size(), magnitude).ec != std::errc();
    if (isTooLong || magnitude > limit)
        refuse(json, wanted(),
               Text::tr("it is out of range; ask for a wider type, or take its text with json()"));
    return isNegative ? 0 - magnitude : magnitude;
}

double readDouble(std::string_view json)
{
    return readFloating<double>(json, Text::tr("a double"));
}

float readFloat(std::string_view json)
{
    return readFloating<float>(json, Text::tr("a float"));
}

std::string readText(std::string_view json)
{
    if (!json.starts_with('"'))
        refuseKind(json, Text::tr("text"));
    if (json.size() < 2 || json.back() != '"')
        refuseMalformed(json);
    const std::string_view inside = json.substr(1, json.size() - 2);
    if (!isUtf8(inside))
        refuseMalformed(json);
    std::string text;
    text.reserve(inside.size());
    std::size_t at = 0;
    for (;;) {
        const std::size_t escape = std::min(inside.find('\\', at), inside.size());
        text.append(inside, at, escape - at);
        if (escape == inside.size())
            return text;
        at = escape + appendUnescaped(text, inside.substr(escape), json);
    }
}

QJsonValue readJson(std::string_view json)
{
    return readJsonAt(json, 0);
}

void readNull(std::string_view json)
{
    if (json != "null")
        refuseKind(json, Text::tr("null"));
}

Parts::Parts(std::string_view json, Of kind) : m_json(json), m_kind(kind)
{
    const bool isArray = kind == Of::Array;
    if (!json.starts_with(isArray ? '[' : '{'))
        refuseKind(json, isArray ? Text::tr("an array") : Text::tr("an object"));
    if (json.size() < 2 || json.back() != (isArray ? ']' : '}'))
        refuseMalformed(json);
    m_rest = json.substr(1, json.size() - 2);
    m_atLast = m_rest.empty();
}

std::string_view Parts::take()
{
    const std::string_view part = m_rest.substr(0, leadingPart(m_rest));
    if (part.empty())
        refuseMalformed(m_json);
    m_rest.remove_prefix(part.size());
    return part;
}

bool Parts::next()
{
    if (m_atLast)
        return false;
    if (m_kind == Of::Object) {
        m_name = take();
        if (!m_rest.starts_with(':'))
            refuseMalformed(m_json);
        m_rest.remove_prefix(1);
    }
    m_value = take();
    m_atLast = m_rest.empty();
    if (!m_atLast) {
        if (!m_rest.starts_with(','))
            refuseMalformed(m_json);
        m_rest.remove_prefix(1);
    }
    return true;
}

void Parts::refuseRepeatedName() const
{
    refuse(m_json, Text::tr("a map"),
           Text::tr("the name %1 occurs twice; take all with members()").arg(shortened(m_name)));
}

void Parts::refuseRepeatedElement() const
{
    refuse(m_json, Text::tr("a set"), Text::tr("%1 occurs twice; ask for a vector").arg(shortened(m_value)));
}

void Parts::refuseCount(std::size_t wanted) const
{
    std::size_t count = 0;
    for (Parts parts(m_json, m_kind); parts.next();)
        ++count;
    refuse(m_json, Text::tr("an array of %1").arg(wanted), Text::tr("its length is %1").arg(count));
}

} // namespace ValueText

Value::Value(const char *utf8) : m_json()
{
    if (!utf8)
        throw ValueError(Text::tr("a null pointer is no text: send nullptr to mean nothing"));
    ValueText::appendText(m_json, std::string_view(utf8));
}

Value Value::fromJson(std::string_view json)
{
    if (!isUtf8(json))
        refuseBytes(json);
    JsonScanner scanner(json);
    if (!scanner.scanText()) {
        const std::string_view before = json.substr(0, scanner.position());
        const std::size_t lineBegin = before.rfind('\n') + 1;
        const QString problem = describeAtColumn(json, lineBegin, scanner.position(), scanner.fault());
        if (json.find('\n') == std::string_view::npos)
            throw ValueError(problem);
        throw ValueError(
            Text::tr("line %1: %2")
                .arg(QString::number(std::count(before.begin(), before.end(), '\n') + 1), problem));
    }
    Value value;
    value.m_json.clear();
    appendCompactJson(value.m_json, json);
    return value;
}

QJsonValue Value::toJsonValue() const
{
    return ValueText::readJson(m_json);
}

std::vector<Value> Value::elements() const
{
    return to<std::vector<Value>>();
}

std::vector<std::pair<QString, Value>> Value::members() const
{
    std::vector<std::pair<QString, Value>> members;
    for (ValueText::Parts parts(m_json, ValueText::Parts::Of::Object); parts.next();)
        members.emplace_back(QString::fromStdString(parts.name()), trusted(std::string(parts.value())));
    return members;
}

} // namespace Poolscope
