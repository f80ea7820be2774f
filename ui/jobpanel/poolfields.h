// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/jobspec.h"

#include <QWidget>

#include <optional>

class QComboBox;
class QSpinBox;

namespace Poolscope {

class FieldMessage;
class FormGrid;
class WordSpinBox;

/// Method, processes, chunk size and max tasks per child, each with what its value comes to for this input.
class PoolFields final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PoolFields)

public:
    explicit PoolFields(QWidget *parent = nullptr);

    Method method() const;
    void writeTo(JobSpec &spec) const;
    void readFrom(const JobSpec &spec);

    /// \param items  in the input; nothing while that is not known
    void setItemCount(std::optional<quint64> items);

    /// \returns whether `option` is one of these fields
    bool setProblem(const QString &option, const QString &message);
    void clearProblems();

Q_SIGNALS:
    void changed();

private:
    void explain();
    QString explainChunks(quint64 chunksize) const;
    QString explainRecycling(quint64 chunksize) const;

    FormGrid *m_grid;
    QComboBox *m_method;
    QSpinBox *m_processes;
    WordSpinBox *m_chunksize;
    WordSpinBox *m_maxTasks;
    FieldMessage *m_methodMessage;
    FieldMessage *m_processesMessage;
    FieldMessage *m_chunksizeMessage;
    FieldMessage *m_maxTasksMessage;
    std::optional<quint64> m_items;
};

} // namespace Poolscope
