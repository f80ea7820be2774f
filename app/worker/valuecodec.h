// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonValue>
#include <QString>

#include <string>
#include <string_view>

/// Between the JSON text that travels and the values that native tasks see. Nothing is altered on the way:
/// what a QJsonValue cannot hold is refused as an error of the item.
///
/// A QJsonValue knows one kind of number, so 2.0 and 2 are the same item, and so are -0.0 and 0. The whole
/// table is resources/help/values.md.
namespace Poolscope::Worker {

/// \throws TaskError when the text holds a number that a QJsonValue does not, a key twice in an object, or
/// text that UTF-8 cannot carry
QJsonValue decodeItem(std::string_view text);

/// Replaces what `out` held by compact JSON without a line break.
/// \throws TaskError for a number that JSON does not have (infinite, not a number)
void encodeValue(const QJsonValue &value, std::string &out);

/// The item as a program or a message wants it: text as it is, all else as JSON.
/// \throws TaskError when it is text that UTF-8 cannot carry
std::string itemAsText(std::string_view item);

/// Appends a JSON string. Bytes that are no UTF-8 become U+FFFD.
void appendJsonString(std::string &out, std::string_view utf8);

/// Offset of the first byte that is no UTF-8; npos when all is.
std::size_t findInvalidUtf8(std::string_view bytes);

/// As Python names the type of such a value: int, float, str, bool, NoneType, list, dict.
QString typeName(const QJsonValue &value);

} // namespace Poolscope::Worker
