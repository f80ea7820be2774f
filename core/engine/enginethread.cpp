// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/enginethread.h"

#include "core/engine/nothread.h"

#include <cerrno>
#include <cstring>

namespace Poolscope {

EngineThread::EngineThread(PoolEngineOptions options) : m_engine(new PoolEngine(std::move(options)))
{
    m_thread.setObjectName(QStringLiteral("engine"));
    m_engine->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::started, &m_engine->mailbox(), &Mailbox::listen);
    QObject::connect(&m_thread, &QThread::finished, m_engine, &QObject::deleteLater);
    QObject::connect(m_engine, &PoolEngine::over, m_engine, [this] {
        const std::lock_guard lock(m_mutex);
        m_over = true;
        m_changed.notify_all();
    });
    m_thread.start();
    if (!m_thread.isRunning()) {
        delete m_engine;
        throw NoThread(std::strerror(EAGAIN));
    }
}

EngineThread::~EngineThread()
{
    post([](PoolEngine &engine) { engine.terminate(); });
    waitUntilOver();
    m_thread.quit();
    m_thread.wait();
}

bool EngineThread::isOver() const
{
    const std::lock_guard lock(m_mutex);
    return m_over;
}

bool EngineThread::waitUntilOver(std::optional<std::chrono::steady_clock::time_point> until) const
{
    std::unique_lock lock(m_mutex);
    const auto over = [this] { return m_over; };
    if (until)
        return m_changed.wait_until(lock, *until, over);
    m_changed.wait(lock, over);
    return true;
}

} // namespace Poolscope
