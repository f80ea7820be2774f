// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QStringList>
#include <QTableView>

namespace Poolscope {

/// A table of data in the look of the window: no frame, no grid, figures of one width, columns that keep
/// their widths, scroll bars that are always there, a sentence where there is nothing yet.
class DataTable final : public QTableView
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DataTable)

public:
    explicit DataTable(const QString &accessibleName, QWidget *parent = nullptr);

    /// The longest text expected in each column sets its width; the stretched column takes what is left.
    /// Call after setModel().
    void setColumnSamples(const QStringList &samples, int stretched);
    void setEmptyText(const QString &text);
    /// Columns that go, the first one first, while the stretched column would be narrower than `least`.
    void setDroppable(const QList<int> &columns, const QString &least);
    /// Keeps the newest row in sight until someone scrolls away from it.
    void setFollowing(bool following);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;

private:
    static QFont dataFont();
    void applyTheme();
    void dropColumns();
    void copySelection() const;

    QStringList m_samples;
    int m_stretched = -1;
    QList<int> m_droppable;
    QString m_least;
    QString m_emptyText;
    bool m_isTakingFocus = false;
    enum class Tail
    {
        Ignored,
        Followed,
        Left
    } m_tail = Tail::Ignored;
};

} // namespace Poolscope
