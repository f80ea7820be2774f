// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <string>
#include <utility>
#include <vector>

namespace Poolscope {

/// The arguments of one call as they were typed: JSON texts, compact.
struct TypedArguments
{
    std::vector<std::string> positional;
    std::vector<std::pair<QString, std::string>> keywords;

    /// `3, "two", base=2`
    QString text() const;
    bool operator==(const TypedArguments &) const = default;
};

struct TypedCalls
{
    std::vector<TypedArguments> calls; ///< One a line; empty when something is wrong.
    QString problem;                   ///< What is wrong, where, and what to write instead.
};

/// Reads what stands between the parentheses of a call: JSON values, then name=value. Each line is a call of
/// its own; a text without any is one call without arguments.
TypedCalls readArguments(const QString &text);

} // namespace Poolscope
