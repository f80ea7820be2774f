// SPDX-License-Identifier: GPL-3.0-or-later
// Messages of a stated size and above, memory limits through the C++ API.
#include "core/pool/recordwriter.h"
#include "core/pool/run.h"

#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "pooltest.h"
#endif

#include <QJsonDocument>
#include <QJsonObject>

using namespace PoolTest;

namespace {

/// Room for a chunk's header and 1000 bytes of items.
constexpr std::size_t maximum = 1000 + 32;

struct Ended
{
    std::vector<ItemRecord> records; ///< By index.
    RunSnapshot figures;
};

Ended runWith(JobSpec spec, std::size_t maximumPayload)
{
    RunOptions options;
    options.record = true;
    options.maximumPayload = maximumPayload;
    const auto run = Run::start(spec, options);
    run->wait();
    Ended ended{run->completed(0, 100'000), run->snapshot()};
    std::sort(ended.records.begin(), ended.records.end(),
              [](const ItemRecord &a, const ItemRecord &b) { return a.index < b.index; });
    return ended;
}

QString typeOf(const ItemRecord &record)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(record.value))
        .object()
        .value(QLatin1String("type"))
        .toString();
}

} // namespace

class LimitsTest final : public QObject
{
    Q_OBJECT
private:
    QTemporaryDir m_folder;

    QString write(const QString &name, const QByteArray &content)
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("%s cannot be written", qPrintable(file.fileName()));
        return file.fileName();
    }

    JobSpec job(const QString &function, const QByteArray &lines)
    {
        JobSpec spec;
        spec.task =
            write(QStringLiteral("limits.py"), "def same(item):\n    return item\n"
                                               "def length(item):\n    return len(item)\n"
                                               "def repeat(times):\n    return 'x' * times\n"
                                               "def fail(times):\n    raise ValueError('x' * times)\n") +
            QLatin1Char(':') + function;
        spec.input = write(QStringLiteral("items.txt"), lines);
        spec.processes = 2;
        return spec;
    }

