// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/input/itemencoder.h"

#include "core/input/inputerrors.h"
#include "core/input/jsonscanner.h"
#include "core/input/jsontext.h"

#include <utility>

namespace Poolscope {

ItemEncoder::ItemEncoder(ItemType type, QString name) : m_type(type), m_name(std::move(name)) {}

void ItemEncoder::append(std::string &out, std::string_view text, std::uint64_t line) const
{
    switch (m_type) {
    case ItemType::Auto:
        // Verbatim: a number of any length reaches the worker unaltered.
        if (isJsonNumber(text))
            out += text;
        else
            appendJsonString(out, text);
        return;
    case ItemType::Text:
        appendJsonString(out, text);
        return;
    case ItemType::Json:
        appendJson(out, text, line);
        return;
    }
}

void ItemEncoder::appendJson(std::string &out, std::string_view text, std::uint64_t line) const
{
    JsonScanner scanner(text);
    if (!scanner.scanText())
        throw lineError(m_name, line, describeAtColumn(text, 0, scanner.position(), scanner.fault()));
    const std::string_view value = trimmedJson(text);
    // A cell between quotes may hold line breaks, an item must not.
    if (value.find('\n') != std::string_view::npos)
        appendCompactJson(out, value);
    else
        out += value;
}

} // namespace Poolscope
