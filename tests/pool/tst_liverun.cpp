// SPDX-License-Identifier: GPL-3.0-or-later
// What is done to a run while it goes on, and what it tells of the lives of its workers.
#include "core/pool/itemtexts.h"
#include "core/pool/run.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <set>

using namespace Poolscope;

namespace {

JobSpec naps(int items, double seconds, Method method = Method::Imap)
{
    JobSpec spec;
    spec.task = QStringLiteral("slow_square");
    spec.parameters.insert(QStringLiteral("seconds"), seconds);
    spec.input = QStringLiteral("range:%1").arg(items);
    spec.method = method;
    spec.processes = 2;
    return spec;
}

/// Short naps, but for one.
JobSpec oneTakesLong(const QTemporaryDir &folder, int items, int item, const char *seconds)
{
    JobSpec spec = naps(0, 0);
    spec.task = QStringLiteral("sleep_for");
    spec.parameters = {};
    spec.input = folder.filePath(QStringLiteral("naps.txt"));
    QFile file(spec.input);
    if (file.open(QFile::WriteOnly))
        for (int i = 0; i < items; ++i)
            file.write(QByteArray(i == item ? seconds : "0.01") + '\n');
    return spec;
}

std::vector<RunEvent> eventsOf(const Run &run, RunEventKind kind)
{
    std::vector<RunEvent> found;
    for (const RunEvent &event : run.events(0, 100'000))
        if (event.kind == kind)
            found.push_back(event);
    return found;
}

std::size_t alive(const RunSnapshot &snapshot)
{
    return std::size_t(
        std::count_if(snapshot.workers.begin(), snapshot.workers.end(),
                      [](const WorkerSnapshot &worker) { return worker.state != WorkerState::Gone; }));
}

} // namespace

class LiveRunTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void workersAreAddedAndRetired()
    {
        const auto run = Run::start(naps(4000, 0.01), {.record = true});
        QTRY_VERIFY(run->snapshot().completed > 10);
        run->resize(5);
        QTRY_COMPARE(run->snapshot().processes, 5U);
        QTRY_COMPARE(alive(run->snapshot()), std::size_t(5));
        run->resize(1);
        QTRY_COMPARE(alive(run->snapshot()), std::size_t(1));
        const std::uint64_t before = run->snapshot().completed;
        QTRY_VERIFY(run->snapshot().completed > before + 3);
        QCOMPARE(eventsOf(*run, RunEventKind::Resized).size(), std::size_t(2));
        QCOMPARE(run->snapshot().workersLost, 0U);
        run->stop();
        run->wait();
        QCOMPARE(run->snapshot().workersStarted, 5U);
        run->resize(3); // over: nothing to change
        QCOMPARE(run->snapshot().processes, 1U);
    }

    void theTimeOfWorkersIsThatOfThePlacesThereWere()
    {
        const auto run = Run::start(naps(4000, 0.01), {.record = true});
        QTRY_VERIFY(run->snapshot().completed > 10);
        run->resize(5);
        QTRY_COMPARE(alive(run->snapshot()), std::size_t(5));
        const std::uint64_t before = run->snapshot().completed;
        QTRY_VERIFY(run->snapshot().completed > before + 50);
        run->resize(1);
        QTRY_COMPARE(alive(run->snapshot()), std::size_t(1));
        run->stop();
        run->wait();

        const RunSnapshot snapshot = run->snapshot();
        const std::vector<RunEvent> resized = eventsOf(*run, RunEventKind::Resized);
        QCOMPARE(resized.size(), std::size_t(2));
        double gone = 0;
        for (const RunEvent &event : eventsOf(*run, RunEventKind::WorkerEnded))
            if (event.worker > 0)
                gone = std::max(gone, event.time);
        const double first = resized[0].time - snapshot.firstDispatch;
        const double least =
            2 * first + 5 * (resized[1].time - resized[0].time) + (snapshot.lastDelivery - resized[1].time);
        const double most = 2 * first + 5 * (gone - resized[0].time) + (snapshot.lastDelivery - gone);
        // The events are told right after what they tell of.
        const QByteArray text = QByteArray::number(snapshot.placeSeconds) + " of " +
                                QByteArray::number(least) + " to " + QByteArray::number(most);
        QVERIFY2(snapshot.placeSeconds >= least - 0.05 && snapshot.placeSeconds <= most + 0.05,
                 text.constData());
        QVERIFY2(snapshot.busySeconds <= snapshot.placeSeconds,
                 qPrintable(QString::number(snapshot.busySeconds)));
        // A place that was there for a part of the run only is as busy as it was then.
        double busy = 0;
        for (const ItemSpan &span : run->spans(0, 4000))
            if (span.worker == 4)
                busy += span.finished - span.started;
        double left = 0;
        for (const RunEvent &event : eventsOf(*run, RunEventKind::WorkerEnded))
            if (event.worker == 4)
                left = event.time;
        const double share = busy / (left - resized[0].time);
        QVERIFY2(std::abs(snapshot.workers[4].busy - share) < 0.1,
                 qPrintable(QStringLiteral("%1, not %2").arg(snapshot.workers[4].busy).arg(share)));
    }

    void theConsumerTakesItsTime()
    {
        JobSpec spec = naps(60, 0.0);
        spec.task = QStringLiteral("square");
        spec.parameters = {};
        spec.buffersize = 8;
        const auto run = Run::start(spec, {.record = true});
        run->setConsumerPace(0.02);
        QElapsedTimer clock;
        clock.start();
        QTRY_VERIFY(run->snapshot().delivered >= 15);
        // It may have taken some before it was told.
        const RunSnapshot snapshot = run->snapshot();
        if (snapshot.delivered < 60)
            QVERIFY2(clock.elapsed() >= 100, qPrintable(QString::number(clock.elapsed())));
        run->setConsumerPace(0);
        run->wait();
        QCOMPARE(run->snapshot().items.ok, 60U);
    }

    void aPaceSetWhileAllWaitForOneHoldsForEachOfThem()
    {
        constexpr double pace = 0.02;
        QTemporaryDir folder;
        QFile code(folder.filePath(QStringLiteral("gate.py")));
        QVERIFY(code.open(QIODevice::WriteOnly));
        code.write(
            "import os, time\n"
            "def task(i):\n"
            "    while i == 0 and not os.path.exists(os.path.join(os.path.dirname(__file__), 'open')):\n"
            "        time.sleep(0.002)\n"
            "    return i\n");
        code.close();
        JobSpec spec = naps(200, 0);
        spec.task = code.fileName() + QStringLiteral(":task");
        spec.parameters = {};
        const auto run = Run::start(spec, {.record = true});
        QTRY_COMPARE(run->snapshot().completed, 199U);
        QCOMPARE(run->snapshot().delivered, 0U);
        run->setConsumerPace(pace);
        QFile gate(folder.filePath(QStringLiteral("open")));
        QVERIFY(gate.open(QIODevice::WriteOnly));
        QTRY_VERIFY(run->snapshot().delivered >= 10);
        const std::vector<ItemRecord> delivered = run->delivered(0, 10);
        for (std::size_t i = 1; i < delivered.size(); ++i)
            QVERIFY2(delivered[i].delivered - delivered[i - 1].delivered >= pace,
                     qPrintable(QString::number(delivered[i].delivered - delivered[i - 1].delivered)));
        run->setConsumerPace(0);
        run->wait();
        QCOMPARE(run->snapshot().items.ok, 200U);
    }

    void aChangeOfThePaceEndsAWaitThatGoesOn()
    {
        const auto run = Run::start(naps(20, 0.001), {.record = true});
        run->setConsumerPace(1000);
        QTRY_VERIFY(run->snapshot().delivered >= 1);
        run->setConsumerPace(0);
        QTRY_VERIFY_WITH_TIMEOUT(run->isOver(), 20'000);
        QCOMPARE(run->snapshot().delivered, 20U);
    }

    void whoWaitsForTheConsumerIsTold()
    {
        JobSpec spec = naps(200, 0.001);
        spec.buffersize = 4;
        const auto run = Run::start(spec, {.record = true});
        run->setConsumerPace(0.05);
        QTRY_VERIFY(run->snapshot().blockedSince >= 0);
        QTRY_VERIFY(!run->consumerWaits(0, 10).empty());
        const TimeSpan wait = run->consumerWaits(0, 1).front();
        QVERIFY(wait.end - wait.begin >= 0.001);
        run->setConsumerPace(0);
        run->wait();
        QCOMPARE(run->snapshot().items.ok, 200U);
        QVERIFY(run->snapshot().blockedSince < 0);
    }

    void theChunkThatAWorkerRunsIsTold()
    {
        JobSpec spec = naps(40, 0.03, Method::Map);
        spec.chunksize = 20;
        const auto run = Run::start(spec, {.record = true});
        const auto worker = [&](std::uint64_t item) -> std::optional<WorkerSnapshot> {
            for (const WorkerSnapshot &each : run->snapshot().workers)
                if (each.chunk == 0U && each.item >= item)
                    return each;
            return std::nullopt;
        };
        std::optional<WorkerSnapshot> early;
        std::optional<WorkerSnapshot> late;
        QTRY_VERIFY((early = worker(3)));
        QTRY_VERIFY((late = worker(*early->item + 5)));
        QVERIFY(run->spans(0, 1).empty()); // nothing of it is recorded yet
        QCOMPARE(late->chunkBegin, 0U);
        QCOMPARE(late->chunkEnd, 20U);
        QCOMPARE(late->chunkStarted, early->chunkStarted);
        QVERIFY(late->itemStarted - late->chunkStarted >= 0.03 * double(*late->item));
        run->wait();
        QCOMPARE(late->chunkStarted, run->item(0)->record.started);
    }

    /// As one of the last is: nothing more is read until it is done.
    void anItemThatHoldsUpAllOthersIsNamed()
    {
        const QTemporaryDir folder;
        JobSpec spec = oneTakesLong(folder, 400, 2, "20");
        spec.buffersize = 30;
        const auto run = Run::start(spec, {.record = true});
        QTRY_COMPARE(run->snapshot().heldUpBy, std::optional<std::uint64_t>(2));
        QVERIFY(!run->snapshot().eta);
        QVERIFY(run->snapshot().items.read < 400);
        run->stop();
        run->wait();
    }

    void aLastItemThatTakesLongIsNamed()
    {
        const QTemporaryDir folder;
        const auto run = Run::start(oneTakesLong(folder, 8, 2, "20"), {.record = true});
        QTRY_COMPARE(run->snapshot().heldUpBy, std::optional<std::uint64_t>(2));
        QVERIFY(!run->snapshot().eta);
        QCOMPARE(run->snapshot().waitingFor, std::optional<std::uint64_t>(2));
        run->stop();
        run->wait();
        QVERIFY(!run->snapshot().heldUpBy);
    }

    void whatTheConsumerHasLeftIsForetold()
    {
        const QTemporaryDir folder;
        const auto run = Run::start(oneTakesLong(folder, 60, 10, "0.5"), {.record = true});
        run->setConsumerPace(2);
        QTRY_COMPARE(run->snapshot().waitingFor, std::optional<std::uint64_t>(10));
        QTRY_COMPARE(run->snapshot().completed, 60U);
        // Nothing is missing any more: all wait for the consumer.
        QTRY_VERIFY(run->snapshot().eta && !run->snapshot().waitingFor);
        const RunSnapshot snapshot = run->snapshot();
        QCOMPARE(snapshot.released, 60U);
        // It may have taken some before it was told.
        if (const auto left = 60 - snapshot.delivered; left > 5)
            QVERIFY2(snapshot.eta->seconds >= 2.0 * double(left - 1), qPrintable(QString::number(left)));
        run->stop();
        run->wait();
    }

    void mapHasNothingToPace()
    {
        const auto run = Run::start(naps(20, 0.001, Method::Map), {.record = true});
        run->setConsumerPace(100);
        QTRY_VERIFY_WITH_TIMEOUT(run->isOver(), 20'000);
        QCOMPARE(run->snapshot().delivered, 20U);
    }

    void aConsumerThatTakesItsTimeCanBeStopped()
    {
        const auto run = Run::start(naps(20, 0.001), {.record = true});
        run->setConsumerPace(1000);
        QTRY_VERIFY(run->snapshot().delivered >= 1);
        run->stop();
        QTRY_VERIFY_WITH_TIMEOUT(run->isOver(), 20'000);
    }

    void theLivesOfWorkersAreTold()
    {
        JobSpec spec = naps(12, 0.005);
        spec.maxTasksPerChild = 2;
        const auto run = Run::start(spec, {.record = true});
        run->wait();
        const std::uint64_t started = run->snapshot().workersStarted;
        QVERIFY(started >= 6);
        QCOMPARE(eventsOf(*run, RunEventKind::WorkerStarted).size(), std::size_t(started));
        QCOMPARE(eventsOf(*run, RunEventKind::WorkerEnded).size(), std::size_t(started));
        std::set<std::pair<std::uint32_t, std::uint32_t>> ready;
        double last = 0;
        for (const RunEvent &event : run->events(0, 1000)) {
            QVERIFY(event.time >= last);
            last = event.time;
            if (event.kind == RunEventKind::WorkerReady) {
                QVERIFY(event.pid > 0);
                QVERIFY(ready.emplace(event.worker, event.generation).second);
            }
        }
        // Every item ran between its worker's being ready and its end.
        for (const ItemSpan &span : run->spans(0, 100)) {
            QVERIFY(ready.contains({span.worker, span.generation}));
            QVERIFY(span.received >= span.finished);
        }
        // Positions stay what they are.
        QCOMPARE(run->events(3, 1).front().time, run->events(0, 100)[3].time);
    }

    void attemptsThatFailedAreTold()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("flaky.py"));
        QFile code(file);
        QVERIFY(code.open(QIODevice::WriteOnly));
        code.write("import os\n"
                   "def task(i):\n"
                   "    mark = os.path.join(os.path.dirname(__file__), f'tried{i}')\n"
                   "    if i in (2, 5) and not os.path.exists(mark):\n"
                   "        open(mark, 'w').close()\n"
                   "        if i == 2:\n"
                   "            raise ValueError('once')\n"
                   "        os.kill(os.getpid(), 9)\n"
                   "    return i\n");
        code.close();
        JobSpec spec = naps(8, 0);
        spec.task = file + QStringLiteral(":task");
        spec.parameters = {};
        spec.retries = 1;
        const auto run = Run::start(spec, {.record = true});
        run->wait();
        QCOMPARE(run->snapshot().items.ok, 8U);
        const std::vector<ItemSpan> attempts = run->attempts(0, 10);
        QCOMPARE(attempts.size(), std::size_t(2));
        std::set<std::uint64_t> items;
        for (const ItemSpan &attempt : attempts) {
            items.insert(attempt.index);
            QCOMPARE(attempt.attempt, 1U);
            QVERIFY(attempt.status != ItemStatus::Ok);
            QVERIFY(attempt.started >= 0 && attempt.finished >= attempt.started);
        }
        QCOMPARE(items, (std::set<std::uint64_t>{2, 5}));
        QCOMPARE(eventsOf(*run, RunEventKind::ItemRetried).size(), std::size_t(2));
        QCOMPARE(eventsOf(*run, RunEventKind::WorkerDied).size(), std::size_t(1));
        for (const ItemSpan &span : run->spans(0, 10))
            QCOMPARE(span.attempt, items.contains(span.index) ? 2U : 1U);
    }

    void anItemIsFoundByItsIndex()
    {
        JobSpec spec = naps(50, 0);
        spec.task = QStringLiteral("square");
        spec.parameters = {};
        const auto run = Run::start(spec, {.record = true});
        run->wait();
        for (const std::uint64_t index : {0U, 7U, 49U}) {
            const auto item = run->item(index);
            QVERIFY(item);
            QCOMPARE(item->record.index, index);
            QCOMPARE(item->record.value, std::to_string(index * index));
            QCOMPARE(item->record.input, std::to_string(index));
            QCOMPARE(run->completed(std::size_t(item->completedPosition), 1).front().index, index);
            QCOMPARE(run->delivered(std::size_t(item->deliveredPosition.value()), 1).front().index, index);
        }
        QVERIFY(!run->item(50));
    }

    void memoryIsSampled()
    {
        const auto run = Run::start(naps(2000, 0.005), {.record = true});
        QTRY_VERIFY(run->snapshot().memoryBytes > 1'000'000);
        run->stop();
    }

    void textsAreKeptInBlocksAndLongOnesCut()
    {
        ItemTexts texts;
        std::vector<std::string> all;
        for (int i = 0; i < 200'000; ++i)
            all.push_back(i % 1000 == 0 ? std::string() : "item " + std::to_string(i));
        for (const std::string &text : all)
            texts.add(text);
        for (const std::size_t i : {0U, 1U, 999U, 1000U, 123'456U, 199'999U})
            QCOMPARE(std::string(texts.at(i)), all[i]);
        QVERIFY(texts.at(200'000).empty());
        // Not in the middle of a character.
        std::string longest(ItemTexts::longest - 1, 'a');
        texts.add(longest + "\xc3\xa4" + "b");
        QCOMPARE(std::string(texts.at(200'000)), longest);
    }
};

QTEST_GUILESS_MAIN(LiveRunTest)
#include "tst_liverun.moc"
