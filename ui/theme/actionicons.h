// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIcon>

namespace Poolscope {

/// The signs on buttons, drawn in a colour of the theme: the style's own ones are black on every
/// background.
enum class ActionSign
{
    Run,
    Pause,
    Stop,
    Theme,
    ToBegin,
    StepOn
};

QIcon actionIcon(ActionSign sign, const QColor &color);

} // namespace Poolscope
