// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/controls/flowlayout.h"
#include "ui/controls/givingrow.h"
#include "ui/controls/scrolledpage.h"
#include "ui/controls/seekslider.h"

#include <QLabel>
#include <QPushButton>
#include <QScrollBar>
#include <QTest>
#include <QVBoxLayout>

#include <cmath>

using namespace Poolscope;

namespace {

/// As wide as it says, and no wider.
QWidget *part(int width, QWidget *parent)
{
    auto *const widget = new QWidget(parent);
    widget->setFixedSize(width, 20);
    return widget;
}

} // namespace

class ControlsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aRowHidesFirstWhatMattersLeast();
    void aRowShowsOnlyWhatIsWanted();
    void aFlowBreaksWhereItHasNoRoom();
    void aPartThatGrowsTakesWhatALineHasLeft();
    void aPageIsAsLargeAsWhatIsSeenOrScrolled();
    void aClickSeeksToThePointer();
};

void ControlsTest::aRowHidesFirstWhatMattersLeast()
{
    QWidget window;
    GivingRow row(&window);
    row.setSpacing(10);
    QWidget *const kept = part(100, &row);
    QWidget *const last = part(100, &row);
    QWidget *const first = part(100, &row);
    row.add(last, 2);
    row.add(kept);
    row.add(first, 1);
    window.show();
    QCOMPARE(row.sizeHint().width(), 320);
    QCOMPARE(row.minimumSizeHint().width(), 100);
    row.resize(320, 20);
    QVERIFY(first->isVisible() && last->isVisible() && kept->isVisible());
    row.resize(319, 20);
    QVERIFY(!first->isVisible() && last->isVisible() && kept->isVisible());
    row.resize(120, 20);
    QVERIFY(!first->isVisible() && !last->isVisible() && kept->isVisible());
    row.resize(400, 20);
    QVERIFY(first->isVisible() && last->isVisible() && kept->isVisible());
}

void ControlsTest::aRowShowsOnlyWhatIsWanted()
{
    QWidget window;
    GivingRow row(&window);
    row.setSpacing(0);
    QWidget *const one = part(100, &row);
    QWidget *const other = part(100, &row);
    row.add(one, 1);
    row.add(other, 2);
    window.show();
    row.resize(100, 20);
    QVERIFY(!one->isVisible() && other->isVisible());
    row.setWanted(other, false);
    QVERIFY(one->isVisible() && !other->isVisible());
    QCOMPARE(row.sizeHint().width(), 100);
}

void ControlsTest::aFlowBreaksWhereItHasNoRoom()
{
    QWidget window;
    auto *const column = new QVBoxLayout(&window);
    column->setContentsMargins(0, 0, 0, 0);
    auto *const row = new QWidget;
    auto *const flow = new FlowLayout(row);
    flow->setSpacing(10);
    QList<QWidget *> parts;
    for (int i = 0; i < 3; ++i) {
        parts += part(100, row);
        flow->addWidget(parts.last());
    }
    column->addWidget(row);
    column->addStretch(1);
    window.resize(320, 200);
    window.show();
    QTRY_COMPARE(row->height(), 20);
    QCOMPARE(parts[2]->pos(), QPoint(220, 0));
    window.resize(319, 200);
    QTRY_COMPARE(row->height(), 50);
    QCOMPARE(parts[1]->pos(), QPoint(110, 0));
    QCOMPARE(parts[2]->pos(), QPoint(0, 30));
    QCOMPARE(window.minimumSizeHint().width(), 100);
    window.resize(100, 200);
    QTRY_COMPARE(row->height(), 80);
    window.resize(320, 200);
    QTRY_COMPARE(row->height(), 20);
}

void ControlsTest::aPartThatGrowsTakesWhatALineHasLeft()
{
    QWidget window;
    auto *const flow = new FlowLayout(&window);
    flow->setSpacing(10);
    auto *const growing = new QWidget(&window);
    growing->setMinimumSize(50, 20);
    growing->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    flow->addWidget(growing);
    flow->addWidget(part(100, &window));
    window.resize(400, 100);
    window.show();
    QTRY_COMPARE(growing->width(), 290);
    window.resize(120, 100);
    QTRY_COMPARE(growing->width(), 120);
}

void ControlsTest::aPageIsAsLargeAsWhatIsSeenOrScrolled()
{
    auto *const page = new QWidget;
    auto *const column = new QVBoxLayout(page);
    auto *const text = new QLabel(QStringLiteral("words that are to be wrapped ").repeated(20));
    text->setWordWrap(true); // the page's height follows from its width
    column->addWidget(text);
    auto *const rest = new QWidget;
    rest->setMinimumSize(100, 100);
    column->addWidget(rest, 1);
    ScrolledPage scrolled(page);
    scrolled.resize(800, 600);
    scrolled.show();
    QTRY_COMPARE(page->size(), scrolled.viewport()->size());
    QCOMPARE(scrolled.verticalScrollBar()->maximum(), 0);
    scrolled.resize(400, 120);
    QTRY_VERIFY(scrolled.verticalScrollBar()->maximum() > 0);
    QCOMPARE(page->width(), scrolled.viewport()->width());
    QTRY_VERIFY(rest->height() >= 100);
    rest->setMinimumSize(1000, 1000);
    QTRY_COMPARE(page->width(), 1000 + column->contentsMargins().left() + column->contentsMargins().right());
    QVERIFY(scrolled.minimumSizeHint().width() < 400);
    QVERIFY(scrolled.minimumSizeHint().height() < 400);
}

void ControlsTest::aClickSeeksToThePointer()
{
    SeekSlider slider;
    slider.setRange(0, 1000);
    slider.resize(500, 20);
    slider.show();
    for (const double share : {0.75, 0.2, 0.5}) {
        QTest::mouseClick(&slider, Qt::LeftButton, {}, {int(500 * share), 10});
        QVERIFY2(std::abs(slider.value() - 1000 * share) < 30, qPrintable(QString::number(slider.value())));
    }
    QTest::mouseClick(&slider, Qt::RightButton, {}, {450, 10});
    QVERIFY(slider.value() < 600);
    // From there it is dragged on.
    QTest::mousePress(&slider, Qt::LeftButton, {}, {100, 10});
    QTest::mouseMove(&slider, {400, 10});
    QTest::mouseRelease(&slider, Qt::LeftButton, {}, {400, 10});
    QVERIFY(std::abs(slider.value() - 800) < 30);
}

QTEST_MAIN(ControlsTest)
#include "tst_controls.moc"
