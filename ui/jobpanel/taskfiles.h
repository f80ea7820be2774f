// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/taskbrowser.h"
#include "core/tasks/taskcatalog.h"

#include <QList>
#include <QObject>
#include <QString>

class QWidget;

namespace Poolscope {

/// Lists the functions of Python files and plugins, without running any of their code here.
class TaskFiles final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TaskFiles)

public:
    explicit TaskFiles(QObject *parent = nullptr);

    void setPython(const QString &interpreter) { m_python = interpreter; }

    /// Ask for a file, then list it.
    void choosePython(QWidget *window);
    void choosePlugin(QWidget *window);

    /// \param isWanted  the user asked for the file just now, as opposed to a task chosen earlier whose
    ///                  description is not known yet; handed back with listed()
    void openPython(const QString &file, bool isWanted);
    void openPlugin(const QString &file, bool isWanted);

Q_SIGNALS:
    void listed(const QList<Poolscope::TaskDescription> &tasks, bool isWanted);
    void failed(const QString &message, bool isWanted);

private:
    PythonFileBrowser m_browser;
    QString m_python;
    bool m_browsingIsWanted = false;
};

} // namespace Poolscope
