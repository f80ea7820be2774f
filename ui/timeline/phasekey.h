// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/workerlives.h"

#include <QWidget>

#include <functional>

namespace Poolscope {

/// The key to what a lane of the timeline shows besides items that ended well; as much of it as there is room
/// for.
class PhaseKey final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PhaseKey)

public:
    explicit PhaseKey(QWidget *parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {0, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    struct Entry
    {
        std::function<void(QPainter &, const QRectF &)> paint;
        QString word;
    };
    static QList<Entry> entries();
    int widthOf(const Entry &entry) const;
};

} // namespace Poolscope
