// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstddef>
#include <string_view>

namespace Poolscope {

/// Checks JSON text (RFC 8259) without building anything from it, and says where it goes wrong.
///
/// Not QJsonDocument, which lets pass what the JSON reader of a worker refuses (`1.`, `.5`, "\x", a raw tab
/// in a string), knows no line, and takes 550 ns for a small object.
class JsonScanner final
{
public:
    enum class Fault
    {
        None,
        ValueExpected,
        NumberMalformed,
        StringUnclosed,
        ControlCharacter,
        EscapeUnknown,
        NameExpected,
        ColonExpected,
        CommaOrBracketExpected,
        CommaOrBraceExpected,
        TooDeep,
        TextAfterValue,
    };

    /// Python's reader gives up at about a thousand; an item travels inside other values.
    static constexpr int deepest = 512;

    explicit JsonScanner(std::string_view text) : m_text(text) {}

    /// Checks one value with white space around it; position() is then behind both.
    bool scanValue();

    /// Checks that the text is one value and nothing else.
    bool scanText();

    /// Goes past `c` and the white space behind it, if it is there.
    bool skip(char c);
    void skipSpace();

    /// After a fault: where it is.
    std::size_t position() const { return m_at; }
    bool atEnd() const { return m_at == m_text.size(); }
    Fault fault() const { return m_fault; }

private:
    bool fail(Fault fault);
    bool scanBareValue(int depth);
    bool scanString();
    bool scanNumber();
    bool scanLiteral(std::string_view literal);
    bool scanArray(int depth);
    bool scanObject(int depth);

    const std::string_view m_text;
    std::size_t m_at = 0;
    Fault m_fault = Fault::None;
};

QString describe(JsonScanner::Fault fault);

/// "column 7: what is wrong", for a fault in the line that begins at `lineBegin`.
QString describeAtColumn(std::string_view text, std::size_t lineBegin, std::size_t position,
                         JsonScanner::Fault fault);

} // namespace Poolscope
