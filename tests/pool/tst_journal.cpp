// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "core/pool/journal.h"
#endif

#include <QFile>
#include <QScopeGuard>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <optional>
#include <vector>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace Poolscope {

using Wire::ItemStatus;

namespace {

ItemResult outcome(std::uint64_t index, ItemStatus status, std::string payload)
{
    ItemResult result;
    result.index = index;
    result.status = status;
    result.payload = std::move(payload);
    result.hasOutcome = true;
    return result;
}

JournalHeader header(std::uint64_t items = 10, std::uint64_t chunksize = 2)
{
    return {
        {{QStringLiteral("task"), QStringLiteral("tasks.py:f")}, {QStringLiteral("param"), QJsonObject{}}},
        chunksize,
        {items, "0a1b"},
        {}};
}

} // namespace

class JournalTest final : public QObject
{
    Q_OBJECT

    std::optional<QTemporaryDir> m_folder;
    QString m_path;

    QByteArray content() const
    {
        QFile file(m_path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    void write(const QByteArray &bytes) const
    {
        QFile file(m_path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
    }

    /// A journal with these outcomes, closed again.
    void record(const std::vector<ItemResult> &outcomes) const
    {
        Journal journal(m_path, false);
        journal.begin(header());
        journal.append(outcomes);
        QVERIFY2(journal.close(), qPrintable(journal.error()));
    }

    /// What keeps the file from being read as the journal that it is; empty when nothing does.
    QString problem(bool resume = true) const
    {
        try {
            Journal journal(m_path, resume);
            if (journal.header())
                journal.readOutcomes();
        } catch (const JournalError &error) {
            return error.problem().message;
        }
        return {};
    }

private Q_SLOTS:
    void init()
    {
        m_folder.emplace();
        QVERIFY(m_folder->isValid());
        m_path = m_folder->filePath(QStringLiteral("journal"));
    }

    void whatIsAppendedIsReadAgain()
    {
        record({outcome(0, ItemStatus::Ok, "[1,\"\xc3\xa9\"]"),
                outcome(1, ItemStatus::Error, R"({"type":"E"})"),
                outcome(2, ItemStatus::Lost, R"({"type":"WorkerLost"})"),
                outcome(3, ItemStatus::NotRun, "null")});

        Journal journal(m_path, true);
        QVERIFY(journal.header());
        QCOMPARE(journal.header()->job, header().job);
        QCOMPARE(journal.header()->chunksize, header().chunksize);
        QCOMPARE(journal.header()->input.items, header().input.items);
        QCOMPARE(journal.header()->input.hash, header().input.hash);
        journal.readOutcomes();
        QCOMPARE(journal.statusOf(0), ItemStatus::Ok);
        QCOMPARE(journal.statusOf(1), ItemStatus::Error);
        QCOMPARE(journal.statusOf(2), ItemStatus::Lost);
        QCOMPARE(journal.statusOf(3), ItemStatus::NotRun);
        QVERIFY(!journal.statusOf(4));
        QVERIFY(!journal.statusOf(1000));
        // Out of order, and one twice.
        QCOMPARE(journal.outcomeOf(3).payload, "null");
        QCOMPARE(journal.outcomeOf(0).payload, "[1,\"\xc3\xa9\"]");
        QCOMPARE(journal.outcomeOf(1).payload, R"({"type":"E"})");
        QCOMPARE(journal.outcomeOf(0).payload, "[1,\"\xc3\xa9\"]");
    }

    void earlierAttemptsAreKept()
    {
        const auto attempt = [](std::uint16_t number, ItemStatus status, std::string payload) {
            ItemResult result = outcome(2, status, std::move(payload));
            result.attempt = number;
            result.pid = 4711;
            result.slot = 3;
            result.generation = number;
            return result;
        };
        ItemResult last = attempt(3, ItemStatus::Ok, "9");
        last.earlier = std::make_shared<std::vector<ItemResult>>();
        last.earlier->push_back(attempt(1, ItemStatus::Error, "{\"type\":\"E\",\"message\":\"a]},\\\"b\"}"));
        last.earlier->push_back(attempt(2, ItemStatus::Lost, R"({"type":"WorkerLost","signal":"SIGKILL"})"));
        record({last, outcome(3, ItemStatus::Ok, "1")});
        Journal journal(m_path, true);
        journal.readOutcomes();
        QVERIFY(!journal.outcomeOf(3).earlier);
        const ItemResult read = journal.outcomeOf(2);
        QCOMPARE(read.payload, "9");
        QCOMPARE(read.attempt, std::uint16_t(3));
        QVERIFY(read.earlier && read.earlier->size() == 2);
        for (std::size_t i = 0; i < 2; ++i) {
            const ItemResult &was = (*last.earlier)[i];
            const ItemResult &is = (*read.earlier)[i];
            QCOMPARE(is.index, was.index);
            QCOMPARE(is.status, was.status);
            QCOMPARE(is.payload, was.payload);
            QCOMPARE(is.attempt, was.attempt);
            QCOMPARE(is.pid, was.pid);
            QCOMPARE(is.slot, was.slot);
            QCOMPARE(is.generation, was.generation);
        }
    }

    void valuesOfAnySizeAreReadFromTheFile()
    {
        // Larger than what is read at once, and so many that what was read last is left and entered again.
        const std::vector<std::size_t> sizes{1, 700'000, 5, 300'000, 262'143, 2, 262'144, 1, 100'000, 90'000};
        std::vector<ItemResult> outcomes;
        for (std::size_t i = 0; i < sizes.size(); ++i)
            outcomes.push_back(outcome(i, ItemStatus::Ok, '"' + std::string(sizes[i], char('a' + i)) + '"'));
        record(outcomes);

        Journal journal(m_path, true);
        journal.readOutcomes();
        for (const std::size_t i : {0U, 1U, 2U, 3U, 4U, 5U, 6U, 7U, 8U, 9U, 2U, 6U, 0U, 9U})
            QVERIFY2(journal.outcomeOf(i).payload == outcomes[i].payload, qPrintable(QString::number(i)));
    }

    void theLastOfSeveralOutcomesOfAnItemCounts()
    {
        record({outcome(4, ItemStatus::Lost, "null"), outcome(5, ItemStatus::Ok, "5"),
                outcome(4, ItemStatus::Error, "{}"), outcome(4, ItemStatus::Ok, "16")});
        Journal journal(m_path, true);
        journal.readOutcomes();
        QCOMPARE(journal.statusOf(4), ItemStatus::Ok);
        QCOMPARE(journal.outcomeOf(4).payload, "16");
        QCOMPARE(journal.outcomeOf(5).payload, "5");
    }

    void whatIsNoOutcomeYetIsNotKept()
    {
        ItemResult running = outcome(1, ItemStatus::Ok, "1");
        running.hasOutcome = false;
        record({running, outcome(2, ItemStatus::Cancelled, "null"), outcome(3, ItemStatus::Ok, "9")});
        QCOMPARE(content().count('\n'), 2);
        Journal journal(m_path, true);
        journal.readOutcomes();
        QVERIFY(!journal.statusOf(1));
        QVERIFY(!journal.statusOf(2));
        QCOMPARE(journal.statusOf(3), ItemStatus::Ok);
    }

    void aLineThatWasCutOffDoesNotCountAndIsTakenAway()
    {
        record({outcome(0, ItemStatus::Ok, "0"), outcome(1, ItemStatus::Ok, "[1,2]")});
        const QByteArray whole = content();
        const qsizetype lastLine = whole.chopped(1).lastIndexOf('\n') + 1;
        for (qsizetype size = lastLine; size < whole.size(); ++size) {
            write(whole.first(size));
            Journal journal(m_path, true);
            journal.readOutcomes();
            QCOMPARE(journal.statusOf(0), ItemStatus::Ok);
            QVERIFY(!journal.statusOf(1));
            QCOMPARE(content(), whole.first(lastLine));
            const ItemResult again = outcome(1, ItemStatus::Ok, "[1,2]");
            journal.append({&again, 1});
            QVERIFY(journal.sync());
            QCOMPARE(content(), whole);
        }
    }

    void aHeaderThatWasCutOffIsANewJournal()
    {
        record({});
        const QByteArray whole = content();
        for (qsizetype size = 0; size < whole.size(); ++size) {
            write(whole.first(size));
            Journal journal(m_path, true);
            QVERIFY2(!journal.header(), whole.first(size).constData());
            journal.begin(header());
            QVERIFY(journal.close());
            QCOMPARE(content(), whole);
        }
    }

    void linesThatMakeNoSenseAreNamed_data()
    {
        QTest::addColumn<QByteArray>("line");
        const auto row = [](const char *line) { QTest::newRow(line) << QByteArray(line); };
        row("");
        row("{}");
        row("nonsense");
        row(R"({"index":1,"status":"ok","attempt":1,"value":1)");
        row(R"({"index":1,"status":"ok","attempt":1,"value":})");
        row(R"({"index":1,"status":"ok","attempt":1,"value":1}})");
        row(R"({"index":1,"status":"ok","attempt":1,"value":1} )");
        row(R"({"index":1,"status":"ok","attempt":1,"value":1,"more":2})");
        row(R"({"index":1,"status":"ok","attempt":1,"value":nonsense})");
        row(R"({"index":1,"status":"ok","attempt":1,"error":{}})");
        row(R"({"index":1,"status":"error","attempt":1,"value":1})");
        row(R"({"index":1,"status":"okay","attempt":1,"value":1})");
        row(R"({"index":1,"status":"ok","attempt":70000,"value":1})");
        row(R"({"index":1,"status":"ok","attempt":2,"earlier":[],"value":1})");
        row(R"({"index":1,"status":"ok","attempt":2,"earlier":[{}],"value":1})");
        row(R"({"index":1,"status":"ok","attempt":2,"earlier":[{"status":"error","attempt":1,"error":}],"value":1})");
        row(R"({"index":1,"status":"ok","attempt":2,"earlier":[{"status":"error","attempt":1,"error":{}],"value":1})");
        row(R"({"index":1,"status":"ok","attempt":2,"earlier":[{"status":"error","attempt":1,"error":{}},],"value":1})");
        row(R"({"index":-1,"status":"ok","attempt":1,"value":1})");
        row(R"({"index":99999999999999999999,"status":"ok","attempt":1,"value":1})");
        // Items 0 to 9 are there.
        row(R"({"index":10,"status":"ok","attempt":1,"value":1})");
    }
    void linesThatMakeNoSenseAreNamed()
    {
        QFETCH(QByteArray, line);
        record({outcome(0, ItemStatus::Ok, "0"), outcome(1, ItemStatus::Ok, "1")});
        const QByteArray damaged = content() + line + '\n';
        write(damaged);
        const QString told = problem();
        QVERIFY2(told.startsWith(m_path + QStringLiteral(", line 4: ")), qPrintable(told));
        QCOMPARE(content(), damaged);
    }

    void whatIsNoJournalIsRefusedAndLeftAsItIs_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("words");
        const QString no = QStringLiteral("is no journal of a run");
        const QString unknown = QStringLiteral("line 1");
        const auto row = [](const char *name, const QByteArray &bytes, const QString &words) {
            QTest::newRow(name) << bytes << words;
        };
        row("text", "my notes\n", no);
        row("text without a line end", "my notes", no);
        row("JSON lines", "{\"index\":1}\n", no);
        row("zeros", QByteArray(5000, '\0'), no);
        row("header of another version",
            R"({"format":"poolscope-journal","version":2,"chunksize":1,"input":"","items":1,"job":{"a":1}})"
            "\n",
            unknown);
        row("header without a job",
            R"({"format":"poolscope-journal","version":1,"chunksize":1,"input":"","items":1,"job":{}})"
            "\n",
            unknown);
        row("header without the number of items",
            R"({"format":"poolscope-journal","version":1,"chunksize":1,"input":"","job":{"a":1}})"
            "\n",
            unknown);
        row("header with less than no items",
            R"({"format":"poolscope-journal","version":1,"chunksize":1,"input":"","items":-5,"job":{"a":1}})"
            "\n",
            unknown);
        row("header with a chunksize of 0",
            R"({"format":"poolscope-journal","version":1,"chunksize":0,"input":"","items":1,"job":{"a":1}})"
            "\n",
            unknown);
        row("half a header", "{\"format\":\"poolscope-journal\",nonsense\n", unknown);
    }
    void whatIsNoJournalIsRefusedAndLeftAsItIs()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, words);
        write(bytes);
        const QString told = problem();
        QVERIFY2(told.contains(words) && told.contains(m_path), qPrintable(told));
        QCOMPARE(content(), bytes);
    }

