// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/value.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QMap>
#include <QString>
#include <QStringView>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <map>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <utility>

/// The ValueTraits of the types that come with Value.
namespace Poolscope {

/// What the traits below are made of. All that reads takes one compact JSON value and throws ValueError for
/// anything that is not exactly what it returns.
namespace ValueText {

void appendNumber(std::string &json, double value);
void appendJson(std::string &json, const QJsonValue &value);
void appendText(std::string &json, std::string_view utf8);
void appendText(std::string &json, QStringView text);

bool readBool(std::string_view json);
/// \param least  0 or less
/// \returns the bits of the number in two's complement
std::uint64_t readInteger(std::string_view json, std::int64_t least, std::uint64_t most);
double readDouble(std::string_view json);
float readFloat(std::string_view json);
std::string readText(std::string_view json);
QJsonValue readJson(std::string_view json);
void readNull(std::string_view json);

/// Goes through the elements of an array, or the members of an object, as they are written.
class Parts
{
public:
    enum class Of
    {
        Array,
        Object
    };
    /// \throws ValueError when it is not what was asked for
    Parts(std::string_view json, Of kind);

    /// Goes to the next part, first to the first. \returns whether there is one
    bool next();
    std::string_view value() const { return m_value; }
    std::string name() const { return readText(m_name); }

    [[noreturn]] void refuseRepeatedName() const;
    [[noreturn]] void refuseRepeatedElement() const;
    [[noreturn]] void refuseCount(std::size_t wanted) const;

private:
    std::string_view take();

    const std::string_view m_json;
    const Of m_kind;
    std::string_view m_rest; ///< Behind the comma that follows m_value.
    std::string_view m_name;
    std::string_view m_value;
    bool m_atLast = false;
};

template <ToValue T>
void appendAny(std::string &json, const T &value)
{
    if constexpr (requires { ValueTraits<T>::append(json, value); })
        ValueTraits<T>::append(json, value);
    else
        json += Value(ValueTraits<T>::toValue(value)).json();
}

template <FromValue T>
T readAny(std::string_view json)
{
    if constexpr (requires { ValueTraits<T>::read(json); })
        return ValueTraits<T>::read(json);
    else
        return ValueTraits<T>::fromValue(Value::trusted(std::string(json)));
}

template <ToValue T, typename Range>
void appendList(std::string &json, const Range &range)
{
    json += '[';
    bool isFirst = true;
    for (auto &&element : range) {
        if (!std::exchange(isFirst, false))
            json += ',';
        appendAny<T>(json, element);
    }
    json += ']';
}

/// signed char and unsigned char are std::int8_t and std::uint8_t; the other types that hold a letter are no
/// numbers.
template <typename T>
concept Integer = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> &&
                  !std::same_as<T, wchar_t> && !std::same_as<T, char8_t> && !std::same_as<T, char16_t> &&
                  !std::same_as<T, char32_t> && sizeof(T) <= sizeof(std::uint64_t);

template <typename T>
concept Name = std::same_as<T, std::string> || std::same_as<T, QString>;

/// Anything that can be gone through and ends, but no map: those with text as keys are objects, and the keys
/// of others would be lost or altered.
template <typename R>
concept List = std::ranges::input_range<R> && !requires
{
    typename std::remove_cvref_t<R>::mapped_type;
}
&&!std::same_as<std::ranges::range_value_t<R>, std::remove_cvref_t<R>> // std::filesystem::path
    && !std::same_as<std::ranges::sentinel_t<R>, std::unreachable_sentinel_t> &&
    ToValue<std::ranges::range_value_t<R>>;

template <typename R>
concept Container = List<const R> && std::default_initializable<R> &&
    FromValue<std::ranges::range_value_t<R>> &&(
        requires(R &all, std::ranges::range_value_t<R> one) { all.push_back(std::move(one)); } ||
        requires(R & all, std::ranges::range_value_t<R> one) { all.insert(std::move(one)); });

/// std::map and its like, of Qt as well, with text as keys.
template <typename M, Name K, typename T>
struct MapTraits
{
    static void append(std::string &json, const M &map) requires ToValue<T>
    {
        json += '{';
        bool isFirst = true;
        const auto appendAll = [&](const auto &entries) {
            for (const auto &[name, value] : entries) {
                if (!std::exchange(isFirst, false))
                    json += ',';
                appendAny<K>(json, name);
                json += ':';
                appendAny<T>(json, value);
            }
        };
        if constexpr (requires { map.asKeyValueRange(); })
            appendAll(map.asKeyValueRange());
        else
            appendAll(map);
        json += '}';
    }

