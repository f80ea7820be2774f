// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/run.h"

#include <QSemaphore>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <atomic>
#include <mutex>

#include <signal.h>
#include <unistd.h>

using namespace Poolscope;

namespace {

JobSpec job(const QString &task, const QString &input, Method method = Method::Imap)
{
    JobSpec spec;
    spec.task = task;
    spec.input = input;
    spec.method = method;
    spec.processes = 2;
    return spec;
}

/// Collects what is delivered; can be told to hold the consumer up.
class Collector final : public ResultSink
{
public:
    bool deliver(std::span<const ItemRecord> batch) override
    {
        if (holdsUp)
            gate.acquire();
        const std::lock_guard lock(mutex);
        records.insert(records.end(), batch.begin(), batch.end());
        return accepts;
    }
    std::size_t count() const
    {
        const std::lock_guard lock(mutex);
        return records.size();
    }

    std::vector<ItemRecord> records;
    bool accepts = true;
    bool holdsUp = false;
    QSemaphore gate;
    mutable std::mutex mutex;
};

bool isGone(std::int64_t pid)
{
    return pid <= 0 || ::kill(pid_t(pid), 0) != 0;
}

} // namespace

class RunTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void eachMethodDeliversWhatItPromises_data()
    {
        QTest::addColumn<int>("method");
        QTest::addColumn<bool>("ordered");
        QTest::addRow("map") << int(Method::Map) << true;
        QTest::addRow("imap") << int(Method::Imap) << true;
        QTest::addRow("imap_unordered") << int(Method::ImapUnordered) << false;
    }
    void eachMethodDeliversWhatItPromises()
    {
        QFETCH(int, method);
        QFETCH(bool, ordered);
        Collector collector;
        const auto run =
            Run::start(job(QStringLiteral("square"), QStringLiteral("range:3000"), Method(method)),
                       {.sink = &collector, .record = true});
        run->wait();
        const RunSnapshot figures = run->snapshot();
        QCOMPARE(figures.phase, RunPhase::Finished);
        QCOMPARE(figures.items.ok, 3000u);
        QCOMPARE(figures.items.ended(), figures.items.read);
        QCOMPARE(figures.delivered, 3000u);
        QCOMPARE(figures.bufferedResults, 0u);
        QCOMPARE(figures.workersStarted, 2u);
        std::vector<std::uint64_t> order;
        for (const ItemRecord &record : collector.records) {
            QCOMPARE(record.status, ItemStatus::Ok);
            QCOMPARE(std::stoull(record.value), record.index * record.index);
            QVERIFY(record.started >= 0 && record.started <= record.finished);
            QVERIFY(record.finished <= record.delivered);
            order.push_back(record.index);
        }
        QCOMPARE(order.size(), std::size_t(3000));
        if (ordered)
            QVERIFY(std::is_sorted(order.begin(), order.end()));
        std::sort(order.begin(), order.end());
        QVERIFY(std::adjacent_find(order.begin(), order.end()) == order.end());
        QCOMPARE(run->completed(0, 10'000).size(), std::size_t(3000));
        QCOMPARE(run->delivered(2990, 10'000).size(), std::size_t(10));
        QVERIFY(run->failures(0, 10).empty());
    }

    void itemsBeginNearlyInTheOrderOfTheInput_data() // S4.5
    {
        QTest::addColumn<int>("method");
        QTest::addRow("imap") << int(Method::Imap);
        QTest::addRow("imap_unordered") << int(Method::ImapUnordered);
    }
    void itemsBeginNearlyInTheOrderOfTheInput()
    {
        QFETCH(int, method);
        constexpr std::size_t items = 1200;
        constexpr int workers = 24;
        QTemporaryDir folder;
        QFile input(folder.filePath(QStringLiteral("uneven.txt")));
        QVERIFY(input.open(QIODevice::WriteOnly));
        for (std::size_t item = 0; item < items; ++item)
            input.write(item % 100 == 11 ? "0\n" : "0.02\n");
        input.close();
        JobSpec spec = job(QStringLiteral("sleep_for"), input.fileName(), Method(method));
        spec.processes = workers;
        const auto run = Run::start(spec, {.record = true});
        run->wait();
        std::vector<ItemSpan> spans = run->spans(0, items);
        QCOMPARE(spans.size(), items);
        std::sort(spans.begin(), spans.end(),
                  [](const ItemSpan &a, const ItemSpan &b) { return a.started < b.started; });
        std::size_t late = 0;
        for (std::size_t place = 0; place < items; ++place)
            late = std::max(late, place - std::min<std::size_t>(place, spans[place].index));
        // A process that gets no CPU for a while is passed by, too.
        QVERIFY2(late <= 8 * workers, qPrintable(QString::number(late)));
    }

    void mapIsSilentUntilTheEnd() // S4.1
    {
        QTemporaryDir folder;
        QFile input(folder.filePath(QStringLiteral("waits.txt")));
        QVERIFY(input.open(QIODevice::WriteOnly));
        input.write("0\n0\n0\n0\n0.3\n");
        input.close();
        const auto run =
            Run::start(job(QStringLiteral("sleep_for"), input.fileName(), Method::Map), {.record = true});
        run->wait();
        const std::vector<ItemRecord> records = run->delivered(0, 10);
        QCOMPARE(records.size(), std::size_t(5));
        const auto last = std::max_element(records.begin(), records.end(), [](const auto &a, const auto &b) {
            return a.finished < b.finished;
        });
        for (const ItemRecord &record : records)
            QVERIFY(record.delivered >= last->finished);
        QCOMPARE(run->snapshot().peakBufferedResults, 5u);
    }

    void theReorderBufferIsVisible() // S4.2
    {
        QTemporaryDir folder;
        QFile input(folder.filePath(QStringLiteral("waits.txt")));
        QVERIFY(input.open(QIODevice::WriteOnly));
        input.write("30\n" + QByteArray("0\n").repeated(50));
        input.close();
        const auto run = Run::start(job(QStringLiteral("sleep_for"), input.fileName()), {.record = true});
        QTRY_COMPARE(run->snapshot().bufferedResults, 50u);
        const RunSnapshot figures = run->snapshot();
        QVERIFY(figures.waitingFor.has_value());
        QCOMPARE(*figures.waitingFor, 0u);
        QCOMPARE(figures.delivered, 0u);
        const auto busy =
            std::find_if(figures.workers.begin(), figures.workers.end(),
                         [](const WorkerSnapshot &worker) { return worker.state == WorkerState::Running; });
        QVERIFY(busy != figures.workers.end());
        QCOMPARE(*busy->item, 0u);
        QCOMPARE(figures.workersBusy, 1u);
        run->stop();
        run->wait();
        QCOMPARE(run->snapshot().phase, RunPhase::Stopped);
        QCOMPARE(run->snapshot().items.cancelled, 1u);
        QCOMPARE(run->snapshot().delivered, 51u);
    }

    void aConsumerThatStopsTakingStopsTheReading() // S9.3
    {
        Collector collector;
        collector.holdsUp = true;
        JobSpec spec = job(QStringLiteral("square"), QStringLiteral("range:100000"));
        spec.buffersize = 20;
        spec.chunksize = 5;
        const auto run = Run::start(spec, {.sink = &collector});
        // What the consumer has taken and holds counts as delivered: one batch of at most the buffer.
        QTRY_VERIFY(run->snapshot().completed >= 100);
        QVERIFY(run->snapshot().items.read <= 200);
        collector.gate.release(1'000'000);
        run->wait();
        QCOMPARE(collector.count(), std::size_t(100'000));
    }

    void aSinkThatCannotGoOnStopsTheRun()
    {
        Collector collector;
        collector.accepts = false;
        const auto run = Run::start(job(QStringLiteral("slow_square"), QStringLiteral("range:1000")),
                                    {.sink = &collector});
        run->wait();
        QVERIFY(run->snapshot().items.cancelled > 0);
    }

    void pauseHoldsTheDispatchUntilResume()
    {
        JobSpec spec = job(QStringLiteral("slow_square"), QStringLiteral("range:40"));
        spec.parameters.insert(QStringLiteral("seconds"), 0.01);
        const auto run = Run::start(spec, {.record = true});
        QTRY_VERIFY(run->snapshot().completed > 0);
        run->pause();
        QTRY_COMPARE(run->snapshot().workersBusy, 0u);
        QCOMPARE(run->snapshot().phase, RunPhase::Paused);
        const std::uint64_t completed = run->snapshot().completed;
        QVERIFY(completed < 40);
        run->resume();
        run->wait();
        QCOMPARE(run->snapshot().items.ok, 40u);
        QCOMPARE(run->snapshot().phase, RunPhase::Finished);
    }

    void stoppingLeavesNoProcess()
    {
        std::vector<std::int64_t> pids;
        {
            const auto run = Run::start(job(QStringLiteral("slow_square"), QStringLiteral("range:1000")),
                                        {.record = true});
            QTRY_COMPARE(run->snapshot().workersBusy, 2u);
            for (const WorkerSnapshot &worker : run->snapshot().workers)
                pids.push_back(worker.pid);
        }
        QCOMPARE(pids.size(), std::size_t(2));
        for (const std::int64_t pid : pids)
            QVERIFY(isGone(pid));
    }

    void aRunCanBeStoppedAtAnyMoment_data()
    {
        QTest::addColumn<int>("polls");
        for (int polls = 0; polls < 12; ++polls)
            QTest::addRow("after %d looks", polls) << polls;
    }
    void aRunCanBeStoppedAtAnyMoment()
    {
        QFETCH(int, polls);
        const auto run = Run::start(job(QStringLiteral("square"), QStringLiteral("range:1000000000")), {});
        for (int i = 0; i < polls * 200; ++i)
            run->snapshot();
        run->stop();
        run->wait();
        const RunSnapshot figures = run->snapshot();
        QCOMPARE(figures.phase, RunPhase::Stopped);
        QCOMPARE(figures.items.ended(), figures.items.read);
        QCOMPARE(figures.delivered, figures.items.read);
    }

    void whatIsWrongStartsNothing_data()
    {
        QTest::addColumn<QString>("task");
        QTest::addColumn<QString>("input");
        QTest::addColumn<int>("kind");
        QTest::addRow("task") << QStringLiteral("squar") << QStringLiteral("range:3")
                              << int(JobProblem::Kind::Usage);
        QTest::addRow("input") << QStringLiteral("square") << QStringLiteral("/no/such/file")
                               << int(JobProblem::Kind::Input);
        QTest::addRow("range") << QStringLiteral("square") << QStringLiteral("range:x")
                               << int(JobProblem::Kind::Usage);
        QTest::addRow("pattern") << QStringLiteral("square") << QStringLiteral("glob:/no/such/*")
                                 << int(JobProblem::Kind::Input);
    }
    void whatIsWrongStartsNothing()
    {
        QFETCH(QString, task);
        QFETCH(QString, input);
        const auto run = Run::start(job(task, input), {.record = true});
        run->wait();
        QCOMPARE(run->snapshot().phase, RunPhase::Failed);
        QVERIFY(run->failure().has_value());
        QTEST(int(run->failure()->kind), "kind");
        QVERIFY(!run->snapshot().problem.empty());
        QCOMPARE(run->snapshot().workersStarted, 0u);
        QCOMPARE(run->snapshot().items.read, 0u);
    }

    void failuresKeepTheirInput()
    {
        QTemporaryDir folder;
        QFile input(folder.filePath(QStringLiteral("mixed.txt")));
        QVERIFY(input.open(QIODevice::WriteOnly));
        input.write("2\nthree\n4\n");
        input.close();
        const auto run = Run::start(job(QStringLiteral("square"), input.fileName()), {.record = true});
        run->wait();
        const std::vector<ItemRecord> failures = run->failures(0, 10);
        QCOMPARE(failures.size(), std::size_t(1));
        QCOMPARE(failures[0].index, 1u);
        QCOMPARE(failures[0].input, std::string("\"three\""));
        QVERIFY(failures[0].value.find("TypeError") != std::string::npos);
        QCOMPARE(run->snapshot().items.error, 1u);
    }

    void printsAreKeptAsLinesWithTheirWorker()
    {
        QTemporaryDir folder;
        QFile tasks(folder.filePath(QStringLiteral("loud.py")));
        QVERIFY(tasks.open(QIODevice::WriteOnly));
        tasks.write("def speak(x):\n    print('item', x)\n    print('no end', end='')\n    return x\n");
        tasks.close();
        JobSpec spec = job(tasks.fileName() + QStringLiteral(":speak"), QStringLiteral("range:3"));
        spec.processes = 1;
        const auto run = Run::start(spec, {.record = true});
        run->wait();
        QCOMPARE(run->snapshot().items.ok, 3u);
        std::string text;
        for (const LogLine &line : run->log(0, 100)) {
            QCOMPARE(line.worker, 0);
            QVERIFY(line.pid > 0);
            text += line.text + "|";
        }
        QCOMPARE(text, std::string("item 0|no end|item 1|no end|item 2|no end|"));
    }

    void retriedItemsAloneAreRunAgain_data()
    {
        QTest::addColumn<int>("outcomesLeft"); // in the journal, of twelve
        QTest::addColumn<int>("cancelled");
        QTest::addRow("of a whole run") << 12 << 0;
        QTest::addRow("of a run that was cut off") << 8 << 4;
    }
    void retriedItemsAloneAreRunAgain()
    {
        QFETCH(int, outcomesLeft);
        QFETCH(int, cancelled);
        const QTemporaryDir folder;
        QFile tasks(folder.filePath(QStringLiteral("tasks.py")));
        QVERIFY(tasks.open(QIODevice::WriteOnly));
        tasks.write("import os\nHERE = os.path.dirname(__file__)\ndef f(x):\n"
                    "    open(HERE + '/log', 'a').write(f'{x} ')\n"
                    "    if x in (3, 5) and not os.path.exists(HERE + '/mended'):\n"
                    "        raise ValueError(x)\n    return x\n");
        tasks.close();
        JobSpec spec = job(tasks.fileName() + QStringLiteral(":f"), QStringLiteral("range:12"));
        spec.processes = 1;
        spec.chunksize = 4;
        spec.journal = folder.filePath(QStringLiteral("journal"));
        spec.journalKeeper = JournalKeeper::Program;
        Run::start(spec, {})->wait();
        QFile journal(spec.journal);
        QVERIFY(journal.open(QIODevice::ReadWrite));
        qint64 kept = 0;
        for (int line = 0; line <= outcomesLeft; ++line)
            kept += journal.readLine().size();
        QVERIFY(journal.resize(kept));
        QFile log(folder.filePath(QStringLiteral("log")));
        QVERIFY(log.remove());
        QFile mended(folder.filePath(QStringLiteral("mended")));
        QVERIFY(mended.open(QIODevice::WriteOnly));

        spec.resume = true;
        spec.retried = {3};
        const auto run = Run::start(spec, {.record = true});
        run->wait();
        QVERIFY2(!run->failure(), run->snapshot().problem.c_str());
        QVERIFY(log.open(QIODevice::ReadOnly));
        QCOMPARE(log.readAll(), QByteArray("3 "));
        const RunSnapshot figures = run->snapshot();
        QCOMPARE(figures.phase, cancelled > 0 ? RunPhase::Stopped : RunPhase::Finished);
        QCOMPARE(figures.items.error, 1u);
        QCOMPARE(figures.items.cancelled, std::uint64_t(cancelled));
        QCOMPARE(figures.items.ok, std::uint64_t(11 - cancelled));
        const std::vector<ItemRecord> records = run->delivered(0, 100);
        QCOMPARE(records.size(), std::size_t(12));
        for (std::size_t i = 0; i < records.size(); ++i)
            QCOMPARE(records[i].index, i);
        QCOMPARE(records[3].value, std::string("3"));
        QCOMPARE(records[5].status, ItemStatus::Error);
    }

    void onlyAUsersJournalMayEndARun_data()
    {
        QTest::addColumn<int>("keeper");
        QTest::addColumn<int>("phase");
        QTest::addRow("the program's own") << int(JournalKeeper::Program) << int(RunPhase::Finished);
        QTest::addRow("the user's") << int(JournalKeeper::User) << int(RunPhase::Failed);
    }
    void onlyAUsersJournalMayEndARun()
    {
        QFETCH(int, keeper);
        QFETCH(int, phase);
        JobSpec spec = job(QStringLiteral("square"), QStringLiteral("range:50"));
        spec.journal = QStringLiteral("/nowhere/at/all/journal");
        spec.journalKeeper = JournalKeeper(keeper);
        const auto run = Run::start(spec, {.record = true});
        run->wait();
        QCOMPARE(int(run->snapshot().phase), phase);
        const std::vector<LogLine> log = run->log(0, 100);
        QCOMPARE(std::any_of(log.begin(), log.end(),
                             [](const LogLine &line) {
                                 return line.text.find("cannot be resumed") != std::string::npos;
                             }),
                 keeper == int(JournalKeeper::Program));
    }

    void deathsAreRecordedWithAndWithoutAnItem()
    {
        const auto run =
            Run::start(job(QStringLiteral("sleep_for"), QStringLiteral("range:1000:1001")), {.record = true});
        const auto workerThat = [&run](WorkerState state) {
            std::int64_t pid = 0;
            for (const WorkerSnapshot &worker : run->snapshot().workers)
                if (worker.state == state)
                    pid = worker.pid;
            return pid;
        };
        QTRY_VERIFY(workerThat(WorkerState::Waiting) != 0 && workerThat(WorkerState::Running) != 0);
        const std::int64_t idle = workerThat(WorkerState::Waiting);
        const std::int64_t busy = workerThat(WorkerState::Running);
        ::kill(pid_t(idle), SIGKILL);
        QTRY_COMPARE(run->deaths(0, 10).size(), std::size_t(1));
        ::kill(pid_t(busy), SIGSEGV);
        run->wait();
        const std::vector<WorkerDeath> deaths = run->deaths(0, 10);
        QCOMPARE(deaths.size(), std::size_t(2));
        QCOMPARE(deaths[0].pid, idle);
        QVERIFY(!deaths[0].item);
        QVERIFY2(deaths[0].error.find("while it ran no item") != std::string::npos, deaths[0].error.c_str());
        QCOMPARE(deaths[1].pid, busy);
        QCOMPARE(deaths[1].item, std::optional<std::uint64_t>(0));
        QVERIFY2(deaths[1].error.find("SIGSEGV") != std::string::npos, deaths[1].error.c_str());
        QCOMPARE(run->failures(0, 10).size(), std::size_t(1));
    }

    void theEndIsToldOnce()
    {
        std::atomic<int> told = 0;
        const auto run = Run::start(job(QStringLiteral("square"), QStringLiteral("range:10")), {});
        run->whenOver([&told] { ++told; });
        run->wait();
        QTRY_COMPARE(told.load(), 1);
        run->whenOver([&told] { ++told; });
        QCOMPARE(told.load(), 2);
    }
};

QTEST_GUILESS_MAIN(RunTest)
#include "tst_run.moc"
