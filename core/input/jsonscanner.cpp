// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/input/jsonscanner.h"

#include "core/input/inputerrors.h"
#include "core/input/jsontext.h"

#include <algorithm>

namespace Poolscope {

bool JsonScanner::fail(Fault fault)
{
    m_fault = fault;
    return false;
}

void JsonScanner::skipSpace()
{
    while (m_at < m_text.size() && isJsonSpace(m_text[m_at]))
        ++m_at;
}

bool JsonScanner::skip(char c)
{
    if (m_at == m_text.size() || m_text[m_at] != c)
        return false;
    ++m_at;
    skipSpace();
    return true;
}

bool JsonScanner::scanText()
{
    return scanValue() && (atEnd() || fail(Fault::TextAfterValue));
}

bool JsonScanner::scanValue()
{
    skipSpace();
    if (!scanBareValue(0))
        return false;
    skipSpace();
    return true;
}

bool JsonScanner::scanBareValue(int depth)
{
    if (atEnd())
        return fail(Fault::ValueExpected);
    switch (m_text[m_at]) {
    case '"':
        return scanString();
    case '[':
        return depth < deepest ? scanArray(depth + 1) : fail(Fault::TooDeep);
    case '{':
        return depth < deepest ? scanObject(depth + 1) : fail(Fault::TooDeep);
    case 't':
        return scanLiteral("true");
    case 'f':
        return scanLiteral("false");
    case 'n':
        return scanLiteral("null");
    default:
        return scanNumber();
    }
}

bool JsonScanner::scanLiteral(std::string_view literal)
{
    if (m_text.substr(m_at, literal.size()) != literal)
        return fail(Fault::ValueExpected);
    m_at += literal.size();
    return true;
}

bool JsonScanner::scanNumber()
{
    const char first = m_text[m_at];
    if (first != '-' && (first < '0' || first > '9'))
        return fail(Fault::ValueExpected);
    const std::string_view number = leadingJsonNumber(m_text.substr(m_at));
    const std::size_t end = m_at + number.size();
    const bool goesOn = end < m_text.size() && m_text[end] >= '0' && m_text[end] <= '9';
    if (number.empty() || goesOn)
        return fail(Fault::NumberMalformed);
    m_at = end;
    return true;
}

bool JsonScanner::scanString()
{
    const auto isHex = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    };
    const std::size_t begin = m_at;
    for (++m_at; m_at < m_text.size(); ++m_at) {
        const char c = m_text[m_at];
        if (c == '"') {
            ++m_at;
            return true;
        }
        if (static_cast<unsigned char>(c) < 0x20)
            return fail(Fault::ControlCharacter);
        if (c != '\\')
            continue;
        const std::string_view escape = m_text.substr(m_at + 1, 5);
        if (escape.empty())
            break;
        if (escape[0] == 'u') {
            if (escape.size() < 5 || !std::all_of(escape.begin() + 1, escape.end(), isHex))
                return fail(Fault::EscapeUnknown);
            m_at += 5;
        } else if (std::string_view("\"\\/bfnrt").find(escape[0]) != std::string_view::npos) {
            m_at += 1;
        } else {
            return fail(Fault::EscapeUnknown);
        }
    }
    m_at = begin;
    return fail(Fault::StringUnclosed);
}

bool JsonScanner::scanArray(int depth)
{
    skip('[');
    if (m_at < m_text.size() && m_text[m_at] == ']') {
        ++m_at;
        return true;
    }
    for (;;) {
        if (!scanBareValue(depth))
            return false;
        skipSpace();
        if (skip(','))
            continue;
        if (atEnd() || m_text[m_at] != ']')
            return fail(Fault::CommaOrBracketExpected);
        ++m_at;
        return true;
    }
}

bool JsonScanner::scanObject(int depth)
{
    skip('{');
    if (m_at < m_text.size() && m_text[m_at] == '}') {
        ++m_at;
        return true;
    }
    for (;;) {
        if (atEnd() || m_text[m_at] != '"')
            return fail(Fault::NameExpected);
        if (!scanString())
            return false;
        skipSpace();
        if (!skip(':'))
            return fail(Fault::ColonExpected);
        if (!scanBareValue(depth))
            return false;
        skipSpace();
        if (skip(','))
            continue;
        if (atEnd() || m_text[m_at] != '}')
            return fail(Fault::CommaOrBraceExpected);
        ++m_at;
        return true;
    }
}

QString describe(JsonScanner::Fault fault)
{
    switch (fault) {
    case JsonScanner::Fault::None:
        break;
    case JsonScanner::Fault::ValueExpected:
        return InputMessages::tr("a JSON value is expected here (text stands in double quotes)");
    case JsonScanner::Fault::NumberMalformed:
        return InputMessages::tr("this is not a number as JSON writes it");
    case JsonScanner::Fault::StringUnclosed:
        return InputMessages::tr("the closing quote of this text is missing");
    case JsonScanner::Fault::ControlCharacter:
        return InputMessages::tr("a control character inside text; write it as \\n, \\t or \\u00XX");
    case JsonScanner::Fault::EscapeUnknown:
        return InputMessages::tr("JSON knows no such backslash sequence; write a backslash itself as \\\\");
    case JsonScanner::Fault::NameExpected:
        return InputMessages::tr("a name in double quotes is expected here");
    case JsonScanner::Fault::ColonExpected:
        return InputMessages::tr("a colon is expected here");
    case JsonScanner::Fault::CommaOrBracketExpected:
        return InputMessages::tr("a comma or ] is expected here");
    case JsonScanner::Fault::CommaOrBraceExpected:
        return InputMessages::tr("a comma or } is expected here");
    case JsonScanner::Fault::TooDeep:
        return InputMessages::tr("nested deeper than %1 levels").arg(JsonScanner::deepest);
    case JsonScanner::Fault::TextAfterValue:
        return InputMessages::tr("there is more text after the value");
    }
    return {};
}

QString describeAtColumn(std::string_view text, std::size_t lineBegin, std::size_t position,
                         JsonScanner::Fault fault)
{
    // People count characters: the continuation bytes of UTF-8 are none.
    const std::string_view before = text.substr(lineBegin, position - lineBegin);
    const auto characters = std::count_if(
        before.begin(), before.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
    return InputMessages::tr("not valid JSON at column %1: %2")
        .arg(QString::number(characters + 1), describe(fault));
}

} // namespace Poolscope
