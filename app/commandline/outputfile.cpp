// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commandline/outputfile.h"

#include <QCoreApplication>
#include <QFile>

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace Poolscope {

namespace {
constexpr std::size_t largeBuffer = 64 * 1024;
} // namespace

OutputFile::~OutputFile()
{
    close();
}

bool OutputFile::fail()
{
    m_error = QCoreApplication::translate("Poolscope::OutputFile", "%1 cannot be written: %2")
                  .arg(m_name, QString::fromLocal8Bit(std::strerror(errno)));
    return false;
}

bool OutputFile::open(const QString &path)
{
    m_name = path;
    if (path == QLatin1String("-")) {
        m_name = QCoreApplication::translate("Poolscope::OutputFile", "Standard output");
        m_found = Found::StandardOutput;
        m_descriptor = STDOUT_FILENO;
        return true;
    }
    m_found = QFile::exists(path) ? Found::File : Found::Nothing;
    m_descriptor = ::open(QFile::encodeName(path).constData(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    return m_descriptor >= 0 || fail();
}

bool OutputFile::begin()
{
    if (std::exchange(m_begun, true) || m_found != Found::File)
        return true;
    struct stat status = {};
    if (fstat(m_descriptor, &status) == 0 && S_ISREG(status.st_mode) && ftruncate(m_descriptor, 0) != 0)
        return fail();
    return true;
}

void OutputFile::discard()
{
    if (m_descriptor < 0 || m_begun)
        return;
    m_lines.clear();
    if (m_found == Found::Nothing)
        QFile::remove(m_name);
    if (m_found != Found::StandardOutput)
        ::close(m_descriptor);
    m_descriptor = -1;
}

bool OutputFile::flushIfLarge()
{
    return m_lines.size() < largeBuffer || flush();
}

bool OutputFile::flush()
{
    if (!begin())
        return false;
    std::string_view rest = m_lines;
    while (!rest.empty()) {
        const ssize_t written = ::write(m_descriptor, rest.data(), rest.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            break;
        rest.remove_prefix(std::size_t(written));
    }
    const bool complete = rest.empty();
    m_lines.clear();
    return complete || fail();
}

bool OutputFile::close()
{
    if (m_descriptor < 0)
        return m_error.isEmpty();
    bool good = m_error.isEmpty() && flush();
    if (m_found != Found::StandardOutput && ::close(m_descriptor) != 0 && good)
        good = fail();
    m_descriptor = -1;
    return good;
}

} // namespace Poolscope
