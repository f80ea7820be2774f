// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/comparison/wording.h"

#include <QLocale>

#include <algorithm>
#include <cmath>

namespace Poolscope::Wording {

namespace {

/// Below this share of each other two times are called the same.
constexpr double alike = 0.05;

} // namespace

QString seconds(double seconds)
{
    const QLocale c = QLocale::c();
    if (seconds > 0 && seconds < 0.995e-4)
        return QStringLiteral("%1 µs").arg(c.toString(seconds * 1e6, 'f', seconds < 0.995e-5 ? 2 : 1));
    if (seconds < 0.0995)
        return QStringLiteral("%1 ms").arg(c.toString(seconds * 1e3, 'f', seconds < 0.00995 ? 2 : 1));
    return QStringLiteral("%1 s").arg(c.toString(seconds, 'f', seconds < 9.995 ? 2 : 1));
}

QString count(double count)
{
    return QLocale(QLocale::English).toString(std::llround(count));
}

QString rate(double rate)
{
    return rate < 100 ? QStringLiteral("%1 /s").arg(QLocale::c().toString(rate, 'f', 1))
                      : QStringLiteral("%1 /s").arg(count(rate));
}

QString share(double share)
{
    return QStringLiteral("%1 %").arg(std::llround(share * 100));
}

QString bytes(double bytes)
{
    const double megabytes = bytes / double(1 << 20);
    return QStringLiteral("%1 MiB").arg(QLocale::c().toString(megabytes, 'f', megabytes < 99.95 ? 1 : 0));
}

QString times(double ratio)
{
    return ratio < 9.95 ? QLocale::c().toString(ratio, 'f', 1) : count(ratio);
}

bool areAlike(double a, double b)
{
    return std::abs(a - b) <= alike * std::max(a, b);
}

bool areApart(const Racer::Spread &less, const Racer::Spread &more)
{
    return less.high < more.low;
}

} // namespace Poolscope::Wording
