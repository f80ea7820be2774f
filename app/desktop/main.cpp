// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/options/joboptions.h"
#include "ui/models/runreaper.h"
#include "ui/theme/appearance.h"
#include "ui/window/mainwindow.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QEvent>
#include <QIcon>
#include <QLibraryInfo>
#include <QLocale>
#include <QSettings>
#include <QTimer>
#include <QTranslator>

#include <chrono>
#include <cstdio>
#include <functional>
#include <utility>

using namespace Poolscope;

namespace {

constexpr int usageError = 2;

/// One message for each thing that is wrong, as on the other command.
int complain(const QStringList &messages)
{
    for (const QString &message : messages)
        std::fprintf(stderr, "poolscope: %s\n", message.toLocal8Bit().constData());
    std::fputs("poolscope: see poolscope --help\n", stderr);
    return usageError;
}

void translate(QApplication &application)
{
    // Without a translation for the user's language neither load() finds a file, and the texts stay English.
    auto *own = new QTranslator(&application);
    if (own->load(QLocale(), QStringLiteral("poolscope"), QStringLiteral("_"),
                  QStringLiteral(":/translations")))
        QApplication::installTranslator(own);
    auto *qt = new QTranslator(&application);
    if (qt->load(QLocale(), QStringLiteral("qtbase"), QStringLiteral("_"),
                 QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        QApplication::installTranslator(qt);
}

QIcon programIcon()
{
    QIcon icon;
    for (const int size : {16, 24, 32, 48, 64, 128, 256})
        icon.addFile(QStringLiteral(":/icons/poolscope-%1.png").arg(size));
    return icon;
}

void restoreAppearance(Appearance &appearance)
{
    const QSettings settings;
    const int scheme = settings.value(QStringLiteral("theme"), int(Appearance::Scheme::System)).toInt();
    if (scheme >= int(Appearance::Scheme::System) && scheme <= int(Appearance::Scheme::Dark))
        appearance.setScheme(Appearance::Scheme(scheme));
    appearance.setTextScale(settings.value(QStringLiteral("textScale"), 100).toInt());
}

/// Calls a function when a window is on the screen: what it starts is seen from its beginning, and does not
/// have to wait for the fonts to be loaded.
class WhenPainted final : public QObject
{
public:
    WhenPainted(QWidget &window, std::function<void()> function)
        : QObject(&window), m_function(std::move(function))
    {
        window.installEventFilter(this);
        // A window that starts out minimised is not painted.
        QTimer::singleShot(longestWait, this, &WhenPainted::call);
    }

    bool eventFilter(QObject *, QEvent *event) override
    {
        if (event->type() == QEvent::Paint)
            QTimer::singleShot(0, this, &WhenPainted::call);
        return false;
    }

private:
    static constexpr std::chrono::seconds longestWait{1};

    void call()
    {
        if (const auto function = std::exchange(m_function, nullptr)) {
            deleteLater();
            function();
        }
    }

    std::function<void()> m_function;
};

} // namespace

int main(int argc, char *argv[])
{
    QApplication application(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("Poolscope"));
    QApplication::setApplicationName(QStringLiteral("Poolscope"));
    QApplication::setApplicationVersion(QStringLiteral(POOLSCOPE_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("org.poolscope.Poolscope"));
    QApplication::setWindowIcon(programIcon());
    translate(application);

    QCommandLineParser parser;
    parser.setApplicationDescription(QApplication::translate(
        "main", "Runs a task over many items on a pool of worker processes, and shows it."));
    parser.addHelpOption();
    parser.addVersionOption();
    JobOptions::addTo(parser);
    const QCommandLineOption runOption(QStringLiteral("run"),
                                       QApplication::translate("main", "Start the job at once."));
    parser.addOption(runOption);
    const QCommandLineOption openOption(
        QStringLiteral("open"),
        QApplication::translate("main", "Show the run that a journal has recorded; nothing is run."),
        QApplication::translate("main", "FILE"));
    parser.addOption(openOption);
    if (!parser.parse(QApplication::arguments()))
        return complain({parser.errorText()});
    if (parser.isSet(QStringLiteral("help")))
        parser.showHelp();
    if (parser.isSet(QStringLiteral("version")))
        parser.showVersion();
    if (const QStringList extra = parser.positionalArguments(); !extra.isEmpty())
        return complain({QApplication::translate("main", "“%1” is not an option; give an input as --input %1")
                             .arg(extra.first())});
    const JobOptions::Result job = JobOptions::read(parser);
    if (!job.problems.isEmpty()) {
        QStringList messages;
        for (const JobProblem &problem : job.problems)
            messages.append(JobOptions::toText(problem));
        return complain(messages);
    }

    int status = 0;
    {
        Appearance appearance;
        restoreAppearance(appearance);
        MainWindow window(appearance);
        const QStringList given = parser.optionNames();
        if (given.isEmpty() || given == QStringList{QStringLiteral("run")} || parser.isSet(openOption))
            window.restoreJob();
        else
            window.setJob(job.spec);
        window.show();
        if (parser.isSet(openOption))
            window.openRun(parser.value(openOption));
        else if (parser.isSet(runOption))
            new WhenPainted(window, [&window] { window.run(); });
        status = QApplication::exec();
    }
    // The window is gone by now; the processes of a run it showed may need a moment longer.
    RunReaper::waitForAll();
    return status;
}
