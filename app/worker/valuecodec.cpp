// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/valuecodec.h"

#include "core/tasks/taskplugin.h"

#include <QJsonDocument>

// GLib's headers have parameters named like Qt's keywords.
#undef signals
#undef slots
#undef emit
#include <algorithm>
#include <charconv>
#include <cmath>

#include <glib.h>

namespace Poolscope::Worker {

namespace {

bool beginsNumber(char c)
{
    return c == '-' || (c >= '0' && c <= '9');
}

bool isNumberPart(char c)
{
    return beginsNumber(c) || c == '+' || c == '.' || c == 'e' || c == 'E';
}

[[noreturn]] void refuseNumber(std::string_view number, const char *why)
{
    QString shown = QString::fromLatin1(number.data(), qsizetype(number.size()));
    if (shown.size() > 60)
        shown = shown.left(40) + QStringLiteral("… (%1 characters)").arg(shown.size());
    throw TaskError(QStringLiteral("OverflowError"),
                    QStringLiteral("the item holds the number %1, which %2").arg(shown, QLatin1String(why)));
}

[[noreturn]] void refuseInteger(std::string_view number)
{
    refuseNumber(number, "is beyond the 64 bits of a native task: use a Python task for it");
}

/// Qt's parser makes a rounded double of an integer that is too large; that must not go unnoticed.
void checkNumber(std::string_view number)
{
    const char *end = number.data() + number.size();
    if (number.find_first_of(".eE") == std::string_view::npos) {
        std::int64_t integer = 0;
        if (std::from_chars(number.data(), end, integer).ec == std::errc::result_out_of_range)
            refuseInteger(number);
        return;
    }
    double real = 0;
    if (std::from_chars(number.data(), end, real).ec == std::errc::result_out_of_range)
        refuseNumber(number, "is too large or too small for a double: give it as text");
}

/// What Qt's parser would not tell of a text.
struct Contents
{
    qsizetype members = 0;
    bool mayHoldHalfPairs = false;
};

Contents checkText(std::string_view text)
{
    Contents contents;
    bool inString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') {
            inString = !inString;
        } else if (inString) {
            if (text[i] != '\\')
                continue;
            const std::string_view escape = text.substr(i, 3);
            contents.mayHoldHalfPairs |= escape == "\\ud" || escape == "\\uD";
            ++i;
        } else if (text[i] == ':') {
            ++contents.members;
        } else if (beginsNumber(text[i])) {
            std::size_t end = i + 1;
            while (end < text.size() && isNumberPart(text[end]))
                ++end;
            checkNumber(text.substr(i, end - i));
            i = end - 1;
        }
    }
    return contents;
}

qsizetype countMembers(const QJsonValue &value)
{
    qsizetype count = 0;
    if (value.isArray()) {
        const QJsonArray array = value.toArray();
        for (const QJsonValue &element : array)
            count += countMembers(element);
    } else if (value.isObject()) {
        const QJsonObject object = value.toObject();
        count = object.size();
        for (const QJsonValue &member : object)
            count += countMembers(member);
    }
    return count;
}

bool holdsHalfPair(const QJsonValue &value)
{
    if (value.isString())
        return !value.toString().isValidUtf16();
    if (value.isArray()) {
        const QJsonArray array = value.toArray();
        return std::any_of(array.begin(), array.end(), [](const QJsonValue &v) { return holdsHalfPair(v); });
    }
    const QJsonObject object = value.toObject();
    for (auto member = object.begin(); member != object.end(); ++member) {
        if (!member.key().isValidUtf16() || holdsHalfPair(member.value()))
            return true;
    }
    return false;
}

[[noreturn]] void refuseHalfPair(const char *receiver)
{
    throw TaskError(QStringLiteral("UnicodeEncodeError"),
                    QStringLiteral("the item holds half of a surrogate pair, which %1 can be given")
                        .arg(QLatin1String(receiver)));
}

