// SPDX-License-Identifier: GPL-3.0-or-later
#include "valuetest.h"

#include <QHash>
#include <QList>
#include <QRandomGenerator>

#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

using namespace ValueTest;

/// What becomes a value comes back as it was.
class ValueRoundTripTest final : public QObject
{
    Q_OBJECT

    template <typename T>
    static void verifyBothWays(const T &value)
    {
        QVERIFY2(Value(value).to<T>() == value, Value(value).json().c_str());
    }

    template <typename T>
    static void verifyLimits()
    {
        constexpr T least = std::numeric_limits<T>::min();
        constexpr T most = std::numeric_limits<T>::max();
        for (const T number : {least, T(least + 1), T(0), T(1), T(most - 1), most}) {
            QCOMPARE(Value(number).json(), std::to_string(number));
            verifyBothWays(number);
        }
        // One more than the most, one less than the least, of any width.
        std::string above = std::to_string(most);
        above.back() = char(above.back() + 1); // ends in 5 or 7
        verifyRefused([&] { return Value(Value::fromJson(above).to<T>()).json(); }, "it is out of range");
        std::string below = std::signed_integral<T> ? std::to_string(least) : "-0";
        below.back() = char(below.back() + 1); // ends in 8, or is -0
        verifyRefused([&] { return Value(Value::fromJson(below).to<T>()).json(); }, "it is out of range");
    }

private Q_SLOTS:
    void integersKeepTheirLimits()
    {
        verifyLimits<signed char>();
        verifyLimits<unsigned char>();
        verifyLimits<short>();
        verifyLimits<unsigned short>();
        verifyLimits<int>();
        verifyLimits<unsigned>();
        verifyLimits<long>();
        verifyLimits<unsigned long>();
        verifyLimits<long long>();
        verifyLimits<unsigned long long>();
    }

    void numbersSurviveTheWay() // S10.6
    {
        QRandomGenerator random(20);
        for (int i = 0; i < 100'000; ++i) {
            const quint64 bits = random.generate64();
            verifyBothWays(bits);
            verifyBothWays(static_cast<qint64>(bits));
            const auto real = std::bit_cast<double>(bits);
            if (!std::isfinite(real))
                continue;
            const Value value(real);
            QCOMPARE(std::bit_cast<quint64>(value.to<double>()), bits);
            // A float to Python, whatever its size.
            QVERIFY2(value.json().find_first_of(".e") != std::string::npos, value.json().c_str());
            const auto single = std::bit_cast<float>(static_cast<quint32>(bits));
            if (std::isfinite(single)) {
                QCOMPARE(std::bit_cast<quint32>(Value(single).to<float>()), static_cast<quint32>(bits));
                QCOMPARE(Value(single).to<double>(), double{single});
            }
        }
    }

    void textSurvivesTheWay()
    {
        QRandomGenerator random(21);
        for (int i = 0; i < 2'000; ++i) {
            QString text;
            for (int length = random.bounded(20); length > 0; --length) {
                const char32_t c = random.bounded(3) ? random.bounded(0x180u) : random.bounded(0x110000u);
                if (!QChar::isSurrogate(c))
                    text += QString::fromUcs4(&c, 1);
            }
            verifyBothWays(text);
            verifyBothWays(text.toStdString());
            QCOMPARE(Value(text), Value(text.toStdString()));
            QCOMPARE(Value(text).toJsonValue().toString(), text);
            QCOMPARE(bytes(text).count('\n'), 0);
        }
    }

    void containersSurviveTheWay()
    {
        verifyBothWays(std::vector<std::vector<int>>{{}, {1}, {2, 3}});
        verifyBothWays(std::map<std::string, std::optional<double>>{{"", 1.5}, {"\"\\\n", std::nullopt}});
        verifyBothWays(QHash<QString, QList<QString>>{{"a", {"b", "c"}}, {"d", {}}});
        verifyBothWays(std::tuple<int, std::string, std::array<bool, 2>>{1, "]", {true, false}});
        verifyBothWays(std::vector<std::map<QString, Point>>{{{"a", {1, 2}}, {"b", {3, 4}}}});
    }
};

QTEST_GUILESS_MAIN(ValueRoundTripTest)
#include "tst_valueroundtrip.moc"
