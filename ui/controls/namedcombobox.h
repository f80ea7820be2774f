// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>

namespace Poolscope {

/// A combo box that accessibility tools find by its accessible name. On Linux, Qt gives them the chosen text
/// instead, which is of no use for finding the field; the text is its value and begins its description here.
class NamedComboBox final : public QComboBox
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NamedComboBox)

public:
    explicit NamedComboBox(QWidget *parent = nullptr);
};

} // namespace Poolscope
