// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/input/inputsource.h"

#include <QString>

#include <cstdint>
#include <string>
#include <string_view>

namespace Poolscope {

/// Turns text into JSON values as an ItemType says.
class ItemEncoder final
{
public:
    ItemEncoder(ItemType type, QString name);

    /// Appends `text`, valid UTF-8, as a value, without a line end.
    void append(std::string &out, std::string_view text, std::uint64_t line) const;

    /// Appends `text`, valid UTF-8, that must be a JSON value itself.
    void appendJson(std::string &out, std::string_view text, std::uint64_t line) const;

private:
    const ItemType m_type;
    const QString m_name;
};

} // namespace Poolscope
