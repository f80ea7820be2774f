// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/runfilter.h"

#include "ui/models/timewindow.h"

#include <algorithm>
#include <chrono>
#include <tuple>

namespace Poolscope {

using namespace std::chrono_literals;

bool Narrowing::operator==(const Narrowing &other) const
{
    const auto key = [](const Narrowing &narrowing) {
        return std::tuple(narrowing.worker, narrowing.stretch.has_value(),
                          narrowing.stretch ? narrowing.stretch->begin : 0,
                          narrowing.stretch ? narrowing.stretch->end : 0);
    };
    return key(*this) == key(other);
}

RunFilter::RunFilter(TimeWindow *window, QObject *parent) : QObject(parent), m_window(window)
{
    // Lists that were searched anew for every step of a wheel would hold it up.
    m_stretchChanged.setSingleShot(true);
    m_stretchChanged.setInterval(150ms);
    connect(&m_stretchChanged, &QTimer::timeout, this, &RunFilter::takeStretch);
    connect(window, &TimeWindow::changed, this, [this] {
        const bool isNarrow = !m_window->isFollowing() && !m_window->isWhole();
        if (!isNarrow && m_narrowing.stretch)
            takeStretch();
        else if (isNarrow)
            m_stretchChanged.start();
    });
}

void RunFilter::takeStretch()
{
    m_stretchChanged.stop();
    Narrowing narrowing = m_narrowing;
    narrowing.stretch.reset();
    if (!m_window->isFollowing() && !m_window->isWhole())
        narrowing.stretch = TimeSpan{std::max(m_window->begin(), 0.0), m_window->end()};
    if (narrowing == m_narrowing)
        return;
    m_narrowing = narrowing;
    Q_EMIT changed();
}

void RunFilter::setWorker(std::optional<std::uint32_t> worker)
{
    if (worker == m_narrowing.worker)
        return;
    m_narrowing.worker = worker;
    Q_EMIT changed();
}

void RunFilter::setErrorType(const QString &type)
{
    if (type == m_errorType)
        return;
    m_errorType = type;
    Q_EMIT changed();
}

void RunFilter::setLogText(const QString &text)
{
    if (text == m_logText)
        return;
    m_logText = text;
    Q_EMIT changed();
}

void RunFilter::showAllTime()
{
    if (m_window->isOver())
        m_window->fit();
    else
        m_window->follow();
}

void RunFilter::clear()
{
    const bool hadAny = m_narrowing.worker || !m_errorType.isEmpty() || !m_logText.isEmpty();
    m_narrowing.worker.reset();
    m_errorType.clear();
    m_logText.clear();
    if (hadAny)
        Q_EMIT changed();
}

} // namespace Poolscope
