// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pooltest.h"

#include <array>
#include <atomic>
#include <stdexcept>

/// What the tests of result iterators share: the methods that return them, and inputs that can be watched.
namespace PoolTest {

using IteratorMethod = ResultIterator (Pool::*)(const Task &, Items, const CallOptions &);
inline constexpr std::array<IteratorMethod, 2> methods = {&Pool::imap, &Pool::imapUnordered};

inline CallOptions ahead(int buffersize, int chunksize = 1)
{
    CallOptions options = chunks(chunksize);
    options.buffersize = buffersize;
    return options;
}

class BrokenInput final : public std::runtime_error
{
public:
    BrokenInput() : std::runtime_error("the input broke") {}
};

/// Counts what is read of an input; may outlive the test.
using Counter = std::shared_ptr<std::atomic<int>>;

inline Counter counter()
{
    return std::make_shared<std::atomic<int>>(0);
}

/// 0, 1, 2 ... up to `count`, then ends or throws.
inline Items counting(int count, const Counter &read, bool throws = false)
{
    return Items::generate([=]() -> std::optional<Value> {
        if (*read == count) {
            if (throws)
                throw BrokenInput();
            return std::nullopt;
        }
        return Value((*read)++);
    });
}

} // namespace PoolTest