QJsonValue parse(std::string_view text)
{
    // Qt reads only arrays and objects.
    QByteArray wrapped;
    wrapped.reserve(qsizetype(text.size()) + 2);
    wrapped.append('[').append(text.data(), qsizetype(text.size())).append(']');
    // Qt drops this character where a text begins with it.
    wrapped.replace("\xEF\xBB\xBF", "\\ufeff");
    QJsonParseError problem;
    const QJsonArray array = QJsonDocument::fromJson(wrapped, &problem).array();
    if (problem.error == QJsonParseError::NoError && array.size() == 1)
        return array.at(0);
    const QString reason =
        problem.error == QJsonParseError::NoError ? QStringLiteral("not one value") : problem.errorString();
    throw TaskError(QStringLiteral("ValueError"),
                    QStringLiteral("the item is no valid JSON: %1").arg(reason));
}

bool isFinite(const QJsonValue &value)
{
    if (value.isDouble())
        return std::isfinite(value.toDouble());
    if (value.isArray()) {
        const QJsonArray array = value.toArray();
        return std::all_of(array.begin(), array.end(), [](const QJsonValue &v) { return isFinite(v); });
    }
    if (value.isObject()) {
        const QJsonObject object = value.toObject();
        return std::all_of(object.begin(), object.end(), [](const QJsonValue &v) { return isFinite(v); });
    }
    return true;
}

[[noreturn]] void refuseInfinite()
{
    throw TaskError(QStringLiteral("MaybeEncodingError"),
                    QStringLiteral("the result holds a number that JSON does not have (infinite or not a "
                                   "number): return null or text instead"));
}

/// Such a number, written like an integer, would be read as one, and as another one: 2^63 as
/// 9223372036854776000 is what Qt makes of it.
bool isBeyondIntegers(double real)
{
    constexpr double first = 9223372036854775808.0;
    return std::abs(real) >= first;
}

bool holdsBeyondIntegers(const QJsonValue &value)
{
    if (value.isDouble())
        return isBeyondIntegers(value.toDouble());
    if (value.isArray()) {
        const QJsonArray array = value.toArray();
        return std::any_of(array.begin(), array.end(), holdsBeyondIntegers);
    }
    const QJsonObject object = value.toObject();
    return std::any_of(object.begin(), object.end(),
                       [](const QJsonValue &v) { return holdsBeyondIntegers(v); });
}

void appendParts(const QJsonValue &value, std::string &out)
{
    std::string part;
    char separator = value.isArray() ? '[' : '{';
    if (value.isArray()) {
        const QJsonArray array = value.toArray();
        for (const QJsonValue &element : array) {
            encodeValue(element, part);
            out.append(1, separator).append(part);
            separator = ',';
        }
        out.push_back(']');
        return;
    }
    const QJsonObject object = value.toObject();
    for (auto member = object.begin(); member != object.end(); ++member) {
        encodeValue(member.key(), part);
        out.append(1, separator).append(part).push_back(':');
        encodeValue(member.value(), part);
        out.append(part);
        separator = ',';
    }
    out.push_back('}');
}

void encodeNumber(const QJsonValue &value, std::string &out)
{
    char digits[40];
    char *end = nullptr;
    // Two different fallbacks: only a whole number gives neither way.
    const qint64 integer = value.toInteger(0);
    if (integer != 0 || value.toInteger(1) == 0) {
        end = std::to_chars(digits, digits + sizeof digits, integer).ptr;
    } else {
        const double real = value.toDouble();
        if (!std::isfinite(real))
            refuseInfinite();
        end = isBeyondIntegers(real)
                  ? std::to_chars(digits, digits + sizeof digits, real, std::chars_format::scientific).ptr
                  : std::to_chars(digits, digits + sizeof digits, real).ptr;
    }
    out.assign(digits, end);
}

} // namespace

