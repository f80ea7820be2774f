// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commandline/progressline.h"

#include "core/comparison/comparisonrunner.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include <cmath>
#include <cstdio>

#include <unistd.h>

namespace Poolscope {

namespace {

QString tr(const char *text, const char *comment = nullptr, int n = -1)
{
    return QCoreApplication::translate("Poolscope::ProgressLine", text, comment, n);
}

QString durationText(double seconds)
{
    const auto whole = qint64(std::llround(seconds));
    if (whole >= 3600)
        return tr("%1 h %2 min").arg(whole / 3600).arg(whole % 3600 / 60);
    if (whole >= 60)
        return tr("%1 min %2 s").arg(whole / 60).arg(whole % 60);
    return tr("%1 s").arg(whole);
}

} // namespace

QString progressText(const RunSnapshot &snapshot)
{
    const QLocale locale;
    QStringList parts;
    if (snapshot.phase == RunPhase::Checking)
        return tr("reading the input: %1 items").arg(locale.toString(qulonglong(snapshot.scanned)));
    const QString done = locale.toString(qulonglong(snapshot.completed));
    parts << (snapshot.total ? tr("%1 of %2 items").arg(done, locale.toString(qulonglong(*snapshot.total)))
                             : tr("%1 items").arg(done));
    if (snapshot.firstDispatch >= 0 && snapshot.now > snapshot.firstDispatch)
        parts << tr("%1 items/s")
                     .arg(locale.toString(
                         double(snapshot.completed) / (snapshot.now - snapshot.firstDispatch), 'f', 1));
    if (snapshot.eta)
        parts << tr("%1 left").arg(durationText(snapshot.eta->seconds));
    parts << tr("%1 failed").arg(locale.toString(qulonglong(snapshot.items.failed())));
    return parts.join(QStringLiteral(" · "));
}

QString progressText(const ComparisonRunner &runner)
{
    const QLocale locale;
    QStringList parts;
    if (runner.rounds() > 1)
        parts << tr("round %1 of %2").arg(runner.round() + 1).arg(runner.rounds());
    parts << runner.comparison().racers[std::size_t(runner.contestant())].contestant.name();
    const RaceProgress progress = runner.run()->progress();
    const QString ended = locale.toString(qulonglong(progress.ended()));
    const std::uint64_t total = progress.total.value_or(0);
    parts << (total > 0 ? tr("%1 of %2 items").arg(ended, locale.toString(qulonglong(total)))
                        : tr("%1 items").arg(ended));
    if (const auto left = progress.secondsLeft())
        parts << tr("%1 left").arg(durationText(*left));
    return parts.join(QStringLiteral(" · "));
}

bool ProgressLine::isWanted()
{
    return isatty(STDERR_FILENO) == 1;
}

void ProgressLine::show(const QString &text)
{
    std::fprintf(stderr, "\r\033[K%s", text.toLocal8Bit().constData());
    std::fflush(stderr);
    m_isShown = true;
}

void ProgressLine::clear()
{
    if (m_isShown)
        std::fputs("\r\033[K", stderr);
    m_isShown = false;
}

} // namespace Poolscope
