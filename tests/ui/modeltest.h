// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/scriptedrun.h"

#include <QAbstractItemModelTester>
#include <QTest>

/// What the tests of the models share.
namespace ModelTest {

using namespace Poolscope;

/// A row as a person reads it, cells parted by " | ", no-break spaces as spaces.
inline QString rowText(const QAbstractItemModel &model, int row)
{
    QStringList cells;
    for (int column = 0; column < model.columnCount(); ++column)
        cells += model.index(row, column).data().toString();
    return cells.join(QStringLiteral(" | ")).replace(QChar(0x00a0), QLatin1Char(' '));
}

inline QStringList dump(const QAbstractItemModel &model)
{
    QStringList rows;
    for (int row = 0; row < model.rowCount(); ++row)
        rows += rowText(model, row);
    return rows;
}

inline ScriptedRun::Script firstItemIsSlow()
{
    ScriptedRun::Script script;
    script.items = 6;
    script.seconds = [](std::uint64_t item) { return item == 0 ? 3.5 : 1.0; };
    script.startup = 0;
    return script;
}

inline constexpr auto testerMode = QAbstractItemModelTester::FailureReportingMode::Fatal;

} // namespace ModelTest
