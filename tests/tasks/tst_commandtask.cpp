// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/taskcatalog.h"
#include "workerdriver.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace Poolscope;
using Wire::ItemStatus;

namespace {

constexpr int patience = 30000;

} // namespace

class TestCommandTask final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fillsItsTemplate_data();
    void fillsItsTemplate();
    void takesTheOutputToTheLastByte_data();
    void takesTheOutputToTheLastByte();
    void saysWhyAProgramFailed_data();
    void saysWhyAProgramFailed();
    void keepsTheEndOfWhatAProgramSaysOnStderr();
    void countsTheCpuTimeOfTheProgram();
    void startsProgramsWithTheUsualSignals();
    void endsTheProgramTooWhenTheParentHangsUp();
};

void TestCommandTask::fillsItsTemplate_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<QByteArray>("item");
    QTest::addColumn<QByteArray>("value");
    const auto row = [](const char *name, const char *command, const char *item, const char *value) {
        QTest::newRow(name) << QString::fromLatin1(command) << QByteArray(item) << QByteArray(value);
    };
    row("text as it is", "printf %s {}", R"("a b\"$HOME`*")", R"("a b\"$HOME`*")");
    row("number", "printf %s {}", "12.50", R"("12.50")");
    row("array", "printf %s {}", R"([1,"x"])", R"("[1,\"x\"]")");
    row("base name", "printf %s {/}", R"("/a/b.d/c.tar.gz")", R"("c.tar.gz")");
    row("without extension", "printf %s {.}", R"("/a/b.d/c.tar.gz")", R"("/a/b.d/c.tar")");
    row("a dot in the folder is no extension", "printf %s {.}", R"("/a/b.d/c")", R"("/a/b.d/c")");
    row("a hidden file has no extension", "printf %s {.}", R"("/a/.rc")", R"("/a/.rc")");
    row("index", "printf %s {n}", R"("x")", R"("40")");
    row("inside an argument, several times", "printf %s '<{}-{n}-{}>'", "5", R"("<5-40-5>")");
    row("other braces", "printf %s '{ {x} {{}'", "5", R"("{ {x} {5")");
    row("what an item holds is not filled in again", "printf %s {}", R"("{n}")", R"("{n}")");
    row("an item is one argument, however it looks", "printf <%s> {}", R"("a b;c")", R"("<a b;c>")");
    row("nothing on stdin", "cat", "1", R"("")");
}

void TestCommandTask::fillsItsTemplate()
{
    QFETCH(QString, command);
    QFETCH(QByteArray, item);
    WorkerDriver worker;
    const TaskLookup lookup = commandTask(command);
    QCOMPARE(lookup.error, QString());
    worker.setUp({lookup.spec});
    worker.sendChunk(0, 40, {item});
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 1, patience);
    QCOMPARE(worker.items[0].status, ItemStatus::Ok);
    QTEST(worker.items[0].value, "value");
}

void TestCommandTask::takesTheOutputToTheLastByte_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("error");
    QTest::newRow("line breaks stay") << R"(a\n\nb\r\n)" << QByteArray(R"("a\n\nb\u000d\n")") << "";
    QTest::newRow("white space stays") << R"( \t)" << QByteArray(R"(" \t")") << "";
    QTest::newRow("zero characters stay") << R"(a\000b\000)" << QByteArray(R"("a\u0000b\u0000")") << "";
    QTest::newRow("a byte order mark stays") << R"(\357\273\277x)" << QByteArray("\"\xEF\xBB\xBFx\"") << "";
    QTest::newRow("quotes") << R"("\\)" << QByteArray(R"("\"\\")") << "";
    QTest::newRow("no UTF-8") << R"(ab\377c)" << QByteArray() << "byte 0xff at position 2";
    QTest::newRow("no UTF-8 after a zero") << R"(\000\000\377)" << QByteArray() << "byte 0xff at position 2";
    QTest::newRow("cut UTF-8") << R"(a\303)" << QByteArray() << "byte 0xc3 at position 1";
}

void TestCommandTask::takesTheOutputToTheLastByte()
{
    QFETCH(QString, format);
    QFETCH(QByteArray, value);
    QFETCH(QString, error);
    TaskSpec spec;
    spec.kind = TaskKind::Command;
    spec.command = QStringList{QStringLiteral("/usr/bin/printf"), format};
    WorkerDriver worker;
    worker.setUp({spec});
    worker.sendChunk(0, 0, {"1"});
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 1, patience);
    if (error.isEmpty()) {
        QCOMPARE(worker.items[0].value, value);
    } else {
        QCOMPARE(worker.items[0].type(), QStringLiteral("UnicodeDecodeError"));
        QVERIFY2(worker.items[0].message().contains(error), worker.items[0].value.constData());
    }
}

