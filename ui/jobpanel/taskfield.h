// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tasks/taskcatalog.h"
#include "ui/jobpanel/taskfiles.h"

#include <QHash>
#include <QJsonObject>
#include <QSet>
#include <QWidget>

class QComboBox;
class QLineEdit;
class QPushButton;
class QStackedLayout;
class QStandardItemModel;

namespace Poolscope {

class FieldMessage;
class FormGrid;
class ParameterForm;

/// Which task: chosen from the list, typed as for --task, from a file, or a command; and its parameters.
class TaskField final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TaskField)

public:
    explicit TaskField(QWidget *parent = nullptr);

    QString task() const;            ///< Empty while a command is chosen, or nothing.
    QString commandTemplate() const; ///< Empty unless a command is chosen.
    bool isCommand() const;
    QJsonObject parameters() const;
    /// The fields of the parameters, which come and go: to be placed below what must not move.
    QWidget *parameterFields() const;
    void setTask(const QString &task, const QString &commandTemplate, const QJsonObject &parameters);

    /// The interpreter that lists the functions of Python files.
    void setPython(const QString &interpreter);
    /// Lists a file's functions to choose from.
    void openFile(const QString &file);
    void choosePython();
    void choosePlugin();
    void chooseCommand();

    void setProblem(const QString &option, const QString &message);
    void clearProblems();
    /// What is wrong with the file opened last; empty when all is well.
    const QString &fileProblem() const { return m_fileProblem; }

Q_SIGNALS:
    void changed();
    void exampleWanted(const QString &input);

private:
    void addTasks(const QList<TaskDescription> &tasks);
    void takeListed(const QList<TaskDescription> &tasks, bool isWanted);
    void follow();
    void describe(const TaskDescription &description);
    TaskDescription currentDescription();

    QComboBox *m_combo;
    QPushButton *m_more;
    QStandardItemModel *m_model;
    FormGrid *m_commandRow;
    QLineEdit *m_command;
    FieldMessage *m_description;
    QStackedLayout *m_about; ///< The description, or in its place the command line.
    QPushButton *m_example;
    ParameterForm *m_parameters;

    TaskFiles m_files;
    QHash<QString, TaskDescription> m_descriptions; ///< By name.
    QSet<QString> m_listedFiles;                    ///< Asked for their functions, so as to ask once.
    QString m_described;                            ///< The text that is described now.
    QString m_fileProblem;
};

} // namespace Poolscope
