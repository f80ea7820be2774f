// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

namespace Poolscope {

/// The widget in a page that has this accessible name; null when there is none.
template <typename T>
T *named(QWidget &page, const QString &accessibleName)
{
    const QList<T *> all = page.findChildren<T *>();
    for (T *const widget : all)
        if (widget->accessibleName() == accessibleName)
            return widget;
    return nullptr;
}

template <typename T>
T *named(QWidget &page, const char *accessibleName)
{
    return named<T>(page, QString::fromUtf8(accessibleName));
}

} // namespace Poolscope
