// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QWidget>

#include <optional>

class QHBoxLayout;

namespace Poolscope {

/// A row whose parts give way: while there is no room for all of them, those that matter least are hidden.
class GivingRow : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(GivingRow)

public:
    explicit GivingRow(QWidget *parent = nullptr);

    /// \param rank  of those that give way the lowest goes first; none: the part stays
    void add(QWidget *part, std::optional<int> rank = std::nullopt, int stretch = 0);
    /// In the place of setVisible(), which is the row's own business.
    void setWanted(QWidget *part, bool isWanted);
    void setSpacing(int spacing);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent *event) override;
    bool event(QEvent *event) override;

private:
    struct Part
    {
        QWidget *widget;
        std::optional<int> rank;
        bool isWanted = true;
    };

    void fit();
    QSize sizeOf(bool isWhole) const;

    QHBoxLayout *m_layout;
    QList<Part> m_parts; ///< From left to right.
};

} // namespace Poolscope
