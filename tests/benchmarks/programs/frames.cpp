// SPDX-License-Identifier: GPL-3.0-or-later
// How long the page of a run takes for a frame, at a million items: all views that are visible, at 1920x1080,
// on the raster back end. And how long it holds up its thread while half a million items a second come in.
#include "tests/ui/generatedrun.h"
#include "ui/charts/plotwidget.h"
#include "ui/models/runmonitor.h"
#include "ui/pages/runpage.h"
#include "ui/theme/appearance.h"

#include <QAbstractButton>
#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QScrollBar>
#include <QSplitterHandle>
#include <QTabBar>
#include <QTimer>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <vector>

#include <unistd.h>

using namespace Poolscope;

namespace {

constexpr QSize pageSize(1920, 1080);

std::uint64_t residentBytes()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    file.open(QIODevice::ReadOnly);
    return file.readAll().split(' ').value(1).toULongLong() * std::uint64_t(sysconf(_SC_PAGESIZE));
}

double quantile(std::vector<double> values, double share)
{
    if (values.empty())
        return 0;
    std::sort(values.begin(), values.end());
    return values[std::min(std::size_t(share * double(values.size())), values.size() - 1)];
}

/// How late a timer of two milliseconds is: as long as the thread was held up.
class Stalls
{
public:
    Stalls()
    {
        m_timer.setTimerType(Qt::PreciseTimer);
        m_timer.setInterval(interval);
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] {
            if (m_since.isValid())
                late.push_back(std::max(double(m_since.nsecsElapsed()) * 1e-6 - interval, 0.0));
            m_since.start();
        });
        m_timer.start();
    }
    std::vector<double> late; ///< Milliseconds.

private:
    static constexpr int interval = 2;
    QTimer m_timer;
    QElapsedTimer m_since;
};

/// What shows the run: not the scroll bars and buttons around it.
std::vector<QWidget *> viewsOf(RunPage &page)
{
    std::vector<QWidget *> views;
    const QList<QWidget *> all = page.findChildren<QWidget *>();
    for (QWidget *const widget : all) {
        const bool isChrome = qobject_cast<QScrollBar *>(widget) || qobject_cast<QAbstractButton *>(widget) ||
                              qobject_cast<QTabBar *>(widget) || qobject_cast<QSplitterHandle *>(widget);
        const bool holdsOthers = !widget->findChildren<QWidget *>().isEmpty();
        if (widget->isVisible() && !isChrome && (!holdsOthers || qobject_cast<PlotWidget *>(widget)))
            views.push_back(widget);
    }
    return views;
}

/// Runs the program's event loop until something holds, which is asked whenever nothing else is to be done.
void runUntil(const std::function<bool()> &holds)
{
    QEventLoop loop;
    QTimer idle;
    QObject::connect(&idle, &QTimer::timeout, &loop, [&] {
        if (holds())
            loop.quit();
    });
    idle.start(0);
    loop.exec();
}

/// Until all that was asked for so far is painted.
void runUntilPainted()
{
    runUntil([] { return true; });
}

/// Milliseconds that each of the actions takes until all that it changed is painted.
std::vector<double> framesOf(RunPage &page, const std::vector<std::function<void()>> &actions, int rounds)
{
    const std::vector<QWidget *> views = viewsOf(page);
    std::vector<double> times;
    for (int round = 0; round < rounds; ++round)
        for (const auto &action : actions) {
            QElapsedTimer clock;
            clock.start();
            action();
            // All views, not only those that the action touched.
            for (QWidget *const view : views)
                view->update();
            runUntilPainted();
            times.push_back(double(clock.nsecsElapsed()) * 1e-6);
        }
    return times;
}

