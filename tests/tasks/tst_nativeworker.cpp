// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/installation.h"
#include "workerdriver.h"

#include <QTest>

using namespace Poolscope;
using Wire::ChunkFlag;
using Wire::ItemStatus;

namespace {

constexpr int patience = 30000;

TaskSpec unruly(const QString &function, const QJsonObject &parameters = {})
{
    return WorkerDriver::task(QStringLiteral(POOLSCOPE_BINARY_DIR "/tests/plugins/unruly.so:") + function,
                              parameters);
}

QList<QByteArray> numbers(int count)
{
    QList<QByteArray> list;
    for (int i = 0; i < count; ++i)
        list.append(QByteArray::number(i));
    return list;
}

} // namespace

class TestNativeWorker final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void greetsAndIsReadyOnlyAfterItsSetUp();
    void stopsAChunkAtItsFirstErrorWhenAsked();
    void goesOnAfterAnErrorOtherwise();
    void keepsItsChannelFromWhatTasksPrint();
    void survivesATaskThatClosesTheStandardDescriptors();
    void givesBackOnlyChunksThatHaveNotBegun();
    void sendsFinishedResultsWhileALongItemRuns();
    void leavesExactlyTheRunningItemWhenKilled();
    void recoversResultsBehindOneLargerThanTheRing();
    void losesNothingWithoutARecorder();
    void sendsResultsLargerThanTheRing();
    void keepsTheOrderOfThousandsOfChunks();
    void countsNoCpuTimeWhileAnItemSleeps();
    void endsABusyWorkerWhenTheParentHangsUp();
    void finishesItsQueueWhenToldToQuit();
    void endsWithAMessageWhenTheStreamMakesNoSense_data();
    void endsWithAMessageWhenTheStreamMakesNoSense();
    void saysWhyItsSetUpFailed_data();
    void saysWhyItsSetUpFailed();
    void runsTheInitializerBeforeTheFirstItem();
    void failsOnlyTheItemsOfALaterTaskThatCannotBeLoaded();
    void refusesAWrongCommandLine();
};

void TestNativeWorker::greetsAndIsReadyOnlyAfterItsSetUp()
{
    WorkerDriver worker;
    QTRY_VERIFY_WITH_TIMEOUT(!worker.poll().hello.isEmpty(), patience);
    QVERIFY(!worker.isReady);
    QCOMPARE(worker.hello[QLatin1String("protocol")].toInt(), int(Wire::protocolVersion));
    QCOMPARE(worker.hello[QLatin1String("pid")].toInteger(), worker.process().processId());
    QCOMPARE(worker.hello[QLatin1String("kind")].toString(), QStringLiteral("native"));
    QVERIFY(!worker.hello[QLatin1String("host")].toString().isEmpty());
    QVERIFY(worker.hello[QLatin1String("clock")].toInteger() > 0);
    worker.setUp({WorkerDriver::task(QStringLiteral("square"))});
    QTRY_VERIFY_WITH_TIMEOUT(worker.poll().isReady, patience);
}

void TestNativeWorker::stopsAChunkAtItsFirstErrorWhenAsked()
{
    WorkerDriver worker;
    worker.setUp({WorkerDriver::task(QStringLiteral("square"))});
    const auto flags = std::uint32_t(ChunkFlag::StopOnError);
    worker.sendChunk(1, 0, {"1", "null", "3"}, 0, flags);
    worker.sendChunk(1, 3, {"4"}, 0, flags); // The rest of the same chunk.
    worker.sendChunk(2, 4, {"5"}, 0, flags);
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 5, patience);
    const ItemStatus expected[] = {ItemStatus::Ok, ItemStatus::Error, ItemStatus::NotRun, ItemStatus::NotRun,
                                   ItemStatus::Ok};
    for (int i = 0; i < 5; ++i) {
        QCOMPARE(worker.items[i].index, std::uint64_t(i));
        QCOMPARE(worker.items[i].status, expected[i]);
    }
    QVERIFY(worker.items[2].value.isEmpty());
    QCOMPARE(worker.begun(), 3U);
}

void TestNativeWorker::goesOnAfterAnErrorOtherwise()
{
    WorkerDriver worker;
    worker.setUp({WorkerDriver::task(QStringLiteral("square"))});
    worker.sendChunk(1, 0, {"1", "null", "3"});
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 3, patience);
    QCOMPARE(worker.items[2].value, "9");
}

