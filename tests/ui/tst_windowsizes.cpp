// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/named.h"
#include "ui/theme/appearance.h"
#include "ui/theme/theme.h"
#include "ui/timeline/timeline.h"
#include "ui/window/mainwindow.h"

#include <QAction>
#include <QApplication>
#include <QHeaderView>
#include <QMenuBar>
#include <QScreen>
#include <QSettings>
#include <QSpinBox>
#include <QStandardPaths>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace Poolscope;

namespace {

constexpr QSize smallScreen(1024, 640);

/// The action of a shortcut, wherever it is in the menus.
QAction *actionOf(QMainWindow &window, const QKeySequence &keys)
{
    const QList<QAction *> actions = window.menuBar()->findChildren<QAction *>();
    for (QAction *const action : actions)
        if (action->shortcuts().contains(keys))
            return action;
    return nullptr;
}

QTabWidget *pagesOf(QMainWindow &window)
{
    return window.centralWidget()->findChild<QTabWidget *>({}, Qt::FindDirectChildrenOnly);
}

/// The application tells its widgets of a new font in a turn of its own.
bool hasScale(const QWidget &window, int scale)
{
    return QTest::qWaitFor([&] {
        return std::abs(window.font().pointSizeF() - Appearance::basePointSize * scale / 100.0) < 0.01;
    });
}

} // namespace

class WindowSizesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() { QSettings().clear(); }

    void theWindowFitsASmallScreen_data();
    void theWindowFitsASmallScreen();
    void allTextIsAsLargeAsChosen();
    void normalTextTakesNoMoreRoomThanBefore();
    void aWindowLargerThanTheScreenIsRestoredWithinIt();
    void lanesHaveRoomForTheirNumbers();
    void theJobPanelIsHiddenAndRemembered();
    void theJobPanelCanBeMadeNarrow();
    void theTimelineGetsAllTheRoom();
    void theWholeScreenIsTakenAndGivenBack();

private:
    QTemporaryDir m_settings;
};

void WindowSizesTest::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_settings.path());
    QCoreApplication::setOrganizationName(QStringLiteral("Poolscope"));
    QCoreApplication::setApplicationName(QStringLiteral("windowsizes"));
}

void WindowSizesTest::theWindowFitsASmallScreen_data()
{
    QTest::addColumn<int>("scale");
    for (int scale = Appearance::smallestScale; scale <= Appearance::largestScale; scale += 10)
        QTest::addRow("%d %%", scale) << scale;
}

void WindowSizesTest::theWindowFitsASmallScreen()
{
    QFETCH(const int, scale);
    Appearance appearance;
    MainWindow window(appearance);
    window.resize(smallScreen);
    window.show();
    appearance.setTextScale(scale);
    QVERIFY(hasScale(window, scale));
    QList<QTabWidget *> tabs = window.findChildren<QTabWidget *>();
    for (QTabWidget *const pages : std::as_const(tabs))
        for (int page = 0; page < pages->count(); ++page) {
            pages->setCurrentIndex(page);
            QCoreApplication::sendPostedEvents();
            const QSize least = window.minimumSizeHint().expandedTo(window.minimumSize());
            QVERIFY2(least.width() <= smallScreen.width() && least.height() <= smallScreen.height(),
                     qPrintable(QStringLiteral("%1: %2×%3")
                                    .arg(pages->tabText(page))
                                    .arg(least.width())
                                    .arg(least.height())));
        }
    QCOMPARE(window.size(), smallScreen);
}

void WindowSizesTest::allTextIsAsLargeAsChosen()
{
    Appearance appearance;
    MainWindow window(appearance);
    window.show();
    QVERIFY(hasScale(window, 100));
    QHash<const QWidget *, double> before;
    const QList<QWidget *> all = window.findChildren<QWidget *>();
    for (const QWidget *const widget : all)
        before.insert(widget, widget->font().pointSizeF());
    QHash<const QTableView *, int> rows;
    const QList<QTableView *> tables = window.findChildren<QTableView *>();
    QVERIFY(!tables.isEmpty());
    for (const QTableView *const table : tables)
        rows.insert(table, table->verticalHeader()->defaultSectionSize());
    appearance.setTextScale(200);
    QVERIFY(hasScale(window, 200));
    for (const QWidget *const widget : all) {
        if (widget->inherits("QTableCornerButton"))
            continue; // has no text
        QVERIFY2(std::abs(widget->font().pointSizeF() / before.value(widget) - 2) < 0.02,
                 qPrintable(QString::fromLatin1(widget->metaObject()->className()) + QLatin1Char(' ') +
                            widget->accessibleName()));
    }
    for (const QTableView *const table : tables)
        QVERIFY(table->verticalHeader()->defaultSectionSize() > rows.value(table) * 3 / 2);
}

