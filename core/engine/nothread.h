// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

namespace Poolscope {

/// A thread that is needed cannot be started; worded for people.
class NoThread : public std::runtime_error
{
public:
    /// \param reason  what the system says
    explicit NoThread(const char *reason);
};

/// \throws NoThread
template <typename F>
std::thread startThread(F f)
{
    try {
        return std::thread(std::move(f));
    } catch (const std::system_error &error) {
        throw NoThread(error.what());
    }
}

} // namespace Poolscope
