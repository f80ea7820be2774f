// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

namespace Poolscope::Wire {

static_assert(std::endian::native == std::endian::little, "the wire format is little endian");

template <typename T>
requires std::is_trivially_copyable_v<T>
void appendRaw(std::string &out, const T &value)
{
    out.append(reinterpret_cast<const char *>(&value), sizeof(T));
}

/// Takes a value off the front of the bytes; false, and nothing taken, when they are too short.
template <typename T>
requires std::is_trivially_copyable_v<T>
bool takeRaw(std::string_view &bytes, T &value)
{
    if (bytes.size() < sizeof(T))
        return false;
    std::memcpy(&value, bytes.data(), sizeof(T));
    bytes.remove_prefix(sizeof(T));
    return true;
}

} // namespace Poolscope::Wire