    static M read(std::string_view json) requires FromValue<T>
    {
        M map;
        auto size = map.size();
        for (Parts members(json, Parts::Of::Object); members.next();) {
            if constexpr (std::same_as<K, QString>)
                map[QString::fromStdString(members.name())] = readAny<T>(members.value());
            else
                map[members.name()] = readAny<T>(members.value());
            if (map.size() == size)
                members.refuseRepeatedName();
            size = map.size();
        }
        return map;
    }
};

} // namespace ValueText

template <>
struct ValueTraits<Value>
{
    static void append(std::string &json, const Value &value) { json += value.json(); }
    static Value read(std::string_view json) { return Value::trusted(std::string(json)); }
};

template <>
struct ValueTraits<std::nullptr_t>
{
    static void append(std::string &json, std::nullptr_t) { json += "null"; }
    static std::nullptr_t read(std::string_view json)
    {
        ValueText::readNull(json);
        return nullptr;
    }
};

template <>
struct ValueTraits<bool>
{
    static void append(std::string &json, bool value) { json += value ? "true" : "false"; }
    static bool read(std::string_view json) { return ValueText::readBool(json); }
};

template <ValueText::Integer T>
struct ValueTraits<T>
{
    static void append(std::string &json, T value) { json += std::to_string(value); }
    static T read(std::string_view json)
    {
        return static_cast<T>(
            ValueText::readInteger(json, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
    }
};

/// Written with a point or an exponent always: to Python 1.0 is a float and 1 an int.
template <>
struct ValueTraits<double>
{
    static void append(std::string &json, double value) { ValueText::appendNumber(json, value); }
    static double read(std::string_view json) { return ValueText::readDouble(json); }
};

/// Written as the double it is exactly: 0.1f is 0.10000000149011612.
template <>
struct ValueTraits<float>
{
    static void append(std::string &json, float value) { ValueText::appendNumber(json, double{value}); }
    static float read(std::string_view json) { return ValueText::readFloat(json); }
};

template <>
struct ValueTraits<std::string_view>
{
    static void append(std::string &json, std::string_view utf8) { ValueText::appendText(json, utf8); }
};

template <>
struct ValueTraits<std::string>
{
    static void append(std::string &json, const std::string &utf8)
    {
        ValueText::appendText(json, std::string_view(utf8));
    }
    static std::string read(std::string_view json) { return ValueText::readText(json); }
};

template <>
struct ValueTraits<const char *>
{
    static void append(std::string &json, const char *utf8) { json += Value(utf8).json(); }
};

template <>
struct ValueTraits<QStringView>
{
    static void append(std::string &json, QStringView text) { ValueText::appendText(json, text); }
};

template <>
struct ValueTraits<QString>
{
    static void append(std::string &json, const QString &text)
    {
        ValueText::appendText(json, QStringView(text));
    }
    static QString read(std::string_view json) { return QString::fromStdString(ValueText::readText(json)); }
};

template <>
struct ValueTraits<QLatin1String>
{
    static void append(std::string &json, QLatin1String text)
    {
        ValueText::appendText(json, QStringView(QString(text)));
    }
};

/// Does not tell 1.0 from 1, so whole numbers are written without a point.
template <>
struct ValueTraits<QJsonValue>
{
    static void append(std::string &json, const QJsonValue &value) { ValueText::appendJson(json, value); }
    static QJsonValue read(std::string_view json) { return ValueText::readJson(json); }
};

/// What QJsonArray and QJsonObject give for [].
template <typename T>
requires(std::same_as<T, QJsonValueRef> || std::same_as<T, QJsonValueConstRef>) struct ValueTraits<T>
{
    static void append(std::string &json, const T &value) { ValueText::appendJson(json, QJsonValue(value)); }
};

template <>
struct ValueTraits<QJsonArray>
{
    static void append(std::string &json, const QJsonArray &array)
    {
        ValueText::appendJson(json, QJsonValue(array));
    }
    static QJsonArray read(std::string_view json)
    {
        ValueText::Parts(json, ValueText::Parts::Of::Array);
        return ValueText::readJson(json).toArray();
    }
};

template <>
struct ValueTraits<QJsonObject>
{
    static void append(std::string &json, const QJsonObject &object)
    {
        ValueText::appendJson(json, QJsonValue(object));
    }
    static QJsonObject read(std::string_view json)
    {
        ValueText::Parts(json, ValueText::Parts::Of::Object);
        return ValueText::readJson(json).toObject();
    }
};

/// Nothing is null.
template <typename T>
struct ValueTraits<std::optional<T>>
{
    static void append(std::string &json, const std::optional<T> &value) requires ToValue<T>
    {
        if (value)
            ValueText::appendAny<T>(json, *value);
        else
            json += "null";
    }
    static std::optional<T> read(std::string_view json) requires FromValue<T>
    {
        if (json == "null")
            return std::nullopt;
        return ValueText::readAny<T>(json);
    }
};

template <typename... Ts>
struct ValueTraits<std::tuple<Ts...>>
{
    static void append(std::string &json,
                       const std::tuple<Ts...> &tuple) requires(ToValue<std::remove_cvref_t<Ts>> &&...)
    {
        json += '[';
        std::apply(
            [&json](const auto &...parts) {
                [[maybe_unused]] std::size_t index = 0;
                ((json += std::string_view(",", index++ == 0 ? 0 : 1),
                  ValueText::appendAny<std::remove_cvref_t<Ts>>(json, parts)),
                 ...);
            },
            tuple);
        json += ']';
    }
    static std::tuple<Ts...> read(std::string_view json) requires(FromValue<Ts> &&...)
    {
        ValueText::Parts parts(json, ValueText::Parts::Of::Array);
        [[maybe_unused]] const auto next = [&parts] {
            if (!parts.next())
                parts.refuseCount(sizeof...(Ts));
            return parts.value();
        };
        std::tuple<Ts...> tuple{ValueText::readAny<Ts>(next())...};
        if (parts.next())
            parts.refuseCount(sizeof...(Ts));
        return tuple;
    }
};

template <typename A, typename B>
struct ValueTraits<std::pair<A, B>>
{
    static void append(std::string &json, const std::pair<A, B> &pair) requires(
        ToValue<std::remove_cvref_t<A>> &&ToValue<std::remove_cvref_t<B>>)
    {
        json += '[';
        ValueText::appendAny<std::remove_cvref_t<A>>(json, pair.first);
        json += ',';
        ValueText::appendAny<std::remove_cvref_t<B>>(json, pair.second);
        json += ']';
    }
    static std::pair<A, B> read(std::string_view json) requires(FromValue<A> &&FromValue<B>)
    {
        auto [first, second] = ValueText::readAny<std::tuple<A, B>>(json);
        return {std::move(first), std::move(second)};
    }
};

template <typename T, std::size_t N>
struct ValueTraits<std::array<T, N>>
{
    static void append(std::string &json, const std::array<T, N> &array) requires ToValue<T>
    {
        ValueText::appendList<T>(json, array);
    }
    static std::array<T, N> read(std::string_view json) requires FromValue<T>
    {
        std::array<T, N> array{};
        ValueText::Parts parts(json, ValueText::Parts::Of::Array);
        for (T &element : array) {
            if (!parts.next())
                parts.refuseCount(N);
            element = ValueText::readAny<T>(parts.value());
        }
        if (parts.next())
            parts.refuseCount(N);
        return array;
    }
};

template <typename K, typename T, typename... More>
requires ValueText::Name<K>
struct ValueTraits<std::map<K, T, More...>> : ValueText::MapTraits<std::map<K, T, More...>, K, T>
{
};

template <typename K, typename T, typename... More>
requires ValueText::Name<K>
struct ValueTraits<std::unordered_map<K, T, More...>>
    : ValueText::MapTraits<std::unordered_map<K, T, More...>, K, T>
{
};

template <ValueText::Name K, typename T>
struct ValueTraits<QMap<K, T>> : ValueText::MapTraits<QMap<K, T>, K, T>
{
};

template <ValueText::Name K, typename T>
struct ValueTraits<QHash<K, T>> : ValueText::MapTraits<QHash<K, T>, K, T>
{
};

/// Every other range that can be gone through while const; back: what has push_back() or insert().
template <typename R>
requires(ValueText::List<const R> && !std::is_array_v<R>) struct ValueTraits<R>
{
    using Element = std::ranges::range_value_t<const R>;

    static void append(std::string &json, const R &range) { ValueText::appendList<Element>(json, range); }
    static R read(std::string_view json) requires ValueText::Container<R>
    {
        R all;
        auto size = all.size();
        for (ValueText::Parts parts(json, ValueText::Parts::Of::Array); parts.next();) {
            if constexpr (requires(Element one) { all.push_back(std::move(one)); })
                all.push_back(ValueText::readAny<Element>(parts.value()));
            else
                all.insert(ValueText::readAny<Element>(parts.value()));
            if (all.size() == size)
                parts.refuseRepeatedElement();
            size = all.size();
        }
        return all;
    }
};

template <typename T>
requires(!std::same_as<T, Value> && ToValue<T>) Value::Value(const T &value) : m_json()
{
    ValueText::appendAny<T>(m_json, value);
}

template <FromValue T>
T Value::to() const
{
    if constexpr (requires { ValueTraits<T>::read(m_json); })
        return ValueTraits<T>::read(m_json);
    else
        return ValueTraits<T>::fromValue(*this);
}

} // namespace Poolscope
