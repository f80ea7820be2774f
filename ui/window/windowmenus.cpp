// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/windowmenus.h"

#include "ui/theme/appearance.h"

#include <QAction>
#include <QActionGroup>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>

namespace Poolscope {

namespace {

QAction *add(QMenu *menu, const QString &text, const QList<QKeySequence> &shortcuts)
{
    QAction *action = menu->addAction(text);
    action->setShortcuts(shortcuts);
    return action;
}

QAction *addCheckable(QMenu *menu, const QString &text, const QString &shortcut)
{
    QAction *action = add(menu, text, {QKeySequence(shortcut)});
    action->setCheckable(true);
    return action;
}

} // namespace

WindowMenus::WindowMenus(QMainWindow *window, Appearance &appearance)
    : QObject(window), m_appearance(appearance)
{
    QMenuBar *bar = window->menuBar();
    QMenu *file = bar->addMenu(tr("&File"));
    openInput = add(file, tr("Open &input…"), {QKeySequence::Open});
    m_recent = file->addMenu(tr("&Recent inputs"));
    openPython = add(file, tr("Open &Python file…"), {QKeySequence(tr("Ctrl+Shift+O"))});
    openPlugin = add(file, tr("Open p&lugin…"), {});
    openRun = add(file, tr("Open r&un…"), {QKeySequence(tr("Ctrl+Shift+R"))});
    file->addSeparator();
    saveResults = add(file, tr("&Save results…"), {QKeySequence::Save});
    file->addSeparator();
    quit = add(file, tr("&Quit"), {QKeySequence(tr("Ctrl+Q"))});

    QMenu *job = bar->addMenu(tr("&Job"));
    start = add(job, tr("&Start the job"), {QKeySequence(tr("F5"))});
    pause = add(job, tr("&Pause or resume the job"), {QKeySequence(tr("F6"))});
    stop = add(job, tr("S&top the job"), {QKeySequence(tr("Shift+F5"))});
    job->addSeparator();
    resumeLast = add(job, tr("&Resume last run"), {QKeySequence(tr("Ctrl+R"))});

    QMenu *view = bar->addMenu(tr("&View"));
    showRun = add(view, tr("Show the &run"), {QKeySequence(tr("Ctrl+1"))});
    showCompare = add(view, tr("Show the &comparison"), {QKeySequence(tr("Ctrl+2"))});
    showSubmit = add(view, tr("Show the live &pool"), {QKeySequence(tr("Ctrl+3"))});
    view->addSeparator();
    jobPanel = addCheckable(view, tr("&Job panel"), tr("F9"));
    jobPanel->setChecked(true);
    timelineAlone = addCheckable(view, tr("Timeline &alone"), tr("F8"));
    fullScreen = addCheckable(view, tr("&Full screen"), tr("F11"));
    view->addSeparator();
    fillViewMenu(view);

    QMenu *help = bar->addMenu(tr("&Help"));
    keysAndTerms = add(help, tr("&Keys and terms"), {QKeySequence::HelpContents});
    help->addSeparator();
    about = add(help, tr("&About Poolscope"), {});
    setRecentInputs({});
}

void WindowMenus::fillViewMenu(QMenu *view)
{
    QMenu *theme = view->addMenu(tr("&Theme"));
    auto *group = new QActionGroup(this);
    addScheme(theme, group, tr("As the &desktop"), int(Appearance::Scheme::System));
    addScheme(theme, group, tr("&Light"), int(Appearance::Scheme::Light));
    addScheme(theme, group, tr("Dar&k"), int(Appearance::Scheme::Dark));
    QAction *toggle = add(view, tr("Light or &dark"), {QKeySequence(tr("Ctrl+T"))});
    connect(toggle, &QAction::triggered, &m_appearance, &Appearance::toggleScheme);
    view->addSeparator();
    QAction *larger = add(view, tr("&Larger text"), {QKeySequence(tr("Ctrl++")), QKeySequence(tr("Ctrl+="))});
    QAction *smaller = add(view, tr("&Smaller text"), {QKeySequence(tr("Ctrl+-"))});
    QAction *reset = add(view, tr("&Normal text"), {QKeySequence(tr("Ctrl+0"))});
    connect(larger, &QAction::triggered, &m_appearance, &Appearance::enlargeText);
    connect(smaller, &QAction::triggered, &m_appearance, &Appearance::shrinkText);
    connect(reset, &QAction::triggered, &m_appearance, &Appearance::resetText);
}

void WindowMenus::addScheme(QMenu *menu, QActionGroup *group, const QString &text, int scheme)
{
    const auto value = Appearance::Scheme(scheme);
    QAction *action = menu->addAction(text);
    action->setCheckable(true);
    action->setChecked(m_appearance.scheme() == value);
    group->addAction(action);
    connect(action, &QAction::triggered, this, [this, value] { m_appearance.setScheme(value); });
    connect(&m_appearance, &Appearance::changed, action,
            [this, action, value] { action->setChecked(m_appearance.scheme() == value); });
}

void WindowMenus::setRecentInputs(const QStringList &inputs)
{
    m_recent->clear();
    for (const QString &input : inputs) {
        QString text = m_recent->fontMetrics().elidedText(input, Qt::ElideMiddle, 480);
        text.replace(u'&', QStringLiteral("&&"));
        m_recent->addAction(text, this, [this, input] { Q_EMIT recentInputChosen(input); });
    }
    m_recent->setEnabled(!inputs.isEmpty());
}

} // namespace Poolscope
