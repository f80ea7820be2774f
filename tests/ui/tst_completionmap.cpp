// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/completionmap.h"

#include <QTest>

using namespace Poolscope;

class CompletionMapTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theCompletionMapKnowsEveryItem();
};

void CompletionMapTest::theCompletionMapKnowsEveryItem()
{
    CompletionMap map;
    QVERIFY(!map.contains(0));
    map.add(5);
    map.add(1000);
    QVERIFY(map.contains(5) && map.contains(1000));
    QVERIFY(!map.contains(4) && !map.contains(999) && !map.contains(1001) && !map.contains(5000));
    map.clear();
    QVERIFY(!map.contains(5));
}

QTEST_GUILESS_MAIN(CompletionMapTest)
#include "tst_completionmap.moc"
