// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/racecontrols.h"

#include "ui/compare/contestantsdialog.h"
#include "ui/controls/flowlayout.h"
#include "ui/controls/namedcombobox.h"
#include "ui/pages/elidedlabel.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>

#include <cmath>
#include <utility>

namespace Poolscope {

namespace {

constexpr int mostRounds = 100;
constexpr int progressSteps = 1000;

} // namespace

RaceControls::RaceControls(std::function<JobSpec()> job, QWidget *parent)
    : QWidget(parent)
    , m_job(std::move(job))
    , m_contestants(new NamedComboBox(this))
    , m_choose(new QPushButton(tr("Choose…"), this))
    , m_presets(makePresets())
    , m_rounds(new QSpinBox(this))
    , m_start(new QPushButton(this))
    , m_save(new QPushButton(tr("Save…"), this))
    , m_export(new QPushButton(tr("Export…"), this))
    , m_open(new QPushButton(tr("Open…"), this))
    , m_state(new ElidedLabel(this))
    , m_progress(new QProgressBar(this))
{
    m_contestants->setEditable(true);
    m_contestants->setAccessibleName(tr("Contestants"));
    m_contestants->setToolTip(
        tr("The ways that are compared, with a comma between them: methods of the pool, loop, "
           "process_per_item, threads, or multiprocessing.map and so on, the real pool of Python. Each may "
           "have settings of its own, as in map,imap:chunksize=4,imap:processes=2"));
    const QList<Preset> all = presets();
    for (const Preset &preset : all)
        m_contestants->addItem(textOf(preset.contestants));
    m_contestants->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_contestants->setMinimumContentsLength(16);
    m_contestants->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_contestants->lineEdit()->setCursorPosition(0); // a long text is read from its beginning
    m_choose->setAutoDefault(false);
    m_choose->setAccessibleName(tr("Choose contestants"));
    m_choose->setToolTip(tr("A row for each of them, with its way, chunk size and processes"));
    m_rounds->setRange(1, mostRounds);
    m_rounds->setAccessibleName(tr("Rounds"));
    m_rounds->setToolTip(
        tr("How often each of them runs, in turn: medians are shown then, and their spread"));
    m_start->setAutoDefault(false);
    m_export->setAccessibleName(tr("Export comparison"));
    m_export->setToolTip(tr("As a web page that plays it back, as a picture or as a table"));
    m_state->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_progress->setTextVisible(false);
    m_progress->setFixedWidth(140);
    QSizePolicy steady = m_progress->sizePolicy();
    steady.setRetainSizeWhenHidden(true); // nothing moves when it comes
    m_progress->setSizePolicy(steady);
    m_progress->setFixedHeight(Theme::spaceLarge);
    m_progress->setRange(0, progressSteps);
    m_progress->setAccessibleName(tr("Progress of the comparison"));

    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(Theme::space, 0, Theme::space, 0);
    column->setSpacing(Theme::spaceSmall);
    auto *const row = new QWidget(this);
    auto *const parts = new FlowLayout(row);
    parts->setSpacing(Theme::space);
    auto *const contestants = new QLabel(tr("Compare"));
    contestants->setBuddy(m_contestants);
    auto *const rounds = new QLabel(tr("Rounds"));
    rounds->setBuddy(m_rounds);
    for (QWidget *const part : std::initializer_list<QWidget *>{contestants, m_contestants, rounds, m_rounds,
                                                                m_start, m_save, m_export, m_open})
        parts->addWidget(part);
    column->addWidget(row);
    column->addWidget(m_presets);
    auto *const state = new QHBoxLayout;
    state->setSpacing(Theme::space);
    state->addWidget(m_state, 1);
    state->addWidget(m_progress);
    column->addLayout(state);

    connect(m_contestants, &QComboBox::currentTextChanged, this, &RaceControls::contestantsChanged);
    connect(m_choose, &QPushButton::clicked, this, &RaceControls::openDialog);
    connect(m_start, &QPushButton::clicked, this, &RaceControls::startOrStopWanted);
    connect(m_save, &QPushButton::clicked, this, &RaceControls::saveWanted);
    connect(m_export, &QPushButton::clicked, this, &RaceControls::exportWanted);
    connect(m_open, &QPushButton::clicked, this, &RaceControls::openWanted);
}

QWidget *RaceControls::makePresets()
{
    auto *const presetButtons = new QWidget(this);
    auto *const row = new FlowLayout(presetButtons);
    row->setSpacing(Theme::space);
    auto *const label = new QLabel(tr("Presets"), presetButtons);
    row->addWidget(label);
    const QList<Preset> all = presets();
    for (const Preset &preset : all) {
        auto *const button = new QToolButton(presetButtons);
        button->setText(preset.title);
        button->setAccessibleName(preset.title);
        button->setToolTip(textOf(preset.contestants));
        row->addWidget(button);
        connect(button, &QToolButton::clicked, this, [this, preset] { choose(preset); });
    }
    row->addWidget(m_choose);
    return presetButtons;
}

void RaceControls::choose(const Preset &preset)
{
    const EntryList entries = entriesFor(preset.contestants, m_job());
    m_contestants->setEditText(textOf(entries.contestants));
    m_contestants->lineEdit()->setCursorPosition(0); // a long text is read from its beginning
    if (!entries.leftOut.isEmpty())
        tell(tr("Left out: %1").arg(entries.leftOut.join(QLatin1Char(' '))));
}

void RaceControls::openDialog()
{
    const QList<Contestant> chosen = contestants();
    auto *const dialog = new ContestantsDialog(
        chosen.isEmpty() ? presets().first().contestants : chosen,
        [this](const QList<Contestant> &list) {
            return entriesFor(list, m_job()).leftOut.join(QLatin1Char('\n'));
        },
        this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        m_contestants->setEditText(textOf(dialog->contestants()));
        m_contestants->lineEdit()->setCursorPosition(0);
    });
    dialog->open();
}

QList<Contestant> RaceControls::contestants() const
{
    QString problem;
    return parseContestants(m_contestants->currentText(), &problem);
}

QString RaceControls::problem() const
{
    QString problem;
    parseContestants(m_contestants->currentText(), &problem);
    return problem;
}

int RaceControls::rounds() const
{
    return m_rounds->value();
}

void RaceControls::setState(State state, bool canStart)
{
    const bool isRunning = state == State::Running;
    m_start->setText(isRunning ? tr("Stop comparison") : tr("Start comparison"));
    m_start->setAccessibleName(m_start->text());
    m_start->setEnabled(isRunning || canStart);
    m_contestants->setEnabled(!isRunning);
    m_presets->setEnabled(!isRunning);
    m_rounds->setEnabled(!isRunning);
    m_save->setEnabled(state == State::Shown);
    m_export->setEnabled(state == State::Shown);
    m_open->setEnabled(!isRunning);
    m_progress->setVisible(isRunning);
}

void RaceControls::setProgress(double share)
{
    m_progress->setValue(int(std::lround(share * progressSteps)));
}

void RaceControls::tell(const QString &words)
{
    m_state->setFullText(words);
}

} // namespace Poolscope
