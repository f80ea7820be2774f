// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDoubleSpinBox>
#include <QSpinBox>

#include <optional>

namespace Poolscope {

/// A whole number, or a word that stands for none of them ("auto"): one step below the least number.
class WordSpinBox final : public QSpinBox
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WordSpinBox)

public:
    WordSpinBox(const QString &word, int most, QWidget *parent = nullptr);

    std::optional<int> number() const;
    void setNumber(std::optional<int> number);

protected:
    QValidator::State validate(QString &text, int &position) const override;
    int valueFromText(const QString &text) const override;
    void fixup(QString &text) const override;
};

/// A number shown as short as it can be without loss: 2, 0.25, 1e-06.
class NumberSpinBox final : public QDoubleSpinBox
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NumberSpinBox)

public:
    explicit NumberSpinBox(QWidget *parent = nullptr);

    QString textFromValue(double value) const override;
};

/// Keeps the wheel, turned to scroll the form, from changing a field the pointer happens to cross: only a
/// field with the focus takes it.
class WheelGuard final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WheelGuard)

public:
    explicit WheelGuard(QWidget *field);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
};

} // namespace Poolscope
