// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace Poolscope {

/// Calls functions one after the other, in the order they were given, in a thread that does nothing else:
/// a slow callback holds up no result (S5.16). What they throw becomes a warning.
class CallbackThread
{
public:
    CallbackThread(); ///< \throws NoThread
    /// Returns when all that was posted has; in a callback it does not wait for the rest.
    ~CallbackThread();
    CallbackThread(const CallbackThread &) = delete;
    CallbackThread &operator=(const CallbackThread &) = delete;

    void post(std::function<void()> function);
    /// Whether the caller is one of those functions.
    bool isCurrent() const;
    /// Waits until all that was posted has returned, or it is `until`. \returns whether it has
    bool drain(std::optional<std::chrono::steady_clock::time_point> until = std::nullopt);

private:
    struct State;
    std::shared_ptr<State> m_state;
};

} // namespace Poolscope
