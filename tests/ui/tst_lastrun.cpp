// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/lastrun.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

using namespace Poolscope;

namespace {

/// A journal of so many items, the first of which have these outcomes.
QByteArray journal(int items, const QList<QByteArray> &statuses, const QByteArray &settings = {})
{
    QByteArray text =
        "{\"format\":\"poolscope-journal\",\"version\":1,\"chunksize\":1,\"items\":" +
        QByteArray::number(items) + ",\"input\":\"ab\",\"job\":{\"task\":\"square\"},\"settings\":{" +
        R"("task":"square","input":"range:10","method":"imap","halt":"soon,fail=3")" + settings + "}}\n";
    for (int index = 0; index < statuses.size(); ++index)
        text += "{\"index\":" + QByteArray::number(index) + ",\"status\":\"" + statuses.at(index) +
                "\",\"attempt\":1," + (statuses.at(index) == "ok" ? "\"value\":1}\n" : "\"error\":{}}\n");
    return text;
}

void write(const QString &name, const QByteArray &text, int secondsAgo = 0)
{
    QVERIFY(QDir().mkpath(LastRun::folder()));
    QFile file(LastRun::folder() + QLatin1Char('/') + name);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
    file.flush();
    QVERIFY(file.setFileTime(QDateTime::currentDateTime().addSecs(-secondsAgo),
                             QFileDevice::FileModificationTime));
}

/// Another window uses the file as long as this lives.
class InUse
{
public:
    explicit InUse(const QString &name)
        : m_descriptor(
              ::open(QFile::encodeName(LastRun::folder() + QLatin1Char('/') + name).constData(), O_RDWR))
    {
        flock(m_descriptor, LOCK_EX);
    }
    ~InUse() { ::close(m_descriptor); }
    Q_DISABLE_COPY_MOVE(InUse)

private:
    const int m_descriptor;
};

} // namespace

class LastRunTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_home.isValid());
        qputenv("XDG_DATA_HOME", QFile::encodeName(m_home.path()));
    }
    void init()
    {
        QVERIFY(LastRun::folder().startsWith(m_home.path()));
        QDir(LastRun::folder()).removeRecursively();
    }

    void whatIsMissingIsCounted_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("missing"); // -1: nothing is found
        const QByteArray raises = ",\"raise\":true";
        QTest::newRow("cut off") << journal(10, {"ok", "error", "lost", "ok"}) << 6;
        QTest::newRow("a line was cut off") << journal(10, {"ok", "ok", "ok"}).chopped(5) << 8;
        QTest::newRow("nothing is missing") << journal(3, {"ok", "error", "ok"}) << 0;
        QTest::newRow("not run") << journal(3, {"error", "not_run", "ok"}) << 1;
        QTest::newRow("not run behind an error") << journal(3, {"error", "not_run", "ok"}, raises) << 0;
        QTest::newRow("nothing was done yet") << journal(3, {}) << -1;
        QTest::newRow("empty") << QByteArray() << -1;
        QTest::newRow("no journal") << QByteArray("{\"index\":0}\n") << -1;
        QTest::newRow("an item that is none") << journal(1, {"ok", "ok"}) << -1;
        QTest::newRow("damaged") << journal(10, {"ok", "ok"}).replace("\"index\":1", "\"index\":x") << -1;
    }
    void whatIsMissingIsCounted()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const int, missing);
        write(QStringLiteral("a.journal"), text);
        LastRun last;
        QSignalSpy changed(&last, &LastRun::changed);
        last.search();
        QTRY_COMPARE(changed.count(), 1);
        QCOMPARE(last.found().has_value(), missing >= 0);
        if (missing < 0)
            return;
        QCOMPARE(last.found()->missing, std::uint64_t(missing));
        const JobSpec &spec = last.found()->spec;
        QCOMPARE(spec.task, QStringLiteral("square"));
        QCOMPARE(spec.method, Method::Imap);
        QVERIFY(spec.halt.has_value());
        QVERIFY(spec.resume);
        QCOMPARE(spec.journalKeeper, JournalKeeper::Program);
        QCOMPARE(spec.journal, LastRun::folder() + QStringLiteral("/a.journal"));
    }

    void theNewestThatNobodyUsesIsFound()
    {
        write(QStringLiteral("used.journal"), journal(10, {"ok"}));
        write(QStringLiteral("begun.journal"), journal(10, {}), 10);
        write(QStringLiteral("newest.journal"), journal(20, {"ok"}), 20);
        write(QStringLiteral("older.journal"), journal(30, {"ok"}), 30);
        const InUse otherWindow(QStringLiteral("used.journal"));
        LastRun last;
        QSignalSpy changed(&last, &LastRun::changed);
        last.search();
        QTRY_COMPARE(changed.count(), 1);
        QVERIFY(last.found().has_value());
        QCOMPARE(last.found()->items, 20U);
    }

    void everyRunHasAJournalOfItsOwn()
    {
        JobSpec spec;
        spec.task = QStringLiteral("square");
        spec.input = QStringLiteral("range:5");
        spec.resume = true;
        const JobSpec first = LastRun::journaled(spec);
        QVERIFY(!first.resume);
        QCOMPARE(QFileInfo(first.journal).path(), LastRun::folder());
        QCOMPARE(QFileInfo(LastRun::folder()).permissions() &
                     (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther),
                 QFile::Permissions());
        QTRY_VERIFY(LastRun::journaled(spec).journal != first.journal);
        spec.input = QStringLiteral("-");
        QVERIFY(LastRun::journaled(spec).journal.isEmpty());
    }

    void theOldestAreForgottenUnlessInUse()
    {
        for (int age = 0; age < 8; ++age)
            write(QStringLiteral("%1.journal").arg(age), journal(5, {"ok"}), 10 * age);
        const InUse otherWindow(QStringLiteral("7.journal"));
        JobSpec spec;
        spec.input = QStringLiteral("range:5");
        LastRun::journaled(spec);
        QCOMPARE(QDir(LastRun::folder()).entryList({QStringLiteral("*.journal")}, QDir::Files, QDir::Name),
                 (QStringList{QStringLiteral("0.journal"), QStringLiteral("1.journal"),
                              QStringLiteral("2.journal"), QStringLiteral("3.journal"),
                              QStringLiteral("7.journal")}));
    }

    void anEndedRunIsTheLastOne()
    {
        write(QStringLiteral("a.journal"), journal(10, {"ok", "ok"}));
        write(QStringLiteral("b.journal"), journal(10, {}));
        JobSpec spec;
        spec.journalKeeper = JournalKeeper::Program;
        RunSnapshot snapshot;
        snapshot.total = 10;
        LastRun last;
        // Nothing came of it: what was there before is still the last run.
        spec.journal = LastRun::folder() + QStringLiteral("/b.journal");
        last.runEnded(spec, snapshot);
        QVERIFY(!last.found());
        QVERIFY(!QFileInfo::exists(spec.journal));

        spec.journal = LastRun::folder() + QStringLiteral("/a.journal");
        snapshot.items.ok = 2;
        snapshot.items.cancelled = 8;
        last.runEnded(spec, snapshot);
        QVERIFY(last.found() && last.found()->spec.resume);
        QCOMPARE(last.found()->missing, 8U);
    }

private:
    QTemporaryDir m_home;
};

QTEST_GUILESS_MAIN(LastRunTest)
#include "tst_lastrun.moc"
