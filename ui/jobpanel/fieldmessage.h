// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

class QWidget;

namespace Poolscope {

/// The line below a field: what its value comes to, or what is wrong with it. Takes no room while it has
/// nothing to say. A problem replaces the hint until it is solved, and screen readers hear it at the field.
class FieldMessage final : public QLabel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FieldMessage)

public:
    /// \param field  whose accessible description follows the message
    explicit FieldMessage(QWidget *field, QWidget *parent = nullptr);

    void setHint(const QString &text);
    void setProblem(const QString &text);
    bool hasProblem() const { return !m_problem.isEmpty(); }

protected:
    void changeEvent(QEvent *event) override;

private:
    void display();
    void restyle();

    QWidget *m_field;
    QString m_hint;
    QString m_problem;
};

} // namespace Poolscope
