// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/scriptedrun.h"
#include "ui/charts/histogramchart.h"
#include "ui/charts/runcharts.h"
#include "ui/export/pictureexport.h"
#include "ui/theme/quietstyle.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QMenu>
#include <QPainter>
#include <QRegularExpression>
#include <QStyleOptionSlider>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

using namespace Poolscope;

namespace {

PictureExport::Picture drawing()
{
    return {QStringLiteral("drawing"), [] { return QSize(200, 100); },
            [](QPainter &painter) {
                painter.fillRect(0, 0, 200, 100, Qt::white);
                painter.fillRect(20, 20, 60, 40, Qt::red);
                painter.drawText(100, 50, QStringLiteral("worker 0"));
            }};
}

RunHistory history()
{
    ScriptedRun run({});
    RunHistory history;
    for (int i = 0; i <= 40; ++i) {
        run.showAt(run.length() * i / 40);
        history.add(run.snapshot());
    }
    return history;
}

} // namespace

class ExportTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void picturesAreSaved_data();
    void picturesAreSaved();
    void whatCannotBeSavedSaysWhy();
    void aChartIsCopiedWithItsTitle();
    void chartsShowWhatTheyAreGiven();
    void aChartLowerThanItsHeaderIsPaintedWithoutComplaint();
    void scrollBarsGoFromEndToEnd();
};

void ExportTest::picturesAreSaved_data()
{
    QTest::addColumn<QString>("ending");
    QTest::addColumn<QByteArray>("begins");
    QTest::addColumn<QByteArray>("holds");
    QTest::newRow("png") << "png" << QByteArray("\x89PNG") << QByteArray("IHDR");
    QTest::newRow("svg") << "svg" << QByteArray("<?xml") << QByteArray("worker 0");
    QTest::newRow("pdf") << "pdf" << QByteArray("%PDF-1") << QByteArray("/Page");
    QTest::newRow("in capitals") << "PNG" << QByteArray("\x89PNG") << QByteArray("IHDR");
}

void ExportTest::picturesAreSaved()
{
    QFETCH(const QString, ending);
    QFETCH(const QByteArray, begins);
    QFETCH(const QByteArray, holds);
    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("a picture.") + ending);
    QCOMPARE(PictureExport::save(drawing(), file), QString());
    QFile written(file);
    QVERIFY(written.open(QIODevice::ReadOnly));
    const QByteArray bytes = written.readAll();
    QVERIFY(bytes.startsWith(begins));
    QVERIFY(bytes.contains(holds));
    if (ending.toLower() == QLatin1String("png")) {
        const QImage image(file);
        QCOMPARE(image.size(), QSize(400, 200));
        QCOMPARE(image.pixelColor(60, 60), QColor(Qt::red));
    }
}

void ExportTest::whatCannotBeSavedSaysWhy()
{
    const QTemporaryDir folder;
    QVERIFY(PictureExport::save(drawing(), folder.filePath(QStringLiteral("picture.doc")))
                .contains(QStringLiteral(".png")));
    const QString problem = PictureExport::save(drawing(), QStringLiteral("/nowhere/at/all.svg"));
    QVERIFY2(problem.contains(QStringLiteral("/nowhere/at/all.svg")), qPrintable(problem));
}

void ExportTest::aChartIsCopiedWithItsTitle()
{
    ThroughputChart chart(nullptr);
    chart.resize(400, 200);
    static_cast<QWidget &>(chart).show();
    chart.show(history());
    QContextMenuEvent event(QContextMenuEvent::Keyboard, {10, 10}, chart.mapToGlobal(QPoint(10, 10)));
    QCoreApplication::sendEvent(&chart, &event);
    auto *const menu = chart.findChild<QMenu *>();
    QVERIFY(menu);
    QCOMPARE(menu->actions().size(), 2);
    QGuiApplication::clipboard()->clear();
    menu->actions().first()->trigger();
    const QImage image = QGuiApplication::clipboard()->image();
    QCOMPARE(image.size(), QSize(800, 400));
    QSet<QRgb> colours;
    for (int x = 0; x < image.width(); x += 2)
        for (int y = 0; y < image.height(); y += 2)
            colours.insert(image.pixel(x, y));
    QVERIFY(colours.size() > 10); // title, axes and curves, not an empty sheet
    menu->close();
}

void ExportTest::chartsShowWhatTheyAreGiven()
{
    MemoryChart memory(nullptr);
    memory.resize(400, 200);
    memory.show(history());
    QCOMPARE(memory.curveCount(), 3); // this program and two workers
    QVERIFY(memory.accessibleDescription().contains(QStringLiteral("workers")) ||
            memory.accessibleDescription().isEmpty());

    HistogramChart durations;
    durations.resize(400, 200);
    DurationHistogram histogram;
    for (int i = 0; i < 100; ++i)
        histogram.add(i < 95 ? 0.01 : 2.0);
    durations.show(histogram);
    QVERIFY(durations.accessibleDescription().contains(QStringLiteral("median")));
    durations.show(DurationHistogram());
    QVERIFY(durations.accessibleDescription().isEmpty());
}

void ExportTest::aChartLowerThanItsHeaderIsPaintedWithoutComplaint()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral("QPainter|QCP")));
    QWidget window; // a window of its own may not become so low
    ThroughputChart chart(nullptr, &window);
    window.resize(400, 200);
    window.show();
    chart.resize(400, 100);
    chart.show(history());
    QVERIFY(!chart.grab().isNull());
    chart.resize(400, 5);
    QEvent change(QEvent::FontChange);
    QCoreApplication::sendEvent(&chart, &change);
    // It is drawn again in a turn of its own.
    bool hadItsTurn = false;
    QTimer::singleShot(0, &chart, [&hadItsTurn] { hadItsTurn = true; });
    QTRY_VERIFY(hadItsTurn);
}

void ExportTest::scrollBarsGoFromEndToEnd()
{
    const QuietStyle style;
    QStyleOptionSlider bar;
    bar.rect = QRect(0, 0, 14, 200);
    bar.orientation = Qt::Vertical;
    bar.minimum = 0;
    bar.maximum = 1000;
    bar.pageStep = 250;
    const auto handleAt = [&](int value) {
        bar.sliderPosition = bar.sliderValue = value;
        return style.subControlRect(QStyle::CC_ScrollBar, &bar, QStyle::SC_ScrollBarSlider, nullptr);
    };
    QCOMPARE(handleAt(0).top(), 0);
    QCOMPARE(handleAt(1000).bottom(), 199);
    QCOMPARE(handleAt(0).height(), 40); // a fifth of it is seen
    bar.maximum = 1'000'000;
    QCOMPARE(handleAt(500'000).height(), 24);
    QVERIFY(std::abs(handleAt(500'000).center().y() - 100) <= 1);
}

QTEST_MAIN(ExportTest)
#include "tst_export.moc"
