// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QListView>
#include <QStringListModel>

namespace Poolscope {

/// The first items of an input, one a line, as plain text; while there are none, a sentence that says how to
/// get some.
class InputList final : public QListView
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(InputList)

public:
    explicit InputList(QWidget *parent = nullptr);

    void setItems(const QStringList &items);
    void setEmptyText(const QString &text);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QStringListModel m_items;
    QString m_emptyText;
};

} // namespace Poolscope
