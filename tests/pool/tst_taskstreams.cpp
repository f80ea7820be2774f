// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "pooltest.h"
#endif

using namespace PoolTest;

/// The standard streams of tasks: what they print, and what they can read.
class TaskStreamsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void printedLinesAreCompleteAndLabelled() // S7.10
    {
        struct Printed
        {
            std::mutex mutex;
            std::vector<PrintedLine> lines;
        };
        const auto printed = std::make_shared<Printed>();
        PoolOptions options = pythonWorkers(2);
        options.printed = [printed](const PrintedLine &line) {
            const std::lock_guard lock(printed->mutex);
            printed->lines.push_back(line);
        };
        QStringList expected;
        std::vector<ItemRecord> records;
        {
            Pool pool(options);
            const AsyncResult result =
                pool.mapAsync(python("print_lines").with("lines", 50), numbers(20), chunks(1));
            QVERIFY(result.wait(patience));
            records = result.records();
            pool.close();
            pool.join(); // every callback has returned
        }
        for (int item = 0; item < 20; ++item)
            for (int line = 0; line < 50; ++line)
                expected << QStringLiteral("item %1 line %2").arg(item).arg(line);
        QStringList lines;
        for (const PrintedLine &line : printed->lines) {
            const QString text = QString::fromStdString(line.text);
            lines << text;
            const auto item = text.split(' ')[1].toULongLong();
            QCOMPARE(line.pid, records[item].pid);
            QCOMPARE(line.worker, records[item].worker);
        }
        QCOMPARE(sorted(lines), sorted(expected));
    }

    void whatWasPrintedBeforeTheKillIsNotLost() // S7.10, S7.3
    {
        const Log log;
        Gates gates;
        PoolOptions options = pythonWorkers(1);
        options.printed = [log](const PrintedLine &line) { log.add(QString::fromStdString(line.text)); };
        Pool pool(options);
        const AsyncResult result = pool.applyAsync(gates.task("print_and_wait"), {4});
        TRY_VERIFY(gates.began(4));
        pool.terminate();
        pool.join();
        QCOMPARE(log.lines(), QStringList{"item 4 begins"});
        VERIFY_THROWS(Cancelled, result.get());
    }

    void aTasksStandardInputIsEmpty() // S8.7
    {
        Pool pool(pythonWorkers(1));
        QCOMPARE(pool.apply<QString>(python("read_standard_input"), {1}), QString());
    }
};

QTEST_GUILESS_MAIN(TaskStreamsTest)
#include "tst_taskstreams.moc"
