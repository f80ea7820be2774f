// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/processsampler.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

namespace Poolscope {

namespace {

/// Reads a short file of /proc; returns an empty string when the process is gone.
const char *readProc(std::int64_t pid, const char *name, std::array<char, 1024> &buffer)
{
    char path[64];
    std::snprintf(path, sizeof path, "/proc/%lld/%s", static_cast<long long>(pid), name);
    const int file = ::open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = 0;
    if (file >= 0) {
        length = ::read(file, buffer.data(), buffer.size() - 1);
        ::close(file);
    }
    buffer[std::size_t(std::max<ssize_t>(length, 0))] = '\0';
    return buffer.data();
}

} // namespace

std::uint64_t residentMemory(std::int64_t pid)
{
    std::array<char, 1024> buffer;
    unsigned long long pages = 0;
    std::sscanf(readProc(pid, "statm", buffer), "%*u %llu", &pages);
    return pages * std::uint64_t(sysconf(_SC_PAGESIZE));
}

std::uint64_t residentMemoryOfAll(std::int64_t pid)
{
    std::uint64_t bytes = residentMemory(pid);
    std::array<char, 1024> buffer;
    char name[48];
    std::snprintf(name, sizeof name, "task/%lld/children", static_cast<long long>(pid));
    long long child = 0;
    int length = 0;
    // A process cannot be its own descendant, so this ends.
    for (const char *list = readProc(pid, name, buffer); std::sscanf(list, "%lld%n", &child, &length) == 1;
         list += length)
        bytes += residentMemoryOfAll(child);
    return bytes;
}

void ProcessSampler::sample(std::int64_t pid, Time now)
{
    std::array<char, 1024> buffer;
    if (pid != m_pid)
        *this = {};

    unsigned long long userTicks = 0;
    unsigned long long systemTicks = 0;
    // The command's name stands in parentheses and may hold anything; the fields follow its last one.
    const char *fields = std::strrchr(readProc(pid, "stat", buffer), ')');
    if (!fields || std::sscanf(fields + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu",
                               &userTicks, &systemTicks) != 2)
        return;
    const Time cpu = Time(userTicks + systemTicks) * (1'000'000'000 / sysconf(_SC_CLK_TCK));
    if (m_pid == pid && now > m_time)
        m_share = double(cpu - m_cpu) / double(now - m_time);
    m_pid = pid;
    m_time = now;
    m_cpu = cpu;

    if (const std::uint64_t memory = residentMemory(pid); memory > 0)
        m_memory = memory;
}

} // namespace Poolscope
