// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/scriptedrun.h"

#include <QString>
#include <QTableView>

/// What the tests of the Run page's parts share.
namespace Poolscope {

inline QString plain(QString text)
{
    return text.replace(QChar(0x00a0), QLatin1Char(' '));
}

inline QList<qulonglong> firstColumn(const QTableView &table)
{
    QList<qulonglong> items;
    for (int row = 0; row < table.model()->rowCount(); ++row)
        items += table.model()->index(row, 0).data().toString().toULongLong();
    return items;
}

inline ScriptedRun::Script stuckAtItem2()
{
    ScriptedRun::Script script;
    script.items = 8;
    script.startup = 0;
    script.seconds = [](std::uint64_t item) { return item == 2 ? 10.0 : 1.0; };
    script.status = [](std::uint64_t item) { return item == 4 ? ItemStatus::Error : ItemStatus::Ok; };
    return script;
}

inline ScriptedRun::Script threeFail()
{
    ScriptedRun::Script script;
    script.items = 6;
    script.startup = 0;
    script.status = [](std::uint64_t item) {
        return item == 2 ? ItemStatus::Lost : item == 1 || item == 4 ? ItemStatus::Error : ItemStatus::Ok;
    };
    return script;
}

} // namespace Poolscope
