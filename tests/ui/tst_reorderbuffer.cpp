// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/named.h"
#include "tests/ui/pagetest.h"
#include "tests/ui/scriptedrun.h"
#include "ui/models/runmonitor.h"
#include "ui/pages/reorderbuffer.h"
#include "ui/pages/runpage.h"
#include "ui/theme/theme.h"

#include <QProgressBar>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

using namespace Poolscope;

/// What waits between both streams, and for whom.
class ReorderBufferTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void bothStreamsAreShownSideBySide();
    void theBufferSaysWhatWaitsBehindWhat_data();
    void theBufferSaysWhatWaitsBehindWhat();
    void theBufferTellsTheConsumerFromTheMissingItem_data();
    void theBufferTellsTheConsumerFromTheMissingItem();
    void theBufferSaysWhatHasNoRoom();
    void theReorderBufferLeadsToTheItemThatIsWaitedFor();
};

void ReorderBufferTest::bothStreamsAreShownSideBySide()
{
    RunMonitor monitor;
    RunPage page(&monitor);
    page.resize(960, 690);
    page.show();
    auto owned = std::make_unique<ScriptedRun>(stuckAtItem2());
    ScriptedRun &run = *owned;
    run.showAt(5.5);
    monitor.start(std::move(owned));
    auto *const completed = named<QTableView>(page, "Unordered results");
    auto *const delivered = named<QTableView>(page, "Ordered results");
    QCOMPARE(firstColumn(*completed), (QList<qulonglong>{0, 1, 3, 4, 5, 6}));
    QCOMPARE(firstColumn(*delivered), (QList<qulonglong>{0, 1}));
    auto *const progress = named<QProgressBar>(page, "Progress");
    QCOMPARE(progress->maximum(), 8);
    QCOMPARE(progress->value(), 6);

    run.showAt(-1);
    QTRY_VERIFY(!monitor.isActive());
    QCOMPARE(firstColumn(*delivered), (QList<qulonglong>{0, 1, 2, 3, 4, 5, 6, 7}));
    QCOMPARE(progress->value(), 8);
}

void ReorderBufferTest::theBufferSaysWhatWaitsBehindWhat_data()
{
    QTest::addColumn<int>("method");
    QTest::addColumn<double>("now");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("imap") << int(Method::Imap) << 5.5 << QStringLiteral("4 results wait behind item 2.");
    QTest::newRow("imap, one") << int(Method::Imap) << 2.5 << QStringLiteral("1 result waits behind item 2.");
    QTest::newRow("imap, none") << int(Method::Imap) << 1.5 << QStringLiteral("Nothing waits.");
    QTest::newRow("map") << int(Method::Map) << 5.5 << QStringLiteral("6 results wait for the last item.");
    QTest::newRow("imap_unordered") << int(Method::ImapUnordered) << 5.5
                                    << QStringLiteral("Nothing is held back: results leave as they come.");
}

void ReorderBufferTest::theBufferSaysWhatWaitsBehindWhat()
{
    QFETCH(const int, method);
    QFETCH(const double, now);
    QFETCH(const QString, sentence);
    RunMonitor monitor;
    RunPage page(&monitor);
    ScriptedRun::Script script = stuckAtItem2();
    script.method = Method(method);
    auto run = std::make_unique<ScriptedRun>(script);
    run->showAt(now);
    monitor.start(std::move(run));
    QCOMPARE(named<QWidget>(page, "Reorder buffer")->accessibleDescription(), sentence);
}

void ReorderBufferTest::theBufferTellsTheConsumerFromTheMissingItem_data()
{
    QTest::addColumn<RunSnapshot>("snapshot");
    QTest::addColumn<QString>("sentence");
    QTest::addColumn<QList<int>>("done");
    QTest::addColumn<int>("first");
    RunSnapshot snapshot;
    snapshot.phase = RunPhase::Running;
    snapshot.total = snapshot.items.read = 10;
    snapshot.completed = 6;
    snapshot.delivered = snapshot.released = 2;
    snapshot.bufferedResults = 4;
    snapshot.waitingFor = 2;
    QTest::newRow("an item is missing")
        << snapshot << QStringLiteral("4 results wait behind item 2.") << QList<int>{0, 1, 3, 4, 5, 6} << 2;
    snapshot.released = 6;
    snapshot.waitingFor.reset();
    QTest::newRow("the consumer is slow") << snapshot << QStringLiteral("4 results wait for the consumer.")
                                          << QList<int>{0, 1, 2, 3, 4, 5} << 2;
    snapshot.released = 5;
    snapshot.waitingFor = 5;
    QTest::newRow("both") << snapshot
                          << QStringLiteral("4 results wait: 3 for the consumer, 1 behind item 5.")
                          << QList<int>{0, 1, 2, 3, 4, 6} << 2;
    snapshot.waitingFor.reset();
    snapshot.released = 0;
    snapshot.journaled = 3;
    QTest::newRow("resumed, an item is missing")
        << snapshot << QStringLiteral("4 results wait behind item 2.") << QList<int>{0, 1, 3, 4, 5, 6} << 2;
    QTest::newRow("resumed, the consumer is slow")
        << snapshot << QStringLiteral("4 results wait for the consumer.") << QList<int>{0, 1, 2, 3, 4, 5}
        << 2;
}

