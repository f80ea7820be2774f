// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobpanel/taskfiles.h"

#include <QFileDialog>
#include <QFileInfo>

namespace Poolscope {

namespace {

QFileDialog *openDialog(QWidget *window, const QString &title, const QString &filter)
{
    auto *dialog = new QFileDialog(window, title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({filter, TaskFiles::tr("All files (*)")});
    dialog->open();
    return dialog;
}

} // namespace

TaskFiles::TaskFiles(QObject *parent) : QObject(parent)
{
    connect(&m_browser, &PythonFileBrowser::found, this,
            [this](const QList<TaskDescription> &tasks) { Q_EMIT listed(tasks, m_browsingIsWanted); });
    connect(&m_browser, &PythonFileBrowser::failed, this,
            [this](const QString &message) { Q_EMIT failed(message, m_browsingIsWanted); });
}

void TaskFiles::choosePython(QWidget *window)
{
    QFileDialog *dialog = openDialog(window, tr("Open Python file"), tr("Python files (*.py)"));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this](const QString &file) { openPython(file, true); });
}

void TaskFiles::choosePlugin(QWidget *window)
{
    QFileDialog *dialog = openDialog(window, tr("Open plugin"), tr("Task plugins (*.so)"));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this](const QString &file) { openPlugin(file, true); });
}

void TaskFiles::openPython(const QString &file, bool isWanted)
{
    m_browsingIsWanted = isWanted;
    m_browser.browse(file, m_python);
}

void TaskFiles::openPlugin(const QString &file, bool isWanted)
{
    QString error;
    const QList<TaskDescription> tasks = pluginTasks(file, &error);
    if (!error.isEmpty())
        Q_EMIT failed(error, isWanted);
    else if (tasks.isEmpty())
        Q_EMIT failed(tr("%1 offers no functions").arg(QFileInfo(file).fileName()), isWanted);
    else
        Q_EMIT listed(tasks, isWanted);
}

} // namespace Poolscope
