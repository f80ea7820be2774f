// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/keysandterms.h"

#include "ui/theme/theme.h"

#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

namespace Poolscope {

namespace {

constexpr QSize usualSize(640, 620);

} // namespace

KeysAndTerms::KeysAndTerms(QWidget *parent) : QDialog(parent)
{
    setWindowTitle(tr("Keys and terms"));
    setAccessibleName(tr("Keys and terms"));
    auto *const content = new QWidget;
    auto *const grid = new QGridLayout(content);
    grid->setHorizontalSpacing(Theme::spaceLarge);
    grid->setVerticalSpacing(Theme::spaceSmall);
    grid->setColumnStretch(1, 1);
    addSection(grid, tr("Keys of the timeline"), keys());
    addSection(grid, tr("Terms"), terms());
    grid->setRowStretch(grid->rowCount(), 1);
    auto *const area = new QScrollArea(this);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setWidgetResizable(true);
    area->setWidget(content);
    auto *const buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *const layout = new QVBoxLayout(this);
    layout->addWidget(area, 1);
    layout->addWidget(buttons);
    resize(usualSize);
}

void KeysAndTerms::addSection(QGridLayout *grid, const QString &title, const Entries &entries)
{
    const auto add = [grid](const QString &text, int row, int column, int columns) {
        auto *const label = new QLabel(text);
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(column > 0);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        grid->addWidget(label, row, column, 1, columns, Qt::AlignTop);
        return label;
    };
    int row = grid->rowCount();
    QLabel *const heading = add(title, row, 0, 2);
    QFont bold = heading->font();
    bold.setBold(true);
    heading->setFont(bold);
    heading->setContentsMargins(0, row > 1 ? Theme::spaceLarge : 0, 0, Theme::spaceSmall);
    for (const auto &[name, meaning] : entries) {
        add(name, ++row, 0, 1);
        add(meaning, row, 1, 1);
    }
}

KeysAndTerms::Entries KeysAndTerms::keys()
{
    return {
        {tr("W, S, wheel"), tr("closer and further, at the pointer")},
        {tr("A, D, ← →"), tr("to and fro")},
        {tr("↑ ↓"), tr("the worker above and below")},
        {tr("period, comma"), tr("the next and the previous item of that worker")},
        {tr("F, Enter"), tr("to what is chosen or measured")},
        {tr("0"), tr("all of the run")},
        {tr("L, End"), tr("back to what happens now")},
        {tr("Home"), tr("to the beginning")},
        {tr("Backspace, Alt+← →"), tr("back to what was seen before, and forth again")},
        {tr("Esc"), tr("choose and measure nothing")},
        {tr("drag"), tr("measures a stretch of time: its length, items, rate and idle share")},
    };
}

KeysAndTerms::Entries KeysAndTerms::terms()
{
    return {
        {tr("item"), tr("One line, row or number of the input: what the task is run on, once each.")},
        {tr("chunk"), tr("Items that a worker gets, and whose results come back, together.")},
        {tr("worker"), tr("A place in the pool; its process may be replaced by one of the next generation.")},
        {tr("method"), tr("The call of the pool that hands out the results: map when all are done, imap in "
                          "order, imap_unordered as they come.")},
        {tr("straggler"),
         tr("An item or a worker that takes far longer than the others, so that they wait.")},
        {tr("utilisation"), tr("The share of the workers' time in which they ran items.")},
        {tr("throughput"), tr("Items a second, completed by the workers or delivered by the method.")},
        {tr("head-of-line blocking"),
         tr("Finished results wait because one before them, which must leave first, is not done.")},
        {tr("reorder buffer"), tr("Where finished results wait for those that come before them.")},
        {tr("backpressure"), tr("Workers get nothing new while the consumer has too many results to take.")},
    };
}

} // namespace Poolscope
