// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tasks/taskcatalog.h"

#include <QJsonObject>
#include <QList>
#include <QWidget>

#include <functional>
#include <vector>

namespace Poolscope {

class FieldMessage;
class FormGrid;

/// A field for each parameter of a task.
class ParameterForm final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ParameterForm)

public:
    explicit ParameterForm(QWidget *parent = nullptr);

    /// Makes the fields; values set for parameters of the same name stay.
    void setParameters(const QList<TaskParameter> &parameters);

    /// Those that differ from the task's defaults, and those set for parameters that are not known yet.
    QJsonObject values() const;
    void setValues(const QJsonObject &values);

    void setProblem(const QString &text);

Q_SIGNALS:
    void changed();

private:
    struct Field
    {
        TaskParameter parameter;
        std::function<QJsonValue()> read;
        std::function<void(const QJsonValue &)> write;
    };

    void addField(const TaskParameter &parameter);
    QWidget *makeEditor(Field &field);
    QWidget *makePathEditor(Field &field);

    FormGrid *m_grid;
    FieldMessage *m_message;
    std::vector<Field> m_fields;
    QJsonObject m_unknown; ///< Values without a field.
};

} // namespace Poolscope
