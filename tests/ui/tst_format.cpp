// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/format.h"

#include <QLocale>
#include <QTest>

using namespace Poolscope;

namespace {

/// No-break spaces are told by "_", so that a missing one is seen.
QString visible(QString text)
{
    return text.replace(QChar(0x00a0), QLatin1Char('_'));
}

} // namespace

class FormatTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void durationsCarryAUnitAndThreeDigits_data();
    void durationsCarryAUnitAndThreeDigits();
    void momentsLineUpInAColumn_data();
    void momentsLineUpInAColumn();
    void ratesArePrefixedNotLong_data();
    void ratesArePrefixedNotLong();
    void bytesAreInPowersOfTen_data();
    void bytesAreInPowersOfTen();
    void estimatesSayHowSureTheyAre_data();
    void estimatesSayHowSureTheyAre();
    void countsAreGroupedAndNamed();
    void excerptsStayInOneLineAndBounded();
    void aToolTipShowsMarkupAsText();
};

void FormatTest::durationsCarryAUnitAndThreeDigits_data()
{
    QTest::addColumn<double>("seconds");
    QTest::addColumn<QString>("text");
    const std::pair<double, const char *> rows[] = {
        {-1, "–"},
        {0, "0_s"},
        {1e-6, "1.0_µs"},
        {4.2e-6, "4.2_µs"},
        {512e-6, "512_µs"},
        {0.9996e-3, "1.0_ms"},
        {3.8e-3, "3.8_ms"},
        {0.038, "38_ms"},
        {0.9996, "1.00_s"},
        {1.238, "1.24_s"},
        {9.996, "10.0_s"},
        {12.41, "12.4_s"},
        {59.94, "59.9_s"},
        {59.96, "1_min_00_s"},
        {294, "4_min_54_s"},
        {3599.6, "1_h_00_min"},
        {7500, "2_h_05_min"},
        {86400, "1_d_00_h"},
        {273600, "3_d_04_h"},
        {qInf(), "–"},
    };
    for (const auto &[seconds, text] : rows)
        QTest::addRow("%g", seconds) << seconds << QString::fromUtf8(text);
}

void FormatTest::durationsCarryAUnitAndThreeDigits()
{
    QFETCH(const double, seconds);
    QFETCH(const QString, text);
    QCOMPARE(visible(Format::duration(seconds)), text);
}

void FormatTest::momentsLineUpInAColumn_data()
{
    QTest::addColumn<double>("seconds");
    QTest::addColumn<QString>("text");
    const std::pair<double, const char *> rows[] = {
        {-1, "–"},      {0, "0.00_s"},      {6, "6.00_s"},          {59.99, "59.99_s"},
        {60, "1:00.0"}, {294.04, "4:54.0"}, {3599.97, "1:00:00.0"}, {3725.5, "1:02:05.5"},
    };
    for (const auto &[seconds, text] : rows)
        QTest::addRow("%g", seconds) << seconds << QString::fromUtf8(text);
}

void FormatTest::momentsLineUpInAColumn()
{
    QFETCH(const double, seconds);
    QFETCH(const QString, text);
    QCOMPARE(visible(Format::moment(seconds)), text);
}

void FormatTest::ratesArePrefixedNotLong_data()
{
    QTest::addColumn<double>("rate");
    QTest::addColumn<QString>("text");
    const std::pair<double, const char *> rows[] = {
        {0, "0.0_items/s"},         {0.02, "0.02_items/s"},    {2, "2.0_items/s"},
        {87.4, "87_items/s"},       {999.6, "1.00_k_items/s"}, {412'300, "412_k_items/s"},
        {1.24e6, "1.24_M_items/s"}, {qQNaN(), "0.0_items/s"},
    };
    for (const auto &[rate, text] : rows)
        QTest::addRow("%g", rate) << rate << QString::fromUtf8(text);
}

void FormatTest::ratesArePrefixedNotLong()
{
    QFETCH(const double, rate);
    QFETCH(const QString, text);
    QCOMPARE(visible(Format::rate(rate)), text);
}

void FormatTest::bytesAreInPowersOfTen_data()
{
    QTest::addColumn<quint64>("number");
    QTest::addColumn<QString>("text");
    QTest::newRow("none") << quint64(0) << QStringLiteral("0_B");
    QTest::newRow("bytes") << quint64(999) << QStringLiteral("999_B");
    QTest::newRow("kB") << quint64(812'400) << QStringLiteral("812_kB");
    QTest::newRow("MB") << quint64(64'000'000) << QStringLiteral("64_MB");
    QTest::newRow("GB") << quint64(1'240'000'000) << QStringLiteral("1.2_GB");
    QTest::newRow("rounds up to the next unit") << quint64(999'600) << QStringLiteral("1_MB");
}

void FormatTest::bytesAreInPowersOfTen()
{
    QFETCH(const quint64, number);
    QFETCH(const QString, text);
    QCOMPARE(visible(Format::bytes(number)), text);
}

void FormatTest::estimatesSayHowSureTheyAre_data()
{
    QTest::addColumn<double>("seconds");
    QTest::addColumn<double>("margin");
    QTest::addColumn<QString>("text");
    QTest::newRow("minutes") << 294.0 << 19.4 << QStringLiteral("4_min_54_s left (±20_s)");
    QTest::newRow("sure") << 12.0 << 0.2 << QStringLiteral("12_s left");
    QTest::newRow("nearly done") << 0.4 << 0.2 << QStringLiteral("less_than_1_s_left");
}

void FormatTest::estimatesSayHowSureTheyAre()
{
    QFETCH(const double, seconds);
    QFETCH(const double, margin);
    QFETCH(const QString, text);
    QCOMPARE(visible(Format::eta({seconds, margin})), text);
}

void FormatTest::countsAreGroupedAndNamed()
{
    QCOMPARE(Format::count(1000), QStringLiteral("1,000"));
    QCOMPARE(visible(Format::items(1)), QStringLiteral("1_item"));
    QCOMPARE(visible(Format::items(1'000'000)), QStringLiteral("1,000,000_items"));
    QCOMPARE(visible(Format::percent(0.634)), QStringLiteral("63_%"));
}

void FormatTest::excerptsStayInOneLineAndBounded()
{
    QCOMPARE(Format::excerpt("a\nb\tc\r\n"), QStringLiteral("a b c  "));
    const QString cut = Format::excerpt(std::string(5000, 'x'), 100);
    QCOMPARE(cut.size(), 100);
    QVERIFY(cut.endsWith(QChar(0x2026)));
    // A cut within the two halves of a character would leave half a character.
    const QString emoji = Format::excerpt(QStringLiteral("😀😀😀😀").toStdString(), 4);
    QVERIFY(!emoji.at(emoji.size() - 2).isHighSurrogate());
}

void FormatTest::aToolTipShowsMarkupAsText()
{
    QCOMPARE(Format::plainToolTip(QStringLiteral("<b>x</b>\ny")),
             QStringLiteral("<qt>&lt;b&gt;x&lt;/b&gt;<br>y</qt>"));
    QVERIFY(Format::plainToolTip({}).isEmpty());
}

QTEST_GUILESS_MAIN(FormatTest)
#include "tst_format.moc"
