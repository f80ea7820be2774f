// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/inputpreview.h"

#include <QStringList>
#include <QTimer>
#include <QWidget>

#include <optional>

class QComboBox;
class QLabel;
class QLineEdit;
class QMenu;
class QPushButton;
class QToolButton;

namespace Poolscope {

class FieldMessage;
class InputList;

/// What to run the task on, with a look at its first items and a count that fills in by itself.
class InputField final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(InputField)

public:
    explicit InputField(QWidget *parent = nullptr);

    QString input() const;
    void setInput(const QString &input);
    ItemType itemType() const;
    void setItemType(ItemType type);
    /// Whether the method unpacks items, which changes how rows of tables read.
    void setUnpacked(bool isUnpacked);

    /// Items in the input; nothing while they are not counted to the end.
    std::optional<quint64> count() const { return m_count; }

    const QStringList &recentInputs() const { return m_recent; }
    void setRecentInputs(const QStringList &inputs);
    /// Puts the present input first among the recent ones.
    void rememberInput();

    void browse();
    /// Reads the input again if something was wrong with it: the file may have been mended meanwhile.
    void retry();

    void setProblem(const QString &message);
    /// What reading found to be wrong; empty when all is well so far.
    const QString &readingProblem() const { return m_readingProblem; }

Q_SIGNALS:
    void changed(); ///< the input or how it is read
    void counted(); ///< count() or readingProblem() is new
    void recentChanged();

private:
    void scheduleReading();
    void read();
    void showCount(quint64 items, bool isComplete);
    void fillRecentMenu();

    QLineEdit *m_edit;
    QToolButton *m_recentButton;
    QMenu *m_recentMenu;
    QPushButton *m_browse;
    FieldMessage *m_message;
    InputList *m_list;
    QLabel *m_countLabel;
    QComboBox *m_itemType;

    InputPreview m_preview;
    QTimer m_readingDelay;
    QStringList m_recent;
    QString m_readingProblem;
    std::optional<quint64> m_count;
    bool m_isUnpacked = false;
};

} // namespace Poolscope
