// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace Poolscope {

/// The key to the colours of items: from the first of the input to the last.
class ColourKey final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ColourKey)

public:
    explicit ColourKey(QWidget *parent = nullptr);

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
};

} // namespace Poolscope
