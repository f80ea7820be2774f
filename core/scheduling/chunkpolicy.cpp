// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scheduling/chunkpolicy.h"

#include <algorithm>

namespace Poolscope {

namespace {

std::uint64_t ceilDivide(std::uint64_t a, std::uint64_t b)
{
    return a / b + (a % b != 0);
}

} // namespace

std::uint64_t defaultChunksize(std::uint64_t items, std::uint32_t processes)
{
    return std::max<std::uint64_t>(1, ceilDivide(items, std::uint64_t{4} * std::max(1u, processes)));
}

std::uint64_t effectiveChunksize(Method method, std::optional<std::uint64_t> asked,
                                 std::optional<std::uint64_t> items, std::uint32_t processes)
{
    if (asked)
        return *asked;
    return chunksByLength(method) && items ? defaultChunksize(*items, processes) : 1;
}

std::uint64_t chunkCount(std::uint64_t items, std::uint64_t chunksize)
{
    return ceilDivide(items, chunksize);
}

} // namespace Poolscope
