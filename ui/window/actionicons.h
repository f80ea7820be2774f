// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIcon>

namespace Poolscope {

/// The signs of the tool bar, drawn in a colour of the theme: the style's own ones are black on every
/// background.
enum class ActionSign
{
    Run,
    Pause,
    Stop,
    Theme
};

QIcon actionIcon(ActionSign sign, const QColor &color);

} // namespace Poolscope
