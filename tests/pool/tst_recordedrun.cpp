// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/recordedrun.h"
#include "core/pool/run.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <cmath>

using namespace Poolscope;

namespace {

const QByteArray head =
    "{\"format\":\"poolscope-journal\",\"version\":1,\"chunksize\":1,\"items\":4,\"input\":\"ab\","
    "\"job\":{\"task\":\"tasks.py:f\"},\"settings\":{\"task\":\"tasks.py:f\",\"input\":\"range:4\","
    "\"method\":\"imap\",\"processes\":2}}\n";

QByteArray line(int index, const QByteArray &status, int attempt, const QByteArray &by,
                const QByteArray &payload, const QByteArray &earlier = {})
{
    return "{\"index\":" + QByteArray::number(index) + ",\"status\":\"" + status +
           "\",\"attempt\":" + QByteArray::number(attempt) + ",\"by\":[" + by + "]," + earlier +
           (status == "ok" ? "\"value\":" : "\"error\":") + payload + "}\n";
}

const QByteArray outcomes =
    line(1, "ok", 1, "0,1,10,500000,1000000", "\"one\"") + line(0, "lost", 1, "1,1,11,500000,600000", "{}") +
    line(2, "error", 2, "0,1,10,1000000,2500000", "{\"type\":\"ValueError\",\"message\":\"<b>no</b>\"}",
         "\"earlier\":[{\"status\":\"lost\",\"attempt\":1,\"by\":[1,2,12,600000,650000],\"error\":{}}],") +
    line(0, "ok", 1, "1,2,12,700000,3000000", "0");

} // namespace

class RecordedRunTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QFile::remove(path()); }

    void aRunIsReadFromItsJournal_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QList<int>>("order");
        QTest::addColumn<QList<double>>("delivered");
        QTest::addRow("imap") << QByteArray("imap") << QList<int>{0, 1, 2} << QList<double>{3, 3, 3};
        QTest::addRow("imap_unordered")
            << QByteArray("imap_unordered") << QList<int>{1, 2, 0} << QList<double>{1, 2.5, 3};
        QTest::addRow("map") << QByteArray("map") << QList<int>{0, 1, 2} << QList<double>{3, 3, 3};
    }
    void aRunIsReadFromItsJournal()
    {
        QFETCH(QByteArray, method);
        QFETCH(QList<int>, order);
        QFETCH(QList<double>, delivered);
        write(QByteArray(head).replace("\"imap\"", '"' + method + '"') + outcomes);
        const RecordedRun run(path());
        QCOMPARE(run.spec().task, QStringLiteral("tasks.py:f"));
        const RunSnapshot &figures = run.snapshot();
        QCOMPARE(figures.phase, RunPhase::Stopped); // item 3 is missing
        QCOMPARE(figures.total, std::optional<std::uint64_t>(4));
        QCOMPARE(figures.items.ok, 2U);
        QCOMPARE(figures.items.error, 1U);
        QCOMPARE(figures.items.lost, 0U); // it was tried again
        QCOMPARE(figures.firstDispatch, 0.5);
        QCOMPARE(figures.lastDelivery, 3.0);
        QCOMPARE(figures.workers.size(), std::size_t(2));
        QCOMPARE(run.completed(0, 2).front().index, 1U);
        const std::vector<ItemRecord> records = run.delivered(0, 100);
        QCOMPARE(records.size(), std::size_t(3));
        for (int i = 0; i < 3; ++i) {
            QCOMPARE(records[std::size_t(i)].index, std::uint64_t(order.at(i)));
            QCOMPARE(records[std::size_t(i)].delivered, delivered.at(i));
        }
        const std::vector<ItemRecord> failures = run.failures(0, 100);
        QCOMPARE(failures.size(), std::size_t(1));
        QCOMPARE(failures[0].attempt, 2U);
        QCOMPARE(failures[0].pid, 10);
        QCOMPARE(failures[0].started, 1.0);
        QCOMPARE(failures[0].earlier.size(), std::size_t(1));
        QCOMPARE(failures[0].earlier[0].status, ItemStatus::Lost);
        QCOMPARE(failures[0].earlier[0].worker, 1U);
        QCOMPARE(failures[0].earlier[0].finished, 0.65);
        QCOMPARE(run.history().front().completed, 0U);
        QCOMPARE(run.history().back().completed, 3U);
        QVERIFY(std::any_of(run.history().begin(), run.history().end(),
                            [](const RunSnapshot &then) { return then.workersBusy == 2; }));
    }

    void whatARunWroteIsWhatItWas()
    {
        JobSpec spec;
        spec.task = QStringLiteral("square");
        spec.input = QStringLiteral("range:500");
        spec.method = Method::ImapUnordered;
        spec.processes = 2;
        spec.journal = path();
        const auto live = Run::start(spec, {.record = true});
        live->wait();
        const RecordedRun run(path());
        QCOMPARE(run.snapshot().phase, RunPhase::Finished);
        // One that got no item left nothing behind.
        QVERIFY(run.snapshot().workersStarted >= 1);
        QVERIFY(run.snapshot().workersStarted <= live->snapshot().workersStarted);
        std::map<std::uint64_t, ItemRecord> was;
        for (ItemRecord &record : live->completed(0, 1000))
            was[record.index] = record;
        const std::vector<ItemRecord> records = run.completed(0, 1000);
        QCOMPARE(records.size(), std::size_t(500));
        for (const ItemRecord &record : records) {
            const ItemRecord &same = was[record.index];
            QCOMPARE(record.value, same.value);
            QCOMPARE(record.pid, same.pid);
            QCOMPARE(record.generation, same.generation);
            QVERIFY(std::abs(record.started - same.started) < 2e-6);
            QVERIFY(std::abs(record.finished - same.finished) < 2e-6);
        }
    }

    void aBadFileIsRefusedWithAReason_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("reason");
        const QString line2 = QStringLiteral("line 2: not an item's outcome");
        QTest::addRow("empty") << QByteArray("") << QStringLiteral("is empty");
        QTest::addRow("no journal") << QByteArray("1,2\n") << QStringLiteral("is no run");
        QTest::addRow("without a line's end") << QByteArray(head).chopped(9) << QStringLiteral("is empty");
        QTest::addRow("another version") << QByteArray(head).replace("\"version\":1", "\"version\":9")
                                         << QStringLiteral("line 1: not the header");
        QTest::addRow("text for an outcome") << head + "hello\n" << line2;
        QTest::addRow("an item there is not")
            << head + "{\"index\":4,\"status\":\"ok\",\"attempt\":1,\"value\":1}\n"
            << line2;
        QTest::addRow("a worker beyond all numbers")
            << head + "{\"index\":1,\"status\":\"ok\",\"attempt\":1,\"by\":[70000,1,1,1,1],\"value\":1}\n"
            << line2;
        QTest::addRow("half of the times")
            << head + "{\"index\":1,\"status\":\"ok\",\"attempt\":1,\"by\":[0,1,1,1],\"value\":1}\n"
            << line2;
        QTest::addRow("a time beyond all clocks")
            << head + "{\"index\":1,\"status\":\"ok\",\"attempt\":1,\"by\":[0,1,1,1,9223372036854775807],"
                      "\"value\":1}\n"
            << line2;
    }
    void aBadFileIsRefusedWithAReason()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, reason);
        write(text);
        try {
            const RecordedRun run(path());
            QFAIL("it was shown");
        } catch (const RecordedRunError &error) {
            QVERIFY2(error.message().contains(reason), qPrintable(error.message()));
            QVERIFY2(error.message().contains(path()), qPrintable(error.message()));
        }
    }

    void whatIsNoFileIsRefused()
    {
        QVERIFY_EXCEPTION_THROWN(RecordedRun(m_folder.path()), RecordedRunError);
        QVERIFY_EXCEPTION_THROWN(RecordedRun(QStringLiteral("/nowhere/at/all")), RecordedRunError);
        QVERIFY_EXCEPTION_THROWN(RecordedRun(QStringLiteral("/dev/zero")), RecordedRunError);
    }

    void aHugeCountTakesNoMemory()
    {
        write(QByteArray(head).replace("\"items\":4", "\"items\":4000000000000000") +
              "{\"index\":3999999999999999,\"status\":\"ok\",\"attempt\":1,\"value\":1}\n");
        const RecordedRun run(path());
        QCOMPARE(run.completed(0, 10).size(), std::size_t(1));
    }

    void aLineThatWasCutOffDoesNotCount()
    {
        write(head + outcomes + "{\"index\":3,\"status\":\"ok\",\"att");
        QCOMPARE(RecordedRun(path()).snapshot().completed, 3U);
    }

private:
    QString path() const { return m_folder.filePath(QStringLiteral("a.journal")); }
    void write(const QByteArray &text) const
    {
        QFile file(path());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(RecordedRunTest)
#include "tst_recordedrun.moc"
