// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace Poolscope {

/// Whether `text` is a JSON number and nothing else, not even a space.
bool isJsonNumber(std::string_view text);

/// The number that `text` begins with; empty when it begins with none.
std::string_view leadingJsonNumber(std::string_view text);

/// Appends valid UTF-8 as a JSON string.
void appendJsonString(std::string &out, std::string_view utf8);

/// Appends valid JSON without the white space between its tokens; numbers and strings stay as they are.
void appendCompactJson(std::string &out, std::string_view json);

constexpr bool isJsonSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// `text` without JSON's white space at both ends.
std::string_view trimmedJson(std::string_view text);

} // namespace Poolscope
