// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/pictureexport.h"

#include <QApplication>
#include <QBuffer>
#include <QClipboard>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QImage>
#include <QMenu>
#include <QMessageBox>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>

namespace Poolscope {

namespace {

// A picture on paper or on a slide is looked at more closely than a window.
constexpr int pixelsOfOne = 2;
// What Qt takes for the resolution of a screen: fonts keep the size they have in the window.
constexpr int dotsPerInch = 96;

QImage imageOf(const PictureExport::Picture &picture)
{
    QImage image(picture.size() * pixelsOfOne, QImage::Format_RGB32);
    image.setDevicePixelRatio(pixelsOfOne);
    image.fill(Qt::white);
    QPainter painter(&image);
    picture.paint(painter);
    return image;
}

} // namespace

QString PictureExport::save(const Picture &picture, const QString &file)
{
    const QSize size = picture.size();
    const QString ending = QFileInfo(file).suffix().toLower();
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    if (ending == QLatin1String("svg")) {
        QSvgGenerator generator;
        generator.setOutputDevice(&buffer);
        generator.setSize(size);
        generator.setViewBox(QRect(QPoint(), size));
        generator.setResolution(dotsPerInch);
        generator.setTitle(picture.name);
        QPainter painter(&generator);
        picture.paint(painter);
    } else if (ending == QLatin1String("pdf")) {
        QPdfWriter writer(&buffer);
        writer.setResolution(dotsPerInch);
        writer.setTitle(picture.name);
        writer.setPageMargins(QMarginsF());
        writer.setPageSize(
            QPageSize(QSizeF(size) / dotsPerInch, QPageSize::Inch, QString(), QPageSize::ExactMatch));
        QPainter painter(&writer);
        picture.paint(painter);
    } else if (ending == QLatin1String("png")) {
        imageOf(picture).save(&buffer, "PNG");
    } else {
        return tr("%1 has no ending of a picture: name it .png, .svg or .pdf")
            .arg(QDir::toNativeSeparators(file));
    }
    QSaveFile target(file);
    if (!target.open(QIODevice::WriteOnly) || target.write(bytes) != bytes.size() || !target.commit())
        return tr("%1 cannot be written: %2").arg(QDir::toNativeSeparators(file), target.errorString());
    return {};
}

void PictureExport::copy(const Picture &picture)
{
    QApplication::clipboard()->setImage(imageOf(picture));
}

void PictureExport::chooseFile(QWidget *parent, const Picture &picture)
{
    auto *const dialog = new QFileDialog(parent, tr("Save picture"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("Image (*.png)"), tr("Scalable drawing (*.svg)"), tr("Document (*.pdf)")});
    dialog->setDefaultSuffix(QStringLiteral("png"));
    dialog->selectFile(picture.name);
    QObject::connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString &filter) {
        for (const char *ending : {"png", "svg", "pdf"})
            if (filter.contains(QLatin1String(ending)))
                dialog->setDefaultSuffix(QLatin1String(ending));
    });
    QObject::connect(dialog, &QFileDialog::fileSelected, parent, [parent, picture](const QString &file) {
        const QString problem = save(picture, file);
        if (problem.isEmpty())
            return;
        auto *const box =
            new QMessageBox(QMessageBox::Warning, tr("Picture not saved"), problem, QMessageBox::Ok, parent);
        box->setTextFormat(Qt::PlainText);
        box->setAttribute(Qt::WA_DeleteOnClose);
        box->open();
    });
    dialog->open();
}

void PictureExport::addTo(QMenu *menu, QWidget *parent, const Picture &picture)
{
    QObject::connect(menu->addAction(tr("Copy picture")), &QAction::triggered, parent,
                     [picture] { copy(picture); });
    QObject::connect(menu->addAction(tr("Save picture…")), &QAction::triggered, parent,
                     [parent, picture] { chooseFile(parent, picture); });
}

} // namespace Poolscope
