// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QPushButton;

namespace Poolscope {

/// The one button that matters now takes the accent colour, the others the palette's.
void setAccent(QPushButton *button, bool isAccented);

} // namespace Poolscope
