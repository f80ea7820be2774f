// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/mailbox.h"

#include "core/engine/nothread.h"

#include <cerrno>
#include <cstdint>
#include <cstring>

#include <sys/eventfd.h>
#include <unistd.h>

namespace Poolscope {

Mailbox::Mailbox(QObject *parent) : QObject(parent), m_wake(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    if (m_wake < 0)
        throw NoThread(std::strerror(errno));
}

void Mailbox::listen()
{
    m_notifier = std::make_unique<QSocketNotifier>(m_wake, QSocketNotifier::Read, this);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &Mailbox::callAll);
}

Mailbox::~Mailbox()
{
    m_notifier.reset();
    ::close(m_wake);
}

void Mailbox::add(std::unique_ptr<Callable> callable)
{
    bool isFirst = false;
    {
        const std::lock_guard lock(m_mutex);
        isFirst = m_posted.empty();
        m_posted.push_back(std::move(callable));
    }
    const std::uint64_t one = 1;
    if (isFirst) [[maybe_unused]]
        const ssize_t written = ::write(m_wake, &one, sizeof one);
}

void Mailbox::callAll()
{
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t taken = ::read(m_wake, &count, sizeof count);
    std::vector<std::unique_ptr<Callable>> posted;
    {
        const std::lock_guard lock(m_mutex);
        posted.swap(m_posted);
    }
    for (const auto &callable : posted)
        callable->call();
}

} // namespace Poolscope
