// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/contestantsdialog.h"

#include "core/pool/jobsettings.h"
#include "ui/controls/namedcombobox.h"
#include "ui/theme/theme.h"

#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace Poolscope {

namespace {

constexpr int fewestRowsSeen = 3;
constexpr int mostRowsSeen = 6;

enum Column
{
    WayColumn,
    ChunksizeColumn,
    ProcessesColumn,
    RemoveColumn,
};

QString wayField(qsizetype at)
{
    return QStringLiteral("way%1").arg(at);
}

} // namespace

ContestantsDialog::ContestantsDialog(const QList<Contestant> &contestants, Remark remark, QWidget *parent)
    : QDialog(parent)
    , m_remark(std::move(remark))
    , m_contestants(contestants)
    , m_rows(new QScrollArea(this))
    , m_problem(new QLabel(this))
    , m_add(new QPushButton(tr("Add"), this))
    , m_buttons(new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this))
{
    setWindowTitle(tr("Contestants"));
    auto *const explanation =
        new QLabel(tr("Each of them does the whole job, one after the other on this machine."), this);
    explanation->setWordWrap(true);
    m_rows->setFrameShape(QFrame::NoFrame);
    m_rows->setWidgetResizable(true);
    m_rows->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setAccessibleName(tr("What is wrong with the contestants"));
    m_problem->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_problem->setMinimumHeight(2 * m_problem->fontMetrics().lineSpacing()); // nothing moves when it comes
    m_add->setAccessibleName(tr("Add a contestant"));
    m_add->setAutoDefault(false);
    auto *const add = new QHBoxLayout;
    add->addWidget(m_add);
    add->addStretch(1);
    auto *const column = new QVBoxLayout(this);
    column->setSpacing(Theme::space);
    column->addWidget(explanation);
    column->addWidget(m_rows, 1);
    column->addLayout(add);
    column->addWidget(m_problem);
    column->addWidget(m_buttons);
    connect(m_add, &QPushButton::clicked, this, &ContestantsDialog::addOne);
    connect(m_buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    showRows();
}

/// The first that is not there yet.
void ContestantsDialog::addOne()
{
    const QList<Contestant> known = knownContestants();
    const auto fresh = std::find_if(known.begin(), known.end(),
                                    [this](const Contestant &each) { return !m_contestants.contains(each); });
    m_contestants += fresh == known.end() ? known.first() : *fresh;
    showRows();
    focusWay(m_contestants.size() - 1);
}

void ContestantsDialog::focusWay(qsizetype at)
{
    auto *const field = m_rows->widget()->findChild<QWidget *>(wayField(at));
    field->setFocus();
    m_rows->widget()->adjustSize(); // or it is not known yet where it is
    m_rows->ensureWidgetVisible(field);
}

void ContestantsDialog::removeOne(qsizetype at)
{
    m_contestants.removeAt(at);
    showRows();
}

void ContestantsDialog::showRows()
{
    auto *const rows = new QWidget;
    auto *const grid = new QGridLayout(rows);
    grid->setContentsMargins(0, 0, Theme::space, 0);
    grid->setHorizontalSpacing(Theme::space);
    grid->setVerticalSpacing(Theme::spaceSmall);
    grid->setColumnStretch(WayColumn, 1);
    const auto addHeading = [&](Column at, const QString &text) {
        auto *const heading = new QLabel(text, rows);
        heading->setFont(Theme::smallFont());
        grid->addWidget(heading, 0, at);
    };
    addHeading(WayColumn, tr("Way"));
    addHeading(ChunksizeColumn, tr("Chunk size"));
    addHeading(ProcessesColumn, tr("Processes"));
    for (qsizetype at = 0; at < m_contestants.size(); ++at) {
        const int row = int(at) + 1;
        grid->addWidget(makeWay(at), row, WayColumn);
        grid->addWidget(makeChunksize(at), row, ChunksizeColumn);
        grid->addWidget(makeProcesses(at), row, ProcessesColumn);
        grid->addWidget(makeRemove(at), row, RemoveColumn);
    }
    grid->setRowStretch(int(m_contestants.size()) + 1, 1);
    // What is replaced may be the sender of the signal that led here.
    if (QWidget *const before = m_rows->takeWidget())
        before->deleteLater();
    m_rows->setWidget(rows);
    const int row = m_add->sizeHint().height() + Theme::spaceSmall;
    const int seen = std::clamp(int(m_contestants.size()), fewestRowsSeen, mostRowsSeen);
    m_rows->setMinimumHeight(row * (seen + 1));
    m_rows->setMinimumWidth(rows->sizeHint().width() + Theme::spaceSection);
    check();
}

QWidget *ContestantsDialog::makeWay(qsizetype at)
{
    auto *const box = new NamedComboBox;
    box->setObjectName(wayField(at));
    box->setAccessibleName(tr("Way of contestant %1").arg(at + 1));
    const QList<Contestant> known = knownContestants();
    for (qsizetype i = 0; i < known.size(); ++i) {
        if (i > 0 && hasMethod(known[i].way) != hasMethod(known[i - 1].way))
            box->insertSeparator(box->count());
        box->addItem(known[i].name(), i);
        if (known[i].way == m_contestants[at].way && known[i].method == m_contestants[at].method)
            box->setCurrentIndex(box->count() - 1);
    }
    connect(box, &QComboBox::activated, this, [this, box, at, known] {
        Contestant chosen = known[box->currentData().toInt()];
        if (chosen.hasChunks())
            chosen.chunksize = m_contestants[at].chunksize;
        if (chosen.hasProcesses())
            chosen.processes = m_contestants[at].processes;
        m_contestants[at] = chosen;
        showRows();
        focusWay(at);
    });
    return box;
}

QWidget *ContestantsDialog::makeChunksize(qsizetype at)
{
    auto *const box = new NamedComboBox;
    box->setAccessibleName(tr("Chunk size of contestant %1").arg(at + 1));
    box->setEditable(true);
    box->setInsertPolicy(QComboBox::NoInsert);
    box->setMinimumContentsLength(int(tr("of the job").size()));
    box->setEnabled(m_contestants[at].hasChunks());
    box->lineEdit()->setPlaceholderText(m_contestants[at].hasChunks() ? tr("of the job") : tr("none"));
    box->addItems({QString(), QStringLiteral("1"), QStringLiteral("4"),
                   ChunkChoice{ChunkChoice::Kind::Auto}.text(), ChunkChoice{ChunkChoice::Kind::All}.text()});
    box->setItemData(0, tr("That of the job"), Qt::ToolTipRole);
    box->setToolTip(
        tr("Items per chunk: a number, auto (by the method's rule), all (one chunk), or nothing for "
           "that of the job"));
    box->setEditText(m_contestants[at].chunksize.text());
    connect(box, &QComboBox::editTextChanged, this, [this, at](const QString &text) {
        const QString wanted = text.trimmed();
        const auto choice = wanted.isEmpty() ? ChunkChoice() : ChunkChoice::fromText(wanted);
        // None at all is no choice, and what check() says.
        m_contestants[at].chunksize = choice.value_or(ChunkChoice{ChunkChoice::Kind::Items, 0});
        check();
    });
    return box;
}

QWidget *ContestantsDialog::makeProcesses(qsizetype at)
{
    auto *const box = new QSpinBox;
    box->setAccessibleName(tr("Processes of contestant %1").arg(at + 1));
    box->setRange(0, maximumProcesses);
    box->setSpecialValueText(m_contestants[at].hasProcesses() ? tr("of the job") : tr("one"));
    box->setEnabled(m_contestants[at].hasProcesses());
    box->setValue(m_contestants[at].processes.value_or(0));
    connect(box, &QSpinBox::valueChanged, this, [this, at](int value) {
        m_contestants[at].processes = value > 0 ? std::optional(value) : std::nullopt;
        check();
    });
    return box;
}

QWidget *ContestantsDialog::makeRemove(qsizetype at)
{
    auto *const button = new QToolButton;
    button->setText(QStringLiteral("✕"));
    button->setAutoRaise(true);
    button->setAccessibleName(tr("Remove contestant %1").arg(at + 1));
    button->setToolTip(tr("Remove %1").arg(m_contestants[at].name()));
    connect(button, &QToolButton::clicked, this, [this, at] { removeOne(at); });
    return button;
}

void ContestantsDialog::check()
{
    QString problem;
    parseContestants(textOf(m_contestants), &problem);
    m_buttons->button(QDialogButtonBox::Ok)->setEnabled(problem.isEmpty());
    m_problem->setText(problem.isEmpty() ? m_remark(m_contestants) : problem);
}

} // namespace Poolscope
