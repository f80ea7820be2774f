// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/input/bytestream.h"

#include "core/input/inputerrors.h"

#include <QFile>

#include <cerrno>
#include <cstdint>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace Poolscope {

namespace {

/// The descriptor of this process that the path is another name of.
std::optional<int> inheritedDescriptor(const QString &path)
{
    if (path == QLatin1String("/dev/stdin"))
        return STDIN_FILENO;
    for (const QLatin1String folder : {QLatin1String("/dev/fd/"), QLatin1String("/proc/self/fd/")}) {
        if (!path.startsWith(folder))
            continue;
        bool isNumber = false;
        const int descriptor = path.mid(folder.size()).toInt(&isNumber);
        if (isNumber && descriptor >= 0)
            return descriptor;
    }
    return std::nullopt;
}

int duplicate(int descriptor)
{
    return fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
}

int openPath(const QString &path)
{
    // To open the name of a pipe whose writer has already gone is to wait for ever for another writer, and
    // a socket cannot be opened by name at all; a file is opened, so that reading starts at its beginning.
    if (const std::optional<int> inherited = inheritedDescriptor(path)) {
        struct stat status = {};
        if (fstat(*inherited, &status) == 0 && !S_ISREG(status.st_mode))
            return duplicate(*inherited);
    }
    // O_NONBLOCK: opening a FIFO that nobody writes to yet must not wait where no cancel() reaches.
    return open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

} // namespace

ByteStream::ByteStream(QString name, int descriptor) : m_name(std::move(name)), m_descriptor(descriptor)
{
    if (m_descriptor < 0)
        throw systemError(m_name, errno);
    int error = 0;
    struct stat status = {};
    if (fstat(m_descriptor, &status) != 0)
        error = errno;
    else if (S_ISDIR(status.st_mode))
        error = EISDIR;
    else if ((m_wakeUp = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) < 0)
        error = errno;
    if (error != 0) {
        close(m_descriptor);
        throw systemError(m_name, error);
    }
}

ByteStream::~ByteStream()
{
    close(m_wakeUp);
    close(m_descriptor);
}

std::unique_ptr<ByteStream> ByteStream::openFile(const QString &path)
{
    return std::unique_ptr<ByteStream>(new ByteStream(path, openPath(path)));
}

std::unique_ptr<ByteStream> ByteStream::openStandardInput()
{
    return std::unique_ptr<ByteStream>(
        new ByteStream(InputMessages::tr("standard input"), duplicate(STDIN_FILENO)));
}

std::size_t ByteStream::read(char *to, std::size_t size)
{
    while (waitForBytes()) {
        const ssize_t count = ::read(m_descriptor, to, size);
        if (count >= 0)
            return static_cast<std::size_t>(count);
        if (errno != EINTR && errno != EAGAIN)
            throw systemError(m_name, errno);
    }
    return 0;
}

bool ByteStream::waitForBytes()
{
    while (!isCancelled()) {
        pollfd waiting[] = {{m_descriptor, POLLIN, 0}, {m_wakeUp, POLLIN, 0}};
        if (poll(waiting, 2, -1) < 0) {
            if (errno != EINTR)
                throw systemError(m_name, errno);
            continue;
        }
        if (waiting[0].revents != 0)
            return !isCancelled();
    }
    return false;
}

void ByteStream::cancel()
{
    m_cancelled.store(true, std::memory_order_relaxed);
    const std::uint64_t one = 1;
    // The counter can only be full because it was written to before: the waiter wakes all the same.
    [[maybe_unused]] const ssize_t written = write(m_wakeUp, &one, sizeof one);
}

} // namespace Poolscope
