// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QWidget>

class QGridLayout;
class QLabel;

namespace Poolscope {

class FieldMessage;

/// Rows of a label and a field, and messages below fields. The labels' column has the same width in every
/// grid of the form, so that the fields of all of them stand in one line. Where there is no room for two
/// columns, each field stands below its label.
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

    QSize minimumSizeHint() const override;

protected:
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    struct Row
    {
        QWidget *label; ///< Null: the field has none.
        QWidget *field;
        bool isWide;
    };

    static int leastWidth(const QWidget &widget);
    int labelWidth() const;
    bool hasRoomForColumns() const;
    void addRow(const Row &row);
    void place(const Row &row);
    void layOut();

    QGridLayout *m_layout;
    QList<Row> m_rows;
    int m_lines = 0; ///< Of the layout.
    bool m_isStacked = false;
};

/// A label whose letter behind & moves the focus to `buddy`. Accessibility tools find the field, not its
/// label, under the field's name.
QLabel *makeLabel(const QString &text, QWidget *buddy, QWidget *parent);

} // namespace Poolscope
