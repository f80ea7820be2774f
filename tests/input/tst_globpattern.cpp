// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/input/inputsource.h"
#include "inputhelpers.h"

#include <QDir>
#include <QDirIterator>
#include <QJsonDocument>
#include <QStringList>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Poolscope;

class TestGlobPattern final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { QDir::setCurrent(m_before); }
    void patternsFindFilesInOrder_data();
    void patternsFindFilesInOrder();
    void absolutePatternsGiveAbsolutePaths();
    void patternsWithoutAMatchAreRefused_data();
    void patternsWithoutAMatchAreRefused();
    void aNameThatIsNotUtf8IsRefused();
    void everyFileOfALargeTreeIsFoundOnce();

private:
    QTemporaryDir m_folder;
    const QString m_before = QDir::currentPath();
};

namespace {

QByteArray asItems(const QStringList &paths)
{
    QByteArray items;
    for (const QString &path : paths)
        items += '"' + QByteArray(path.toUtf8()).replace('"', "\\\"") + "\"\n";
    return items;
}

} // namespace

void TestGlobPattern::initTestCase()
{
    QVERIFY(m_folder.isValid());
    QVERIFY(QDir::setCurrent(m_folder.path()));
    for (const char *folder : {"a/b/c", "a/.git/x", ".hidden", "e"})
        QVERIFY(QDir().mkpath(QLatin1String(folder)));
    for (const char *file :
         {"12", "a.txt", "a0", "B.txt", "q\"t", "x[1]", "\xc3\xa4.txt", ".secret", ".hidden/h.txt", "a/1.txt",
          "a/2.png", "a/b/1.txt", "a/b/c/1.txt", "a/b/c/.no", "a/.git/x/1.txt"})
        writeFile(QString::fromUtf8(file), "");
    QVERIFY(QFile::link(QStringLiteral("a.txt"), QStringLiteral("link.txt")));
    QVERIFY(QFile::link(QStringLiteral("gone"), QStringLiteral("dangling.txt")));
    QVERIFY(QFile::link(QStringLiteral(".."), QStringLiteral("a/b/up")));
    QCOMPARE(mkfifo("fifo.txt", 0600), 0);
}

void TestGlobPattern::patternsFindFilesInOrder_data()
{
    QTest::addColumn<QStringList>("paths");
    const auto row = [](const char *pattern, const QStringList &paths) { QTest::newRow(pattern) << paths; };
    row("*.txt", {"B.txt", "a.txt", "link.txt", "\u00e4.txt"});
    row("*", {"12", "B.txt", "a.txt", "a0", "link.txt", "q\"t", "x[1]", "\u00e4.txt"});
    row("?.txt", {"B.txt", "a.txt", "\u00e4.txt"});
    row("[aB].txt", {"B.txt", "a.txt"});
    row("[a-c].txt", {"a.txt"});
    row("[!a].txt", {"B.txt", "\u00e4.txt"});
    row("x[[]1]", {"x[1]"});
    row("12", {"12"});
    row(".*", {".secret"});
    row(".s*t", {".secret"});
    row("./a.*", {"./a.txt"});
    row("a/*.txt", {"a/1.txt"});
    row("a//*.txt", {"a/1.txt"});
    row("*/*.txt", {"a/1.txt"});
    row("a/b/../*.png", {"a/b/../2.png"});
    row("*/b/1.txt", {"a/b/1.txt"});
    row("*/../12", {"a/../12", "e/../12"});
    row("a/b/up/*.txt", {"a/b/up/1.txt"});
    row("a/b/*/1.txt", {"a/b/c/1.txt", "a/b/up/1.txt"});
    row("**", {"12", "B.txt", "a.txt", "a/1.txt", "a/2.png", "a/b/1.txt", "a/b/c/1.txt", "a0", "link.txt",
               "q\"t", "x[1]", "\u00e4.txt"});
    row("a/**", {"a/1.txt", "a/2.png", "a/b/1.txt", "a/b/c/1.txt"});
    row("a/**/1.txt", {"a/1.txt", "a/b/1.txt", "a/b/c/1.txt"});
    row("**/1.txt", {"a/1.txt", "a/b/1.txt", "a/b/c/1.txt"});
    row("**/**/1.txt", {"a/1.txt", "a/b/1.txt", "a/b/c/1.txt"});
    row("**/b/**/*.txt", {"a/b/1.txt", "a/b/c/1.txt"});
    row("**/c/*", {"a/b/c/1.txt"});
    row("**/.no", {"a/b/c/.no"});
    row("a/.git/**", {"a/.git/x/1.txt"});
    row("a/.*/**", {"a/.git/x/1.txt"});
    row(".hidden/*", {".hidden/h.txt"});
    row("a**", {"a.txt", "a0"});
}

