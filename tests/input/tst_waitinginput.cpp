// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/input/inputsource.h"
#include "core/input/linereader.h"
#include "inputhelpers.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <thread>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Poolscope;

namespace {

/// Reads in a thread of its own, so that the test can write, look and cancel meanwhile.
class Reader final
{
public:
    Reader(std::unique_ptr<InputSource> source, std::uint32_t most)
        : m_source(std::move(source)), m_thread([this, most] {
            m_count = m_source->read(m_out, most);
            m_done = true;
        })
    {}
    ~Reader()
    {
        m_source->cancel();
        m_thread.join();
    }
    Q_DISABLE_COPY_MOVE(Reader)

    InputSource &source() { return *m_source; }
    bool isDone() const { return m_done; }
    std::uint32_t count() const { return m_count; }
    /// Only once it is done.
    QByteArray items() const { return QByteArray::fromStdString(m_out); }

private:
    std::unique_ptr<InputSource> m_source;
    std::string m_out;
    std::uint32_t m_count = 0;
    std::atomic<bool> m_done = false;
    std::thread m_thread;
};

/// Puts a descriptor in the place of standard input as long as it lives.
class StandardInput final
{
public:
    explicit StandardInput(int descriptor) : m_before(dup(STDIN_FILENO)) { dup2(descriptor, STDIN_FILENO); }
    ~StandardInput()
    {
        dup2(m_before, STDIN_FILENO);
        ::close(m_before);
    }
    Q_DISABLE_COPY_MOVE(StandardInput)

private:
    const int m_before;
};

class Pipe final
{
public:
    Pipe()
    {
        if (pipe2(m_ends, O_CLOEXEC) != 0)
            qFatal("no pipe");
    }
    ~Pipe()
    {
        close(m_ends[0]);
        closeWriter();
    }
    Q_DISABLE_COPY_MOVE(Pipe)

    int reader() const { return m_ends[0]; }
    bool write(const QByteArray &bytes)
    {
        return ::write(m_ends[1], bytes.constData(), static_cast<std::size_t>(bytes.size())) == bytes.size();
    }
    void closeWriter()
    {
        if (m_ends[1] >= 0)
            close(m_ends[1]);
        m_ends[1] = -1;
    }
    /// Whether all that was written has been read.
    bool isDrained() const
    {
        int waiting = -1;
        return ioctl(m_ends[0], FIONREAD, &waiting) == 0 && waiting == 0;
    }

private:
    int m_ends[2] = {-1, -1};
};

} // namespace

class TestWaitingInput final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void standardInputGivesFullChunksAsBytesArrive();
    void aReadThatWaitsIsCancelled_data();
    void aReadThatWaitsIsCancelled();
    void aCancelBeforeTheReadHolds_data();
    void aCancelBeforeTheReadHolds();
    void aPipeIsReadOnceByWhateverName_data();
    void aPipeIsReadOnceByWhateverName();
    void aPipeWhoseWriterHasGoneIsEmpty();
    void aSocketCanBeStandardInput();
    void aRedirectedFileIsReadFromItsBeginning();
    void aFifoWaitsForItsWriter();
    void aByteOrderMarkMayArriveInPieces();
    void aClosedStandardInputIsAnError();
    void anEndlessLineIsRefused();
};

void TestWaitingInput::standardInputGivesFullChunksAsBytesArrive()
{
    QVERIFY(!canBeReread("-"));
    QCOMPARE(scanInput("-", {}), std::nullopt);
    Pipe pipe;
    const StandardInput replaced(pipe.reader());
    Reader reader(openInput("-", {}), 4);
    QVERIFY(pipe.write("1\n"));
    QTRY_VERIFY(pipe.isDrained());
    QVERIFY(pipe.write("two"));
    QTRY_VERIFY(pipe.isDrained());
    QVERIFY(pipe.write("\n\n"));
    QTRY_VERIFY(pipe.isDrained());
    QVERIFY(!reader.isDone());
    QVERIFY(pipe.write("4\n5\n"));
    QTRY_VERIFY(reader.isDone());
    QCOMPARE(reader.items(), QByteArray("1\n\"two\"\n\"\"\n4\n"));

    pipe.closeWriter();
    std::string rest;
    QCOMPARE(reader.source().read(rest, 10), 1U);
    QCOMPARE(rest, std::string("5\n"));
    QCOMPARE(reader.source().read(rest, 10), 0U);
}

