// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QStringList>

class QAction;
class QActionGroup;
class QMainWindow;
class QMenu;

namespace Poolscope {

class Appearance;

/// The menu bar: every action of the window, with its shortcut.
class WindowMenus final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WindowMenus)

public:
    WindowMenus(QMainWindow *window, Appearance &appearance);

    QAction *openInput;
    QAction *openPython;
    QAction *openPlugin;
    QAction *openRun;
    QAction *saveResults;
    QAction *quit;
    QAction *start;
    QAction *pause;
    QAction *stop;
    QAction *resumeLast;
    QAction *showRun;
    QAction *showCompare;
    QAction *showSubmit;
    QAction *keysAndTerms;
    QAction *fullScreen;
    QAction *jobPanel;
    QAction *timelineAlone;
    QAction *about;

    void setRecentInputs(const QStringList &inputs);

Q_SIGNALS:
    void recentInputChosen(const QString &input);

private:
    void fillViewMenu(QMenu *menu);
    void addScheme(QMenu *menu, QActionGroup *group, const QString &text, int scheme);

    Appearance &m_appearance;
    QMenu *m_recent;
};

} // namespace Poolscope