void TestCommandTask::saysWhyAProgramFailed_data()
{
    QTest::addColumn<QStringList>("command");
    QTest::addColumn<QByteArray>("item");
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("message");
    QTest::addColumn<QString>("traceback");
    const auto shell = [](const char *script) {
        return QStringList{QStringLiteral("sh"), QStringLiteral("-c"), QString::fromLatin1(script)};
    };
    const auto one = [](const char *program) { return QStringList{QString::fromLatin1(program)}; };
    QTest::newRow("exit status") << shell("echo out; echo why >&2; exit 3") << QByteArray("1")
                                 << "CalledProcessError"
                                 << "sh exited with status 3"
                                 << "why\n";
    QTest::newRow("signal") << shell("kill -TERM $$") << QByteArray("1") << "CalledProcessError"
                            << "sh was killed by SIGTERM"
                            << "";
    QTest::newRow("not in PATH") << one("no-such-program") << QByteArray("1") << "FileNotFoundError"
                                 << "the program no-such-program was not found in PATH"
                                 << "";
    QTest::newRow("no such file") << one("/no/such") << QByteArray("1") << "FileNotFoundError"
                                  << "the program /no/such (or the interpreter it names) does not exist"
                                  << "";
    QTest::newRow("not executable") << one("/etc/passwd") << QByteArray("1") << "PermissionError"
                                    << "/etc/passwd is not a program that can be run: check its permissions"
                                    << "";
    QTest::newRow("zero character") << QStringList{QStringLiteral("echo"), QStringLiteral("{}")}
                                    << QByteArray(R"("a\u0000b")") << "ValueError"
                                    << "the item holds a zero character, which no program can be given"
                                    << "";
    QTest::newRow("half a surrogate pair")
        << QStringList{QStringLiteral("echo"), QStringLiteral("{}")} << QByteArray(R"("\ud800")")
        << "UnicodeEncodeError"
        << "the item holds half of a surrogate pair, which no program can be given"
        << "";
}

void TestCommandTask::saysWhyAProgramFailed()
{
    QFETCH(QStringList, command);
    QFETCH(QByteArray, item);
    TaskSpec spec;
    spec.kind = TaskKind::Command;
    spec.command = command;
    WorkerDriver worker;
    worker.setUp({spec});
    worker.sendChunk(0, 0, {item});
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 1, patience);
    QCOMPARE(worker.items[0].status, ItemStatus::Error);
    QTEST(worker.items[0].type(), "type");
    QTEST(worker.items[0].message(), "message");
    QTEST(worker.items[0].traceback(), "traceback");
}

void TestCommandTask::keepsTheEndOfWhatAProgramSaysOnStderr()
{
    WorkerDriver worker;
    worker.setUp({commandTask(QStringLiteral("sh -c 'seq 1 5000 >&2; exit 1'")).spec});
    worker.sendChunk(0, 0, {"1"});
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 1, patience);
    QCOMPARE(worker.items[0].traceback().size(), 4096);
    QVERIFY(worker.items[0].traceback().endsWith(QLatin1String("4999\n5000\n")));
    QTRY_VERIFY_WITH_TIMEOUT(worker.poll().prints.contains("1\n2\n3\n"), patience);
}

void TestCommandTask::countsTheCpuTimeOfTheProgram()
{
    WorkerDriver worker;
    worker.setUp(
        {commandTask(QStringLiteral("sh -c 'i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done'")).spec,
         commandTask(QStringLiteral("sleep 0.3")).spec});
    worker.sendChunk(0, 0, {"1"}, 0);
    worker.sendChunk(1, 1, {"1"}, 1);
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 2, patience);
    QVERIFY(worker.items[0].cpu > worker.items[1].cpu);
    QVERIFY(worker.items[1].cpu < worker.items[1].elapsed / 2);
}

void TestCommandTask::startsProgramsWithTheUsualSignals()
{
    WorkerDriver worker;
    worker.setUp({commandTask(QStringLiteral("grep SigIgn /proc/self/status")).spec});
    worker.sendChunk(0, 0, {"1"});
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 1, patience);
    const QByteArray mask = worker.items[0].value.mid(1).split('t').value(1).left(16);
    const quint64 ignored = mask.toULongLong(nullptr, 16);
    QCOMPARE(ignored & ((1ULL << (SIGINT - 1)) | (1ULL << (SIGPIPE - 1))), 0ULL);
}

void TestCommandTask::endsTheProgramTooWhenTheParentHangsUp()
{
    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("pid"));
    WorkerDriver worker;
    worker.setUp({commandTask(QStringLiteral("sh -c 'echo $$ > \"$0\"; exec sleep 600' {}")).spec});
    worker.sendChunk(0, 0, {'"' + file.toUtf8() + '"'});
    qint64 pid = 0;
    const auto hasStarted = [&] {
        QFile written(file);
        pid = written.open(QIODevice::ReadOnly) ? written.readAll().trimmed().toLongLong() : 0;
        return pid > 0;
    };
    QTRY_VERIFY_WITH_TIMEOUT(hasStarted(), patience);
    worker.process().closeWriteChannel();
    QTRY_VERIFY_WITH_TIMEOUT(!worker.isRunning(), patience);
    const auto isGone = [&] {
        QFile status(QStringLiteral("/proc/%1/stat").arg(pid));
        // Whoever inherits it may take a while to take note of its end.
        return !status.open(QIODevice::ReadOnly) || status.readAll().contains(") Z ");
    };
    QTRY_VERIFY_WITH_TIMEOUT(isGone(), patience);
}

QTEST_GUILESS_MAIN(TestCommandTask)
#include "tst_commandtask.moc"
