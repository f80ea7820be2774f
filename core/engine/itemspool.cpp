// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/itemspool.h"

#include "core/engine/nothread.h"

#include <QDir>
#include <QFile>

#include <cerrno>
#include <cstdlib>
#include <string_view>

#include <fcntl.h>
#include <unistd.h>

namespace Poolscope {

namespace {

constexpr std::uint32_t itemsAtOnce = 4096;

/// \returns -1 when there is no place for it, see errno
int openNameless()
{
    QByteArray name = QFile::encodeName(QDir::tempPath() + QStringLiteral("/poolscope-items-XXXXXX"));
    const int descriptor = mkostemp(name.data(), O_CLOEXEC);
    if (descriptor >= 0)
        unlink(name.constData());
    return descriptor;
}

} // namespace

ItemSpool::~ItemSpool()
{
    stop();
    if (m_thread.joinable())
        m_thread.join();
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

void ItemSpool::start(const QString &input, const InputOptions &options)
{
    const auto tellFilled = [this] {
        QMetaObject::invokeMethod(this, &ItemSpool::filled, Qt::QueuedConnection);
    };
    try {
        m_thread = startThread([this, input, options, tellFilled] {
            try {
                fill(input, options);
            } catch (const InputError &error) {
                m_error = error.message();
            }
            tellFilled();
        });
    } catch (const NoThread &error) {
        m_error = QString::fromUtf8(error.what());
        tellFilled();
    }
}

void ItemSpool::fill(const QString &input, const InputOptions &options)
{
    m_descriptor = openNameless();
    if (m_descriptor < 0) {
        m_error = tr("%1: no file for the items can be made there: %2")
                      .arg(QDir::tempPath(), qt_error_string(errno));
        return;
    }
    const std::unique_ptr<InputSource> source = openInput(input, options);
    std::string lines;
    for (std::uint32_t count = itemsAtOnce; count == itemsAtOnce && !m_isStopped && !m_error;) {
        lines.clear();
        count = source->read(lines, itemsAtOnce);
        m_items += count;
        write(lines);
    }
    lseek(m_descriptor, 0, SEEK_SET);
}

void ItemSpool::write(const std::string &lines)
{
    for (std::string_view rest = lines; !rest.empty();) {
        const ssize_t size = ::write(m_descriptor, rest.data(), rest.size());
        if (size < 0 && errno != EINTR) {
            m_error =
                tr("%1: the items cannot be written there: %2").arg(QDir::tempPath(), qt_error_string(errno));
            return;
        }
        rest.remove_prefix(std::size_t(std::max<ssize_t>(size, 0)));
    }
}

} // namespace Poolscope
