// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobpanel/fieldmessage.h"

#include "ui/theme/theme.h"

#include <QEvent>
#include <QFontMetrics>
#include <QTextLayout>

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
    m_shown = m_problem.isEmpty() ? m_hint : QStringLiteral("⚠ %1").arg(m_problem);
    setVisible(m_lines > 0 || !m_shown.isEmpty());
    if (m_field)
        m_field->setAccessibleDescription(m_problem.isEmpty() ? m_hint : m_problem);
    restyle();
    fit();
}

void FieldMessage::setLines(int lines)
{
    m_lines = lines;
    setAlignment(Qt::AlignLeft | Qt::AlignTop);
    display();
}

void FieldMessage::fit()
{
    const QString text = m_lines > 0 ? cut(m_shown) : m_shown;
    setText(text);
    setToolTip(text == m_shown ? QString() : m_shown.toHtmlEscaped());
    if (m_lines > 0)
        setFixedHeight(m_lines * QFontMetrics(font()).lineSpacing() + contentsMargins().bottom());
}

/// As many lines of a text as there is room for.
QString FieldMessage::cut(const QString &text) const
{
    const double width = contentsRect().width();
    const QStringList paragraphs = text.split(u'\n');
    QStringList kept;
    int left = m_lines;
    for (qsizetype i = 0; i < paragraphs.size(); ++i) {
        const QString &paragraph = paragraphs[i];
        QTextLayout layout(paragraph, font());
        layout.beginLayout();
        for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
            line.setLineWidth(width);
            if (--left > 0)
                continue;
            QString rest = paragraph.mid(line.textStart());
            if (i + 1 < paragraphs.size())
                rest += QStringLiteral(" …");
            kept += paragraph.left(line.textStart()) +
                    QFontMetrics(font()).elidedText(rest, Qt::ElideRight, int(width));
            return kept.join(u'\n');
        }
        kept += paragraph;
    }
    return text;
}

void FieldMessage::resizeEvent(QResizeEvent *event)
{
    QLabel::resizeEvent(event);
    if (m_lines > 0)
        fit();
}

void FieldMessage::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    if (Theme::isChangedBy(*event))
        restyle();
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
    if (font().pointSizeF() != small.pointSizeF()) {
        setFont(small);
        fit();
    }
}

} // namespace Poolscope
