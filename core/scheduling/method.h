// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace Poolscope {

/// The methods of multiprocessing.Pool, by their Python names.
enum class Method
{
    Map,
    Starmap,
    Imap,
    ImapUnordered,
    Apply,
    ApplyAsync,
    MapAsync,
    StarmapAsync
};

inline constexpr std::array allMethods = {Method::Map,           Method::Starmap,     Method::Imap,
                                          Method::ImapUnordered, Method::Apply,       Method::ApplyAsync,
                                          Method::MapAsync,      Method::StarmapAsync};

/// When results leave the reorder buffer.
enum class Delivery
{
    AllAtEnd,  ///< map: nothing is visible until all is done (S4.1)
    Ordered,   ///< imap: each as soon as it and all before it are done (S4.2)
    Unordered, ///< imap_unordered: chunks as they are done (S4.3)
};

constexpr std::string_view methodName(Method method)
{
    switch (method) {
    case Method::Map:
        return "map";
    case Method::Starmap:
        return "starmap";
    case Method::Imap:
        return "imap";
    case Method::ImapUnordered:
        return "imap_unordered";
    case Method::Apply:
        return "apply";
    case Method::ApplyAsync:
        return "apply_async";
    case Method::MapAsync:
        return "map_async";
    case Method::StarmapAsync:
        return "starmap_async";
    }
    return {};
}

constexpr std::optional<Method> methodFromName(std::string_view name)
{
    for (const Method method : allMethods)
        if (methodName(method) == name)
            return method;
    return std::nullopt;
}

constexpr Delivery deliveryOf(Method method)
{
    switch (method) {
    case Method::Imap:
    case Method::Apply:
    case Method::ApplyAsync:
        return Delivery::Ordered;
    case Method::ImapUnordered:
        return Delivery::Unordered;
    default:
        return Delivery::AllAtEnd;
    }
}

/// Whether an item is an array whose elements become the positional arguments (S2.8).
constexpr bool unpacksItems(Method method)
{
    return method == Method::Starmap || method == Method::StarmapAsync;
}

/// apply and apply_async send one item a call, whatever the chunk size (S2.1).
constexpr bool callsPerItem(Method method)
{
    return method == Method::Apply || method == Method::ApplyAsync;
}

/// Whether the chunk size, left to itself, follows from the length of the input (S2.1) instead of being 1
/// (S2.3).
constexpr bool chunksByLength(Method method)
{
    return deliveryOf(method) == Delivery::AllAtEnd;
}

} // namespace Poolscope
