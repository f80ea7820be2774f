// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include <QApplication>
#include <QCoreApplication>
#include <QEvent>
#include <QFontDatabase>
#include <QFontMetricsF>
#include <QPalette>

#include <algorithm>
#include <array>
#include <cmath>

namespace Poolscope::Theme {

namespace {

// Okabe and Ito's palette.
constexpr QRgb orange = 0xffe69f00;
constexpr QRgb skyBlue = 0xff56b4e9;
constexpr QRgb bluishGreen = 0xff009e73;
constexpr QRgb blue = 0xff0072b2;
constexpr QRgb vermillion = 0xffd55e00;
constexpr QRgb reddishPurple = 0xffcc79a7;

// Nine samples of matplotlib's viridis (a table of numbers in the public domain, CC0). Between them linear
// interpolation stays within two steps of 255 of the original.
constexpr std::array<QRgb, 9> viridis = {0xff440154, 0xff472d7b, 0xff3b528b, 0xff2c728e, 0xff21918c,
                                         0xff28ae80, 0xff5ec962, 0xffaddc30, 0xfffde725};

QColor viridisAt(double fraction)
{
    const double position = std::clamp(fraction, 0.0, 1.0) * double(viridis.size() - 1);
    const auto below = std::min(std::size_t(position), viridis.size() - 2);
    const double share = position - double(below);
    const QRgb from = viridis[below];
    const QRgb to = viridis[below + 1];
    const auto mix = [share](int a, int b) { return int(std::lround(a + (b - a) * share)); };
    return QColor(mix(qRed(from), qRed(to)), mix(qGreen(from), qGreen(to)), mix(qBlue(from), qBlue(to)));
}

QString translated(const char *text)
{
    return QCoreApplication::translate("Poolscope::Theme", text);
}

} // namespace

bool isDark()
{
    return QApplication::palette().color(QPalette::Window).lightness() < 128;
}

bool isChangedBy(const QEvent &event)
{
    return event.type() == QEvent::PaletteChange || event.type() == QEvent::ApplicationPaletteChange ||
           event.type() == QEvent::FontChange;
}

QColor color(State state)
{
    const bool dark = isDark();
    switch (state) {
    case State::Starting:
        return QColor(skyBlue);
    case State::Waiting:
    case State::Gone:
    case State::NotRun:
    case State::Cancelled:
        return dark ? QColor(0x8a, 0x90, 0x99) : QColor(0x80, 0x86, 0x8f);
    case State::Running:
        return dark ? QColor(0x3d, 0x9b, 0xd8) : QColor(blue);
    case State::Sending:
    case State::Done:
        return QColor(bluishGreen);
    case State::Blocked:
        return QColor(orange);
    case State::Ending:
    case State::Retried:
        return QColor(reddishPurple);
    case State::Error:
        return QColor(vermillion);
    case State::Lost:
        return dark ? QColor(Qt::white) : QColor(Qt::black);
    }
    return {};
}

QString glyph(State state)
{
    switch (state) {
    case State::Starting:
        return QStringLiteral("◌");
    case State::Waiting:
        return QStringLiteral("–");
    case State::Running:
        return QStringLiteral("▶");
    case State::Sending:
        return QStringLiteral("↑");
    case State::Blocked:
        return QStringLiteral("‖");
    case State::Ending:
        return QStringLiteral("↻");
    case State::Gone:
        return QStringLiteral("·");
    case State::Done:
        return QStringLiteral("✓");
    case State::Error:
        return QStringLiteral("!");
    case State::Lost:
        return QStringLiteral("✕");
    case State::NotRun:
        return QStringLiteral("○");
    case State::Cancelled:
        return QStringLiteral("⊘");
    case State::Retried:
        return QStringLiteral("⟲");
    }
    return {};
}

QString word(State state)
{
    switch (state) {
    case State::Starting:
        return translated(QT_TRANSLATE_NOOP("Poolscope::Theme", "starting"));
    case State::Waiting:
        return translated(QT_TRANSLATE_NOOP("Poolscope::Theme", "waiting for work"));
    case State::Running:
        return translated(QT_TRANSLATE_NOOP("Poolscope::Theme", "running"));
    case State::Sending:
        return translated(QT_TRANSLATE_NOOP("Poolscope::Theme", "sending"));
    case State::Blocked:
        return translated(QT_TRANSLATE_NOOP("Poolscope::Theme", "blocked"));
    case State::Ending:
        return translated(QT_TRANSLATE_NOOP("Poolscope::Theme", "ending"));
    case State::Gone:
        return translated(QT_TRANSLATE_NOOP("Poolscope::Theme", "no process"));
    case State::Done:
        return translated(QT_TRANSLATE_NOOP("Poolscope::Theme", "ok"));
    case State::Error:
        return translated(QT_TRANSLATE_NOOP("Poolscope::Theme", "error"));
    case State::Lost:
        return translated(QT_TRANSLATE_NOOP("Poolscope::Theme", "lost"));
    case State::NotRun:
        return translated(QT_TRANSLATE_NOOP("Poolscope::Theme", "not run"));
    case State::Cancelled:
        return translated(QT_TRANSLATE_NOOP("Poolscope::Theme", "cancelled"));
    case State::Retried:
        return translated(QT_TRANSLATE_NOOP("Poolscope::Theme", "retried"));
    }
    return {};
}

QColor textOn(const QColor &fill)
{
    const double luminance = 0.299 * fill.redF() + 0.587 * fill.greenF() + 0.114 * fill.blueF();
    return luminance > 0.5 ? QColor(0x14, 0x16, 0x18) : QColor(Qt::white);
}

QColor itemColor(double fraction)
{
    const double inside = std::clamp(fraction, 0.0, 1.0);
    return isDark() ? viridisAt(0.16 + 0.84 * inside) : viridisAt(0.94 * inside);
}

QColor waitingItemColor(double fraction)
{
    QColor result = itemColor(fraction);
    result.setAlphaF(0.4F);
    return result;
}

QColor accent()
{
    return isDark() ? QColor(0x2f, 0x8f, 0xcf) : QColor(blue);
}

QColor onAccent()
{
    return QColor(Qt::white);
}

QColor quietText()
{
    return isDark() ? QColor(0xa2, 0xa8, 0xb0) : QColor(0x5c, 0x62, 0x6b);
}

QColor problemText()
{
    return isDark() ? QColor(0xff, 0x9a, 0x5c) : QColor(0xa8, 0x40, 0x00);
}

QColor hairline()
{
    return isDark() ? QColor(0x3c, 0x41, 0x48) : QColor(0xd6, 0xd9, 0xdd);
}

QColor dataBackground()
{
    return QApplication::palette().color(QPalette::Base);
}

QColor seriesColor(int series)
{
    const bool dark = isDark();
    const std::array<QColor, 6> colors = {dark ? QColor(skyBlue) : QColor(blue),
                                          QColor(orange),
                                          QColor(bluishGreen),
                                          QColor(reddishPurple),
                                          QColor(vermillion),
                                          dark ? QColor(0xf0, 0xe4, 0x42) : QColor(0x55, 0x55, 0x55)};
    return colors[std::size_t(std::max(series, 0)) % colors.size()];
}

QFont tabularFont()
{
    const QFont font = QApplication::font();
    const QFontMetricsF metrics(font);
    const double width = metrics.horizontalAdvance(QLatin1Char('0'));
    for (char digit = '1'; digit <= '9'; ++digit)
        if (std::abs(metrics.horizontalAdvance(QLatin1Char(digit)) - width) > 0.01)
            return fixedFont();
    return font;
}

QFont fixedFont()
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setPointSizeF(QApplication::font().pointSizeF());
    return font;
}

QFont smallFont()
{
    QFont font = QApplication::font();
    font.setPointSizeF(font.pointSizeF() * 0.9);
    return font;
}

} // namespace Poolscope::Theme
