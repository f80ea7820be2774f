// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobpanel/inputfield.h"

#include "ui/controls/namedcombobox.h"
#include "ui/jobpanel/fieldmessage.h"
#include "ui/jobpanel/formgrid.h"
#include "ui/jobpanel/inputlist.h"
#include "ui/jobpanel/spinboxes.h"
#include "ui/jobpanel/wording.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace Poolscope {

namespace {

constexpr int mostRecentInputs = 10;
// Long enough not to read a file for every letter of its name, short enough to feel immediate.
constexpr int readingDelay = 200;

QString emptyListText()
{
    return InputField::tr(
        "Choose a file, drop one on the window, or type range:1000: its first items appear here.");
}

} // namespace

InputField::InputField(QWidget *parent)
    : QWidget(parent)
    , m_edit(new QLineEdit(this))
    , m_recentButton(new QToolButton(this))
    , m_recentMenu(new QMenu(m_recentButton))
    , m_browse(new QPushButton(tr("&Browse…"), this))
    , m_message(new FieldMessage(m_edit, this))
    , m_list(new InputList(this))
    , m_countLabel(new QLabel(this))
    , m_itemType(new NamedComboBox(this))
{
    m_edit->setAccessibleName(tr("Input"));
    m_edit->setPlaceholderText(tr("A file, range:1000 or glob:*.png"));
    m_edit->setClearButtonEnabled(true);
    // A dropped file is for the window: the line would take its address as text.
    m_edit->setAcceptDrops(false);
    m_browse->setAccessibleName(tr("Browse input"));
    m_browse->setAutoDefault(false);
    m_recentButton->setText(tr("Recent"));
    m_recentButton->setAccessibleName(tr("Recent inputs"));
    m_recentButton->setPopupMode(QToolButton::InstantPopup);
    m_recentButton->setFocusPolicy(Qt::StrongFocus);
    m_recentButton->setAutoRaise(true);
    m_recentButton->setMenu(m_recentMenu);
    m_list->setAccessibleName(tr("First items"));
    m_list->setEmptyText(emptyListText());
    m_countLabel->setTextFormat(Qt::PlainText);
    m_countLabel->setObjectName(QStringLiteral("itemCount"));

    m_itemType->addItem(tr("Numbers or text"), QVariant::fromValue(int(ItemType::Auto)));
    m_itemType->addItem(tr("Always text"), QVariant::fromValue(int(ItemType::Text)));
    m_itemType->addItem(tr("JSON values"), QVariant::fromValue(int(ItemType::Json)));
    m_itemType->setAccessibleName(tr("Item type"));
    m_itemType->setToolTip(tr("How the lines of text files and the cells of tables become items"));
    m_itemType->setFocusPolicy(Qt::StrongFocus);
    new WheelGuard(m_itemType);

    auto *heading = new QHBoxLayout;
    heading->addWidget(makeLabel(tr("&Input"), m_edit, this));
    heading->addStretch(1);
    heading->addWidget(m_recentButton);
    auto *row = new QHBoxLayout;
    row->setSpacing(Theme::space);
    row->addWidget(m_edit, 1);
    row->addWidget(m_browse);
    auto *grid = new FormGrid(this);
    grid->addRow(tr("Item t&ype"), m_itemType);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::spaceSmall);
    layout->addLayout(heading);
    layout->addLayout(row);
    layout->addWidget(m_message);
    layout->addWidget(m_countLabel);
    layout->addWidget(m_list);
    layout->addSpacing(Theme::spaceSmall);
    layout->addWidget(grid);
    m_countLabel->setText(tr("No items yet"));
    fillRecentMenu();

    m_readingDelay.setSingleShot(true);
    m_readingDelay.setInterval(readingDelay);
    connect(&m_readingDelay, &QTimer::timeout, this, &InputField::read);
    connect(m_edit, &QLineEdit::textChanged, this, &InputField::scheduleReading);
    connect(m_itemType, &QComboBox::currentIndexChanged, this, &InputField::scheduleReading);
    connect(m_browse, &QPushButton::clicked, this, &InputField::browse);
    connect(&m_preview, &InputPreview::itemsRead, m_list, &InputList::setItems);
    connect(&m_preview, &InputPreview::counted, this, &InputField::showCount);
    connect(&m_preview, &InputPreview::failed, this, [this](const QString &message) {
        m_readingProblem = message;
        m_countLabel->setText(tr("Cannot be read"));
        Q_EMIT counted();
    });
}

QString InputField::input() const
{
    return m_edit->text().trimmed();
}

void InputField::setInput(const QString &input)
{
    m_edit->setText(input);
}

ItemType InputField::itemType() const
{
    return ItemType(m_itemType->currentData().toInt());
}

void InputField::setItemType(ItemType type)
{
    m_itemType->setCurrentIndex(m_itemType->findData(int(type)));
}

void InputField::setUnpacked(bool isUnpacked)
{
    if (isUnpacked == m_isUnpacked)
        return;
    m_isUnpacked = isUnpacked;
    scheduleReading();
}

void InputField::setRecentInputs(const QStringList &inputs)
{
    m_recent = inputs.mid(0, mostRecentInputs);
    fillRecentMenu();
    Q_EMIT recentChanged();
}

void InputField::rememberInput()
{
    if (input().isEmpty())
        return;
    QStringList inputs = m_recent;
    inputs.removeAll(input());
    inputs.prepend(input());
    setRecentInputs(inputs);
}

void InputField::browse()
{
    auto *dialog = new QFileDialog(window(), tr("Open input"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Inputs (*.txt *.csv *.tsv *.jsonl *.json)"), tr("All files (*)")});
    const QFileInfo present(input());
    if (present.exists())
        dialog->setDirectory(present.absolutePath());
    connect(dialog, &QFileDialog::fileSelected, this, &InputField::setInput);
    dialog->open();
}

void InputField::retry()
{
    if (!m_readingProblem.isEmpty() || m_message->hasProblem())
        scheduleReading();
}

void InputField::setProblem(const QString &message)
{
    m_message->setProblem(message);
}

void InputField::scheduleReading()
{
    m_count.reset();
    m_readingProblem.clear();
    m_list->setItems({});
    m_list->setEmptyText(input().isEmpty() ? emptyListText() : QString());
    m_countLabel->setText(input().isEmpty() ? tr("No items yet") : tr("Counting…"));
    m_edit->setToolTip(input().toHtmlEscaped());
    m_readingDelay.start();
    Q_EMIT changed();
}

void InputField::read()
{
    if (input().isEmpty())
        return;
    if (!canBeReread(input())) {
        m_countLabel->setText(tr("Counted while it is read"));
        return;
    }
    m_preview.load(input(), InputOptions{itemType(), m_isUnpacked});
}

void InputField::showCount(quint64 items, bool isComplete)
{
    // A late word about an input that was replaced meanwhile.
    if (m_readingDelay.isActive() || input().isEmpty())
        return;
    if (isComplete) {
        m_count = items;
        m_countLabel->setText(Wording::items(items));
        Q_EMIT counted();
    } else {
        m_countLabel->setText(tr("Counting… %1 so far").arg(Wording::items(items)));
    }
}

void InputField::fillRecentMenu()
{
    m_recentMenu->clear();
    for (const QString &input : std::as_const(m_recent)) {
        QString text = fontMetrics().elidedText(input, Qt::ElideMiddle, 480);
        text.replace(u'&', QStringLiteral("&&"));
        m_recentMenu->addAction(text, this, [this, input] { setInput(input); });
    }
    m_recentButton->setEnabled(!m_recent.isEmpty());
}

} // namespace Poolscope
