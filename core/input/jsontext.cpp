// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/input/jsontext.h"

#include <array>
#include <cstddef>

namespace Poolscope {

namespace {

constexpr auto mustBeEscaped = [] {
    std::array<bool, 256> table = {};
    for (std::size_t c = 0; c < 0x20; ++c)
        table[c] = true;
    table[static_cast<unsigned char>('"')] = true;
    table[static_cast<unsigned char>('\\')] = true;
    return table;
}();

std::size_t digitsFrom(std::string_view text, std::size_t at)
{
    while (at < text.size() && text[at] >= '0' && text[at] <= '9')
        ++at;
    return at;
}

void appendEscaped(std::string &out, char c)
{
    switch (c) {
    case '"':
        out += "\\\"";
        return;
    case '\\':
        out += "\\\\";
        return;
    case '\b':
        out += "\\b";
        return;
    case '\t':
        out += "\\t";
        return;
    case '\n':
        out += "\\n";
        return;
    case '\f':
        out += "\\f";
        return;
    case '\r':
        out += "\\r";
        return;
    default:
        constexpr char digits[] = "0123456789abcdef";
        out += "\\u00";
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[static_cast<unsigned char>(c) & 15];
    }
}

/// Where the string that begins with the quote at `at` has ended.
std::size_t endOfString(std::string_view json, std::size_t at)
{
    for (++at; json[at] != '"'; ++at) {
        if (json[at] == '\\')
            ++at;
    }
    return at + 1;
}

} // namespace

std::string_view leadingJsonNumber(std::string_view text)
{
    std::size_t at = !text.empty() && text[0] == '-' ? 1 : 0;
    std::size_t end = digitsFrom(text, at);
    if (end == at)
        return {};
    // A zero stands alone: the number that "012" begins with is 0.
    if (text[at] == '0')
        end = at + 1;
    at = end;
    if (at < text.size() && text[at] == '.') {
        end = digitsFrom(text, at + 1);
        if (end == at + 1)
            return {};
        at = end;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        if (at < text.size() && (text[at] == '+' || text[at] == '-'))
            ++at;
        end = digitsFrom(text, at);
        if (end == at)
            return {};
        at = end;
    }
    return text.substr(0, at);
}

bool isJsonNumber(std::string_view text)
{
    return !text.empty() && leadingJsonNumber(text).size() == text.size();
}

void appendJsonString(std::string &out, std::string_view utf8)
{
    out += '"';
    std::size_t begin = 0;
    for (std::size_t at = 0; at < utf8.size(); ++at) {
        if (!mustBeEscaped[static_cast<unsigned char>(utf8[at])])
            continue;
        out.append(utf8, begin, at - begin);
        appendEscaped(out, utf8[at]);
        begin = at + 1;
    }
    out.append(utf8, begin);
    out += '"';
}

void appendCompactJson(std::string &out, std::string_view json)
{
    std::size_t begin = 0;
    for (std::size_t at = 0; at < json.size();) {
        if (json[at] == '"') {
            at = endOfString(json, at);
        } else if (isJsonSpace(json[at])) {
            out.append(json, begin, at - begin);
            begin = ++at;
        } else {
            ++at;
        }
    }
    out.append(json, begin);
}

std::string_view trimmedJson(std::string_view text)
{
    while (!text.empty() && isJsonSpace(text.back()))
        text.remove_suffix(1);
    while (!text.empty() && isJsonSpace(text.front()))
        text.remove_prefix(1);
    return text;
}

} // namespace Poolscope