    void onlyWithResumeIsAnOldOneContinued()
    {
        record({outcome(0, ItemStatus::Ok, "0")});
        const QByteArray before = content();
        QVERIFY(problem(false).contains(QLatin1String("--resume")));
        QVERIFY(Journal::problemWith(m_path, false));
        QVERIFY(!Journal::problemWith(m_path, true));
        QCOMPARE(content(), before);
        QCOMPARE(problem(true), QString());

        // An empty file, and none, are new journals either way.
        write({});
        QVERIFY(!Journal::problemWith(m_path, false));
        QVERIFY(QFile::remove(m_path));
        QVERIFY(!Journal::problemWith(m_path, true));
    }

    void theJournalOfAnotherJobIsRefused()
    {
        record({});
        const Journal journal(m_path, true);
        const QJsonObject same = header().job;
        journal.requireJob(same, 2);
        journal.requireJob(same, std::nullopt);
        const auto told = [&journal](const QJsonObject &job, std::optional<int> chunksize) {
            try {
                journal.requireJob(job, chunksize);
            } catch (const JournalError &error) {
                return error.problem().message;
            }
            return QString();
        };
        QJsonObject other = same;
        other.insert(QStringLiteral("task"), QStringLiteral("tasks.py:g"));
        QVERIFY(told(other, 2).contains(QLatin1String("its task is tasks.py:f, here it is tasks.py:g")));
        QJsonObject more = same;
        more.insert(QStringLiteral("initializer"), QJsonObject{{QStringLiteral("function"), 1}});
        QVERIFY(told(more, 2).contains(QLatin1String("its initializer is none")));
        QJsonObject fewer = same;
        fewer.remove(QStringLiteral("param"));
        QVERIFY(told(fewer, 2).contains(QLatin1String("its param is {}, here it is none")));
        QVERIFY(told(same, 3).contains(QLatin1String("its chunksize is 2, here it is 3")));
    }

