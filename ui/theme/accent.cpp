// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/accent.h"

#include "ui/theme/theme.h"

#include <QPushButton>

namespace Poolscope {

void setAccent(QPushButton *button, bool isAccented)
{
    QPalette palette;
    if (isAccented) {
        // Fusion lightens it for its gradient; white text needs a deep blue after that (4.5:1).
        palette.setColor(QPalette::Button, Theme::accent().darker(Theme::isDark() ? 190 : 155));
        palette.setColor(QPalette::ButtonText, Theme::onAccent());
    }
    button->setPalette(palette);
}

} // namespace Poolscope