void TestWaitingInput::aReadThatWaitsIsCancelled_data()
{
    QTest::addColumn<QString>("suffix");
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<QByteArray>("items");
    QTest::newRow("lines, before anything came") << ".txt" << QByteArray() << QByteArray();
    QTest::newRow("lines, in the middle of one") << ".txt" << QByteArray("1\n23") << QByteArray("1\n");
    QTest::newRow("a table, in the middle of a row")
        << ".csv" << QByteArray("1,2\n3,4") << QByteArray("[1,2]\n");
    QTest::newRow("a table, between quotes") << ".csv" << QByteArray("1,2\n3,\"4\n") << QByteArray("[1,2]\n");
    QTest::newRow("JSON lines, in the middle of one")
        << ".jsonl" << QByteArray("[1]\n[") << QByteArray("[1]\n");
    QTest::newRow("an array, in the middle") << ".json" << QByteArray("[1,2") << QByteArray();
}

void TestWaitingInput::aReadThatWaitsIsCancelled()
{
    QFETCH(QString, suffix);
    QFETCH(QByteArray, sent);
    QFETCH(QByteArray, items);
    const QTemporaryDir folder;
    const QString path = folder.filePath("fifo" + suffix);
    QCOMPARE(mkfifo(qPrintable(path), 0600), 0);
    QVERIFY(!canBeReread(path));
    QCOMPARE(scanInput(path, {}), std::nullopt);

    Reader reader(openInput(path, {}), 1000);
    QFile writer(path);
    QVERIFY(writer.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
    QCOMPARE(writer.write(sent), sent.size());
    int waiting = -1;
    QTRY_VERIFY(ioctl(writer.handle(), FIONREAD, &waiting) == 0 && waiting == 0);
    QVERIFY(!reader.isDone());
    reader.source().cancel();
    QTRY_VERIFY(reader.isDone());
    QCOMPARE(reader.items(), items);
    QCOMPARE(reader.count(), std::uint32_t(items.count('\n')));
}

void TestWaitingInput::aCancelBeforeTheReadHolds_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("standard input") << "-";
    QTest::newRow("a range") << "range:1000000";
    QTest::newRow("a pattern") << "glob:" POOLSCOPE_SOURCE_DIR "/**";
    QTest::newRow("a file") << POOLSCOPE_SOURCE_DIR "/CMakeLists.txt";
}

void TestWaitingInput::aCancelBeforeTheReadHolds()
{
    QFETCH(QString, text);
    const Pipe pipe;
    const StandardInput replaced(pipe.reader());
    const auto source = openInput(text, {});
    source->cancel();
    std::string out;
    QCOMPARE(source->read(out, 10), 0U);
    QVERIFY(out.empty());
}

void TestWaitingInput::aPipeIsReadOnceByWhateverName_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("-") << "-";
    QTest::newRow("/dev/stdin") << "/dev/stdin";
    QTest::newRow("/dev/fd/0") << "/dev/fd/0";
    QTest::newRow("/proc/self/fd/0") << "/proc/self/fd/0";
}

void TestWaitingInput::aPipeIsReadOnceByWhateverName()
{
    QFETCH(QString, text);
    Pipe pipe;
    const StandardInput replaced(pipe.reader());
    QVERIFY(!canBeReread(text));
    QCOMPARE(scanInput(text, {}), std::nullopt);
    QVERIFY(pipe.write("1\nb"));
    pipe.closeWriter();
    QCOMPARE(readAll(text, {}, 3).items, QByteArray("1\n\"b\"\n"));
}

