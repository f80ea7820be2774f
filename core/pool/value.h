// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/errors.h"

#include <QByteArray>
#include <QJsonValue>
#include <QString>

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace Poolscope {

class Value;

/// How a type becomes a Value and back; specialise it for types of your own:
///
///     template <>
///     struct Poolscope::ValueTraits<Point>
///     {
///         static Value toValue(const Point &p) { return std::pair(p.x, p.y); }
///         static Point fromValue(const Value &v)
///         {
///             const auto [x, y] = v.to<std::pair<int, int>>();
///             return {x, y};
///         }
///     };
///
/// Or, with no Value in between, as the types of valuetraits.h do:
///
///     static void append(std::string &json, const Point &p); // compact JSON, no line break
///     static Point read(std::string_view json);
///
/// One direction alone will do where the other is not needed.
template <typename T>
struct ValueTraits;

/// A type that a Value can be made from.
template <typename T>
concept ToValue = requires(std::string &json, const T &value)
{
    ValueTraits<T>::append(json, value);
}
|| requires(const T &value)
{
    ValueTraits<T>::toValue(value);
};

/// A type that a Value can become.
template <typename T>
concept FromValue = requires(std::string_view json)
{
    ValueTraits<T>::read(json);
}
|| requires(const Value &value)
{
    ValueTraits<T>::fromValue(value);
};

/// A value on its way to a task or back: JSON text, exactly as it travels, to the last digit. It is taken
/// apart only where someone asks for a C++ type, and what that type cannot hold is refused, never altered:
/// resources/help/values.md lists what becomes of what.
class Value
{
public:
    Value() = default; ///< null

    /// bool, any integer, float, double, QString, std::string and their views, QJsonValue, QJsonArray,
    /// QJsonObject; std::optional, std::pair, std::tuple, ranges and string-keyed maps of these; and whatever
    /// has ValueTraits.
    ///
    /// A char is none of these: it may be a letter or a number.
    ///
    /// \throws ValueError when JSON cannot carry it: NaN, an infinite number, text that is not valid UTF-8 or
    ///         UTF-16, QJsonValue::Undefined
    template <typename T>
    requires(!std::same_as<T, Value> && ToValue<T>) Value(const T &value);
    /// UTF-8. \throws ValueError when it is not, or a null pointer
    Value(const char *utf8);
    Value(const QByteArray &) = delete; ///< Text or bytes? QString::fromUtf8() and toBase64() say which.

    /// \param json  one JSON value in UTF-8; white space around and in it is removed, all else is kept as it
    ///              is written
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

    /// The value as a T: any type it can be made from, except views.
    ///
    /// \throws ValueError when it is of another kind (text is no number, a number is neither text nor bool),
    ///         or not exactly a T: 300 for a signed char, 1.5 for an int (1.0 and 1e3 are whole),
    ///         9007199254740993 for a double, half of a surrogate pair for text, an array of two for a
    ///         std::array of three, a name or an element that occurs twice for a map or a set. Decimal
    ///         fractions become the nearest double or float, as everywhere
    template <FromValue T>
    T to() const;

    /// As a native task sees it: numbers that are equal are the same, so 1.0 is 1 and -0.0 is 0.
    /// \throws ValueError when a QJsonValue cannot hold it: a whole number beyond 64 bits, half of a
    ///         surrogate pair, an object with a name that occurs twice
    QJsonValue toJsonValue() const;

    /// \throws ValueError for anything but an array
    std::vector<Value> elements() const;
    /// In their order; a name may occur twice. \throws ValueError for anything but an object
    std::vector<std::pair<QString, Value>> members() const;

    /// Compares the texts: 1 and 1.0 differ.
    bool operator==(const Value &) const = default;

private:
    std::string m_json = "null";
};

} // namespace Poolscope

#include "core/pool/valuetraits.h" // the types that come with it