private Q_SLOTS:
    void aChunkThatIsTooLargeIsDivided_data()
    {
        QTest::addColumn<int>("chunksize");
        QTest::addColumn<bool>("raise");
        for (const int chunksize : {1, 7, 100})
            for (const bool raise : {false, true})
                QTest::addRow("chunks of %d%s", chunksize, raise ? ", raise" : "") << chunksize << raise;
    }
    void aChunkThatIsTooLargeIsDivided()
    {
        QFETCH(int, chunksize);
        QFETCH(bool, raise);
        JobSpec spec = job(QStringLiteral("same"), (QByteArray(300, 'a') + '\n').repeated(100));
        spec.chunksize = chunksize;
        spec.onError = raise ? OnError::Raise : OnError::Collect;
        const Ended ended = runWith(spec, maximum);
        QCOMPARE(ended.figures.items.ok, 100u);
        QCOMPARE(ended.figures.workersLost, 0u);
        QCOMPARE(ended.figures.chunks, std::uint64_t((100 + chunksize - 1) / chunksize));
        for (const ItemRecord &record : ended.records)
            QCOMPARE(record.value.size(), 302u);
    }

    /// Nobody would see a chunk that was not divided, but that a single worker runs it.
    void piecesOfOneChunkGoToSeveralWorkers()
    {
        const QTemporaryDir meeting;
        JobSpec spec = job(QStringLiteral("length"), (QByteArray(300, 'a') + '\n').repeated(20));
        spec.task = write(QStringLiteral("meet.py"),
                          "import os, time\ndef meet(item):\n"
                          "    place = '" +
                              meeting.path().toUtf8() +
                              "'\n"
                              "    open(os.path.join(place, str(os.getpid())), 'w').close()\n"
                              "    while len(os.listdir(place)) < 2:\n        time.sleep(0.001)\n"
                              "    return len(item)\n") +
                    QStringLiteral(":meet");
        spec.chunksize = 20;
        spec.timeout = 60;
        const Ended ended = runWith(spec, maximum);
        QCOMPARE(ended.figures.items.ok, 20u);
        QCOMPARE(ended.figures.chunks, 1u);
    }

    void anItemThatIsTooLargeIsAnErrorOfItsOwn_data()
    {
        QTest::addColumn<int>("chunksize");
        QTest::addColumn<bool>("raise");
        QTest::addColumn<QByteArray>("expected"); // of the items: + ok, ! too large, . not run
        QTest::addRow("one an item") << 1 << false << QByteArray("+!++!+");
        QTest::addRow("chunks") << 3 << false << QByteArray("+!++!+");
        QTest::addRow("one chunk") << 6 << false << QByteArray("+!++!+");
        QTest::addRow("raise, one an item") << 1 << true << QByteArray("+!++!+");
        QTest::addRow("raise, chunks") << 3 << true << QByteArray("+!.+!.");
        QTest::addRow("raise, one chunk") << 6 << true << QByteArray("+!....");
    }
    void anItemThatIsTooLargeIsAnErrorOfItsOwn()
    {
        QFETCH(int, chunksize);
        QFETCH(bool, raise);
        // The text of 997 letters, its quotes and the end of its line just fit.
        const QByteArray fits = QByteArray(997, 'a') + '\n';
        const QByteArray doesNot = QByteArray(998, 'b') + '\n';
        JobSpec spec = job(QStringLiteral("length"), fits + doesNot + "c\n" + fits + doesNot + fits);
        spec.chunksize = chunksize;
        spec.onError = raise ? OnError::Raise : OnError::Collect;
        const Ended ended = runWith(spec, maximum);
        QByteArray outcomes;
        for (const ItemRecord &record : ended.records)
            outcomes += record.status == ItemStatus::NotRun                     ? '.'
                        : record.value.find("the item is") == std::string::npos ? '+'
                                                                                : '!';
        QTEST(outcomes, "expected");
        QCOMPARE(ended.figures.workersLost, 0u);
        QCOMPARE(typeOf(ended.records[1]), QStringLiteral("OverflowError"));
        QVERIFY(ended.records[1].value.find("1000 bytes long") != std::string::npos);
        std::string line;
        appendRecord(line, ended.records[1], RecordFormat::Records);
        QVERIFY(QJsonDocument::fromJson(QByteArray::fromStdString(line)).isObject());
    }

    void aResultThatIsTooLargeIsAnErrorOfItsOwn_data()
    {
        QTest::addColumn<QString>("task");
        QTest::addColumn<QString>("type");
        QTest::addRow("Python") << QStringLiteral("repeat") << QStringLiteral("OverflowError");
        QTest::addRow("a text of an error") << QStringLiteral("fail") << QStringLiteral("ValueError");
        QTest::addRow("a command") << QString() << QStringLiteral("OverflowError");
    }
    void aResultThatIsTooLargeIsAnErrorOfItsOwn()
    {
        QFETCH(QString, task);
        QFETCH(QString, type);
        JobSpec spec = job(task, "10\n100000\n20\n");
        if (task.isEmpty()) {
            spec.task.clear();
            spec.commandTemplate = QStringLiteral("seq {}");
            spec.input = write(QStringLiteral("few.txt"), "1\n3000\n2\n");
        }
        spec.chunksize = 3;
        const Ended ended = runWith(spec, maximum);
        QCOMPARE(ended.figures.workersLost, 0u);
        QCOMPARE(ended.figures.items.lost, 0u);
        QCOMPARE(ended.records[1].status, ItemStatus::Error);
        QCOMPARE(typeOf(ended.records[1]), type);
        for (const std::size_t other : {0u, 2u})
            QCOMPARE(ended.records[other].status, task == u"fail" ? ItemStatus::Error : ItemStatus::Ok);
    }

    void aHaltCountsItemsThatAreTooLarge()
    {
        JobSpec spec = job(QStringLiteral("same"), (QByteArray(2000, 'b') + '\n').repeated(3) + "c\nd\n");
        spec.chunksize = 1;
        spec.processes = 1;
        spec.halt = haltPolicyFromText("soon,fail=2");
        const Ended ended = runWith(spec, maximum);
        QVERIFY(!ended.figures.halted.empty());
        QCOMPARE(ended.figures.items.lost, 0u);
    }

    void memoryOptionsAreChecked()
    {
        for (const std::int64_t bytes : {std::int64_t{0}, std::int64_t{-1}}) {
            PoolOptions options = workers(1);
            options.memoryLimit = bytes;
            VERIFY_THROWS(ValueError, Pool(options));
            options.memoryLimit.reset();
            options.maxMemoryPerChild = bytes;
            VERIFY_THROWS(ValueError, Pool(options));
        }
    }

    void aPoolEndsAWorkerThatTakesTooMuch()
    {
        const QString file =
            write(QStringLiteral("take.py"),
                  "import time\ndef take(mebibytes):\n    data = b'x' * (mebibytes << 20)\n"
                  "    if mebibytes > 100:\n        time.sleep(3600)\n    return len(data)\n");
        PoolOptions options = pythonWorkers(1);
        options.memoryLimit = std::int64_t{200} << 20;
        options.report = [](const QString &) {};
        Pool pool(options);
        const Task take(file + QStringLiteral(":take"));
        QCOMPARE(pool.apply<int>(take, {1}), 1 << 20);
        const auto lost = thrown<WorkerLost>([&] { pool.apply(take, {300}); });
        QVERIFY(lost);
        QCOMPARE(lost->type(), QStringLiteral("MemoryLimitExceeded"));
        QCOMPARE(pool.apply<int>(take, {2}), 2 << 20);
    }

    void aPoolReplacesAWorkerThatHasGrown()
    {
        const QString file = write(QStringLiteral("keep.py"),
                                   "import os\nkept = []\ndef keep(mebibytes):\n"
                                   "    kept.append(b'x' * (mebibytes << 20))\n    return os.getpid()\n");
        PoolOptions options = pythonWorkers(1);
        options.maxMemoryPerChild = std::int64_t{100} << 20;
        Pool pool(options);
        const Task keep(file + QStringLiteral(":keep"));
        const int first = pool.apply<int>(keep, {150});
        TRY_VERIFY(!pool.pids().empty() && pool.pids()[0] != first);
        QVERIFY(pool.apply<int>(keep, {1}) != first);
        pool.snapshot();
        TRY_COMPARE(pool.snapshot().workersStarted, 2u);
        QCOMPARE(pool.snapshot().workersLost, 0u);
    }
};

QTEST_GUILESS_MAIN(LimitsTest)
#include "tst_limits.moc"