    void aChangedInputIsRefused()
    {
        record({});
        const Journal journal(m_path, true);
        journal.requireInput(header().input);
        const auto told = [&journal](const InputDigest &input) {
            try {
                journal.requireInput(input);
            } catch (const JournalError &error) {
                return error.problem().message;
            }
            return QString();
        };
        QVERIFY(told({11, "0a1b"}).contains(QLatin1String("it had 10 items, now it has 11")));
        QVERIFY(told({10, "0a1c"}).contains(QLatin1String("as many items, but not the same")));
    }

    void oneRunAtATimeUsesIt()
    {
        {
            Journal first(m_path, false);
            first.begin(header());
            const QString told = problem();
            QVERIFY2(told.contains(QLatin1String("of a run that goes on")), qPrintable(told));
            const ItemResult result = outcome(0, ItemStatus::Ok, "0");
            first.append({&result, 1});
            QVERIFY(first.close());
            // Its values may still be read.
            QVERIFY(!problem().isEmpty());
        }
        QCOMPARE(problem(), QString());
    }

    void whatIsSyncedIsInTheFile()
    {
        Journal journal(m_path, false);
        journal.begin(header());
        QVERIFY(journal.sync());
        for (std::uint64_t index = 0; index < 10; ++index) {
            const ItemResult result = outcome(index, ItemStatus::Ok, std::to_string(index * index));
            journal.append({&result, 1});
            QVERIFY(journal.sync());
            QCOMPARE(content().count('\n'), qsizetype(2 + index));
        }
        QVERIFY(journal.close());
        QVERIFY(journal.close());
    }