void TestGlobPattern::patternsFindFilesInOrder()
{
    QFETCH(QStringList, paths);
    const QString text = QLatin1String("glob:") + QLatin1String(QTest::currentDataTag());
    for (const std::uint32_t most : {1U, 3U, 1000U}) {
        const Outcome outcome = readAll(text, {}, most);
        QCOMPARE(outcome.error, QString());
        QCOMPARE(outcome.items, asItems(paths));
    }
    QVERIFY(canBeReread(text));
    QCOMPARE(scanInput(text, {}), std::optional<std::uint64_t>(paths.size()));
}

void TestGlobPattern::absolutePatternsGiveAbsolutePaths()
{
    const QString folder = m_folder.path();
    QCOMPARE(readAll("glob:" + folder + "/a/*.txt", {}, 9).items, asItems({folder + "/a/1.txt"}));
    QCOMPARE(readAll("glob:" + folder + "/**/c/*", {}, 9).items, asItems({folder + "/a/b/c/1.txt"}));
}

void TestGlobPattern::patternsWithoutAMatchAreRefused_data()
{
    QTest::addColumn<QString>("pattern");
    for (const char *pattern : {"*.nothing", "nowhere/*", "a.txt/*", "e/*", "e/**", "a/b", "dangling.txt",
                                "fifo.txt", "**/x/1.txt", "no**"})
        QTest::newRow(pattern) << QString::fromLatin1(pattern);
}

void TestGlobPattern::patternsWithoutAMatchAreRefused()
{
    QFETCH(QString, pattern);
    const Outcome outcome = readAll("glob:" + pattern, {}, 1);
    QCOMPARE(outcome.kind, std::optional(InputError::Kind::Content));
    QVERIFY2(outcome.error.startsWith("glob:" + pattern + ": no file matches"), qPrintable(outcome.error));
}

void TestGlobPattern::aNameThatIsNotUtf8IsRefused()
{
    const QTemporaryDir folder;
    writeFile(folder.filePath("a"), "");
    const QByteArray name = QFile::encodeName(folder.path()) + "/b\xff";
    const int descriptor = ::creat(name.constData(), 0600);
    QVERIFY(descriptor >= 0);
    ::close(descriptor);
    const Outcome outcome = readAll("glob:" + folder.path() + "/*", {}, 1);
    QCOMPARE(outcome.kind, std::optional(InputError::Kind::Content));
    QCOMPARE(outcome.items, asItems({folder.path() + "/a"}));
    QVERIFY2(outcome.error.contains(folder.path() + "/b") && outcome.error.contains("UTF-8"),
             qPrintable(outcome.error));
    QCOMPARE(::unlink(name.constData()), 0);
}

void TestGlobPattern::everyFileOfALargeTreeIsFoundOnce()
{
    QStringList expected;
    QDirIterator files("/usr/include", QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext())
        expected << files.next();
    std::sort(expected.begin(), expected.end(),
              [](const QString &a, const QString &b) { return a.toUtf8() < b.toUtf8(); });
    QVERIFY(expected.size() > 100);
    QVERIFY(readAll("glob:/usr/include/**", {}, 512).items == asItems(expected));
}

QTEST_GUILESS_MAIN(TestGlobPattern)
#include "tst_globpattern.moc"
