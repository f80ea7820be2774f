// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobpanel/advancedfields.h"

#include "ui/controls/namedcombobox.h"
#include "ui/jobpanel/fieldmessage.h"
#include "ui/jobpanel/formgrid.h"
#include "ui/jobpanel/spinboxes.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>
#include <QVBoxLayout>

namespace Poolscope {

namespace {

constexpr int largestCount = 100'000'000;
constexpr int largestRetries = 1000;
constexpr double largestTimeout = 1e9;
constexpr double mebibyte = 1 << 20;
constexpr double largestMebibytes = 1 << 30;

std::optional<qint64> bytesOf(const NumberSpinBox &field)
{
    const qint64 bytes = qRound64(field.value() * mebibyte);
    return bytes > 0 ? std::optional(bytes) : std::nullopt;
}

} // namespace

AdvancedFields::AdvancedFields(QWidget *parent)
    : QWidget(parent)
    , m_toggle(new QToolButton(this))
    , m_grid(new FormGrid(this))
    , m_buffersize(new WordSpinBox(tr("default"), largestCount, m_grid))
    , m_timeout(new NumberSpinBox(m_grid))
    , m_startTimeout(new NumberSpinBox(m_grid))
    , m_maxMemoryPerChild(new NumberSpinBox(m_grid))
    , m_memoryLimit(new NumberSpinBox(m_grid))
    , m_retries(new WordSpinBox(tr("none"), largestRetries, m_grid))
    , m_onError(new NamedComboBox(m_grid))
{
    m_toggle->setText(tr("A&dvanced"));
    m_toggle->setObjectName(QStringLiteral("advanced"));
    m_toggle->setAutoRaise(true);
    m_toggle->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_toggle->setFocusPolicy(Qt::StrongFocus);
    connect(m_toggle, &QToolButton::clicked, this, [this] { unfold(!isUnfolded()); });

    m_timeout->setRange(0, largestTimeout);
    m_timeout->setSpecialValueText(tr("no limit"));
    m_timeout->setSuffix(tr(" s"));
    m_startTimeout->setRange(0.001, largestTimeout);
    m_startTimeout->setSuffix(tr(" s"));
    for (NumberSpinBox *memory : {m_maxMemoryPerChild, m_memoryLimit}) {
        memory->setRange(0, largestMebibytes);
        memory->setSpecialValueText(tr("no limit"));
        memory->setSuffix(tr(" MiB"));
        connect(memory, &QDoubleSpinBox::valueChanged, this, &AdvancedFields::changed);
    }
    m_onError->addItem(tr("keep going"), int(OnError::Collect));
    m_onError->addItem(tr("end the call"), int(OnError::Raise));
    m_onError->setToolTip(
        tr("End the call: a failing item ends its chunk, and map ends with its error, as in Python"));
    m_onError->setFocusPolicy(Qt::StrongFocus);
    new WheelGuard(m_onError);

    addField(QStringLiteral("buffersize"), tr("Read a&head"), m_buffersize,
             tr("Chunks read before their results are taken (imap)"));
    addField(QStringLiteral("timeout"), tr("Time&out"), m_timeout, tr("For one item, from its start"));
    addField(QStringLiteral("start-timeout"), tr("Start timeo&ut"), m_startTimeout,
             tr("For a process to load the task and run its initializer"));
    addField(QStringLiteral("max-memory-per-child"), tr("Max memory per child"), m_maxMemoryPerChild,
             tr("A process above it is replaced between two items"));
    addField(QStringLiteral("memory-limit"), tr("Memory limit"), m_memoryLimit,
             tr("A process above it is ended, and its item lost"));
    addField(QStringLiteral("retries"), tr("Retr&ies"), m_retries, tr("For items that failed or were lost"));
    addField(QStringLiteral("on-error"), tr("On &error"), m_onError);
    m_initializer = addLine(QStringLiteral("initializer"), tr("I&nitializer"), tr("[FILE.py:]FUNCTION"),
                            tr("Runs once in every new process"));
    m_initargs = addLine(QStringLiteral("initargs"), tr("Its ar&guments"), QStringLiteral("[1, \"a\"]"));
    m_python = addLine(QStringLiteral("python"), tr("P&ython"), QStringLiteral("python3"));

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::spaceSmall);
    layout->addWidget(m_toggle, 0, Qt::AlignLeft);
    layout->addWidget(m_grid);
    unfold(false);

