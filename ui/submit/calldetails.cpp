// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/submit/calldetails.h"

#include "ui/jobpanel/formgrid.h"
#include "ui/jobpanel/spinboxes.h"
#include "ui/models/format.h"
#include "ui/pages/elidedlabel.h"
#include "ui/theme/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTextDocument>
#include <QVBoxLayout>

namespace Poolscope {

namespace {

constexpr double usualTimeout = 2;
constexpr double longestTimeout = 1e6;

} // namespace

CallDetails::CallDetails(QWidget *parent)
    : QWidget(parent)
    , m_get(new QPushButton(tr("Get"), this))
    , m_timeout(new NumberSpinBox(this))
    , m_got(new ElidedLabel(this))
    , m_text(new QPlainTextEdit(this))
{
    m_get->setAccessibleName(tr("Get"));
    m_get->setAutoDefault(false);
    m_get->setToolTip(tr("get(timeout) of the chosen call (Enter in the table)"));
    m_timeout->setAccessibleName(tr("Get timeout"));
    m_timeout->setToolTip(tr("As long as this get() waits; a timeout cancels nothing"));
    // Below zero stands for none: get(0) asks for what is there now.
    m_timeout->setRange(-1, longestTimeout);
    m_timeout->setStepType(QAbstractSpinBox::DefaultStepType);
    m_timeout->setSpecialValueText(tr("no limit"));
    m_timeout->setSuffix(tr(" s"));
    m_timeout->setValue(usualTimeout);
    m_got->setObjectName(QStringLiteral("getResult")); // its accessible name is its text

    m_text->setAccessibleName(tr("Details of the call"));
    m_text->setReadOnly(true);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setTabChangesFocus(true);
    m_text->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_text->document()->setDocumentMargin(Theme::space);
    m_text->setPlaceholderText(tr("Choose a call to read its whole value or its traceback."));

    auto *const row = new QHBoxLayout;
    row->setContentsMargins(Theme::space, 0, Theme::space, 0);
    row->setSpacing(Theme::space);
    row->addWidget(m_get);
    row->addWidget(makeLabel(tr("timeout"), m_timeout, this));
    row->addWidget(m_timeout);
    row->addStretch(1);
    // Below: what get() gives is often longer than the rest of the row.
    m_got->setContentsMargins(Theme::space, 0, Theme::space, 0);
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::spaceSmall);
    layout->addLayout(row);
    layout->addWidget(m_got);
    layout->addWidget(m_text, 1);

    connect(m_get, &QPushButton::clicked, this, &CallDetails::wantGet);
    applyTheme();
}

void CallDetails::wantGet()
{
    if (!m_call || !m_get->isEnabled())
        return;
    m_timeout->interpretText();
    const double timeout = m_timeout->value();
    Q_EMIT getWanted(*m_call, timeout <= m_timeout->minimum() ? std::nullopt : std::optional(timeout));
}

void CallDetails::show(const LivePool &pool, std::optional<std::uint64_t> call)
{
    const bool isOther = call != m_call;
    m_call = call;
    const CallsModel &calls = pool.calls();
    const LivePool::Get *const get = call ? pool.getOf(*call) : nullptr;
    const bool hasResult = call && calls.method(*call) == CallsModel::Method::ApplyAsync;

    m_get->setEnabled(hasResult && !(get && get->isWaiting));
    QString got;
    if (call && !hasResult)
        got = tr("apply: no AsyncResult to ask");
    else if (get && get->isWaiting && get->timeout)
        got = tr("waiting %1 of %2 s")
                  .arg(QLocale().toString(double(get->since.elapsed()) / 1000, 'f', 1),
                       QLocale().toString(*get->timeout, 'g', QLocale::FloatingPointShortest));
    else if (get && get->isWaiting)
        got = tr("waiting %1 s").arg(QLocale().toString(double(get->since.elapsed()) / 1000, 'f', 1));
    else if (get)
        got = get->hasRaised ? get->result : tr("returned %1").arg(get->result);
    if (got.isEmpty())
        got = call ? tr("get: not called yet") : QString();
    m_got->setFullText(got);
    if (const bool hasRaised = get && !get->isWaiting && get->hasRaised; hasRaised != m_hasRaised) {
        m_hasRaised = hasRaised;
        applyTheme();
    }

    if (isOther || !m_isFinal) {
        m_isFinal = call && calls.isReady(*call);
        const QString text = call ? calls.details(*call) : QString();
        if (text != m_text->toPlainText())
            m_text->setPlainText(text);
    }
}

void CallDetails::applyTheme()
{
    m_text->setFont(Theme::fixedFont());
    QPalette colors = palette();
    if (m_hasRaised)
        colors.setColor(QPalette::WindowText, Theme::problemText());
    m_got->setPalette(colors);
    m_got->setFont(Theme::tabularFont());
    m_timeout->setFixedWidth(m_timeout->fontMetrics().horizontalAdvance(QStringLiteral("1000000 s")) +
                             2 * Theme::spaceLarge);
}

void CallDetails::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        applyTheme();
}

} // namespace Poolscope