QJsonObject still(const GeneratedRun::Shape &shape, int rounds)
{
    RunMonitor monitor;
    RunPage page(&monitor);
    page.resize(pageSize);
    page.show();
    runUntilPainted();
    const std::uint64_t before = residentBytes();
    auto owned = std::make_unique<GeneratedRun>(shape);
    const double length = owned->length();
    QElapsedTimer reading;
    reading.start();
    monitor.start(std::move(owned));
    runUntil([&page] { return page.hasReadAll(); });
    const double readingTime = double(reading.elapsed()) * 1e-3;
    const std::uint64_t after = residentBytes();

    TimeWindow &window = page.timeWindow();
    SelectedItem &selection = page.selectedItem();
    std::uint64_t item = 0;
    std::vector<std::function<void()>> actions;
    for (int step = 0; step < 12; ++step) // from the whole run to single bars
        actions.emplace_back([&window, length] { window.zoom(2.5, length * 0.37); });
    for (int step = 0; step < 6; ++step)
        actions.emplace_back([&window] { window.pan(window.length() * 0.2); });
    for (int step = 0; step < 12; ++step)
        actions.emplace_back([&window, length] { window.zoom(1 / 2.5, length * 0.37); });
    for (int step = 0; step < 8; ++step) {
        actions.emplace_back([&window] { window.show(window.now() * 0.1, window.now() * 0.7); });
        actions.emplace_back([&window] { window.pan(window.length() * 0.05); });
    }
    actions.emplace_back([&window] { window.fit(); });
    for (int step = 0; step < 4; ++step)
        actions.emplace_back([&selection, &item, &shape] {
            item = (item + shape.items / 7 + 13) % shape.items;
            selection.select(item);
        });
    actions.emplace_back([&window] { window.fit(); });
    const std::vector<double> frames = framesOf(page, actions, rounds);
    return {{"items", double(shape.items)},
            {"workers", double(shape.workers)},
            {"frames", double(frames.size())},
            {"median_ms", quantile(frames, 0.5)},
            {"p95_ms", quantile(frames, 0.95)},
            {"worst_ms", quantile(frames, 1)},
            {"bytes_per_item", (double(after) - double(before)) / double(shape.items)},
            {"reading_s", readingTime}};
}

QJsonObject live(double itemsPerSecond, double seconds)
{
    RunMonitor monitor;
    RunPage page(&monitor);
    page.resize(pageSize);
    page.show();
    runUntilPainted();
    GeneratedRun::Shape shape;
    shape.items = std::uint64_t(itemsPerSecond * seconds);
    shape.gap = 2e-6;
    shape.seconds = shape.workers / itemsPerSecond - shape.gap;
    auto owned = std::make_unique<GeneratedRun>(shape);
    owned->runByTheClock();
    Stalls stalls;
    QObject::connect(&monitor, &RunMonitor::ended, qApp, &QCoreApplication::quit);
    monitor.start(std::move(owned));
    QCoreApplication::exec();
    return {{"items_per_second", itemsPerSecond},
            {"seconds", seconds},
            {"held_up_p95_ms", quantile(stalls.late, 0.95)},
            {"held_up_longest_ms", quantile(stalls.late, 1)}};
}

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    const Appearance appearance;
    const QStringList arguments = QCoreApplication::arguments();
    // With "quick": enough to compare a million items with a thousand.
    const bool isQuick = arguments.contains(QStringLiteral("quick"));
    GeneratedRun::Shape few;
    few.items = 1000;
    GeneratedRun::Shape million;
    GeneratedRun::Shape crowd;
    crowd.workers = 64;
    GeneratedRun::Shape chunked;
    chunked.chunksize = 2000;
    QJsonObject result{{"few", still(few, 1)}, {"million", still(million, isQuick ? 1 : 4)}};
    if (!isQuick) {
        result.insert(QStringLiteral("million_64_workers"), still(crowd, 4));
        result.insert(QStringLiteral("million_in_chunks"), still(chunked, 4));
        result.insert(QStringLiteral("live"), live(500'000, 6));
    }
    std::puts(QJsonDocument(result).toJson().constData());
    return 0;
}
