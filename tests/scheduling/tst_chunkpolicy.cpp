// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scheduling/chunkpolicy.h"

#include <QtTest>

using namespace Poolscope;

class ChunkPolicyTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void defaultIsCPythonsRule_data() // S2.1
    {
        QTest::addColumn<quint64>("items");
        QTest::addColumn<quint32>("processes");
        QTest::addColumn<quint64>("chunksize");
        const auto row = [](quint32 processes, std::initializer_list<std::pair<quint64, quint64>> pairs) {
            for (const auto &[items, chunksize] : pairs)
                QTest::addRow("%llu items on %u", items, processes) << items << processes << chunksize;
        };
        row(1, {{1, 1}, {4, 1}, {5, 2}, {8, 2}, {9, 3}, {17, 5}, {33, 9}, {100, 25}, {1000, 250}});
        row(2, {{8, 1}, {9, 2}, {16, 2}, {17, 3}, {33, 5}, {100, 13}, {1000, 125}});
        row(3, {{9, 1}, {15, 2}, {31, 3}, {33, 3}, {100, 9}, {1000, 84}});
        row(4, {{16, 1}, {17, 2}, {33, 3}, {100, 7}, {1000, 63}});
    }
    void defaultIsCPythonsRule()
    {
        QFETCH(quint64, items);
        QFETCH(quint32, processes);
        QTEST(quint64(defaultChunksize(items, processes)), "chunksize");
    }

    void emptyInputStillHasAChunksize() { QCOMPARE(defaultChunksize(0, 4), 1u); } // S2.6

    void eachMethodHasItsOwnDefault_data() // S2.1, S2.3
    {
        QTest::addColumn<int>("method");
        QTest::addColumn<quint64>("chunksize");
        QTest::addRow("map") << int(Method::Map) << quint64(13);
        QTest::addRow("starmap") << int(Method::Starmap) << quint64(13);
        QTest::addRow("imap") << int(Method::Imap) << quint64(1);
        QTest::addRow("imap_unordered") << int(Method::ImapUnordered) << quint64(1);
        QTest::addRow("apply") << int(Method::Apply) << quint64(1);
    }
    void eachMethodHasItsOwnDefault()
    {
        QFETCH(int, method);
        QTEST(quint64(effectiveChunksize(Method(method), std::nullopt, 100, 2)), "chunksize");
        QCOMPARE(effectiveChunksize(Method(method), 7, 100, 2), 7u);
    }

    void theLastChunkMayBeShorter() // S2.2
    {
        QCOMPARE(chunkCount(0, 3), 0u);
        QCOMPARE(chunkCount(6, 3), 2u);
        QCOMPARE(chunkCount(7, 3), 3u);
        QCOMPARE(chunkCount(2, 50), 1u);
    }
};

QTEST_APPLESS_MAIN(ChunkPolicyTest)
#include "tst_chunkpolicy.moc"
