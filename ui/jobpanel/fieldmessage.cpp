// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobpanel/fieldmessage.h"

#include "ui/theme/theme.h"

#include <QEvent>

namespace Poolscope {

FieldMessage::FieldMessage(QWidget *field, QWidget *parent) : QLabel(parent), m_field(field)
{
    setTextFormat(Qt::PlainText);
    setWordWrap(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse);
    setFocusPolicy(Qt::NoFocus);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Minimum);
    // Nearer to the field it speaks of than to the next one.
    setContentsMargins(0, 0, 0, Theme::spaceSmall);
    restyle();
    display();
}

void FieldMessage::setHint(const QString &text)
{
    if (text == m_hint)
        return;
    m_hint = text;
    display();
}

void FieldMessage::setProblem(const QString &text)
{
    if (text == m_problem)
        return;
    m_problem = text;
    display();
}

void FieldMessage::display()
{
    // The sign tells a problem from a hint where the colour does not.
    const QString shown = m_problem.isEmpty() ? m_hint : QStringLiteral("⚠ %1").arg(m_problem);
    setText(shown);
    setVisible(!shown.isEmpty());
    if (m_field)
        m_field->setAccessibleDescription(m_problem.isEmpty() ? m_hint : m_problem);
    restyle();
}

void FieldMessage::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    switch (event->type()) {
    case QEvent::PaletteChange:
    case QEvent::ApplicationPaletteChange:
    case QEvent::ApplicationFontChange:
        restyle();
        break;
    default:
        break;
    }
}

void FieldMessage::restyle()
{
    // Both setters send a change event; asking first ends the circle.
    const QColor wanted = m_problem.isEmpty() ? Theme::quietText() : Theme::problemText();
    if (palette().color(QPalette::Active, QPalette::WindowText) != wanted) {
        QPalette changed = palette();
        changed.setColor(QPalette::WindowText, wanted);
        setPalette(changed);
    }
    const QFont small = Theme::smallFont();
    if (font().pointSizeF() != small.pointSizeF())
        setFont(small);
}

} // namespace Poolscope