    connect(m_buffersize, &QSpinBox::valueChanged, this, &AdvancedFields::changed);
    connect(m_timeout, &QDoubleSpinBox::valueChanged, this, &AdvancedFields::changed);
    connect(m_startTimeout, &QDoubleSpinBox::valueChanged, this, &AdvancedFields::changed);
    connect(m_retries, &QSpinBox::valueChanged, this, &AdvancedFields::changed);
    connect(m_onError, &QComboBox::currentIndexChanged, this, &AdvancedFields::changed);
}

void AdvancedFields::addField(const QString &option, const QString &label, QWidget *field,
                              const QString &hint)
{
    field->setAccessibleName(QString(label).remove(u'&'));
    m_grid->addRow(label, field);
    FieldMessage *message = m_grid->addMessage(field);
    message->setHint(hint);
    m_messages.insert(option, message);
}

QLineEdit *AdvancedFields::addLine(const QString &option, const QString &label, const QString &placeholder,
                                   const QString &hint)
{
    auto *edit = new QLineEdit(m_grid);
    edit->setPlaceholderText(placeholder);
    addField(option, label, edit, hint);
    connect(edit, &QLineEdit::textChanged, this, &AdvancedFields::changed);
    return edit;
}

void AdvancedFields::writeTo(JobSpec &spec) const
{
    spec.buffersize = m_buffersize->number();
    spec.timeout = m_timeout->value() > 0 ? std::optional(m_timeout->value()) : std::nullopt;
    spec.startTimeout = m_startTimeout->value();
    spec.maxMemoryPerChild = bytesOf(*m_maxMemoryPerChild);
    spec.memoryLimit = bytesOf(*m_memoryLimit);
    spec.retries = m_retries->number().value_or(0);
    spec.onError = OnError(m_onError->currentData().toInt());
    spec.initializer = m_initializer->text().trimmed();
    spec.initargs = m_initargs->text().trimmed();
    spec.python = python();
}

void AdvancedFields::readFrom(const JobSpec &spec)
{
    m_buffersize->setNumber(spec.buffersize);
    m_timeout->setValue(spec.timeout.value_or(0));
    m_startTimeout->setValue(spec.startTimeout);
    m_maxMemoryPerChild->setValue(double(spec.maxMemoryPerChild.value_or(0)) / mebibyte);
    m_memoryLimit->setValue(double(spec.memoryLimit.value_or(0)) / mebibyte);
    m_retries->setNumber(spec.retries > 0 ? std::optional(spec.retries) : std::nullopt);
    m_onError->setCurrentIndex(m_onError->findData(int(spec.onError)));
    m_initializer->setText(spec.initializer);
    m_initargs->setText(spec.initargs);
    m_python->setText(spec.python);
}

QString AdvancedFields::python() const
{
    return m_python->text().trimmed();
}

bool AdvancedFields::setProblem(const QString &option, const QString &message)
{
    FieldMessage *target = m_messages.value(option);
    if (!target)
        return false;
    target->setProblem(message);
    unfold(true);
    return true;
}

void AdvancedFields::clearProblems()
{
    for (FieldMessage *message : std::as_const(m_messages))
        message->setProblem({});
}

bool AdvancedFields::isUnfolded() const
{
    return !m_grid->isHidden();
}

void AdvancedFields::unfold(bool isUnfolded)
{
    m_toggle->setArrowType(isUnfolded ? Qt::DownArrow : Qt::RightArrow);
    m_grid->setVisible(isUnfolded);
}

} // namespace Poolscope