void ReorderBufferTest::theBufferTellsTheConsumerFromTheMissingItem()
{
    QFETCH(const RunSnapshot, snapshot);
    QFETCH(const QString, sentence);
    QFETCH(const QList<int>, done);
    QFETCH(const int, first);
    ReorderBuffer buffer;
    buffer.resize(buffer.sizeHint());
    buffer.clear(Method::Imap);
    for (const int item : done)
        buffer.completions().add(std::uint64_t(item));
    buffer.apply(snapshot);
    QCOMPARE(buffer.sentence(), sentence);
    // Squares in every case: the first one is what is delivered next.
    const QImage picture = buffer.grab().toImage();
    const QColor ground = buffer.palette().color(QPalette::Window);
    int inked = 0;
    for (int y = 4 * QFontMetrics(Theme::smallFont()).lineSpacing(); y < picture.height(); ++y)
        for (int x = 0; x < picture.width(); ++x)
            inked += picture.pixelColor(x, y) != ground ? 1 : 0;
    QVERIFY2(inked > 100, qPrintable(QString::number(inked)));
    QSignalSpy wanted(&buffer, &ReorderBuffer::itemWanted);
    QTest::mouseClick(&buffer, Qt::LeftButton, {}, {20, 5});
    QCOMPARE(wanted.first().first().toInt(), first);
}

void ReorderBufferTest::theBufferSaysWhatHasNoRoom()
{
    ReorderBuffer buffer;
    buffer.resize(140, 200);
    buffer.clear(Method::Imap);
    RunSnapshot snapshot;
    snapshot.phase = RunPhase::Running;
    snapshot.total = snapshot.items.read = 1000;
    snapshot.waitingFor = 0;
    const auto pictureOf = [&](std::uint64_t waiting) {
        for (std::uint64_t item = 1; item <= waiting; ++item)
            buffer.completions().add(item);
        snapshot.completed = snapshot.bufferedResults = waiting;
        buffer.apply(snapshot);
        return buffer.grab().toImage();
    };
    const auto itemAt = [&buffer](int y) {
        QSignalSpy wanted(&buffer, &ReorderBuffer::itemWanted);
        QTest::mouseClick(&buffer, Qt::LeftButton, {}, {12, y});
        return wanted.isEmpty() ? -1 : wanted.first().first().toInt();
    };
    const QRect below(0, buffer.height() / 2, buffer.width(), buffer.height() / 2);
    const QImage few = pictureOf(5).copy(below);
    const QImage many = pictureOf(400).copy(below);
    QVERIFY(few != many);
    // The last row is words: nothing is chosen there.
    QVERIFY(itemAt(170) > 5);
    QCOMPARE(itemAt(195), -1);
    // Of more than that another number is told.
    QVERIFY(pictureOf(500).copy(below) != many);
}

void ReorderBufferTest::theReorderBufferLeadsToTheItemThatIsWaitedFor()
{
    RunMonitor monitor;
    RunPage page(&monitor);
    page.resize(1200, 800);
    page.show();
    auto owned = std::make_unique<ScriptedRun>(stuckAtItem2());
    ScriptedRun *const run = owned.get();
    run->showAt(5.5);
    monitor.start(std::move(owned));
    auto *const buffer = named<QWidget>(page, "Reorder buffer");
    QTRY_VERIFY(buffer->accessibleDescription().contains(QStringLiteral("behind item 2")));
    QTest::mouseClick(buffer, Qt::LeftButton, {}, {20, 5});
    QCOMPARE(page.selectedItem().item(), std::optional<std::uint64_t>(2));
    run->showAt(-1);
}

QTEST_MAIN(ReorderBufferTest)
#include "tst_reorderbuffer.moc"
