// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/appearance.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QPalette>
#include <QSet>
#include <QSignalSpy>
#include <QTest>

#include <cmath>

using namespace Poolscope;

namespace {

/// Relative luminance and contrast as the Web Content Accessibility Guidelines define them.
double luminance(const QColor &color)
{
    const auto linear = [](double part) {
        return part <= 0.03928 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

double contrast(const QColor &one, const QColor &other)
{
    const double a = luminance(one);
    const double b = luminance(other);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

} // namespace

class ThemeTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void textCanBeReadOnItsBackground_data();
    void textCanBeReadOnItsBackground();
    void barsStandOutFromTheDataBackground_data() { schemes(); }
    void barsStandOutFromTheDataBackground();
    void itemsGetLighterFromFirstToLast_data() { schemes(); }
    void itemsGetLighterFromFirstToLast();
    void everyStateHasAGlyphAndAWordOfItsOwn();
    void theToggleLeavesWhatIsSeen();
    void textScalesWithinBounds();

private:
    static void schemes()
    {
        QTest::addColumn<int>("scheme");
        QTest::newRow("light") << int(Appearance::Scheme::Light);
        QTest::newRow("dark") << int(Appearance::Scheme::Dark);
    }
};

void ThemeTest::textCanBeReadOnItsBackground_data()
{
    schemes();
}

void ThemeTest::textCanBeReadOnItsBackground()
{
    QFETCH(const int, scheme);
    Appearance appearance;
    appearance.setScheme(Appearance::Scheme(scheme));
    const QPalette palette = QApplication::palette();
    QVERIFY(contrast(palette.color(QPalette::WindowText), palette.color(QPalette::Window)) > 7);
    QVERIFY(contrast(palette.color(QPalette::HighlightedText), palette.color(QPalette::Highlight)) > 4);
    for (const QPalette::ColorRole background : {QPalette::Window, QPalette::Base}) {
        QVERIFY(contrast(Theme::quietText(), palette.color(background)) > 4.5);
        QVERIFY(contrast(Theme::problemText(), palette.color(background)) > 4.5);
    }
}

void ThemeTest::barsStandOutFromTheDataBackground()
{
    QFETCH(const int, scheme);
    Appearance appearance;
    appearance.setScheme(Appearance::Scheme(scheme));
    for (const Theme::State state :
         {Theme::State::Running, Theme::State::Done, Theme::State::Error, Theme::State::Lost})
        QVERIFY(contrast(Theme::color(state), Theme::dataBackground()) > 3);
    // The ends of the ramp are clipped for this; yellow on white stays the weakest.
    for (int step = 0; step <= 10; ++step)
        QVERIFY2(contrast(Theme::itemColor(step / 10.0), Theme::dataBackground()) > 1.25,
                 qPrintable(QString::number(step)));
}

void ThemeTest::itemsGetLighterFromFirstToLast()
{
    QFETCH(const int, scheme);
    Appearance appearance;
    appearance.setScheme(Appearance::Scheme(scheme));
    for (int step = 1; step <= 100; ++step)
        QVERIFY(luminance(Theme::itemColor(step / 100.0)) > luminance(Theme::itemColor((step - 1) / 100.0)));
    QCOMPARE(Theme::itemColor(-1), Theme::itemColor(0));
    QCOMPARE(Theme::itemColor(2), Theme::itemColor(1));
}

void ThemeTest::everyStateHasAGlyphAndAWordOfItsOwn()
{
    QSet<QString> glyphs;
    QSet<QString> words;
    int states = 0;
    for (int state = int(Theme::State::Starting); state <= int(Theme::State::Retried); ++state, ++states) {
        glyphs.insert(Theme::glyph(Theme::State(state)));
        words.insert(Theme::word(Theme::State(state)));
    }
    QCOMPARE(glyphs.size(), states);
    QCOMPARE(words.size(), states);
    QVERIFY(!glyphs.contains(QString()));
    QVERIFY(!words.contains(QString()));
}

void ThemeTest::theToggleLeavesWhatIsSeen()
{
    Appearance appearance;
    QSignalSpy changed(&appearance, &Appearance::changed);
    const bool wasDark = Theme::isDark();
    appearance.toggleScheme();
    QCOMPARE(Theme::isDark(), !wasDark);
    appearance.toggleScheme();
    QCOMPARE(Theme::isDark(), wasDark);
    QCOMPARE(changed.size(), 2);
}

void ThemeTest::textScalesWithinBounds()
{
    Appearance appearance;
    QCOMPARE(QApplication::font().pointSizeF(), Appearance::basePointSize);
    appearance.enlargeText();
    QVERIFY(QApplication::font().pointSizeF() > Appearance::basePointSize);
    appearance.setTextScale(100'000);
    QCOMPARE(appearance.textScale(), Appearance::largestScale);
    appearance.setTextScale(-5);
    QCOMPARE(appearance.textScale(), Appearance::smallestScale);
    appearance.resetText();
    QCOMPARE(QApplication::font().pointSizeF(), Appearance::basePointSize);
}

QTEST_MAIN(ThemeTest)
#include "tst_theme.moc"
