// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/comparisonsaver.h"

#include "core/comparison/comparisonexport.h"
#include "ui/compare/comparisonpicture.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace Poolscope {

namespace {

/// A line of the file dialog's list.
struct Choice
{
    const char *filter;
    const char *ending; ///< Of the name that is offered.
    std::optional<ComparisonExport::Format>
        format; ///< Nothing: a picture, of which the ending says the rest.
};

using ComparisonExport::Format;

constexpr std::array<Choice, 6> choices = {{
    {QT_TRANSLATE_NOOP("Poolscope::ComparisonSaver", "Web page that plays it back (*.html)"), ".html",
     Format::WebPage},
    {QT_TRANSLATE_NOOP("Poolscope::ComparisonSaver", "Image (*.png)"), ".png", {}},
    {QT_TRANSLATE_NOOP("Poolscope::ComparisonSaver", "Scalable drawing (*.svg)"), ".svg", {}},
    {QT_TRANSLATE_NOOP("Poolscope::ComparisonSaver", "Document (*.pdf)"), ".pdf", {}},
    {QT_TRANSLATE_NOOP("Poolscope::ComparisonSaver", "Table of figures (*.csv)"), ".csv", Format::Figures},
    {QT_TRANSLATE_NOOP("Poolscope::ComparisonSaver", "Table of all items (*-items.csv)"), "-items.csv",
     Format::Deliveries},
}};

bool endsWith(const QString &file, const Choice &choice)
{
    return file.endsWith(QLatin1String(choice.ending), Qt::CaseInsensitive);
}

QString withoutEnding(QString file)
{
    // The longest first: each ending is looked for from the last of the list on.
    const auto found = std::find_if(choices.rbegin(), choices.rend(),
                                    [&file](const Choice &choice) { return endsWith(file, choice); });
    if (found != choices.rend())
        file.chop(qsizetype(qstrlen(found->ending)));
    return file;
}

} // namespace

QString ComparisonSaver::save(const Comparison &comparison, const RaceView *race, const QString &filter,
                              const QString &file)
{
    const auto chosen = std::find_if(choices.begin(), choices.end(),
                                     [&filter](const Choice &choice) { return tr(choice.filter) == filter; });
    const auto named = std::find_if(choices.rbegin(), choices.rend(),
                                    [&file](const Choice &choice) { return endsWith(file, choice); });
    // A name with an ending means it, unless two kinds of file share that.
    const bool isCsv = file.endsWith(QLatin1String(".csv"), Qt::CaseInsensitive);
    const bool decidesFilter =
        chosen != choices.end() &&
        (named == choices.rend() || (isCsv && QLatin1String(chosen->ending).endsWith(QLatin1String(".csv"))));
    if (!decidesFilter && named == choices.rend())
        return tr("Not exported: the name of %1 does not say as what; end it in .html, .png, .svg, .pdf or "
                  ".csv.")
            .arg(QDir::toNativeSeparators(file));
    const Choice &choice = decidesFilter ? *chosen : *named;
    QString problem;
    if (choice.format) {
        try {
            ComparisonExport::write(comparison, *choice.format, file);
        } catch (const ComparisonError &error) {
            problem = error.message();
        }
    } else {
        problem = PictureExport::save(comparisonPicture(comparison, race), file);
    }
    return problem.isEmpty() ? tr("Exported to %1").arg(QDir::toNativeSeparators(file))
                             : tr("Not exported: %1").arg(problem);
}

void ComparisonSaver::chooseFile(QWidget *parent, const Comparison *comparison, const RaceView *race,
                                 std::function<void(const QString &)> tell)
{
    auto *const dialog = new QFileDialog(parent, tr("Export comparison"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    QStringList filters;
    for (const Choice &choice : choices)
        filters += tr(choice.filter);
    dialog->setNameFilters(filters);
    dialog->setDefaultSuffix(QStringLiteral("html"));
    dialog->selectFile(tr("comparison") + QStringLiteral(".html"));
    QObject::connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString &filter) {
        const QStringList files = dialog->selectedFiles();
        for (const Choice &choice : choices) {
            if (tr(choice.filter) != filter || files.isEmpty())
                continue;
            dialog->setDefaultSuffix(QString::fromLatin1(choice.ending).section(QLatin1Char('.'), -1));
            const QString name = QFileInfo(files.first()).fileName();
            dialog->selectFile(withoutEnding(name) + QLatin1String(choice.ending));
        }
    });
    QObject::connect(dialog, &QFileDialog::fileSelected, parent,
                     [dialog, comparison, race, tell = std::move(tell)](const QString &file) {
                         tell(save(*comparison, race, dialog->selectedNameFilter(), file));
                     });
    dialog->open();
}

} // namespace Poolscope