    void aFullDiskIsToldAndNothingHangs()
    {
        // A limit on the size of files fails a write half-way, as a full disk does.
        signal(SIGXFSZ, SIG_IGN);
        rlimit before = {};
        QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
        const auto putBack = qScopeGuard([&before] { setrlimit(RLIMIT_FSIZE, &before); });
        {
            Journal journal(m_path, false);
            journal.begin(header());
            rlimit full = before;
            full.rlim_cur = rlim_t(content().size() + 100);
            QCOMPARE(setrlimit(RLIMIT_FSIZE, &full), 0);
            const ItemResult fits = outcome(0, ItemStatus::Ok, "0");
            journal.append({&fits, 1});
            QVERIFY(journal.sync());
            const ItemResult large = outcome(1, ItemStatus::Ok, '"' + std::string(1000, 'a') + '"');
            journal.append({&large, 1});
            QVERIFY(!journal.sync());
            QVERIFY2(journal.error().contains(m_path), qPrintable(journal.error()));
            journal.append({&large, 1});
            QVERIFY(!journal.sync());
            QVERIFY(!journal.close());
        }
        // With room again the run goes on from what was written whole.
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &before), 0);
        Journal journal(m_path, true);
        journal.readOutcomes();
        QCOMPARE(journal.statusOf(0), ItemStatus::Ok);
        QVERIFY(!journal.statusOf(1));
    }

    void aDiskThatIsFullFromTheBeginningIsTold()
    {
        signal(SIGXFSZ, SIG_IGN);
        rlimit before = {};
        QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
        const auto putBack = qScopeGuard([&before] { setrlimit(RLIMIT_FSIZE, &before); });
        rlimit full = before;
        full.rlim_cur = 10;
        Journal journal(m_path, false);
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &full), 0);
        QVERIFY_THROWS_EXCEPTION(JournalError, journal.begin(header()));
    }

    void onlyRegularFilesWillDo()
    {
        for (const QString &path :
             {QStringLiteral("/dev/full"), QStringLiteral("/dev/null"), m_folder->path()}) {
            m_path = path;
            const QString told = problem();
            QVERIFY2(told.contains(path) && !told.endsWith(path), qPrintable(told));
            QVERIFY(Journal::problemWith(path, true));
        }
    }

    void aFileThatMayNotBeWrittenIsTold()
    {
        record({outcome(0, ItemStatus::Ok, "0")});
        QCOMPARE(chmod(QFile::encodeName(m_folder->path()).constData(), 0755), 0);
        QCOMPARE(chmod(QFile::encodeName(m_path).constData(), 0444), 0);
        // Permissions mean nothing to root.
        const bool isRoot = geteuid() == 0;
        QVERIFY(!isRoot || seteuid(65534) == 0);
        const auto putBack = qScopeGuard([isRoot] { QVERIFY(!isRoot || seteuid(0) == 0); });
        const QString told = problem();
        QVERIFY2(told.contains(QLatin1String("cannot be read or written")) && told.contains(m_path),
                 qPrintable(told));
        m_path = m_folder->filePath(QStringLiteral("missing/journal"));
        QVERIFY(problem().contains(m_path));
    }

    void aFileThatChangesMeanwhileIsTold()
    {
        record({outcome(0, ItemStatus::Ok, "0"), outcome(1, ItemStatus::Ok, "1")});
        Journal journal(m_path, true);
        journal.readOutcomes();
        QFile file(m_path);
        QVERIFY(file.resize(content().size() - 4));
        QCOMPARE(journal.outcomeOf(0).payload, "0");
        QVERIFY_THROWS_EXCEPTION(JournalError, journal.outcomeOf(1));
    }

    void itemsToRun_data()
    {
        QTest::addColumn<QByteArray>("statuses");
        QTest::addColumn<bool>("raises");
        QTest::addColumn<bool>("rerunsFailed");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char *name, const char *statuses, bool raises, bool reruns,
                            const char *expected) {
            QTest::newRow(name) << QByteArray(statuses) << raises << reruns << QByteArray(expected);
        };
        // Chunks of two: o ok, e error, l lost, n not run, - none; x is run.
        row("nothing known", "----------", false, false, "xxxxxxxxxx");
        row("all known", "oooooooooo", true, false, "..........");
        row("what has no value runs", "oelno-oeln", false, false, "..xx.x..xx");
        row("failed ones, too", "oelno-oeln", false, true, ".xxx.x.xxx");
        row("behind an error nothing runs", "enooeneneo", true, false, "..........");
        row("a chunk that was cut off behind its error", "e-oooooooo", true, false, "xx........");
        row("a chunk that was cut off before its error", "-eoo-ooooo", true, false, "xx..xx....");
    }
    void itemsToRun()
    {
        QFETCH(QByteArray, statuses);
        QFETCH(bool, raises);
        QFETCH(bool, rerunsFailed);
        QFETCH(QByteArray, expected);
        std::vector<ItemResult> outcomes;
        for (qsizetype i = 0; i < statuses.size(); ++i) {
            const char status = statuses[i];
            if (status != '-')
                outcomes.push_back(outcome(std::uint64_t(i),
                                           status == 'o'   ? ItemStatus::Ok
                                           : status == 'e' ? ItemStatus::Error
                                           : status == 'l' ? ItemStatus::Lost
                                                           : ItemStatus::NotRun,
                                           "null"));
        }
        record(outcomes);
        Journal journal(m_path, true);
        journal.readOutcomes();
        JobSpec spec;
        spec.onError = raises ? OnError::Raise : OnError::Collect;
        spec.rerunFailed = rerunsFailed;
        const ItemSelection selection = Poolscope::itemsToRun(journal, spec, 10, 2);
        QByteArray selected;
        for (std::uint64_t index = 0; index < 10; ++index)
            selected += selection.contains(index) ? 'x' : '.';
        QCOMPARE(selected, expected);
    }
};

} // namespace Poolscope

QTEST_GUILESS_MAIN(Poolscope::JournalTest)
#include "tst_journal.moc"