void TestNativeWorker::keepsItsChannelFromWhatTasksPrint()
{
    WorkerDriver worker;
    worker.setUp({unruly(QStringLiteral("print")), unruly(QStringLiteral("read_stdin"))});
    worker.sendChunk(0, 0, {"1", "2", "3"});
    worker.sendChunk(1, 3, {"0"}, 1);
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 4, patience);
    QCOMPARE(worker.values(), QList<QByteArray>({"1", "2", "3", "0"}));
    QVERIFY(worker.error.empty());
    QTRY_VERIFY_WITH_TIMEOUT(worker.poll().prints.contains("printed 3\nstreamed\nraw bytes\nraw bytes\n"),
                             patience);
}

void TestNativeWorker::survivesATaskThatClosesTheStandardDescriptors()
{
    WorkerDriver worker;
    worker.setUp({unruly(QStringLiteral("close_all"))});
    worker.sendChunk(0, 0, {"1", "2"});
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 2, patience);
    worker.sendChunk(1, 2, {"3"});
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 3, patience);
    worker.quit();
    QTRY_VERIFY_WITH_TIMEOUT(!worker.isRunning(), patience);
    QCOMPARE(worker.process().exitCode(), 0);
}

void TestNativeWorker::givesBackOnlyChunksThatHaveNotBegun()
{
    WorkerDriver worker;
    worker.setUp({WorkerDriver::task(QStringLiteral("sleep_for"))});
    worker.sendChunk(10, 0, {"600"});
    QTRY_COMPARE_WITH_TIMEOUT(worker.begun(), 1U, patience);
    worker.sendChunk(10, 1, {"0"}); // More of the chunk that runs.
    worker.sendChunk(11, 2, {"0"});
    worker.sendChunk(12, 3, {"0"});
    worker.sendChunk(12, 4, {"0"});
    worker.sendChunk(13, 5, {"0"});
    worker.recall({12, 10, 13, 99});
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().recalled.size(), 1U, patience);
    QCOMPARE(worker.recalled[0], std::vector<std::uint64_t>({12, 13}));
    worker.recall({12});
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().recalled.size(), 2U, patience);
    QVERIFY(worker.recalled[1].empty());
}

void TestNativeWorker::sendsFinishedResultsWhileALongItemRuns()
{
    WorkerDriver worker;
    worker.setUp({WorkerDriver::task(QStringLiteral("sleep_for"))});
    worker.sendChunk(0, 0, {"0", "0", "0", "600"});
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 3, patience);
    QVERIFY(worker.isRunning());
}

void TestNativeWorker::leavesExactlyTheRunningItemWhenKilled()
{
    WorkerDriver worker;
    worker.setUp({unruly(QStringLiteral("die_at_777"))});
    worker.sendChunk(3, 0, numbers(1000));
    QTRY_VERIFY_WITH_TIMEOUT(!worker.isRunning(), patience);
    QCOMPARE(worker.process().exitStatus(), QProcess::CrashExit);
    QCOMPARE(worker.recover(), 778U);
    QVERIFY(worker.error.empty());
    QCOMPARE(worker.items.size(), 777);
    QCOMPARE(worker.values(), numbers(777));
}

void TestNativeWorker::recoversResultsBehindOneLargerThanTheRing()
{
    WorkerDriver worker;
    worker.setUp({unruly(QStringLiteral("die_at_777"))});
    const QByteArray large = '"' + QByteArray(1'000'000, 'x') + '"';
    worker.sendChunk(3, 0, QList<QByteArray>{large} + numbers(1000));
    QTRY_VERIFY_WITH_TIMEOUT(!worker.isRunning(), patience);
    QCOMPARE(worker.recover(), 779U);
    QCOMPARE(worker.values(), QList<QByteArray>{large} + numbers(777));
}

void TestNativeWorker::losesNothingWithoutARecorder()
{
    WorkerDriver worker(WorkerDriver::Recorder::None);
    worker.setUp({unruly(QStringLiteral("die_at_777"))});
    worker.sendChunk(3, 0, numbers(1000));
    QTRY_VERIFY_WITH_TIMEOUT(!worker.isRunning(), patience);
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 777, patience);
}

