// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/builtin/system.h"

#include "core/tasks/builtin/values.h"

#include <QFile>

#include <chrono>
#include <cstring>
#include <memory>
#include <mutex>
#include <new>
#include <thread>
#include <vector>

#include <unistd.h>

namespace Poolscope::Builtin {

namespace {

constexpr qint64 megabyte = 1024 * 1024;

qint64 residentMegabytes()
{
    QFile status(QStringLiteral("/proc/self/statm"));
    if (!status.open(QIODevice::ReadOnly))
        raise("OSError", QStringLiteral("/proc/self/statm cannot be read: %1").arg(status.errorString()));
    const qint64 pages = status.readAll().split(' ').value(1).toLongLong();
    return pages * sysconf(_SC_PAGESIZE) / megabyte;
}

} // namespace

void sleepFor(double seconds)
{
    if (seconds < 0)
        raise("ValueError", QStringLiteral("sleep length must be non-negative"));
    // What a 64-bit count of nanoseconds holds; more would wrap round.
    if (seconds > 9e9)
        raise("OverflowError", QStringLiteral("%1 seconds are longer than the clock can wait").arg(seconds));
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

qint64 leak(qint64 megabytes)
{
    static std::mutex mutex;
    static std::vector<std::unique_ptr<char[]>> kept;
    if (megabytes < 0 || megabytes > 1'000'000)
        raise("ValueError", QStringLiteral("%1 megabytes: give a number from 0 to 1000000").arg(megabytes));
    const auto size = std::size_t(megabytes * megabyte);
    char *memory = new (std::nothrow) char[size];
    if (!memory)
        raise("MemoryError", QStringLiteral("%1 more megabytes are not to be had").arg(megabytes));
    std::memset(memory, 1, size);
    const std::lock_guard lock(mutex);
    kept.emplace_back(memory);
    return residentMegabytes();
}

} // namespace Poolscope::Builtin
