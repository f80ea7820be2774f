// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/appearance.h"

#include "ui/theme/quietstyle.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QEvent>
#include <QFont>
#include <QStyle>
#include <QWidget>

#include <algorithm>

namespace Poolscope {

namespace {

struct Tones
{
    QRgb window, base, alternate, button, text, disabled, highlight, tip, light, mid, dark, shadow;
};

constexpr Tones lightTones = {0xfff3f4f6, 0xffffffff, 0xfff7f8fa, 0xfff3f4f6, 0xff1c2026, 0xff858b94,
                              0xff0072b2, 0xffffffff, 0xffffffff, 0xffc4c8ce, 0xffaab0b8, 0xff767c85};
constexpr Tones darkTones = {0xff1f2226, 0xff16181b, 0xff1b1d21, 0xff2c3036, 0xffe6e8eb, 0xff7d848d,
                             0xff2a7fb8, 0xff2c3036, 0xff3a3f46, 0xff33373d, 0xff121416, 0xff000000};

QPalette paletteOf(const Tones &tones)
{
    QPalette palette;
    const auto set = [&palette](QPalette::ColorRole role, QRgb value) {
        palette.setColor(role, QColor(value));
    };
    set(QPalette::Window, tones.window);
    set(QPalette::Base, tones.base);
    set(QPalette::AlternateBase, tones.alternate);
    set(QPalette::Button, tones.button);
    set(QPalette::WindowText, tones.text);
    set(QPalette::Text, tones.text);
    set(QPalette::ButtonText, tones.text);
    set(QPalette::BrightText, 0xffffffff);
    set(QPalette::ToolTipBase, tones.tip);
    set(QPalette::ToolTipText, tones.text);
    set(QPalette::PlaceholderText, tones.disabled);
    set(QPalette::Highlight, tones.highlight);
    set(QPalette::HighlightedText, 0xffffffff);
    set(QPalette::Link, tones.highlight);
    set(QPalette::LinkVisited, tones.highlight);
    set(QPalette::Light, tones.light);
    set(QPalette::Midlight, tones.light);
    set(QPalette::Mid, tones.mid);
    set(QPalette::Dark, tones.dark);
    set(QPalette::Shadow, tones.shadow);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, QColor(tones.disabled));
    palette.setColor(QPalette::Disabled, QPalette::Base, QColor(tones.window));
    palette.setColor(QPalette::Disabled, QPalette::Highlight, QColor(tones.mid));
    return palette;
}

} // namespace

Appearance::Appearance(QObject *parent) : QObject(parent), m_systemIsDark(Theme::isDark())
{
    // Fusion is the one style that takes a palette of ours whole, on every desktop.
    QApplication::setStyle(new QuietStyle); // the application owns it
    apply();
}

void Appearance::setScheme(Scheme scheme)
{
    if (scheme == m_scheme)
        return;
    m_scheme = scheme;
    apply();
}

void Appearance::toggleScheme()
{
    setScheme(Theme::isDark() ? Scheme::Light : Scheme::Dark);
}

void Appearance::setTextScale(int percent)
{
    const int bounded = std::clamp(percent, smallestScale, largestScale);
    if (bounded == m_textScale)
        return;
    m_textScale = bounded;
    apply();
}

void Appearance::enlargeText()
{
    setTextScale(m_textScale + 10);
}

void Appearance::shrinkText()
{
    setTextScale(m_textScale - 10);
}

void Appearance::resetText()
{
    setTextScale(100);
}

void Appearance::apply()
{
    const bool dark = m_scheme == Scheme::Dark || (m_scheme == Scheme::System && m_systemIsDark);
    QApplication::setPalette(paletteOf(dark ? darkTones : lightTones));
    QFont font = QApplication::font();
    font.setPointSizeF(basePointSize * m_textScale / 100.0);
    QApplication::setFont(font);
    // Qt tells those only that have no font of their own.
    const QWidgetList widgets = QApplication::allWidgets();
    for (QWidget *const widget : widgets)
        if (widget->testAttribute(Qt::WA_SetFont)) {
            QEvent change(QEvent::FontChange);
            QCoreApplication::sendEvent(widget, &change);
        }
    Q_EMIT changed();
}

} // namespace Poolscope
