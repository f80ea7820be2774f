// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/json.h"

#include "core/input/jsonscanner.h"
#include "core/input/jsontext.h"
#include "tests/fuzz/fuzz.h"

using namespace Poolscope;

namespace {

void checkStrings(std::string_view bytes)
{
    const QByteArrayView utf8(bytes.data(), qsizetype(bytes.size()));
    if (!utf8.isValidUtf8())
        return;
    std::string json;
    appendJsonString(json, bytes);
    MUST(JsonScanner(json).scanText());
    // Qt drops a byte order mark where a text begins with it.
    if (bytes.find("\xef\xbb\xbf") == std::string_view::npos)
        MUST(fuzz::qtJson(json)->at(0).toString() == QString::fromUtf8(utf8));
}

void checkNumbers(std::string_view bytes)
{
    const std::string_view number = leadingJsonNumber(bytes);
    MUST(bytes.starts_with(number));
    MUST(number.empty() || isJsonNumber(number));
    MUST(number.empty() || JsonScanner(number).scanText());
    const bool looksLikeOne =
        !bytes.empty() && (bytes.front() == '-' || (bytes.front() >= '0' && bytes.front() <= '9'));
    MUST(isJsonNumber(bytes) ==
         (looksLikeOne && !isJsonSpace(bytes.back()) && JsonScanner(bytes).scanText()));
}

} // namespace

/// What the scanner lets pass, Qt reads, and without its white space it is the same value.
void fuzz::run(std::string_view bytes)
{
    checkStrings(bytes);
    checkNumbers(bytes);
    JsonScanner scanner(bytes);
    const bool isJson = scanner.scanText();
    MUST(scanner.position() <= bytes.size());
    MUST(isJson == (scanner.fault() == JsonScanner::Fault::None));
    if (!isJson) {
        MUST(!describe(scanner.fault()).isEmpty());
        MUST(!describeAtColumn(bytes, 0, scanner.position(), scanner.fault()).isEmpty());
        return;
    }
    MUST(scanner.atEnd());
    MUST(JsonScanner(trimmedJson(bytes)).scanText());
    std::string compact;
    appendCompactJson(compact, bytes);
    MUST(JsonScanner(compact).scanText());
    MUST(compact.find_first_of("\n\r\t") == std::string::npos);
    std::string again;
    appendCompactJson(again, compact);
    MUST(again == compact);

    if (!QByteArrayView(bytes.data(), qsizetype(bytes.size())).isValidUtf8())
        return;
    QJsonParseError::ParseError error;
    const auto value = qtJson(bytes, &error);
    // Numbers beyond a double are JSON, too.
    MUST(value || error == QJsonParseError::IllegalNumber);
    MUST(!value || value == qtJson(compact));
}
