// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QGridLayout;
class QLabel;

namespace Poolscope {

class FieldMessage;

/// Rows of a label and a field, and messages below fields. The labels' column has the same width in every
/// grid of the form, so that the fields of all of them stand in one line.
class FormGrid final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FormGrid)

public:
    explicit FormGrid(QWidget *parent = nullptr);

    /// A label at the left of its field. `field` becomes the buddy unless another one is named.
    QLabel *addRow(const QString &label, QWidget *field, QWidget *buddy = nullptr);
    /// A message below the field of the row before it.
    FieldMessage *addMessage(QWidget *field);
    /// A widget over both columns.
    void addWide(QWidget *widget);
    /// A label over both columns that heads the field below it.
    QLabel *addHeading(const QString &label, QWidget *buddy);

    void clear();

protected:
    void changeEvent(QEvent *event) override;

private:
    void alignLabels();

    QGridLayout *m_layout;
    int m_rows = 0;
};

/// A label whose letter behind & moves the focus to `buddy`. Accessibility tools find the field, not its
/// label, under the field's name.
QLabel *makeLabel(const QString &text, QWidget *buddy, QWidget *parent);

} // namespace Poolscope
