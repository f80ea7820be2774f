// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/wire/recorder.h"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>

namespace Poolscope::Worker {

/// The way to the parent. Frames are collected in the recorder's ring and sent in batches; without a recorder
/// each is sent at once. Both threads of the worker may use it.
class Channel
{
public:
    /// \param wake  an eventfd, written when the guard must begin to watch for results that wait too long
    Channel(int out, int wake);
    Channel(const Channel &) = delete;
    Channel &operator=(const Channel &) = delete;

    bool attachRecorder(void *memory, std::size_t size);

    /// \param time  now
    /// \returns false when the parent holds items back: try again later
    bool itemBegins(std::int64_t time) { return !m_recorder.isAttached() || m_recorder.itemBegins(time); }

    /// Whether the parent had read something that this process printed when the last item began.
    bool hasPrinted() const { return m_recorder.hasPrinted(); }

    /// Adds whole frames; sends when enough or for long enough has been collected.
    /// \param time  now
    void append(std::string_view frames, std::int64_t time);

    /// Sends all there is; blocks while the parent does not read.
    void flush();

    /// For the guard: sends what has waited for too long, as far as that does not block.
    /// \returns nanoseconds until it should be called again; nothing while nothing waits (the eventfd tells)
    std::optional<std::int64_t> flushOverdue();

private:
    std::size_t unsentBytes() const { return m_capacity - m_recorder.space(); }
    void sendAll(std::string_view bytes);
    void flushLocked(std::int64_t time);

    const int m_out;
    const int m_wake;
    std::mutex m_mutex;
    Wire::RecorderWriter m_recorder;
    std::size_t m_capacity = 0;
    std::int64_t m_lastFlush = 0;
    std::int64_t m_oldestUnsent = 0;
    bool m_guardSleeps = false;
};

} // namespace Poolscope::Worker
