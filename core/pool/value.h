// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/errors.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QString>

#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace Poolscope {

class Value;

/// How a type becomes a Value and back; specialise it for types of your own:
///
///     template <> struct Poolscope::ValueTraits<Point> {
///         static Value toValue(const Point &p) { return Value(std::pair(p.x, p.y)); }
///         static Point fromValue(const Value &v) { auto [x, y] = v.to<std::pair<int, int>>(); return {x, y};
///         }
///     };
template <typename T>
struct ValueTraits;

/// A value on its way to a task or back: JSON text, exactly as it travels, to the last digit. It is taken
/// apart only where someone asks for a C++ type, and what that type cannot hold is refused, never altered:
/// resources/help/values.md lists what becomes of what.
class Value
{
public:
    Value() = default; ///< null
    Value(std::nullptr_t) {}

    /// bool, any integer, float, double (not NaN or infinite), QString, std::string and its views (UTF-8),
    /// QJsonValue, QJsonArray, QJsonObject; std::optional, std::pair, std::tuple, ranges and string-keyed
    /// maps of these; and whatever has ValueTraits. \throws ValueError when JSON cannot carry it
    template <typename T>
    requires(!std::same_as<T, Value> && requires(const T &t) { ValueTraits<T>::toValue(t); })
        Value(const T &value)
        : Value(ValueTraits<T>::toValue(value))
    {}
    Value(const char *utf8) : Value(std::string_view(utf8)) {}

    /// \param json  one JSON value; white space around and in it is removed
    /// \throws ValueError that says where it is wrong
    static Value fromJson(std::string_view json);
    /// Text that is known to be one compact JSON value: what a worker sent.
    static Value trusted(std::string json)
    {
        Value value;
        value.m_json = std::move(json);
        return value;
    }

    /// Compact JSON, UTF-8, without a line break.
    const std::string &json() const { return m_json; }

    bool isNull() const { return m_json == "null"; }

    /// The value as a T: any type it can be made from.
    /// \throws ValueError when it is of another kind, or not exactly a T: 300 for a signed char,
    ///         9007199254740993 for a double, 1.5 for an int, a lone surrogate for text
    template <typename T>
    T to() const
    {
        return ValueTraits<T>::fromValue(*this);
    }

    /// \throws ValueError when a QJsonValue cannot hold it: integers beyond 64 bits, say
    QJsonValue toJsonValue() const;

    /// The elements of an array, the members of an object in their order. \throws ValueError for anything
    /// else
    std::vector<Value> elements() const;
    std::vector<std::pair<QString, Value>> members() const;

    /// Compares the texts: 1 and 1.0 differ.
    bool operator==(const Value &) const = default;

private:
    std::string m_json = "null";
};

} // namespace Poolscope

#include "core/pool/valuetraits.h" // the types that come with it
