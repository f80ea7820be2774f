// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/installation.h"
#include "workerdriver.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Poolscope;
using Wire::ItemStatus;

namespace {

constexpr int patience = 30000;

QByteArray quoted(const QString &text)
{
    return '"' + text.toUtf8() + '"';
}

QByteArray unquoted(const QByteArray &json)
{
    return json.mid(1, json.size() - 2);
}

/// Width and height as they stand in the file, read without Qt's own reader.
QSize pngSize(const QByteArray &path)
{
    QFile file(QString::fromUtf8(path));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QByteArray head = file.read(24);
    if (!head.startsWith("\x89PNG"))
        return {};
    const auto number = [&](qsizetype at) { return head.mid(at, 4).toHex().toInt(nullptr, 16); };
    return {number(16), number(20)};
}

} // namespace

class TestBuiltinTasks final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void givesTheValue_data();
    void givesTheValue();
    void returnsWhatItSleptFor();
    void keepsTheMemoryItTakes();
    void hashesFilesOfAnySize();
    void saysWhyAFileCannotBeHashed();
    void paintsTheSamePictureForTheSameNumber();
    void makesThumbnailsInProportion();
    void neverOverwritesTheImageItself();
    void saysWhyAnImageCannotBeRead();
};

void TestBuiltinTasks::givesTheValue_data()
{
    QTest::addColumn<QString>("task");
    QTest::addColumn<QByteArray>("item");
    QTest::addColumn<QByteArray>("value");
    const auto row = [](const char *task, const char *item, const char *value) {
        QTest::addRow("%s %s", task, item)
            << QString::fromLatin1(task) << QByteArray(item) << QByteArray(value);
    };
    row("count_primes", "-5", "0");
    row("count_primes", "2", "0");
    row("count_primes", "3", "1");
    row("count_primes", "10", "4");
    row("count_primes", "26", "9");
    row("count_primes", "10000", "1229");
    row("word_count", R"("")", "0");
    row("word_count", R"("  a  b\tc ")", "3");
    row("word_count", R"("a\u00a0b\u2003c\u001cd\u0085e")", "5");
    row("word_count", R"("a\u200bb")", "1");
    row("word_count", "1984", "1");
}

void TestBuiltinTasks::givesTheValue()
{
    QFETCH(QString, task);
    QFETCH(QByteArray, item);
    WorkerDriver worker;
    worker.setUp({WorkerDriver::task(task)});
    worker.sendChunk(0, 0, {item});
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 1, patience);
    QCOMPARE(worker.items[0].status, ItemStatus::Ok);
    QTEST(worker.items[0].value, "value");
}

void TestBuiltinTasks::returnsWhatItSleptFor()
{
    WorkerDriver worker;
    worker.setUp({WorkerDriver::task(QStringLiteral("sleep_for")),
                  WorkerDriver::task(QStringLiteral("slow_square"), {{QStringLiteral("seconds"), 0.05}})});
    worker.sendChunk(0, 0, {"0.05", "-1", "null", "1e300"});
    worker.sendChunk(1, 4, {"7"}, 1);
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 5, patience);
    QCOMPARE(worker.items[0].value, "0.05");
    QVERIFY(worker.items[0].elapsed >= 50'000'000);
    QCOMPARE(worker.items[1].type(), QStringLiteral("ValueError"));
    QCOMPARE(worker.items[2].type(), QStringLiteral("TypeError"));
    QCOMPARE(worker.items[3].type(), QStringLiteral("OverflowError"));
    QCOMPARE(worker.items[4].value, "49");
    QVERIFY(worker.items[4].elapsed >= 50'000'000);
}

void TestBuiltinTasks::keepsTheMemoryItTakes()
{
    WorkerDriver worker;
    worker.setUp({WorkerDriver::task(QStringLiteral("leak"), {{QStringLiteral("megabytes"), 20}})});
    worker.sendChunk(0, 0, {"0", "0", "0"});
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 3, patience);
    const qint64 first = worker.items[0].value.toLongLong();
    QVERIFY(first >= 20);
    QVERIFY(worker.items[2].value.toLongLong() >= first + 39);
}

void TestBuiltinTasks::hashesFilesOfAnySize()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("million"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(1'000'000, 'a'));
    file.close();
    const QString empty = folder.filePath(QStringLiteral("empty"));
    QVERIFY(QFile(empty).open(QIODevice::WriteOnly));
    WorkerDriver worker;
    worker.setUp({WorkerDriver::task(QStringLiteral("sha256"))});
    worker.sendChunk(0, 0, {quoted(path), quoted(empty)});
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 2, patience);
    // The published test vectors of the algorithm.
    QCOMPARE(worker.items[0].value, "\"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0\"");
    QCOMPARE(worker.items[1].value, "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"");
}

void TestBuiltinTasks::saysWhyAFileCannotBeHashed()
{
    WorkerDriver worker;
    worker.setUp({WorkerDriver::task(QStringLiteral("sha256"))});
    worker.sendChunk(0, 0, {"\"/no/such\"", "\"/etc\"", "5"});
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 3, patience);
    QCOMPARE(worker.items[0].type(), QStringLiteral("FileNotFoundError"));
    QCOMPARE(worker.items[0].message(), QStringLiteral("[Errno 2] No such file or directory: '/no/such'"));
    QCOMPARE(worker.items[1].type(), QStringLiteral("IsADirectoryError"));
    QCOMPARE(worker.items[2].type(), QStringLiteral("TypeError"));
}