void TestWaitingInput::aPipeWhoseWriterHasGoneIsEmpty()
{
    Pipe pipe;
    pipe.closeWriter();
    const Outcome outcome = readAll(QStringLiteral("/dev/fd/%1").arg(pipe.reader()), {}, 3);
    QCOMPARE(outcome.error, QString());
    QCOMPARE(outcome.items, QByteArray());
}

void TestWaitingInput::aSocketCanBeStandardInput()
{
    int ends[2] = {-1, -1};
    QCOMPARE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    const StandardInput replaced(ends[0]);
    QCOMPARE(write(ends[1], "7\n", 2), ssize_t(2));
    close(ends[1]);
    QVERIFY(!canBeReread("/dev/stdin"));
    QCOMPARE(readAll("/dev/stdin", {}, 3).items, QByteArray("7\n"));
    close(ends[0]);
}

void TestWaitingInput::aRedirectedFileIsReadFromItsBeginning()
{
    const QTemporaryDir folder;
    QFile file(writeFile(folder.filePath("a.txt"), "1\n2\n"));
    QVERIFY(file.open(QIODevice::ReadOnly | QIODevice::Unbuffered));
    const StandardInput replaced(file.handle());
    QVERIFY(canBeReread("/dev/stdin"));
    QCOMPARE(scanInput("/dev/stdin", {}), std::optional<std::uint64_t>(2));
    QCOMPARE(readAll("/dev/stdin", {}, 1).items, QByteArray("1\n2\n"));
    QCOMPARE(readAll("/dev/stdin", {}, 9).items, QByteArray("1\n2\n"));
    QCOMPARE(readAll("-", {}, 9).items, QByteArray("1\n2\n"));
}

void TestWaitingInput::aFifoWaitsForItsWriter()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("fifo");
    QCOMPARE(mkfifo(qPrintable(path), 0600), 0);
    Reader reader(openInput(path, {}), 2);
    QFile writer(path);
    QVERIFY(writer.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
    QVERIFY(!reader.isDone());
    QCOMPARE(writer.write("1\n2"), 3);
    writer.close();
    QTRY_VERIFY(reader.isDone());
    QCOMPARE(reader.items(), QByteArray("1\n2\n"));
}

void TestWaitingInput::aByteOrderMarkMayArriveInPieces()
{
    Pipe pipe;
    const StandardInput replaced(pipe.reader());
    Reader reader(openInput("-", {}), 2);
    for (const char *piece : {"\xef", "\xbb", "\xbf", "1\n"}) {
        QVERIFY(pipe.write(piece));
        QTRY_VERIFY(pipe.isDrained());
    }
    pipe.closeWriter();
    QTRY_VERIFY(reader.isDone());
    QCOMPARE(reader.items(), QByteArray("1\n"));
}

void TestWaitingInput::aClosedStandardInputIsAnError()
{
    const int before = dup(STDIN_FILENO);
    ::close(STDIN_FILENO);
    const Outcome outcome = readAll("-", {}, 1);
    dup2(before, STDIN_FILENO);
    ::close(before);
    QCOMPARE(outcome.kind, std::optional(InputError::Kind::Content));
    QVERIFY2(outcome.error.startsWith("standard input cannot be read"), qPrintable(outcome.error));
}

void TestWaitingInput::anEndlessLineIsRefused()
{
    LineReader lines(ByteStream::openFile("/dev/zero"), std::size_t{2} << 20);
    std::string_view line;
    try {
        lines.next(line);
        QFAIL("there is no line in /dev/zero");
    } catch (const InputError &error) {
        QVERIFY2(error.message().contains("/dev/zero, line 1: longer than 2 MiB"),
                 qPrintable(error.message()));
    }
}

QTEST_GUILESS_MAIN(TestWaitingInput)
#include "tst_waitinginput.moc"
