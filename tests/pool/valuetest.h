// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/value.h"

#include <QtTest>

#include <functional>
#include <string>
#include <utility>

/// What the tests of values share.
namespace ValueTest {

using namespace Poolscope;

/// A class of somebody's own.
struct Point
{
    int x = 0;
    int y = 0;
    bool operator==(const Point &) const = default;
};

/// What a test asks of a value; answered with JSON, or refused.
using Question = std::function<std::string()>;

inline QByteArray bytes(const Value &value)
{
    return QByteArray::fromStdString(value.json());
}

inline void verifyRefused(const Question &question, const QByteArray &advice)
{
    try {
        const std::string answer = question();
        QFAIL(("not refused: " + answer).c_str());
    } catch (const ValueError &error) {
        QVERIFY2(QByteArray(error.what()).contains(advice), error.what());
    }
}

} // namespace ValueTest

template <>
struct Poolscope::ValueTraits<ValueTest::Point>
{
    static Value toValue(const ValueTest::Point &p) { return std::pair(p.x, p.y); }
    static ValueTest::Point fromValue(const Value &v)
    {
        const auto [x, y] = v.to<std::pair<int, int>>();
        return {x, y};
    }
};
