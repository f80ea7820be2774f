// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/childprocess.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace Poolscope::Worker {

namespace {

constexpr std::size_t tailSize = std::size_t{4} << 10;

class Pipe
{
public:
    Pipe()
    {
        if (pipe2(m_ends, O_CLOEXEC) != 0)
            m_ends[0] = m_ends[1] = -1;
    }
    ~Pipe()
    {
        closeEnd(0);
        closeEnd(1);
    }
    Pipe(const Pipe &) = delete;
    Pipe &operator=(const Pipe &) = delete;

    bool isOpen() const { return m_ends[0] >= 0; }
    int reader() const { return m_ends[0]; }
    int writer() const { return m_ends[1]; }
    void closeEnd(int end)
    {
        if (m_ends[end] >= 0)
            close(std::exchange(m_ends[end], -1));
    }

private:
    int m_ends[2] = {-1, -1};
};

/// \returns 0 or an errno
int spawn(const std::vector<std::string> &arguments, const Pipe &output, const Pipe &errors, pid_t *pid)
{
    std::vector<char *> argv;
    argv.reserve(arguments.size() + 1);
    for (const std::string &argument : arguments)
        argv.push_back(const_cast<char *>(argument.c_str()));
    argv.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output.writer(), 1);
    posix_spawn_file_actions_adddup2(&actions, errors.writer(), 2);

    // The worker ignores these for its own sake; a program would inherit that.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t restored;
    sigemptyset(&restored);
    sigaddset(&restored, SIGINT);
    sigaddset(&restored, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &restored);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);

    const int error = posix_spawnp(pid, argv[0], &actions, &attributes, argv.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/// \returns false at the end
bool readInto(int descriptor, std::array<char, 65536> &buffer, std::string &out)
{
    for (;;) {
        const ssize_t size = read(descriptor, buffer.data(), buffer.size());
        if (size > 0)
            out.append(buffer.data(), std::size_t(size));
        if (size >= 0 || errno != EINTR)
            return size > 0;
    }
}

void passOn(std::string_view text)
{
    while (!text.empty()) {
        const ssize_t written = write(STDERR_FILENO, text.data(), text.size());
        if (written < 0 && errno != EINTR)
            return; // Nobody listens; that is no reason to fail the item.
        text.remove_prefix(std::size_t(std::max<ssize_t>(written, 0)));
    }
}

void collect(Pipe &output, Pipe &errors, ChildResult &result)
{
    std::array<char, 65536> buffer;
    std::string fresh;
    pollfd entries[] = {{output.reader(), POLLIN, 0}, {errors.reader(), POLLIN, 0}};
    while (entries[0].fd >= 0 || entries[1].fd >= 0) {
        if (poll(entries, std::size(entries), -1) < 0)
            continue;
        if (entries[0].revents != 0 && !readInto(entries[0].fd, buffer, result.output))
            entries[0].fd = -1;
        if (entries[1].revents != 0) {
            fresh.clear();
            if (!readInto(entries[1].fd, buffer, fresh))
                entries[1].fd = -1;
            passOn(fresh);
            result.errorTail += fresh;
            if (result.errorTail.size() > tailSize)
                result.errorTail.erase(0, result.errorTail.size() - tailSize);
        }
    }
}

std::int64_t nanosecondsOf(const timeval &time)
{
    return std::int64_t(time.tv_sec) * 1'000'000'000 + std::int64_t(time.tv_usec) * 1'000;
}

} // namespace

ChildResult runChild(const std::vector<std::string> &arguments)
{
    ChildResult result;
    Pipe output;
    Pipe errors;
    if (!output.isOpen() || !errors.isOpen()) {
        result.startError = errno;
        return result;
    }
    pid_t pid = -1;
    result.startError = spawn(arguments, output, errors, &pid);
    if (result.startError != 0)
        return result;
    output.closeEnd(1);
    errors.closeEnd(1);
    collect(output, errors, result);

    int status = 0;
    rusage usage{};
    while (wait4(pid, &status, 0, &usage) < 0 && errno == EINTR) {
    }
    result.exitStatus = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    result.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    result.cpu = nanosecondsOf(usage.ru_utime) + nanosecondsOf(usage.ru_stime);
    return result;
}

} // namespace Poolscope::Worker
