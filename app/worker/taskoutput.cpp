// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/taskoutput.h"

#include "core/wire/outputmark.h"

#include <cerrno>
#include <cstdio>
#include <string_view>

#include <stdio_ext.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace Poolscope::Worker {

namespace {

/// A look is two system calls, about 0.7 us: as much as some items take. A task that printed something, once,
/// must not pay that for ever.
constexpr unsigned mostMisses = 1000;

} // namespace

void TaskOutput::itemEnded(std::optional<std::uint64_t> item, Look look)
{
    const bool isBuffered = __fpending(stdout) > 0;
    if (isBuffered)
        std::fflush(stdout);
    const bool isDue =
        isBuffered || look == Look::Always || (look == Look::WhilePrinting && m_misses < mostMisses);
    if (m_token.empty() || !isDue)
        return;
    const bool out = mark(m_out, item);
    const bool err = mark(m_err, item);
    m_misses = out || err ? 0 : m_misses + 1;
}

bool TaskOutput::mark(int descriptor, std::optional<std::uint64_t> item) const
{
    // What was read already the parent knows to be of the item that ran then.
    int unread = 0;
    if (ioctl(descriptor, FIONREAD, &unread) != 0 || unread == 0)
        return false;
    const std::string text = Wire::outputMark(m_token, item);
    for (std::string_view rest = text; !rest.empty();) {
        const ssize_t written = ::write(descriptor, rest.data(), rest.size());
        if (written < 0 && errno != EINTR)
            break;
        rest.remove_prefix(std::size_t(written < 0 ? 0 : written));
    }
    return true;
}

} // namespace Poolscope::Worker