void WindowSizesTest::normalTextTakesNoMoreRoomThanBefore()
{
    Appearance appearance;
    MainWindow window(appearance);
    window.resize(1280, 800);
    window.show();
    QVERIFY(hasScale(window, 100));
    auto *const processes = named<QSpinBox>(window, "Processes");
    const int panel = processes->mapTo(&window, QPoint(processes->width(), 0)).x();
    for (const int scale : {180, Appearance::largestScale, 100}) {
        appearance.setTextScale(scale);
        QVERIFY(hasScale(window, scale));
        QCoreApplication::sendPostedEvents();
        QCOMPARE(window.size(), QSize(1280, 800));
    }
    QTRY_COMPARE(processes->mapTo(&window, QPoint(processes->width(), 0)).x(), panel);
}

void WindowSizesTest::aWindowLargerThanTheScreenIsRestoredWithinIt()
{
    Appearance appearance;
    {
        MainWindow window(appearance);
        window.setGeometry(50, 50, 3000, 2000);
        window.show();
        window.close();
    }
    MainWindow window(appearance);
    window.show();
    const QRect room = window.screen()->availableGeometry();
    QVERIFY(window.width() <= std::max(room.width(), window.minimumSizeHint().width()));
    QVERIFY(window.height() <= std::max(room.height(), window.minimumSizeHint().height()));
}

void WindowSizesTest::lanesHaveRoomForTheirNumbers()
{
    Appearance appearance;
    MainWindow window(appearance);
    window.show();
    auto *const timeline = window.findChild<Timeline *>();
    appearance.setTextScale(250);
    QVERIFY(hasScale(window, 250));
    const QFontMetrics metrics(Theme::smallFont());
    QVERIFY(timeline->laneLayout().laneHeight() > metrics.ascent());
    QVERIFY(timeline->laneLayout().axisHeight > metrics.height());
    QVERIFY(timeline->coordinates().left >= Timeline::labelWidth());
}

void WindowSizesTest::theJobPanelIsHiddenAndRemembered()
{
    Appearance appearance;
    {
        MainWindow window(appearance);
        window.resize(1280, 800);
        window.show();
        QWidget *const panel = named<QWidget>(window, "Job");
        QVERIFY(panel->isVisible());
        QAction *const action = actionOf(window, QKeySequence(Qt::Key_F9));
        QVERIFY(action && action->isCheckable() && action->isChecked());
        action->trigger();
        QVERIFY(!panel->isVisible());
        QTRY_COMPARE(pagesOf(window)->width(), window.width());
        window.close();
    }
    MainWindow window(appearance);
    window.show();
    QWidget *const panel = named<QWidget>(window, "Job");
    QVERIFY(!panel->isVisible());
    actionOf(window, QKeySequence(Qt::Key_F9))->trigger();
    QVERIFY(panel->isVisible());
    QTRY_VERIFY(panel->width() > 200);
}

void WindowSizesTest::theJobPanelCanBeMadeNarrow()
{
    Appearance appearance;
    MainWindow window(appearance);
    window.resize(1280, 800);
    window.show();
    QVERIFY(named<QWidget>(window, "Job")->minimumSizeHint().width() <= 240);
    QCOMPARE(named<QWidget>(window, "Job")->minimumWidth(), 0);
}

void WindowSizesTest::theTimelineGetsAllTheRoom()
{
    Appearance appearance;
    MainWindow window(appearance);
    window.resize(1280, 800);
    window.show();
    auto *const timeline = window.findChild<Timeline *>();
    const int before = timeline->height();
    QAction *const action = actionOf(window, QKeySequence(Qt::Key_F8));
    action->trigger();
    QTRY_VERIFY(timeline->height() > 2 * before);
    QVERIFY(!named<QTableView>(window, "Workers")->isVisible());
    action->trigger();
    QTRY_COMPARE(timeline->height(), before);
    QVERIFY(named<QTableView>(window, "Workers")->isVisible());
}

void WindowSizesTest::theWholeScreenIsTakenAndGivenBack()
{
    Appearance appearance;
    MainWindow window(appearance);
    window.show();
    QAction *const action = actionOf(window, QKeySequence(Qt::Key_F11));
    action->trigger();
    QTRY_VERIFY(window.isFullScreen());
    QVERIFY(action->isChecked());
    action->trigger();
    QTRY_VERIFY(!window.isFullScreen());
    QVERIFY(!action->isChecked());
    // The window manager can do it, too.
    window.showFullScreen();
    QTRY_VERIFY(action->isChecked());
    window.showNormal();
    QTRY_VERIFY(!action->isChecked());
}

QTEST_MAIN(WindowSizesTest)
#include "tst_windowsizes.moc"
