// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobpanel/spinboxes.h"

#include <QEvent>
#include <QLocale>

namespace Poolscope {

WordSpinBox::WordSpinBox(const QString &word, int most, QWidget *parent) : QSpinBox(parent)
{
    setSpecialValueText(word);
    setRange(0, most);
    setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
    setGroupSeparatorShown(true);
    setFocusPolicy(Qt::StrongFocus);
    new WheelGuard(this);
}

std::optional<int> WordSpinBox::number() const
{
    return value() == 0 ? std::nullopt : std::optional(value());
}

void WordSpinBox::setNumber(std::optional<int> number)
{
    setValue(number.value_or(0));
}

QValidator::State WordSpinBox::validate(QString &text, int &position) const
{
    const QString typed = text.trimmed();
    // A typed 0 must not turn into the word: nobody who types it means that.
    if (typed.isEmpty() || typed == u"0")
        return QValidator::Intermediate;
    // QSpinBox takes the word as a whole only, not letter by letter.
    if (specialValueText().startsWith(typed, Qt::CaseInsensitive))
        return typed.size() == specialValueText().size() ? QValidator::Acceptable : QValidator::Intermediate;
    return QSpinBox::validate(text, position);
}

int WordSpinBox::valueFromText(const QString &text) const
{
    const bool isWord = text.trimmed().compare(specialValueText(), Qt::CaseInsensitive) == 0;
    return isWord ? 0 : QSpinBox::valueFromText(text);
}

void WordSpinBox::fixup(QString &text) const
{
    // What is not finished becomes what was there before.
    text = value() == 0 ? specialValueText() : textFromValue(value());
}

NumberSpinBox::NumberSpinBox(QWidget *parent) : QDoubleSpinBox(parent)
{
    setDecimals(9);
    setRange(-1e15, 1e15);
    setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
    setFocusPolicy(Qt::StrongFocus);
    new WheelGuard(this);
}

QString NumberSpinBox::textFromValue(double value) const
{
    return locale().toString(value, 'g', QLocale::FloatingPointShortest);
}

WheelGuard::WheelGuard(QWidget *field) : QObject(field)
{
    field->installEventFilter(this);
}

bool WheelGuard::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::Wheel || static_cast<QWidget *>(watched)->hasFocus())
        return false;
    event->ignore();
    return true;
}

} // namespace Poolscope