void TestBuiltinTasks::paintsTheSamePictureForTheSameNumber()
{
    const QTemporaryDir folder;
    const auto sample = [&](const char *into) {
        return WorkerDriver::task(QStringLiteral("sample_image"),
                                  {{QStringLiteral("folder"), folder.filePath(QLatin1String(into))},
                                   {QStringLiteral("width"), 60},
                                   {QStringLiteral("height"), 40}});
    };
    WorkerDriver worker;
    worker.setUp({sample("a"), sample("b")});
    worker.sendChunk(0, 0, {"7", "8"}, 0);
    worker.sendChunk(1, 2, {"7"}, 1);
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 3, patience);
    QByteArrayList contents;
    for (const WorkerDriver::Item &item : std::as_const(worker.items)) {
        QFile file(QString::fromUtf8(unquoted(item.value)));
        QVERIFY2(file.open(QIODevice::ReadOnly), item.value.constData());
        contents.append(file.readAll());
        QCOMPARE(pngSize(unquoted(item.value)), QSize(60, 40));
    }
    QCOMPARE(contents[0], contents[2]);
    QVERIFY(contents[0] != contents[1]);
}

void TestBuiltinTasks::makesThumbnailsInProportion()
{
    const QTemporaryDir folder;
    const QString small = folder.filePath(QStringLiteral("small"));
    const auto sample = [&](int width, int height) {
        return WorkerDriver::task(QStringLiteral("sample_image"),
                                  {{QStringLiteral("folder"), folder.filePath(QString::number(width))},
                                   {QStringLiteral("width"), width},
                                   {QStringLiteral("height"), height}});
    };
    WorkerDriver worker;
    worker.setUp({sample(400, 100), sample(50, 40), WorkerDriver::task(QStringLiteral("thumbnail")),
                  WorkerDriver::task(QStringLiteral("thumbnail"),
                                     {{QStringLiteral("folder"), small}, {QStringLiteral("size"), 10}})});
    worker.sendChunk(0, 0, {"1"}, 0);
    worker.sendChunk(1, 1, {"1"}, 1);
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 2, patience);
    const QByteArray wide = worker.items[0].value;
    const QByteArray tiny = worker.items[1].value;
    worker.sendChunk(2, 2, {wide, tiny}, 2);
    worker.sendChunk(3, 4, {wide}, 3);
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 5, patience);
    QCOMPARE(worker.items[2].value,
             quoted(folder.filePath(QStringLiteral("400/thumbnails/sample-000001.png"))));
    QCOMPARE(pngSize(unquoted(worker.items[2].value)), QSize(128, 32));
    QCOMPARE(pngSize(unquoted(worker.items[3].value)), QSize(50, 40));
    QCOMPARE(worker.items[4].value, quoted(small + QStringLiteral("/sample-000001.png")));
    QCOMPARE(pngSize(unquoted(worker.items[4].value)), QSize(10, 3));
    QCOMPARE(pngSize(unquoted(wide)), QSize(400, 100));
}

void TestBuiltinTasks::neverOverwritesTheImageItself()
{
    const QTemporaryDir folder;
    const QJsonObject into{{QStringLiteral("folder"), folder.path()}};
    QJsonObject sized = into;
    sized.insert(QStringLiteral("width"), 300);
    sized.insert(QStringLiteral("height"), 300);
    WorkerDriver worker;
    worker.setUp({WorkerDriver::task(QStringLiteral("sample_image"), sized),
                  WorkerDriver::task(QStringLiteral("thumbnail"), into)});
    worker.sendChunk(0, 0, {"1"}, 0);
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 1, patience);
    worker.sendChunk(1, 1, {worker.items[0].value}, 1);
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 2, patience);
    QCOMPARE(worker.items[1].type(), QStringLiteral("ValueError"));
    QCOMPARE(pngSize(unquoted(worker.items[0].value)), QSize(300, 300));
}

void TestBuiltinTasks::saysWhyAnImageCannotBeRead()
{
    WorkerDriver worker;
    worker.setUp({WorkerDriver::task(QStringLiteral("thumbnail"))});
    worker.sendChunk(0, 0, {"\"/no/such.png\"", "\"/etc/passwd\"", "\"/etc\"", "null"});
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 4, patience);
    QCOMPARE(worker.items[0].type(), QStringLiteral("FileNotFoundError"));
    QCOMPARE(worker.items[1].type(), QStringLiteral("ValueError"));
    QVERIFY(worker.items[1].message().startsWith(QLatin1String("/etc/passwd cannot be read as an image")));
    QCOMPARE(worker.items[2].type(), QStringLiteral("IsADirectoryError"));
    QCOMPARE(worker.items[3].type(), QStringLiteral("TypeError"));
}

QTEST_GUILESS_MAIN(TestBuiltinTasks)
#include "tst_builtintasks.moc"
