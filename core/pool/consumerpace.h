// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <mutex>

namespace Poolscope {

/// How long a consumer takes for each result: set by one thread, waited for by another.
class ConsumerPace
{
public:
    /// \param seconds  a result; 0: as fast as they come. A wait that goes on is measured anew.
    void set(double seconds);
    /// A result; 0 once nobody waits any more.
    double seconds() const;
    bool isUnhurried() const { return seconds() > 0; }
    /// Lets so much time pass after a result, unless end() was called.
    void wait();
    /// Nobody waits any more.
    void end();

private:
    mutable std::mutex m_mutex; // guards all below
    std::condition_variable m_changed;
    double m_seconds = 0;
    bool m_hasEnded = false;
};

} // namespace Poolscope
