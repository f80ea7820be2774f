// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/elidedlabel.h"

#include <QWidget>

namespace Poolscope {

/// A view under its title, with a quiet note at the right: no box around it.
class Section final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Section)

public:
    Section(const QString &title, QWidget *content, QWidget *parent = nullptr);

    void setTitle(const QString &title);
    void setNote(const QString &note);
    /// Something small between the title and the note: a key to colours.
    void setKey(QWidget *key);

protected:
    void changeEvent(QEvent *event) override;

private:
    void applyTheme();

    ElidedLabel *m_title;
    ElidedLabel *m_note;
};

} // namespace Poolscope