void TestNativeWorker::sendsResultsLargerThanTheRing()
{
    WorkerDriver worker;
    worker.setUp({WorkerDriver::task(QStringLiteral("echo"))});
    const QByteArray large = '"' + QByteArray(3'000'000, 'x') + '"';
    worker.sendChunk(0, 0, {"1", large, "2", large, "3"});
    worker.sendChunk(1, 5, numbers(500));
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 505, patience);
    QCOMPARE(worker.values().mid(0, 5), QList<QByteArray>({"1", large, "2", large, "3"}));
    QCOMPARE(worker.values().mid(5), numbers(500));
    // The ring's positions still fit the stream's: what is left of it is empty, not garbage.
    worker.process().kill();
    QTRY_VERIFY_WITH_TIMEOUT(!worker.isRunning(), patience);
    QCOMPARE(worker.recover(), 505U);
    QVERIFY(worker.error.empty());
    QCOMPARE(worker.items.size(), 505);
}

void TestNativeWorker::keepsTheOrderOfThousandsOfChunks()
{
    WorkerDriver worker;
    worker.setUp({WorkerDriver::task(QStringLiteral("echo"))});
    constexpr int count = 20000;
    for (int i = 0; i < count; ++i)
        worker.sendChunk(std::uint64_t(i), std::uint64_t(i), {QByteArray::number(i)});
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), count, patience);
    for (int i = 0; i < count; ++i) {
        QCOMPARE(worker.items[i].chunk, std::uint64_t(i));
        QCOMPARE(worker.items[i].value, QByteArray::number(i));
    }
}

void TestNativeWorker::countsNoCpuTimeWhileAnItemSleeps()
{
    WorkerDriver worker;
    worker.setUp({WorkerDriver::task(QStringLiteral("sleep_for")),
                  WorkerDriver::task(QStringLiteral("count_primes"))});
    worker.sendChunk(0, 0, {"0.2"});
    worker.sendChunk(1, 1, {"200000"}, 1);
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 2, patience);
    QVERIFY(worker.items[0].elapsed >= 200'000'000);
    QVERIFY(worker.items[0].cpu < worker.items[0].elapsed / 4);
    QVERIFY(worker.items[1].cpu > 0);
    QVERIFY(worker.items[1].cpu <= worker.items[1].elapsed);
}

void TestNativeWorker::endsABusyWorkerWhenTheParentHangsUp()
{
    WorkerDriver worker;
    worker.setUp({WorkerDriver::task(QStringLiteral("sleep_for"))});
    worker.sendChunk(0, 0, {"600"});
    QTRY_COMPARE_WITH_TIMEOUT(worker.begun(), 1U, patience);
    worker.process().closeWriteChannel();
    QTRY_VERIFY_WITH_TIMEOUT(!worker.isRunning(), patience);
    QCOMPARE(worker.process().exitStatus(), QProcess::CrashExit);
}

void TestNativeWorker::finishesItsQueueWhenToldToQuit()
{
    WorkerDriver worker;
    worker.setUp({WorkerDriver::task(QStringLiteral("count_primes"))});
    for (int i = 0; i < 20; ++i)
        worker.sendChunk(std::uint64_t(i), std::uint64_t(i), {"20000"});
    worker.quit();
    worker.process().closeWriteChannel();
    QTRY_VERIFY_WITH_TIMEOUT(!worker.isRunning(), patience);
    QCOMPARE(worker.process().exitStatus(), QProcess::NormalExit);
    QCOMPARE(worker.process().exitCode(), 0);
    QCOMPARE(worker.poll().items.size(), 20);
}

void TestNativeWorker::endsWithAMessageWhenTheStreamMakesNoSense_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("message");
    std::string frame;
    Wire::appendFrame(frame, Wire::FrameType::Chunk, "short");
    QTest::newRow("no frame") << QByteArray("GET / HTTP/1.1\r\n") << QByteArray("no frame begins here");
    QTest::newRow("cut chunk") << QByteArray::fromStdString(frame) << QByteArray("as many items as it says");
    frame.clear();
    Wire::appendFrame(frame, Wire::FrameType::Ready, {});
    QTest::newRow("a worker's frame") << QByteArray::fromStdString(frame) << QByteArray("only workers send");
    frame.clear();
    Wire::appendFrame(frame, Wire::FrameType::Recall, "123");
    QTest::newRow("cut recall") << QByteArray::fromStdString(frame) << QByteArray("cut off");
}

