// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSlider>

namespace Poolscope {

/// A slider over time, as players have it: a click goes to where the pointer is, instead of a step towards
/// it.
class SeekSlider final : public QSlider
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SeekSlider)

public:
    explicit SeekSlider(QWidget *parent = nullptr);

protected:
    void mousePressEvent(QMouseEvent *event) override;
};

} // namespace Poolscope
