// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measurement/runevent.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <cstdint>
#include <optional>

namespace Poolscope {

class TimeWindow;

/// Which part of a run its lists are narrowed to.
struct Narrowing
{
    std::optional<TimeSpan> stretch; ///< Seconds.
    std::optional<std::uint32_t> worker;

    bool isNone() const { return !stretch && !worker; }
    bool hasTime(double time) const { return !stretch || (time >= stretch->begin && time <= stretch->end); }
    bool hasWorker(std::int64_t slot) const { return !worker || slot == std::int64_t(*worker); }
    bool operator==(const Narrowing &other) const;
};

/// All that the page is filtered by, in one place, so that it can be listed and undone in one place. The
/// stretch of time is the one that is shown: whoever zooms in sees the lists of that, whoever follows the run
/// or looks at all of it sees all.
class RunFilter final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunFilter)

public:
    /// \param window  not owned, outlives the filter
    explicit RunFilter(TimeWindow *window, QObject *parent = nullptr);

    Narrowing narrowing() const { return m_narrowing; }
    const std::optional<std::uint32_t> &worker() const { return m_narrowing.worker; }
    const QString &errorType() const { return m_errorType; } ///< Empty: all.
    const QString &logText() const { return m_logText; }     ///< That lines have in them; empty: all.
    bool isNone() const { return m_narrowing.isNone() && m_errorType.isEmpty() && m_logText.isEmpty(); }

    void setWorker(std::optional<std::uint32_t> worker);
    void setErrorType(const QString &type);
    void setLogText(const QString &text);
    /// The whole time again, or the run as it goes on.
    void showAllTime();
    /// Another run: but for the time, nothing is filtered.
    void clear();

Q_SIGNALS:
    void changed();

private:
    void takeStretch();

    TimeWindow *const m_window;
    Narrowing m_narrowing;
    QString m_errorType;
    QString m_logText;
    QTimer m_stretchChanged;
};

} // namespace Poolscope
