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
    /// Has room for so many lines whatever it says, so that nothing below moves; what is longer is cut.
    void setLines(int lines);
    bool hasProblem() const { return !m_problem.isEmpty(); }

protected:
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void display();
    void restyle();
    void fit();
    QString cut(const QString &text) const;

    QWidget *m_field;
    QString m_hint;
    QString m_problem;
    QString m_shown; ///< One of them, in full.
    int m_lines = 0; ///< 0: as many as it takes.
};

} // namespace Poolscope