void TestNativeWorker::endsWithAMessageWhenTheStreamMakesNoSense()
{
    QFETCH(QByteArray, bytes);
    WorkerDriver worker;
    worker.sendBytes(bytes.toStdString());
    QTRY_VERIFY_WITH_TIMEOUT(!worker.isRunning(), patience);
    QCOMPARE(worker.process().exitCode(), 70);
    QFETCH(QByteArray, message);
    QVERIFY2(worker.poll().prints.contains(message), worker.prints.constData());
}

void TestNativeWorker::saysWhyItsSetUpFailed_data()
{
    QTest::addColumn<QString>("function");
    QTest::addColumn<QJsonObject>("parameters");
    QTest::addColumn<QString>("initializer");
    QTest::addColumn<QString>("stage");
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("message");
    const QJsonObject none;
    QTest::newRow("listed but not there") << "missing" << none << ""
                                          << "task"
                                          << "AttributeError"
                                          << "does not give it";
    QTest::newRow("not listed") << "nowhere" << none << ""
                                << "task"
                                << "AttributeError"
                                << "no function named nowhere";
    QTest::newRow("parameter refused by the task")
        << "picky" << QJsonObject{{QStringLiteral("level"), 9}} << ""
        << "task"
        << "ValueError"
        << "level 9 is too high";
    QTest::newRow("unknown parameter") << "picky" << QJsonObject{{QStringLiteral("volume"), 9}} << ""
                                       << "task"
                                       << "ValueError"
                                       << "no parameter named";
    QTest::newRow("initializer fails") << "remembered" << none << "refuse"
                                       << "initializer"
                                       << "std::runtime_error"
                                       << "no, thanks";
    QTest::newRow("initializer missing") << "remembered" << none << "nowhere"
                                         << "initializer"
                                         << "AttributeError"
                                         << "no initializer named nowhere";
}

void TestNativeWorker::saysWhyItsSetUpFailed()
{
    QFETCH(QString, function);
    QFETCH(QJsonObject, parameters);
    QFETCH(QString, initializer);
    TaskSpec spec = unruly(QStringLiteral("remembered"));
    spec.function = function;
    spec.parameters = parameters;
    WorkerDriver worker;
    worker.setUp({spec}, {{}, initializer, {}});
    QTRY_VERIFY_WITH_TIMEOUT(!worker.isRunning(), patience);
    QCOMPARE(worker.process().exitCode(), 1);
    QVERIFY(!worker.poll().isReady);
    QTEST(worker.failed[QLatin1String("stage")].toString(), "stage");
    QTEST(worker.failed[QLatin1String("type")].toString(), "type");
    QFETCH(QString, message);
    const QString said = worker.failed[QLatin1String("message")].toString();
    QVERIFY2(said.contains(message), qUtf8Printable(said));
}

void TestNativeWorker::runsTheInitializerBeforeTheFirstItem()
{
    WorkerDriver worker;
    worker.setUp({unruly(QStringLiteral("remembered"))}, {{}, QStringLiteral("remember"), {42}});
    worker.sendChunk(0, 0, {"0"});
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().values(), QList<QByteArray>({"42"}), patience);
}

void TestNativeWorker::failsOnlyTheItemsOfALaterTaskThatCannotBeLoaded()
{
    WorkerDriver worker;
    worker.setUp({WorkerDriver::task(QStringLiteral("square"))});
    worker.addTask(1, unruly(QStringLiteral("missing")));
    worker.addTask(2, WorkerDriver::task(QStringLiteral("cube")));
    worker.sendChunk(0, 0, {"2"}, 1);
    worker.sendChunk(1, 1, {"2"}, 2);
    worker.sendChunk(2, 2, {"2"}, 0);
    worker.sendChunk(3, 3, {"2"}, 55);
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 4, patience);
    QCOMPARE(worker.items[0].type(), QStringLiteral("AttributeError"));
    QCOMPARE(worker.items[1].value, "8");
    QCOMPARE(worker.items[2].value, "4");
    QCOMPARE(worker.items[3].type(), QStringLiteral("LookupError"));
}

void TestNativeWorker::refusesAWrongCommandLine()
{
    QProcess process;
    process.start(Installation::workerProgram(), {QStringLiteral("--recorder-fd"), QStringLiteral("x")});
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, patience);
    QCOMPARE(process.exitCode(), 2);
    QVERIFY(process.readAllStandardError().contains("usage"));
}

QTEST_GUILESS_MAIN(TestNativeWorker)
#include "tst_nativeworker.moc"
