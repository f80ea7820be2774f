// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QSize>
#include <QString>

#include <functional>

class QMenu;
class QPainter;
class QWidget;

namespace Poolscope {

/// What a view shows as a picture: copied, or saved as PNG, SVG or PDF.
class PictureExport
{
    Q_DECLARE_TR_FUNCTIONS(Poolscope::PictureExport)

public:
    struct Picture
    {
        QString name;                          ///< Of the file that is offered, without an ending.
        std::function<QSize()> size;           ///< In device-independent pixels.
        std::function<void(QPainter &)> paint; ///< Lines and text, so that it can be enlarged.
    };

    /// Two entries, Copy picture and Save picture.
    /// \param parent  of the dialogs; the picture is painted only while it lives
    static void addTo(QMenu *menu, QWidget *parent, const Picture &picture);

    /// \param file  its ending says the format: png, svg or pdf
    /// \returns what went wrong; empty when it was written
    static QString save(const Picture &picture, const QString &file);

private:
    static void copy(const Picture &picture);
    static void chooseFile(QWidget *parent, const Picture &picture);
};

} // namespace Poolscope
