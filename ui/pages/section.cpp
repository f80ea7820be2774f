// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/section.h"

#include "ui/theme/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include <algorithm>

namespace Poolscope {

namespace {

// In letters: what is longer gives way.
constexpr int longestTitle = 19;
constexpr int longestNote = 12;

} // namespace

Section::Section(const QString &title, QWidget *content, QWidget *parent)
    : QWidget(parent), m_title(new ElidedLabel(this)), m_note(new ElidedLabel(this))
{
    m_title->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    m_title->setBuddy(content);
    m_note->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    auto *const caption = new QHBoxLayout;
    caption->setContentsMargins(Theme::space, 0, Theme::space, 0);
    caption->setSpacing(Theme::spaceLarge);
    caption->addWidget(m_title);
    caption->addWidget(m_note, 1);
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::spaceSmall);
    layout->addLayout(caption);
    layout->addWidget(content, 1);
    setTitle(title);
    applyTheme();
}

void Section::setTitle(const QString &title)
{
    m_title->setText(title);
    // A short one does not give way to what stands beside it.
    const QFontMetrics metrics(m_title->font());
    m_title->setMinimumWidth(
        std::min(metrics.horizontalAdvance(title), longestTitle * metrics.averageCharWidth()) + 1);
}

void Section::setNote(const QString &note)
{
    m_note->setFullText(note);
    // A short note, a count, is not the one to give way.
    const QFontMetrics metrics(m_note->font());
    const int width = metrics.horizontalAdvance(note) + 1;
    m_note->setMinimumWidth(width <= longestNote * metrics.averageCharWidth() ? width : 0);
}

void Section::setKey(QWidget *key)
{
    auto *const caption = static_cast<QHBoxLayout *>(layout()->itemAt(0)->layout());
    caption->insertWidget(1, key);
}

void Section::applyTheme()
{
    QPalette quiet = palette();
    quiet.setColor(QPalette::WindowText, Theme::quietText());
    m_note->setPalette(quiet);
    m_note->setFont(Theme::smallFont());
    setTitle(m_title->text());
    setNote(m_note->text());
}

void Section::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        applyTheme();
}

} // namespace Poolscope
