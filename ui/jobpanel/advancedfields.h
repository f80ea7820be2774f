// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/jobspec.h"

#include <QHash>
#include <QWidget>

class QComboBox;
class QLineEdit;
class QToolButton;

namespace Poolscope {

class FieldMessage;
class FormGrid;
class NumberSpinBox;
class WordSpinBox;

/// What few jobs need; folded away until asked for, or until something in it is wrong.
class AdvancedFields final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AdvancedFields)

public:
    explicit AdvancedFields(QWidget *parent = nullptr);

    void writeTo(JobSpec &spec) const;
    void readFrom(const JobSpec &spec);
    QString python() const;

    /// Unfolds to show the problem. \returns whether `option` is one of these fields
    bool setProblem(const QString &option, const QString &message);
    void clearProblems();

    bool isUnfolded() const;
    void unfold(bool isUnfolded);

Q_SIGNALS:
    void changed();

private:
    void addField(const QString &option, const QString &label, QWidget *field, const QString &hint = {});
    QLineEdit *addLine(const QString &option, const QString &label, const QString &placeholder,
                       const QString &hint = {});

    QToolButton *m_toggle;
    FormGrid *m_grid;
    WordSpinBox *m_buffersize;
    NumberSpinBox *m_timeout;
    NumberSpinBox *m_startTimeout;
    NumberSpinBox *m_maxMemoryPerChild;
    NumberSpinBox *m_memoryLimit;
    WordSpinBox *m_retries;
    QComboBox *m_onError;
    QLineEdit *m_initializer;
    QLineEdit *m_initargs;
    QLineEdit *m_python;
    QHash<QString, FieldMessage *> m_messages; ///< By option.
};

} // namespace Poolscope
