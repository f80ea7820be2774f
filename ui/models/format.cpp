// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/format.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>

namespace Poolscope::Format {

namespace {

constexpr QChar noBreakSpace{0x00a0};

QString withUnit(const QString &number, const QString &unit)
{
    return number + noBreakSpace + unit;
}

/// Three digits: 1.24, 12.4, 124.
QString threeDigits(double number)
{
    const double size = std::abs(number);
    const int decimals = size < 9.995 ? 2 : size < 99.95 ? 1 : 0;
    return QLocale().toString(number, 'f', decimals);
}

QString twoPlaces(std::uint64_t number)
{
    return QStringLiteral("%1").arg(number, 2, 10, QLatin1Char('0'));
}

} // namespace

QString count(std::uint64_t number)
{
    return QLocale().toString(qulonglong(number));
}

QString items(std::uint64_t number)
{
    return withUnit(count(number), number == 1 ? QCoreApplication::translate("Format", "item")
                                               : QCoreApplication::translate("Format", "items"));
}

QString calls(std::uint64_t number)
{
    return withUnit(count(number), number == 1 ? QCoreApplication::translate("Format", "call")
                                               : QCoreApplication::translate("Format", "calls"));
}

QString workers(std::uint64_t number)
{
    return withUnit(count(number), number == 1 ? QCoreApplication::translate("Format", "worker")
                                               : QCoreApplication::translate("Format", "workers"));
}

QString duration(double seconds)
{
    if (seconds < 0 || !std::isfinite(seconds))
        return QStringLiteral("–");
    if (seconds == 0)
        return withUnit(QStringLiteral("0"), QStringLiteral("s"));
    if (seconds < 0.9995e-3)
        return withUnit(QLocale().toString(seconds * 1e6, 'f', seconds < 0.95e-5 ? 1 : 0),
                        QStringLiteral("µs"));
    if (seconds < 0.9995)
        return withUnit(QLocale().toString(seconds * 1e3, 'f', seconds < 0.995e-2 ? 1 : 0),
                        QStringLiteral("ms"));
    if (seconds < 59.95)
        return withUnit(threeDigits(seconds), QStringLiteral("s"));

    const auto whole = std::uint64_t(std::llround(seconds));
    const auto pair = [](const QString &large, const char *largeUnit, const QString &small,
                         const char *smallUnit) {
        return withUnit(large, QCoreApplication::translate("Format", largeUnit)) + noBreakSpace +
               withUnit(small, QCoreApplication::translate("Format", smallUnit));
    };
    if (whole < 3600)
        return pair(count(whole / 60), QT_TRANSLATE_NOOP("Format", "min"), twoPlaces(whole % 60),
                    QT_TRANSLATE_NOOP("Format", "s"));
    if (whole < 86400)
        return pair(count(whole / 3600), QT_TRANSLATE_NOOP("Format", "h"), twoPlaces(whole % 3600 / 60),
                    QT_TRANSLATE_NOOP("Format", "min"));
    return pair(count(whole / 86400), QT_TRANSLATE_NOOP("Format", "d"), twoPlaces(whole % 86400 / 3600),
                QT_TRANSLATE_NOOP("Format", "h"));
}

QString exactDuration(double seconds)
{
    if (seconds < 0 || !std::isfinite(seconds))
        return QStringLiteral("–");
    return withUnit(QLocale().toString(seconds, 'f', 6), QStringLiteral("s"));
}

QString moment(double seconds)
{
    if (seconds < 0 || !std::isfinite(seconds))
        return QStringLiteral("–");
    if (seconds < 59.995)
        return withUnit(QLocale().toString(seconds, 'f', 2), QStringLiteral("s"));
    const auto tenths = std::uint64_t(std::llround(seconds * 10));
    const std::uint64_t whole = tenths / 10;
    const QString end = twoPlaces(whole % 60) + QLocale().decimalPoint() + QString::number(tenths % 10);
    if (whole < 3600)
        return QStringLiteral("%1:%2").arg(whole / 60).arg(end);
    return QStringLiteral("%1:%2:%3").arg(whole / 3600).arg(twoPlaces(whole % 3600 / 60), end);
}

QString axisTime(double seconds)
{
    if (seconds < 59.9995) {
        // As many digits as the step needs, without the noise of binary fractions.
        const double rounded = std::round(seconds * 1e6) / 1e6;
        return withUnit(QLocale().toString(rounded, 'g', 6), QStringLiteral("s"));
    }
    const auto whole = std::uint64_t(std::llround(seconds));
    if (whole < 3600)
        return QStringLiteral("%1:%2").arg(whole / 60).arg(twoPlaces(whole % 60));
    return QStringLiteral("%1:%2:%3")
        .arg(whole / 3600)
        .arg(twoPlaces(whole % 3600 / 60), twoPlaces(whole % 60));
}

QString rate(double itemsPerSecond)
{
    const QString unit = QCoreApplication::translate("Format", "items/s");
    const double size = std::isfinite(itemsPerSecond) ? std::max(itemsPerSecond, 0.0) : 0.0;
    if (size >= 999.5e3)
        return withUnit(withUnit(threeDigits(size / 1e6), QStringLiteral("M")), unit);
    if (size >= 999.5)
        return withUnit(withUnit(threeDigits(size / 1e3), QStringLiteral("k")), unit);
    const int decimals = size < 9.95 ? (size > 0 && size < 0.095 ? 2 : 1) : 0;
    return withUnit(QLocale().toString(size, 'f', decimals), unit);
}

QString bytes(std::uint64_t number)
{
    constexpr std::array units = {"B", "kB", "MB", "GB", "TB"};
    double size = double(number);
    std::size_t unit = 0;
    while (size >= 999.5 && unit + 1 < units.size()) {
        size /= 1000;
        ++unit;
    }
    const int decimals = unit >= 3 && size < 9.95 ? 1 : 0;
    return withUnit(QLocale().toString(size, 'f', decimals), QString::fromLatin1(units[unit]));
}

QString percent(double share)
{
    const double size = std::isfinite(share) ? share : 0.0;
    return withUnit(QString::number(std::lround(size * 100)), QStringLiteral("%"));
}

QString eta(const EtaEstimate &estimate)
{
    // Below a second the digits change faster than they can be read.
    if (estimate.seconds < 1)
        return QCoreApplication::translate("Format", "less than 1 s left")
            .replace(QLatin1Char(' '), noBreakSpace);
    // Whole seconds: tenths of an estimate would only flicker.
    const auto whole = [](double seconds) {
        const double rounded = std::ceil(seconds);
        return rounded < 60 ? withUnit(QString::number(int(rounded)), QStringLiteral("s"))
                            : duration(rounded);
    };
    const QString left = QCoreApplication::translate("Format", "%1 left").arg(whole(estimate.seconds));
    if (estimate.margin < 0.5)
        return left;
    return QCoreApplication::translate("Format", "%1 (±%2)").arg(left, whole(estimate.margin));
}

QString excerpt(std::string_view utf8, int most)
{
    // Four bytes at most for a character: what is cut here would be cut below anyway. A cut through a
    // character leaves a replacement character, which falls to the second cut.
    const std::size_t limit = std::size_t(most) * 4 + 4;
    const bool cut = utf8.size() > limit;
    QString text = QString::fromUtf8(utf8.data(), qsizetype(std::min(utf8.size(), limit)));
    const auto isBreak = [](QChar character) {
        return character == QLatin1Char('\n') || character == QLatin1Char('\r') ||
               character == QLatin1Char('\t') || character == QChar::LineSeparator ||
               character == QChar::ParagraphSeparator;
    };
    for (QChar &character : text)
        if (isBreak(character))
            character = QLatin1Char(' ');
    if (cut || text.size() > most) {
        text.truncate(most - 1);
        if (!text.isEmpty() && text.back().isHighSurrogate())
            text.chop(1);
        text += QChar(0x2026);
    }
    return text;
}

QString plainToolTip(const QString &text)
{
    if (text.isEmpty())
        return {};
    return QStringLiteral("<qt>%1</qt>")
        .arg(text.toHtmlEscaped().replace(QLatin1Char('\n'), QLatin1String("<br>")));
}

} // namespace Poolscope::Format