QJsonValue decodeItem(std::string_view text)
{
    if (!text.empty() && beginsNumber(text.front())) {
        const char *end = text.data() + text.size();
        std::int64_t integer = 0;
        if (const auto read = std::from_chars(text.data(), end, integer); read.ptr == end) {
            if (read.ec == std::errc{})
                return QJsonValue(qint64(integer));
            refuseInteger(text);
        }
        double real = 0;
        if (const auto read = std::from_chars(text.data(), end, real);
            read.ptr == end && read.ec == std::errc{})
            return QJsonValue(real);
    }
    const Contents contents = checkText(text);
    QJsonValue value = parse(text);
    // An object keeps one of the members that have the same key.
    if (contents.members > 0 && countMembers(value) != contents.members)
        throw TaskError(QStringLiteral("ValueError"),
                        QStringLiteral("the item holds an object with a key that stands more than once"));
    if (contents.mayHoldHalfPairs && holdsHalfPair(value))
        refuseHalfPair("no native task");
    return value;
}

void encodeValue(const QJsonValue &value, std::string &out)
{
    switch (value.type()) {
    case QJsonValue::Double:
        encodeNumber(value, out);
        return;
    case QJsonValue::Bool:
        out = value.toBool() ? "true" : "false";
        return;
    case QJsonValue::Null:
    case QJsonValue::Undefined:
        out = "null";
        return;
    case QJsonValue::String:
    case QJsonValue::Array:
    case QJsonValue::Object:
        break;
    }
    if (!isFinite(value))
        refuseInfinite();
    if (holdsBeyondIntegers(value)) {
        out.clear();
        appendParts(value, out);
        return;
    }
    const QByteArray wrapped = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    out.assign(wrapped.constData() + 1, std::size_t(wrapped.size()) - 2);
}

std::string itemAsText(std::string_view item)
{
    if (item.empty() || item.front() != '"')
        return std::string(item);
    const QString text = parse(item).toString();
    if (!text.isValidUtf16())
        refuseHalfPair("no program");
    return text.toStdString();
}

void appendJsonString(std::string &out, std::string_view utf8)
{
    static constexpr char hex[] = "0123456789abcdef";
    out += '"';
    while (!utf8.empty()) {
        const std::size_t valid = std::min(findInvalidUtf8(utf8), utf8.size());
        for (const char c : utf8.substr(0, valid)) {
            if (c == '"' || c == '\\') {
                out += '\\';
                out += c;
            } else if (c == '\n') {
                out += "\\n";
            } else if (c == '\t') {
                out += "\\t";
            } else if (static_cast<unsigned char>(c) < 0x20) {
                out += "\\u00";
                out += hex[c >> 4];
                out += hex[c & 15];
            } else {
                out += c;
            }
        }
        if (valid < utf8.size())
            out += "\xEF\xBF\xBD";
        utf8.remove_prefix(std::min(valid + 1, utf8.size()));
    }
    out += '"';
}

std::size_t findInvalidUtf8(std::string_view bytes)
{
    const char *const begin = bytes.data();
    const char *const end = begin + bytes.size();
    for (const char *at = begin; at < end;) {
        const char *stop = nullptr;
        if (g_utf8_validate_len(at, gsize(end - at), &stop))
            break;
        // GLib stops at a zero byte, which is a character like any other here.
        if (*stop != '\0')
            return std::size_t(stop - begin);
        at = stop + 1;
    }
    return std::string_view::npos;
}

QString typeName(const QJsonValue &value)
{
    switch (value.type()) {
    case QJsonValue::Bool:
        return QStringLiteral("bool");
    case QJsonValue::Double:
        return value.toInteger(0) == value.toInteger(1) ? QStringLiteral("int") : QStringLiteral("float");
    case QJsonValue::String:
        return QStringLiteral("str");
    case QJsonValue::Array:
        return QStringLiteral("list");
    case QJsonValue::Object:
        return QStringLiteral("dict");
    case QJsonValue::Null:
    case QJsonValue::Undefined:
        break;
    }
    return QStringLiteral("NoneType");
}

} // namespace Poolscope::Worker
